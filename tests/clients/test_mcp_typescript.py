"""An assistant made with the TypeScript SDK of the Model Context Protocol, which nobody has registered, at the example
of a tool server (docs/examples/tool_server).
"""
import json
import os
from pathlib import Path
from urllib.parse import urlencode

from client_case import ClientCase
from cryptography.hazmat.primitives.serialization import Encoding
from publisher import Authority, Publisher
from requirement import requirement
from tool_server import ToolServer

FIRST, MORE = {'tools.run', 'contacts.read'}, {'tools.run', 'contacts.read', 'contacts.write'}


class TestMCPTypeScript(ClientCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        call = cls.administrator.call
        [group] = call('ir.model.data', 'search_read', [
            ('module', '=', 'base'), ('name', '=', 'group_partner_manager')], ['res_id'])
        [user] = call('res.users', 'search', [('login', '=', cls.login)])
        call('res.users', 'write', [user], {'group_ids': [(4, group['res_id'])]})

    def setUp(self):
        super().setUp()
        self.server = ToolServer(self)
        self.administrator.call('oauth2.scope', 'write', self.administrator.scopes('tools.run', 'contacts.write'), {
            'is_for_unregistered': True})

    def let(self, **settings):
        """Choose in the general settings how applications may come by themselves, until the test is over."""
        for name, value in settings.items():
            setting = 'ir.config_parameter', 'set_param', f'restapi_oauth2.{name}'
            self.administrator.call(*setting, value)
            self.addCleanup(self.administrator.call, *setting, False)

    def call(self, tool, **arguments):
        """Have the assistant call a tool."""
        self.page.open(f'{self.site}/call?' + urlencode({'tool': tool, 'arguments': json.dumps(arguments)}))

    def live(self, known_as, **environment):
        """The life of an assistant, up to its last answer.

        :param known_as: what the consent page calls it.
        """
        self.serve_script('mcp_assistant.mjs', TOOL_SERVER=self.server.uri, **environment)
        self.call('find_contacts', name=self.login)
        self.page.sign_in(self.login, self.login)
        self.page.wait_for('button[name=answer][value=allow]')
        for shown in (known_as, 'Nobody here knows this application', 'In Odoo, through Order tools'):
            self.assertIn(shown, self.page.text)
        self.page.answer('allow')
        first = self.told('/callback')
        self.assertFalse(first['answer'].get('isError'), first)
        self.assertIn(f'{self.login}@example.com', json.dumps(first['answer']))
        self.assertEqual(set(first['tokens']['scope'].split()), FIRST)

        self.ask('/later')
        self.call('find_contacts', name=self.login)
        refreshed = self.told('/call')
        for token in ('access_token', 'refresh_token'):
            self.assertNotEqual(refreshed['tokens'][token], first['tokens'][token])

        self.call('add_contact', name='Grace', email='grace@example.com')
        self.page.wait_for('button[name=answer][value=allow]')
        self.page.answer('allow')
        larger = self.told('/callback')
        self.assertFalse(larger['answer'].get('isError'), larger)
        self.assertEqual(set(larger['tokens']['scope'].split()), MORE)
        return first['client'], larger['client']

    @requirement('RFC 7591', '3', 'Other people\'s code registers itself and signs somebody in')
    def test_it_registers_itself(self):
        self.let(dynamic_registration='open')
        first, larger = self.live('127.0.0.1')
        self.assertEqual(first['client_id'], larger['client_id'])

    @requirement('CIMD', '5', 'Other people\'s code that nobody has registered signs somebody in, by its document')
    def test_its_document_tells_what_it_is(self):
        authority = Authority()
        certificate = Path(os.environ['RESTAPI_OAUTH2_AUTHORITY'])
        certificate.write_bytes(authority.certificate.public_bytes(Encoding.PEM))
        self.addCleanup(certificate.unlink)
        with Publisher(authority) as publisher:
            self.let(client_documents='any', fetch_networks='127.0.0.0/8')
            address = publisher.url('/client.json')
            publisher.pages['/client.json'] = (200, {'Content-Type': 'application/json'}, json.dumps({
                'client_id': address, 'client_name': 'Assistant', 'redirect_uris': ['http://127.0.0.1/callback'],
                'grant_types': ['authorization_code', 'refresh_token'], 'token_endpoint_auth_method': 'none',
            }).encode())
            clients = self.live('127.0.0.1', CLIENT_METADATA_URL=address)
        self.assertEqual({client['client_id'] for client in clients}, {address})
