// An application that runs in the browser: all its requests to the server come from a page of another origin.
import * as oauth from 'oauth4webapi';
import { begin, client, options, redeem, server } from 'sign_in';

try {
    await (location.pathname === '/callback' ? finish() : begin());
} catch (error) {
    window.told = { error: `${error.stack} ${JSON.stringify(error.cause)}` };
}

async function finish() {
    const { granted, tokens } = await redeem({ requireIdToken: true });
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
