// What n8n does for its credential OAuth2 API, with the library that it does it with: a person connects the credential,
// then nodes call an API with it, and refresh its token.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

// It is CommonJS, found from the folder that this script is in.
const { ClientOAuth2 } = createRequire(import.meta.url)('@n8n/client-oauth2');

const env = process.env;
const site = `http://127.0.0.1:${env.PORT}`;
let credential, options, verifier, token;

// The fields of the credential as n8n's form has them.
function connect(grantType, authentication) {
    options = {
        clientId: env.OAUTH2_CLIENT_ID,
        clientSecret: env.OAUTH2_CLIENT_SECRET,
        authorizationUri: env.OAUTH2_AUTHORIZATION_ENDPOINT,
        accessTokenUri: env.OAUTH2_TOKEN_ENDPOINT,
        redirectUri: `${site}/rest/oauth2-credential/callback`,
        scopes: env.OAUTH2_SCOPE.split(' '),
        scopesSeparator: env.OAUTH2_SCOPE.includes(',') ? ',' : ' ',
        state: Buffer.from(JSON.stringify({ token: randomBytes(16).toString('hex') })).toString('base64'),
        authentication,
    };
    if (grantType === 'pkce') {
        verifier = randomBytes(32).toString('base64url');
        options.query = {
            code_challenge: createHash('sha256').update(verifier).digest('base64url'), code_challenge_method: 'S256' };
    }
    credential = { grantType, authentication };
    return new ClientOAuth2(options).code.getUri();
}

async function callback(url) {
    const more = {};
    if (credential.grantType === 'pkce') {
        more.body = { code_verifier: verifier };
    }
    if (credential.authentication === 'body') {
        more.body = { ...more.body, client_id: options.clientId, client_secret: options.clientSecret };
        // The header would be sent, too.
        delete options.clientSecret;
    }
    token = await new ClientOAuth2(options).code.getToken(url.href, more);
    options.clientSecret = env.OAUTH2_CLIENT_SECRET;
    return token.data;
}

async function call() {
    const request = token.sign({ url: `${env.ODOO_API}/res.partner/search_read`, headers: {} });
    const response = await fetch(request.url, {
        method: 'POST',
        headers: { ...request.headers, 'Content-Type': 'application/json' },
        body: JSON.stringify({ domain: [], fields: ['name'], limit: 3 }),
    });
    return { status: response.status, contacts: await response.json() };
}

async function refresh() {
    token = await new ClientOAuth2(options).createToken(token.data, token.data.token_type).refresh();
    return token.data;
}

const pages = {
    '/connect': (url) => new URL(connect(url.searchParams.get('grant'), url.searchParams.get('authentication'))),
    '/rest/oauth2-credential/callback': callback,
    '/call': call,
    '/refresh': refresh,
};

createServer(async (request, response) => {
    const url = new URL(request.url, site);
    try {
        const answer = await pages[url.pathname](url);
        if (answer instanceof URL) {
            response.writeHead(303, { Location: answer.href }).end();
        } else {
            response.writeHead(200, { 'Content-Type': 'text/plain' }).end(JSON.stringify(answer));
        }
    } catch (error) {
        response.writeHead(500, { 'Content-Type': 'text/plain' }).end(`${error.stack} ${JSON.stringify(error)}`);
    }
}).listen(env.PORT, '127.0.0.1');
