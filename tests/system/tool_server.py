"""The example of a tool server (docs/examples/tool_server), set up and running."""
import os
import subprocess
import sys
import time
from pathlib import Path

import requests
from devtools import PATIENCE

from development.server import free_port

EXAMPLE = Path(__file__).parents[2] / 'docs' / 'examples' / 'tool_server'


class ToolServer:
    """The example, until a test is over.

    :param test: the test, which has an administrator.
    :ivar uri: the address of its API.
    """

    def __init__(self, test):
        self.test, self.administrator = test, test.administrator
        self.port = free_port()
        self.uri = f'http://127.0.0.1:{self.port}/mcp'
        self._serve(self._register())

    @property
    def metadata(self):
        """Where it tells who gives tokens for it (RFC 9728 §3)."""
        return f'http://127.0.0.1:{self.port}/.well-known/oauth-protected-resource/mcp'

    def _register(self):
        """What an administrator does: *New application → An API that takes tokens*, and what it may do in Odoo."""
        call, scopes = self.administrator.call, self.administrator.scopes
        shown = self.administrator.new_application('resource', name='Order tools', api_uri=self.uri)
        [client] = call(
            'oauth2.client', 'search_read', [('client_id', '=', shown['client_identifier'])], ['resource_id'])
        call('oauth2.client', 'write', [client['id']], {'grant_token_exchange': True})
        if not (run := scopes('tools.run')):
            run = call('oauth2.scope', 'create', [{
                'name': 'tools.run', 'description': 'Run tools for you', 'resource_id': client['resource_id'][0]}])
        call('oauth2.resource', 'write', [client['resource_id'][0]], {
            'scope_ids': [(4, run[0])],
            'exchange_scope_ids': [(6, 0, scopes('contacts.read', 'contacts.write'))]})
        return {'OAUTH2_ISSUER': self.test.url, 'OAUTH2_AUDIENCE': self.uri,
                'OAUTH2_CLIENT_ID': shown['client_identifier'], 'OAUTH2_CLIENT_SECRET': shown['secret'],
                'PORT': str(self.port)}

    def _serve(self, settings):
        server = subprocess.Popen([sys.executable, 'server.py'], cwd=EXAMPLE, env={**os.environ, **settings},
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.test.addCleanup(server.stdout.close)
        self.test.addCleanup(server.wait)
        self.test.addCleanup(server.terminate)
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            if server.poll() is not None:
                self.test.fail(server.stdout.read())
            try:
                return requests.get(self.uri, timeout=5)
            except requests.ConnectionError:
                time.sleep(0.2)
        self.test.fail('The example does not answer.')
