// An application that runs in the browser: all its requests to the server come from a page of another origin.
import * as oauth from 'oauth4webapi';

const options = { [oauth.allowInsecureRequests]: true };
const redirectURI = new URL('/callback', location).href;
const settings = await (await fetch('/settings')).json();
const issuer = new URL(settings.issuer);
const client = { client_id: settings.client_id };
const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));

try {
    await (location.pathname === '/callback' ? finish() : begin());
} catch (error) {
    window.told = { error: `${error.stack} ${JSON.stringify(error.cause)}` };
}

async function begin() {
    sessionStorage.verifier = oauth.generateRandomCodeVerifier();
    sessionStorage.state = oauth.generateRandomState();
    const url = new URL(server.authorization_endpoint);
    url.search = new URLSearchParams({
        client_id: client.client_id,
        redirect_uri: redirectURI,
        response_type: 'code',
        scope: settings.scope,
        state: sessionStorage.state,
        code_challenge: await oauth.calculatePKCECodeChallenge(sessionStorage.verifier),
        code_challenge_method: 'S256',
    });
    location = url;
}

async function finish() {
    const parameters = oauth.validateAuthResponse(server, client, new URL(location), sessionStorage.state);
    const granted = await oauth.authorizationCodeGrantRequest(
        server, client, oauth.None(), parameters, redirectURI, sessionStorage.verifier, options);
    const tokens = await oauth.processAuthorizationCodeResponse(server, client, granted, { requireIdToken: true });
    await oauth.validateApplicationLevelSignature(server, granted, options);
    const { sub } = oauth.getValidatedIdTokenClaims(tokens);

    const asked = await oauth.userInfoRequest(server, client, tokens.access_token, options);
    const { email } = await oauth.processUserInfoResponse(server, client, sub, asked);

    const refreshed = await oauth.refreshTokenGrantRequest(
        server, client, oauth.None(), tokens.refresh_token, options);
    const fresh = await oauth.processRefreshTokenResponse(server, client, refreshed);

    await oauth.processRevocationResponse(
        await oauth.revocationRequest(server, client, oauth.None(), fresh.refresh_token, options));
    // Errors, too, have to be readable from another origin.
    const refused = await oauth.refreshTokenGrantRequest(
        server, client, oauth.None(), fresh.refresh_token, options);
    const { error } = await oauth.processRefreshTokenResponse(server, client, refused).catch((thrown) => thrown);
    window.told = { email, refused: error };
}
