// What the applications of this folder share: a web server on a free port of this machine, and telling the test.
import { createServer } from 'node:http';
import { createInterface } from 'node:readline';

// What the test has told: a line of JSON. The program ends when its input does: then the test has seen enough.
export const settings = {};

createInterface({ input: process.stdin })
    .on('line', (line) => tell({ configured: Object.assign(settings, JSON.parse(line)) }))
    .on('close', () => process.exit());

export function tell(what) {
    process.stdout.write(JSON.stringify(what) + '\n');
}

// Serve the steps. Each is a function of the whole address and of the form that was posted there, if one was,
// and gives the address to send the browser to, or the text of a page, of another kind than plain text if it says so.
export function serve(steps) {
    const server = createServer(async (request, response) => {
        const url = new URL(request.url, address(server));
        let form = '';
        for await (const part of request) {
            form += part;
        }
        try {
            const answer = await steps[url.pathname]?.(url, new URLSearchParams(form));
            if (answer instanceof URL) {
                response.writeHead(303, { Location: answer.href }).end();
            } else {
                const { type = 'text/plain', text = answer } = answer ?? {};
                response.writeHead(answer ? 200 : 404, { 'Content-Type': type }).end(text);
            }
        } catch (error) {
            response.writeHead(500).end(error.stack);
            tell({ error: explain(error) });
        }
    });
    server.listen(0, '127.0.0.1', () => tell({ address: address(server) }));
}

function address(server) {
    return `http://127.0.0.1:${server.address().port}`;
}

// The libraries put the reason, often of several levels, behind the error.
function explain(error) {
    if (error instanceof Error) {
        return `${error.stack}\n${JSON.stringify(error)}` + (error.cause ? `\nbecause ${explain(error.cause)}` : '');
    }
    return JSON.stringify(error);
}
