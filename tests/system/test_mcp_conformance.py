"""The conformance tool of the Model Context Protocol, against this server: its scenarios for authorization servers."""
import json
import os
import socket
import subprocess
import tempfile
from contextlib import closing
from pathlib import Path

from administrator import Administrator
from client import SystemCase
from devtools import PATIENCE
from requirement import requirement
from sign_in import Person

from development import conformance_lists

TOOL = Path(os.environ['RESTAPI_OAUTH2_NODE_CLIENTS']).parent / 'node_modules/@modelcontextprotocol/conformance'
CHECKS = {row.section for row in conformance_lists.MCP}
SCENARIOS = {'authorization-server-metadata-endpoint', 'authorization-code-grant'}


def free_port():
    """A port on which nothing listens now."""
    with closing(socket.socket()) as listening:
        listening.bind(('127.0.0.1', 0))
        return listening.getsockname()[1]


class TestConformance(SystemCase):

    @classmethod
    def setUpClass(cls):
        cls.administrator = Administrator()
        login = f'conformance{os.getpid()}'
        cls.administrator.make_user(login)
        cls.person = Person(cls.url, login)
        # The tool expects of a server that clients may come by their metadata documents.
        cls.choose(client_documents='any')
        cls.addClassCleanup(cls.choose, client_documents=False)

    @classmethod
    def choose(cls, **values):
        """Set system parameters of this addon."""
        for name, value in values.items():
            cls.administrator.call('ir.config_parameter', 'set_param', f'restapi_oauth2.{name}', value)

    def checks(self, client_id, secret=None, *options):
        """What the tool says while a person allows the application that it plays.

        :return: a list of checks of the tool: dictionaries with `id`, `status` and what else it tells.
        """
        folder = self.enterContext(tempfile.TemporaryDirectory())
        process = subprocess.Popen(
            [os.environ['RESTAPI_OAUTH2_NODE'], TOOL.resolve() / 'dist/index.js', 'authorization', '--url', self.url,
             '--client-id', client_id, *(('--client-secret', secret) if secret else ()),
             '--port', str(self.port), '--output-dir', folder, *options],
            text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.kill)
        said = ''
        for line in process.stdout:
            said += line
            if line.startswith(f'{self.url}/'):
                page = self.person.open(line.strip())
                response = page if page.is_redirect else self.person.allow(page)
                self.person.session.get(response.headers['Location'], timeout=PATIENCE)
        process.wait(PATIENCE)
        files = sorted(Path(folder).rglob('checks.json'))
        self.assertEqual(len(files), len(SCENARIOS), said)
        return [check for file in files for check in json.loads(file.read_text())]

    def register(self, **values):
        """An application with the tool's callback."""
        self.port = free_port()
        return self.administrator.register(
            'Conformance', [f'http://127.0.0.1:{self.port}/callback'],
            scope_ids=[(6, 0, self.administrator.scopes('contacts.read'))],
            default_scope_ids=[(6, 0, self.administrator.scopes('contacts.read'))], **values)

    def assertConforms(self, checks):
        """Nothing failed, nothing is warned of, nothing was left out: docs/compliance.md has the same checks."""
        self.assertEqual({(check['id'], check['status']) for check in checks}, {(name, 'SUCCESS') for name in CHECKS})

    @requirement('MCP conformance', 'authorization-server-metadata')
    @requirement('MCP conformance', 'authorization-server-metadata-cimd')
    @requirement('MCP conformance', 'authorization-code-grant')
    def test_as_a_public_client(self):
        _record, client_id = self.register(is_public=True)
        self.assertConforms(self.checks(client_id))

    @requirement('MCP conformance', 'authorization-server-metadata')
    @requirement('MCP conformance', 'authorization-server-metadata-cimd')
    @requirement('MCP conformance', 'authorization-code-grant')
    def test_as_a_client_with_a_secret(self):
        """The tool sends no secret to a server that also supports public clients."""
        self.choose(public_clients='False')
        self.addCleanup(self.choose, public_clients='True')
        record, client_id = self.register()
        self.assertConforms(self.checks(client_id, self.administrator.generate_secret(record)))
