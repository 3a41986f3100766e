"""What the tests of this folder share: an application is registered by a card of *New application*, and software of
others runs beside the server with what the dialog tells.
"""
import json
import os
import shlex
import socket
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from browser import BrowserCase
from devtools import PATIENCE

from development.processes import running
from development.server import free_port

HERE = Path(__file__).parent


class ClientCase(BrowserCase):
    """Each test has an application, which serves at :attr:`site`."""

    def setUp(self):
        super().setUp()
        self.port = free_port()
        self.site = f'http://127.0.0.1:{self.port}'
        self.page = self.window()

    def connect(self, card, path='', scopes=(), goodbye='', **form):
        """Register the application by a card.

        :param path: of its redirect URI, where the card does not know it.
        :param scopes: what is ticked, in place of what the card ticks.
        :param goodbye: the path to which its users come back when they have signed out.
        :param form: what is entered in its form afterwards.
        :return: the environment variables of the `.env` that is shown.
        """
        call = self.administrator.call
        asked = {'redirect_uris': f'{self.site}{path}'} if path else {'site': self.site}
        if scopes:
            asked['scope_ids'] = [(6, 0, self.administrator.scopes(*scopes))]
        shown = self.administrator.new_application(card, name='Test application', **asked)
        if isinstance(shown, int):  # it has no secret: its form is shown
            [shown] = call('oauth2.client', 'read', [shown], ['dotenv'])
        connection = dict(line.split('=', 1) for line in shlex.split(shown['dotenv']))
        if goodbye:
            form['post_logout_redirect_uri_ids'] = [(0, 0, {'uri': f'{self.site}{goodbye}'})]
        if form:
            client = call('oauth2.client', 'search', [('client_id', '=', connection['OAUTH2_CLIENT_ID'])])
            call('oauth2.client', 'write', client, form)
        return connection

    def serve(self, *command, **environment):
        """Run a program of this folder until the test is over, and wait until it serves at :attr:`site`."""
        self.log = self.enterContext(tempfile.TemporaryFile('w+'))
        process = self.enterContext(running(
            command, cwd=HERE, env=os.environ | environment | {'PORT': str(self.port)}, stdout=self.log,
            stderr=self.log))
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and process.poll() is None:
            with suppress(OSError), socket.create_connection(('127.0.0.1', self.port), 1):
                return
            time.sleep(0.05)
        self.fail(f'It does not serve:\n{self.said()}')

    def said(self):
        """What the program has printed."""
        self.log.seek(0)
        return self.log.read()

    def serve_script(self, name, folder='NODE_CLIENTS', **environment):
        """Run a script in JavaScript.

        :param folder: which of the folders with packages it lies in.
        """
        script = Path(os.environ[f'RESTAPI_OAUTH2_{folder}'], name)
        # It finds its packages beside the link that leads to it, not where it really lies.
        self.serve(os.environ['RESTAPI_OAUTH2_NODE'], '--preserve-symlinks', '--preserve-symlinks-main', script,
                   **environment)

    def arrive(self, path):
        """Wait until the browser is at a page of the application, and all of that is there."""
        self.page.wait(f'location.origin + location.pathname == {self.site + path!r} '
                       '&& document.readyState == "complete"')

    def told(self, path):
        """What the application tells in JSON at one of its pages, once the browser is there."""
        self.arrive(path)
        try:
            return json.loads(self.page.look('document.querySelector("pre")?.textContent') or '')
        except ValueError:
            self.fail(f'{self.page.url} reads:\n{self.page.text}\nand its program has printed:\n{self.said()}')

    def ask(self, path, leads_to=''):
        """Open a page of the application, and give what it tells, or the page to which it leads."""
        self.page.open(f'{self.site}{path}')
        return self.told(leads_to or path.partition('?')[0])

    def assertSignedOut(self):
        """The browser has no session of this server any more."""
        self.page.open(f'{self.url}/odoo')
        self.page.wait_for_address(f'{self.url}/web/login')
