// A web site made with Express, at which people sign in by Auth.js; set up as its documentation has it, with the rotation
// of refresh tokens that it describes.
import { ExpressAuth, getSession } from '@auth/express';
import express from 'express';

const {
    OAUTH2_ISSUER, OAUTH2_CLIENT_ID, OAUTH2_CLIENT_SECRET, OAUTH2_SCOPE, OAUTH2_TOKEN_ENDPOINT, ODOO_API, PORT,
} = process.env;

const HALF_AN_HOUR = 30 * 60;
const kept = ({ access_token, refresh_token, id_token, expires_in }) =>
    ({ access_token, refresh_token, id_token, expires: Date.now() + expires_in * 1000 });

const config = {
    secret: 'of this site alone, and long enough',
    trustHost: true,
    providers: [{
        id: 'odoo',
        name: 'Odoo',
        type: 'oidc',
        issuer: OAUTH2_ISSUER,
        clientId: OAUTH2_CLIENT_ID,
        clientSecret: OAUTH2_CLIENT_SECRET,
        checks: ['pkce', 'state', 'nonce'],
        authorization: { params: { scope: OAUTH2_SCOPE } },
        idToken: false, // name and email address are at userinfo
    }],
    callbacks: {
        async jwt({ token, account }) {
            if (account) {
                return { ...token, ...kept(account) };
            }
            // Early, so that it is seen: any token of half an hour is renewed two seconds after it was given.
            if (Date.now() < token.expires - (HALF_AN_HOUR - 2) * 1000) {
                return token;
            }
            const response = await fetch(OAUTH2_TOKEN_ENDPOINT, {
                method: 'POST',
                body: new URLSearchParams({
                    client_id: OAUTH2_CLIENT_ID,
                    client_secret: OAUTH2_CLIENT_SECRET,
                    grant_type: 'refresh_token',
                    refresh_token: token.refresh_token,
                }),
            });
            const fresh = await response.json();
            if (!response.ok) {
                return { ...token, error: fresh.error };
            }
            return { ...token, ...kept({ id_token: token.id_token, ...fresh }) };
        },
        session: ({ session, token: { access_token, id_token, error } }) =>
            ({ ...session, access_token, id_token, error }),
    },
};

const app = express();
app.use('/auth/*', ExpressAuth(config));

app.get('/contacts', async (request, response) => {
    const session = await getSession(request, config);
    const answer = await fetch(`${ODOO_API}/res.partner/search_read`, {
        method: 'POST',
        headers: { 'Authorization': `Bearer ${session.access_token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ domain: [], fields: ['name'], limit: 3 }),
    });
    response.type('text').send(JSON.stringify({ status: answer.status, contacts: await answer.json() }));
});

// Sign out here is at /auth/signout; this signs out of Odoo, too.
app.get('/leave', async (request, response) => {
    const { id_token } = await getSession(request, config);
    const metadata = await (await fetch(`${OAUTH2_ISSUER}/.well-known/openid-configuration`)).json();
    const url = new URL(metadata.end_session_endpoint);
    url.search = new URLSearchParams({
        id_token_hint: id_token, post_logout_redirect_uri: `http://127.0.0.1:${PORT}/auth/signout` });
    response.redirect(url);
});

app.listen(PORT, '127.0.0.1');
