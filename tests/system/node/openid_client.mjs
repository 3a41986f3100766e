// An application with openid-client: it knows the issuer and its own client ID and secret, and nothing else.
import * as client from 'openid-client';
import { serve, settings, tell } from './application.mjs';

let config, checks, claims, tokens;

serve({
    // Somebody wants to sign in.
    '/': async (url) => {
        config = await client.discovery(
            new URL(settings.issuer), settings.client_id, settings.client_secret, await authentication(),
            // Everything is on this machine; and signatures are checked even of what comes straight from the issuer.
            { execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks] });
        checks = {
            pkceCodeVerifier: client.randomPKCECodeVerifier(),
            expectedState: client.randomState(),
            expectedNonce: client.randomNonce(),
        };
        return client.buildAuthorizationUrl(config, {
            redirect_uri: new URL('/callback', url).href,
            scope: settings.scope,
            state: checks.expectedState,
            nonce: checks.expectedNonce,
            code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
            code_challenge_method: 'S256',
        });
    },

    '/callback': async (url) => {
        tokens = await client.authorizationCodeGrant(config, url, checks);
        claims = tokens.claims();
        tell({ claims, scope: tokens.scope, expires_in: tokens.expires_in });
        return 'Signed in';
    },

    '/refresh': async () => {
        const former = tokens;
        tokens = { id_token: former.id_token, ...await client.refreshTokenGrant(config, former.refresh_token) };
        tell({ rotated: former.refresh_token !== tokens.refresh_token && former.access_token !== tokens.access_token });
        return 'Refreshed';
    },

    '/read': async () => {
        tell({ partners: await partners() });
        return 'Read';
    },

    '/userinfo': async () => {
        tell({ userinfo: await client.fetchUserInfo(config, tokens.access_token, claims.sub) });
        return 'Asked';
    },

    '/introspect': async () => {
        tell({ introspection: await client.tokenIntrospection(config, tokens.access_token) });
        return 'Introspected';
    },

    '/revoke': async () => {
        await client.tokenRevocation(config, tokens.refresh_token);
        const challenge = await partners().catch(({ status, cause }) => ({ status, ...cause?.[0] }));
        const refused = await client.refreshTokenGrant(config, tokens.refresh_token).catch(({ error }) => error);
        const { active } = await client.tokenIntrospection(config, tokens.access_token);
        tell({ revoked: { challenge, refused, active } });
        return 'Revoked';
    },

    // With the ID token the server knows whom this is about; without it anybody could have asked.
    '/logout': (url) => client.buildEndSessionUrl(config, {
        ...(settings.sends_hint && { id_token_hint: tokens.id_token }),
        post_logout_redirect_uri: new URL('/goodbye', url).href,
        state: checks.expectedState,
    }),

    '/goodbye': (url) => {
        tell({ goodbye: url.searchParams.get('state') === checks.expectedState });
        return 'Goodbye';
    },
});

// By a key, if there is one; otherwise as the library does it by itself, with the secret.
async function authentication() {
    if (!settings.key) return undefined;
    const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
    return client.PrivateKeyJwt(await crypto.subtle.importKey('jwk', settings.key, algorithm, false, ['sign']));
}

async function partners() {
    const response = await client.fetchProtectedResource(
        config, tokens.access_token, new URL('/json/2/res.partner/search_read', settings.issuer), 'POST',
        JSON.stringify({ domain: [], fields: ['name'], limit: 3 }), new Headers({ 'Content-Type': 'application/json' }));
    return await response.json();
}
