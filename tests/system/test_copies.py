"""Copies of a database, neutralised or not, and a new installation after an uninstallation: by Odoo's own commands."""
import subprocess
import unittest
from contextlib import ExitStack

import requests
from administrator import Administrator
from client import CLIENT_ID, CLIENT_SECRET, CONNECTION, PATH
from documents import Reader, blocks
from requirement import requirement
from sign_in import App

from development import databases, odoo_program, paths, server


class TestCopies(unittest.TestCase):
    """One original with valid tokens; each test has a copy, and a server of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        cls.original = stack.enter_context(databases.scratch(CONNECTION))
        databases.make(CONNECTION, cls.original)
        odoo_program.install(CONNECTION, cls.original, paths.ADDON, log='copies-install')
        cls.port = server.free_port()
        server.set_address(CONNECTION, cls.original, cls.port)
        with server.started(CONNECTION, cls.original, cls.port, log='copies-original') as running:
            cls.url = running.url
            cls.app = App(cls.url, CLIENT_ID, CLIENT_SECRET)
            cls.tokens = cls.app.act()

    def copy(self, *options):
        """Have a copy that Odoo makes, and a server of it at the original's address: a proxy may send people there."""
        stack = ExitStack()
        self.addCleanup(stack.close)
        self.database = stack.enter_context(databases.scratch(CONNECTION))
        self.odoo('db', 'duplicate', *options, self.original, self.database)
        stack.enter_context(server.started(CONNECTION, self.database, self.port, log='copies-copy'))

    def odoo(self, *arguments):
        """Run a command of Odoo's."""
        program, _config, addons_path, data_dir, *_others = odoo_program.command(self.database)[1:]
        subprocess.run([paths.PYTHON, program, *arguments[:1], addons_path, data_dir, *arguments[1:]], check=True,
                       env=odoo_program.environment(CONNECTION), capture_output=True, timeout=300)

    def assertSilent(self):
        """No application gets an answer, and the original's tokens are good for nothing."""
        for address in (f'{PATH}/authorize?client_id={CLIENT_ID}&response_type=code', f'{PATH}/jwks',
                        '/.well-known/openid-configuration'):
            response = requests.get(f'{self.url}{address}', timeout=60, allow_redirects=False)
            self.assertEqual((response.status_code, response.json()['error']), (503, 'temporarily_unavailable'))
        self.assertEqual(self.app.ask('access_token', grant_type='refresh_token',
                                      refresh_token=self.tokens['refresh_token']).status_code, 503)
        self.assertEqual(self.app.call(self.tokens).status_code, 401)

    def set_issuer(self, issuer):
        """Write it into the settings, and save."""
        administrator = Administrator(self.url, self.database)
        [settings] = administrator.call('res.config.settings', 'create', [{'oauth2_issuer': issuer}])
        administrator.call('res.config.settings', 'execute', [settings])
        return administrator

    def metadata(self):
        """What the server says of itself."""
        return requests.get(f'{self.url}/.well-known/openid-configuration', timeout=60).json()

    @requirement('attack', '85', 'A copy answers nobody until an administrator says where it is')
    def test_attack_85_a_copy(self):
        self.copy()
        self.assertSilent()
        self.set_issuer(self.url)
        self.assertEqual(self.app.call(self.tokens).status_code, 401)
        self.assertEqual(self.app.call(self.app.act()).status_code, 200)

    @requirement('attack', '85', 'A neutralised copy answers nobody either, and a new installation begins anew')
    def test_attack_85_a_neutralised_copy(self):
        self.copy('--neutralize')
        self.assertSilent()
        administrator = self.set_issuer(f'{self.url}/staging')
        self.assertEqual(self.metadata()['issuer'], f'{self.url}/staging')
        # What is stored by the name of the addon goes with it.
        self.press(administrator, 'button_immediate_uninstall')
        self.assertEqual(databases.query(
            CONNECTION, "SELECT key FROM ir_config_parameter WHERE key LIKE 'restapi%'", self.database), [])
        self.press(administrator, 'button_immediate_install')
        address = administrator.call('ir.config_parameter', 'get_param', 'web.base.url')
        self.assertEqual(self.metadata()['issuer'], address)

    def run_page(self):
        """Run the commands that the administrator's page prints for `odoo shell`."""
        program, _config, addons_path, data_dir, *_others = odoo_program.command(self.database)[1:]
        functions = f'odoo() {{ "{paths.PYTHON}" "{program}" "$1" "{addons_path}" "{data_dir}" "${{@:2}}"; }}'
        for _language, block in blocks('docs/administrator.md'):
            yield
            Reader(self, {'<database>': self.database, 'https://staging.example.com': self.url}, functions).run(
                block, **odoo_program.environment(CONNECTION))

    @requirement('attack', '85', 'A script says where a copy is, and ends all access of a restored backup')
    def test_the_commands_of_the_administrator_s_page(self):
        self.copy()
        self.assertSilent()
        commands = self.run_page()
        next(commands)
        next(commands)
        self.assertEqual(self.metadata()['issuer'], self.url)
        tokens = self.app.act()
        self.assertEqual(self.app.call(tokens).status_code, 200)
        self.assertEqual(list(commands), [])
        self.assertEqual(self.app.call(tokens).status_code, 401)

    def press(self, administrator, button):
        """Press a button of the addon in the list of apps."""
        module = administrator.call('ir.module.module', 'search', [('name', '=', paths.ADDON)])
        administrator.call('ir.module.module', button, module)
