"""An application on this machine: a small web server, to which the browser is sent back (RFC 8252 §7.3)."""
import json
import os
import queue
import subprocess
import threading
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, HTTPServer

from devtools import PATIENCE


class Handler(BaseHTTPRequestHandler):
    """Notes the address and the form of each request, and says hello."""

    def do_GET(self):
        length = int(self.headers.get('Content-Length') or 0)
        self.server.arrived.put((f'{self.server.address}{self.path}', self.rfile.read(length).decode()))
        self.send_response(200)
        self.send_header('Content-Type', 'text/plain')
        self.end_headers()
        self.wfile.write(b'Hello')

    do_POST = do_GET  # noqa: N815 (so does the library call it)

    def log_message(self, *arguments):
        """Say nothing."""


class Application(HTTPServer):
    """The web server of an application in Python."""

    def __init__(self):
        super().__init__(('127.0.0.1', 0), Handler)
        self.address = f'http://127.0.0.1:{self.server_port}'
        self.redirect_uri = f'{self.address}/callback'
        self.arrived = queue.Queue()
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def answer(self):
        """The address at which the browser arrived, once it did: the answer of the authorization endpoint."""
        return self.request()[0]

    def request(self):
        """The address at which the browser arrived, and the form that it brought."""
        while True:
            url, form = self.arrived.get(timeout=PATIENCE)
            if not url.endswith('/favicon.ico'):
                return url, form

    def close(self):
        """Stop serving."""
        self.shutdown()
        self.server_close()


class NodeApplication:
    """An application in JavaScript, from the folder `node`: it serves, and prints a JSON object a line."""

    def __init__(self, script):
        folder = os.environ['RESTAPI_OAUTH2_NODE_CLIENTS']
        self.process = subprocess.Popen(
            # A script finds its packages beside the link that leads to it, not where it really lies.
            [os.environ['RESTAPI_OAUTH2_NODE'], '--preserve-symlinks', '--preserve-symlinks-main',
             f'{folder}/{script}'],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.lines = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        self.address = self.told('address')

    def _read(self):
        for line in self.process.stdout:
            self.lines.put(json.loads(line))
        self.lines.put({'error': f'It ended: {self.process.stderr.read()}'})

    def configure(self, **settings):
        """Give it what an application is given by those who install it."""
        self.process.stdin.write(json.dumps(settings) + '\n')
        self.process.stdin.flush()
        self.told('configured')

    def told(self, name):
        """What it says under this name in its next line.

        :raises AssertionError: if it says anything else, such as an error.
        """
        line = self.lines.get(timeout=PATIENCE)
        assert name in line, line.get('error') or line
        return line[name]

    def close(self):
        """End it: that is what the end of its input tells it."""
        self.process.stdin.close()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()
        self.process.stderr.close()
