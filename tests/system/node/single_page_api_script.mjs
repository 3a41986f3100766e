// An application that runs in the browser and calls Odoo's API from there, by nothing but fetch().
import { begin, redeem, settings } from 'sign_in';

const steps = {
    '/': begin,
    '/callback': async () => ({ access_token: (await redeem()).tokens.access_token }),
    // Somebody else's page, whom nobody signs in at.
    '/ready': () => ({ access_token: null }),
};

// What the page can read of an answer, or that the browser keeps it from the page.
window.ask = async (path, headers, how) => {
    try {
        const response = await fetch(new URL(path, settings.issuer), {
            method: 'POST',
            headers: { 'Content-Type': 'application/json', ...headers },
            body: JSON.stringify({ domain: [], fields: ['display_name'], limit: 3 }),
            ...how,
        });
        const challenge = response.headers.get('WWW-Authenticate');
        return { status: response.status, challenge, body: await response.json() };
    } catch (error) {
        return { refused: error.name };
    }
};

try {
    window.told = await steps[location.pathname]();
} catch (error) {
    window.told = { error: `${error.stack} ${JSON.stringify(error.cause)}` };
}
