// An assistant made with the TypeScript SDK of the Model Context Protocol. It knows the address of a tool server and of
// nothing else. Its person opens its pages: a tool is called, after having signed in where need be.
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const { TOOL_SERVER, CLIENT_METADATA_URL, PORT } = process.env;
const site = `http://127.0.0.1:${PORT}`;

// What the SDK asks the assistant for, and has it keep.
const kept = {};
const provider = {
    redirectUrl: `${site}/callback`,
    clientMetadataUrl: CLIENT_METADATA_URL,
    clientMetadata: {
        client_name: 'Assistant',
        redirect_uris: [`${site}/callback`],
        application_type: 'native',
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
        token_endpoint_auth_method: 'none',
    },
    state: () => (kept.state = randomUUID()),
    clientInformation: () => kept.client,
    saveClientInformation: (client) => { kept.client = client; },
    tokens: () => kept.tokens,
    saveTokens: (tokens) => { kept.tokens = tokens; },
    codeVerifier: () => kept.verifier,
    saveCodeVerifier: (verifier) => { kept.verifier = verifier; },
    redirectToAuthorization: (url) => { kept.url = url; },
    invalidateCredentials: (what) => {
        if (what !== 'verifier') {
            delete kept.tokens;
        }
        if (what === 'all') {
            delete kept.client;
        }
    },
};

let transport, waiting;

// Call a tool: what it answers, or the address where its person has to allow that first.
async function call(name, given) {
    transport = new StreamableHTTPClientTransport(new URL(TOOL_SERVER), {
        authProvider: provider,
        fetch: async (...request) => {
            const response = await fetch(...request);
            // A larger scope is needed. The SDK would refresh the token, which does not give it.
            if (response.status === 403) {
                provider.invalidateCredentials('tokens');
            }
            return response;
        },
    });
    const client = new Client({ name: 'assistant', version: '1' });
    try {
        await client.connect(transport);
        return { answer: await client.callTool({ name, arguments: given }) };
    } catch (error) {
        if (!(error instanceof UnauthorizedError)) {
            throw error;
        }
        waiting = [name, given];
        return { leadsTo: kept.url.href };
    } finally {
        await client.close();
    }
}

const pages = {
    '/call': (query) => call(query.get('tool'), JSON.parse(query.get('arguments'))),

    async '/callback'(query) {
        if (query.get('state') !== kept.state) {
            throw new Error('This is no answer to what was asked.');
        }
        await transport.finishAuth(query.get('code'));
        return call(...waiting);
    },

    // As if the access token had expired.
    '/later'() {
        kept.tokens.access_token = 'expired';
        return { answer: null };
    },
};

createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url, site);
    try {
        const { leadsTo, ...told } = await pages[pathname](searchParams);
        if (leadsTo) {
            response.writeHead(303, { Location: leadsTo }).end();
        } else {
            response.writeHead(200, { 'Content-Type': 'text/plain' }).end(JSON.stringify({ ...told, ...kept }));
        }
    } catch (error) {
        response.writeHead(500, { 'Content-Type': 'text/plain' }).end(error.stack);
    }
}).listen(PORT, '127.0.0.1');
