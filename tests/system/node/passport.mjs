// An application made with Passport and passport-oauth2, as their own documentation has it: no PKCE, no state of its own.
import { createRequire } from 'node:module';
import { serve, settings, tell } from './application.mjs';

// Both are CommonJS, found from the folder that this script is in.
const require = createRequire(import.meta.url);
const passport = require('passport');
const OAuth2Strategy = require('passport-oauth2');

const PATH = '/restapi/1.0/common/oauth2';

// What Passport is given to run in: a request, and the two things that it does with an answer.
function authenticate(url) {
    const origin = url.origin;
    passport.use(new OAuth2Strategy({
        authorizationURL: `${settings.issuer}${PATH}/authorize`,
        tokenURL: `${settings.issuer}${PATH}/access_token`,
        clientID: settings.client_id,
        clientSecret: settings.client_secret,
        callbackURL: `${origin}/callback`,
        scope: settings.scope,
    }, (accessToken, refreshToken, parameters, profile, done) => done(null, { accessToken, refreshToken, parameters })));
    return new Promise((resolve, reject) => {
        const request = { query: Object.fromEntries(url.searchParams), headers: {}, url: url.href };
        const response = {
            setHeader: (name, value) => name === 'Location' && resolve({ location: new URL(value) }),
            end: () => {},
        };
        passport.authenticate('oauth2', { session: false }, (error, user, info) =>
            error || !user ? reject(error ?? new Error(JSON.stringify(info))) : resolve({ user }),
        )(request, response, reject);
    });
}

serve({
    '/': async (url) => (await authenticate(url)).location,
    '/callback': async (url) => {
        const { user } = await authenticate(url);
        const response = await fetch(`${settings.issuer}${PATH}/userinfo`, {
            headers: { Authorization: `Bearer ${user.accessToken}` },
        });
        tell({ signed_in: { ...(await response.json()), scope: user.parameters.scope, refreshes: !!user.refreshToken } });
        return 'Signed in';
    },
});
