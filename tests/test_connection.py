"""The values that other software asks for are on the application's form, and beside a new secret."""
import base64

from lxml import etree

from odoo import Command

from .endpoints import EndpointCase
from .requirement import requirement

SIGN_IN = ('issuer', 'authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri')
ADDRESSES = (*SIGN_IN, 'device_authorization_endpoint', 'introspection_endpoint')
OF_NOBODY = {'grant_authorization_code': False, 'grant_refresh_token': False}
# What each kind of application needs to be told, beside its client ID, its secret and its scopes.
NEEDED = {
    'web': SIGN_IN,
    'app': SIGN_IN,
    'device': ('issuer', 'device_authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri'),
    'service': ('issuer', 'token_endpoint'),
    'direct': ('authorization_endpoint', 'token_endpoint'),
    'resource': ('issuer', 'introspection_endpoint', 'jwks_uri'),
}
SNIPPETS = ('snippet_curl', 'snippet_python', 'snippet_javascript', 'snippet_php', 'snippet_postman')


def snippets_of(client):
    """Those that there are for its kind: Postman speaks neither the documented interface nor RFC 8628."""
    return [name for name in ('dotenv', *SNIPPETS)
            if name != 'snippet_postman' or client.kind not in ('direct', 'device')]


class TestConnection(EndpointCase):

    def clients(self):
        """An application of each kind."""
        of_kind = {
            'web': {}, 'app': {'is_public': True}, 'resource': {'is_resource_server': True, **OF_NOBODY},
            'device': {'is_public': True, 'grant_device_code': True, 'grant_authorization_code': False,
                       'redirect_uris': ()},
            'service': {'user_id': self.user.id, 'grant_client_credentials': True, **OF_NOBODY},
            'direct': {'user_id': self.user.id, 'has_direct_authorization': True},
        }
        for kind, values in of_kind.items():
            client, _secret = self.make_client(f'A {kind}', **values)
            self.assertEqual(client.kind, kind)
            yield client

    def metadata_(self):
        """What the server tells programs."""
        return self.url_open('/.well-known/openid-configuration').json()

    def dialog(self, client):
        """What the dialog with a new secret shows: by the request that the web client makes for it."""
        action = client._secret_dialog('s3cret')
        show = self.env[action['res_model']].with_context(**action['context'])
        arch = etree.fromstring(show.get_views([(False, 'form')])['views']['form']['arch'])
        return show.onchange({}, [], {node.get('name'): {} for node in arch.iter('field')})['value']

    @requirement('RFC 8414', '2', 'The screens show the addresses that the metadata tell')
    def test_the_addresses_are_those_of_the_metadata(self):
        told = self.metadata_()
        for client in self.clients():
            with self.subTest(client.kind):
                shown = client.read(ADDRESSES)[0]
                self.assertEqual({name: shown[name] for name in ADDRESSES}, {
                    name: name in NEEDED[client.kind] and told[name] for name in ADDRESSES})
        web, _secret = self.make_client('Web')
        self.assertEqual(web.discovery_endpoint, f"{told['issuer']}/.well-known/openid-configuration")
        self.env['ir.config_parameter'].set_param('restapi_oauth2.openid_connect', 'False')
        self.env['ir.config_parameter'].set_param('restapi_oauth2.introspection', 'False')
        web.is_resource_server = True
        web.invalidate_recordset()
        self.assertFalse(web.userinfo_endpoint)
        self.assertFalse(web.introspection_endpoint)
        self.assertTrue(web.discovery_endpoint.endswith('/.well-known/oauth-authorization-server'))

    def test_the_dialog_with_a_new_secret_shows_all_that_its_kind_needs(self):
        told = self.metadata_()
        for client in self.clients():
            if client.is_public:
                continue
            with self.subTest(client.kind):
                shown = self.dialog(client)
                self.assertEqual((shown['client_identifier'], shown['secret']), (client.client_id, 's3cret'))
                for name in ADDRESSES:
                    self.assertEqual(shown[name], name in NEEDED[client.kind] and told[name], name)
                for name in snippets_of(client):
                    self.assertIn('s3cret', shown[name], name)
                    self.assertIn(client.client_id, shown[name], name)

    def test_a_device_has_a_page_for_its_users(self):
        device = next(client for client in self.clients() if client.kind == 'device')
        self.assertEqual(device.verification_uri, 'https://odoo.example.com/restapi/1.0/common/oauth2/device')
        self.assertTrue(base64.b64decode(device.verification_qr_code).startswith(b'\x89PNG'))
        web, _secret = self.make_client('Web')
        self.assertFalse(web.verification_uri or web.verification_qr_code)

    def test_dotenv_has_a_line_for_what_there_is(self):
        names = {'issuer': 'OAUTH2_ISSUER', 'jwks_uri': 'OAUTH2_JWKS_URI',
                 **{name: f'OAUTH2_{name.upper()}' for name in ADDRESSES if name.endswith('endpoint')}}
        for client in self.clients():
            with self.subTest(client.kind):
                lines = dict(line.split('=', 1) for line in client.dotenv.splitlines())
                self.assertFalse([name for name, value in lines.items() if value in ('', "''")])
                self.assertEqual({name for name in ADDRESSES if names[name] in lines}, set(NEEDED[client.kind]))
                self.assertEqual('OAUTH2_REDIRECT_URI' in lines, client.kind in ('web', 'app', 'direct'))
                self.assertEqual('OAUTH2_CLIENT_SECRET' in lines, not client.is_public)

    def make_api(self, name, *scopes):
        return self.env['oauth2.resource'].create({
            'name': name, 'uri': f'https://{name}.example.com/mcp',
            'scope_ids': [Command.create({'name': scope, 'description': 'Run it'}) for scope in scopes]})

    @requirement('RFC 8707', '2', 'Where an application has scopes of an API, its values and programs name the API')
    def test_an_api_is_named_wherever_its_scopes_are(self):
        clients = [client for client in self.clients() if client.kind != 'resource']
        before = [client.read(['resource', 'dotenv', *SNIPPETS])[0] for client in clients]
        self.assertFalse(any('resource' in str(values[name]).lower() for values in before for name in SNIPPETS))
        tools = self.make_api('tools', 'tools.run')
        for client in clients:
            client.scope_ids |= tools.scope_ids
            self.assertEqual(client.resource, tools.uri)
            self.assertIn(f'\nOAUTH2_RESOURCE={tools.uri}\n', client.dotenv)
            self.assertNotIn('#', client.dotenv)
            if client.kind == 'direct':  # it asks for its default scopes, and calls Odoo
                continue
            for name in snippets_of(client):
                with self.subTest(client.kind, name=name):
                    self.assertIn(tools.uri, client[name])
                    self.assertNotIn('A token is for one API', client[name])
                    self.assertNotIn('@@', client[name])
            if not client.is_public:
                shown = self.dialog(client)
                self.assertEqual(shown['resource'], tools.uri)
                self.assertIn(tools.uri, shown['snippet_curl'])
        for client, values in zip(clients, before, strict=True):
            client.scope_ids -= tools.scope_ids
            self.assertEqual(client.read(['resource', 'dotenv', *SNIPPETS])[0], values)

    def test_of_several_apis_the_first_is_named_and_the_others_are_told(self):
        tools, mail = self.make_api('tools', 'tools.run'), self.make_api('mail', 'mail.send')
        for client in self.clients():
            if client.kind in ('resource', 'direct'):
                continue
            client.scope_ids |= (tools | mail).scope_ids
            self.assertEqual(client.resource, mail.uri)
            for name in snippets_of(client):
                with self.subTest(client.kind, name=name):
                    self.assertIn(mail.uri, client[name])
                    if name != 'snippet_postman':  # JSON has no comments
                        self.assertRegex(client[name], f'A token is for one API. .* scopes of .*{tools.uri}')
            mail.active = False
            client.invalidate_recordset()
            self.assertEqual(client.resource, tools.uri)
            mail.active = True

    def test_an_application_of_the_api_itself_names_none(self):
        tools = self.make_api('tools', 'tools.run')
        client, _secret = self.make_client('Tools', resource_id=tools.id)
        client.scope_ids |= tools.scope_ids
        self.assertFalse(client.resource)
        self.assertNotIn('OAUTH2_RESOURCE', client.dotenv)

    def test_the_form_knows_no_secret(self):
        for client in self.clients():
            for name in snippets_of(client):
                self.assertIn(client.client_id, client[name], (client.kind, name))
                self.assertEqual('the secret' in client[name], not client.is_public, (client.kind, name))

    def test_without_an_issuer_there_is_none(self):
        self.env['ir.config_parameter'].set_param('restapi_oauth2.issuer', False)
        for client in self.clients():
            for name in (*ADDRESSES, 'discovery_endpoint', 'dotenv', *SNIPPETS):
                self.assertFalse(client[name], name)
