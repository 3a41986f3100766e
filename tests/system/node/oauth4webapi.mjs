// An application with oauth4webapi that can keep no secret: a public client. It checks all that the library can check.
import { createHash } from 'node:crypto';
import * as oauth from 'oauth4webapi';
import { serve, settings, tell } from './application.mjs';

// Everything is on this machine.
const options = { [oauth.allowInsecureRequests]: true };

let server, client, checks, claims, tokens;

serve({
    // Somebody wants to sign in.
    '/': async (url) => {
        const issuer = new URL(settings.issuer);
        client = { client_id: settings.client_id };
        server = await discover(issuer, 'oidc');
        tell({ discovered: { openid: server, oauth: await discover(issuer, 'oauth2') } });
        checks = {
            verifier: oauth.generateRandomCodeVerifier(),
            state: oauth.generateRandomState(),
            nonce: oauth.generateRandomNonce(),
        };
        const authorize = new URL(server.authorization_endpoint);
        authorize.search = new URLSearchParams({
            client_id: client.client_id,
            redirect_uri: new URL('/callback', url).href,
            response_type: 'code',
            ...(settings.response_mode && { response_mode: settings.response_mode }),
            scope: settings.scope,
            state: checks.state,
            nonce: checks.nonce,
            max_age: 600,
            code_challenge: await oauth.calculatePKCECodeChallenge(checks.verifier),
            code_challenge_method: 'S256',
        });
        return authorize;
    },

    '/callback': async (url, form) => {
        // A form only where one was asked for: the code must not be in the address, then (and the other way round).
        const parameters = oauth.validateAuthResponse(
            server, client, settings.response_mode === 'form_post' ? form : url, checks.state);
        const response = await oauth.authorizationCodeGrantRequest(
            server, client, oauth.None(), parameters, new URL('/callback', url).href, checks.verifier, options);
        tokens = await oauth.processAuthorizationCodeResponse(server, client, response, {
            expectedNonce: checks.nonce, maxAge: 600, requireIdToken: true });
        await oauth.validateApplicationLevelSignature(server, response, options);
        claims = oauth.getValidatedIdTokenClaims(tokens);
        tell({ signed_in: { claims, at_hash: leftHalf(tokens.access_token) } });
        return 'Signed in';
    },

    // The application is also the API that is called with the access token: it checks it as RFC 9068 §4 has it.
    '/access_token': async () => {
        const request = new Request('https://api.example.com/', {
            headers: { Authorization: `Bearer ${tokens.access_token}` } });
        tell({ access_token: await oauth.validateJwtAccessToken(server, request, settings.audience, options) });
        return 'Valid';
    },

    '/userinfo': async () => {
        const plain = await userinfo(client);
        const [alg] = server.userinfo_signing_alg_values_supported;
        tell({ userinfo: { plain, signed: await userinfo({ ...client, userinfo_signed_response_alg: alg }) } });
        return 'Asked';
    },

    '/refresh': async () => {
        const response = await oauth.refreshTokenGrantRequest(
            server, client, oauth.None(), tokens.refresh_token, options);
        tokens = await oauth.processRefreshTokenResponse(server, client, response);
        tell({ scope: tokens.scope });
        return 'Refreshed';
    },
});

async function discover(issuer, algorithm) {
    return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...options }));
}

async function userinfo(client) {
    const response = await oauth.userInfoRequest(server, client, tokens.access_token, options);
    const answer = await oauth.processUserInfoResponse(server, client, claims.sub, response);
    if (client.userinfo_signed_response_alg) {
        await oauth.validateApplicationLevelSignature(server, response, options);
    }
    return answer;
}

// OpenID Connect Core §3.1.3.6, for signatures with SHA-256. The library leaves this check to the application.
function leftHalf(token) {
    return createHash('sha256').update(token).digest().subarray(0, 16).toString('base64url');
}
