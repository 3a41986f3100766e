// How an application that runs in the browser signs a person in: what all such pages share.
import * as oauth from 'oauth4webapi';

export const options = { [oauth.allowInsecureRequests]: true };
export const settings = await (await fetch('/settings')).json();
export const client = { client_id: settings.client_id };
const redirectURI = new URL('/callback', location).href;
const issuer = new URL(settings.issuer);
export const server = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, options));

// Go to the authorization server.
export async function begin() {
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

// Back from there: the answer of the token endpoint, as it came and as it is understood.
export async function redeem(expected) {
    const parameters = oauth.validateAuthResponse(server, client, new URL(location), sessionStorage.state);
    const granted = await oauth.authorizationCodeGrantRequest(
        server, client, oauth.None(), parameters, redirectURI, sessionStorage.verifier, options);
    return { granted, tokens: await oauth.processAuthorizationCodeResponse(server, client, granted, expected) };
}
