// The server of a single-page application made with oidc-client-ts. It gives out files, and has no part in what they do.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';

const { OAUTH2_ISSUER, OAUTH2_CLIENT_ID, OAUTH2_SCOPE, ODOO_API, PORT } = process.env;
const page = `<!DOCTYPE html>
    <script type="importmap">
        {"imports": {"oidc-client-ts": "/oidc-client-ts.js", "jwt-decode": "/jwt-decode.js"}}
    </script>
    <script type="module" src="/page.js"></script>
    <body>`;
const script = (name) => ['text/javascript', readFileSync(new URL(import.meta.resolve(name)))];
const files = {
    '/oidc-client-ts.js': script('oidc-client-ts'),
    '/jwt-decode.js': script('jwt-decode'),
    '/page.js': script('./oidc_client_ts_page.mjs'),
    '/settings.json': ['application/json', JSON.stringify({
        issuer: OAUTH2_ISSUER, client_id: OAUTH2_CLIENT_ID, scope: OAUTH2_SCOPE, api: ODOO_API })],
};

createServer((request, response) => {
    const [type, text] = files[request.url] ?? ['text/html', page];
    response.writeHead(200, { 'Content-Type': type }).end(text);
}).listen(PORT, '127.0.0.1');
