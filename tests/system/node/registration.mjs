// An application with openid-client that nobody has registered: it knows the issuer, and registers itself.
import * as client from 'openid-client';
import { serve, settings, tell } from './application.mjs';

let config, checks, tokens;

serve({
    // Somebody wants to sign in.
    '/': async (url) => {
        const redirect_uri = new URL('/callback', url).href;
        config = await client.dynamicClientRegistration(
            new URL(settings.issuer), {
                client_name: 'Assistant',
                redirect_uris: [redirect_uri],
                application_type: 'native',
                grant_types: ['authorization_code', 'refresh_token'],
                response_types: ['code'],
                token_endpoint_auth_method: settings.auth_method,
            }, settings.auth_method === 'none' ? client.None() : undefined, {
                initialAccessToken: settings.initial_access_token,
                // Everything is on this machine; and signatures are checked even of what comes from the issuer.
                execute: [client.allowInsecureRequests, client.enableNonRepudiationChecks],
            });
        tell({ registered: config.clientMetadata() });
        checks = {
            pkceCodeVerifier: client.randomPKCECodeVerifier(),
            expectedState: client.randomState(),
            expectedNonce: client.randomNonce(),
        };
        return client.buildAuthorizationUrl(config, {
            redirect_uri,
            scope: 'openid contacts.read',
            state: checks.expectedState,
            nonce: checks.expectedNonce,
            code_challenge: await client.calculatePKCECodeChallenge(checks.pkceCodeVerifier),
            code_challenge_method: 'S256',
        });
    },

    '/callback': async (url) => {
        tokens = await client.authorizationCodeGrant(config, url, checks);
        tokens = await client.refreshTokenGrant(config, tokens.refresh_token);
        tell({ signed_in: { scope: tokens.scope, status: await read() } });
        return 'Signed in';
    },

    // It is not used any more.
    '/leave': async () => {
        const { registration_client_uri, registration_access_token } = config.clientMetadata();
        const { status } = await fetch(registration_client_uri, {
            method: 'DELETE', headers: { Authorization: `Bearer ${registration_access_token}` } });
        tell({ left: { deleted: status, status: await read() } });
        return 'Left';
    },
});

async function read() {
    const response = await fetch(new URL('/json/2/res.partner/search_read', settings.issuer), {
        method: 'POST',
        headers: { Authorization: `Bearer ${tokens.access_token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify({ domain: [], fields: ['name'], limit: 3 }),
    });
    return response.status;
}
