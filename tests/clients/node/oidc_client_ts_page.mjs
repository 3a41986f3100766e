// A single-page application, in the browser: oidc-client-ts signs in, renews the access token by itself, and signs out.
// What a page comes to stands in `told`; the functions are what its buttons would call.
import { UserManager } from 'oidc-client-ts';

const settings = await (await fetch('/settings.json')).json();
const manager = new UserManager({
    authority: settings.issuer,
    client_id: settings.client_id,
    scope: settings.scope,
    redirect_uri: `${location.origin}/callback`,
    post_logout_redirect_uri: `${location.origin}/goodbye`,
    loadUserInfo: true,
    automaticSilentRenew: false, // not before `renewByItself`
    accessTokenExpiringNotificationTimeInSeconds: 30 * 60, // any token will expire soon
});

const about = (user) => user && (({ profile, scope, state, access_token, refresh_token }) =>
    ({ profile, scope, state, access_token, refresh_token }))(user);

Object.assign(window, {
    // A call of Odoo's API.
    async call(model, { access_token }) {
        const response = await fetch(`${settings.api}/${model}/search_read`, {
            method: 'POST',
            headers: { 'Authorization': `Bearer ${access_token}`, 'Content-Type': 'application/json' },
            body: JSON.stringify({ domain: [], fields: ['name'], limit: 3 }),
        });
        return { status: response.status, body: await response.json() };
    },

    renewByItself: () => new Promise((resolve, reject) => {
        manager.events.addUserLoaded((user) => {
            manager.stopSilentRenew();
            resolve(about(user));
        });
        manager.events.addSilentRenewError(reject);
        manager.startSilentRenew();
    }),

    // Ask in a frame that nobody sees whether the person is signed in, as applications without refresh tokens do.
    askInFrame: () => manager.signinSilent({ forceIframeAuth: true }).then(about, ({ error }) => error),

    revoke: () => manager.revokeTokens(),

    signOut: () => void manager.signoutRedirect({ state: 'goodbye' }),
});

const pages = {
    '/': () => manager.signinRedirect({ state: 'as it was sent' }),
    '/callback': async () => about(await manager.signinCallback()),
    '/goodbye': async () => ({ state: (await manager.signoutCallback()).userState, user: await manager.getUser() }),
};

try {
    window.told = await pages[location.pathname]();
} catch (error) {
    window.told = { error: `${error.stack} ${JSON.stringify(error)}` };
}
