// The server of an application that runs in the browser. It gives out files, and has no part in what they do.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { serve, settings } from './application.mjs';

const page = () => ({ type: 'text/html', text: `<!DOCTYPE html>
    <script type="importmap">{"imports": {"oauth4webapi": "/oauth4webapi.js", "sign_in": "/sign_in.js"}}</script>
    <script type="module" src="/script.js"></script>
    <body>` });

const script = (name) => ({
    type: 'text/javascript', text: readFileSync(fileURLToPath(import.meta.resolve(name)), 'utf8') });

serve({
    '/': page,
    '/callback': page,
    '/ready': page,
    '/script.js': () => script(settings.script),
    '/sign_in.js': () => script('./single_page_sign_in.mjs'),
    '/oauth4webapi.js': () => script('oauth4webapi'),
    '/settings': () => ({ type: 'application/json', text: JSON.stringify(settings) }),
});
