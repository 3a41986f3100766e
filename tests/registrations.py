"""A client that registers itself over HTTP (RFC 7591, RFC 7592)."""
import json

from .browser import VERIFIER
from .common import REDIRECT_URI
from .endpoints import EndpointCase

LOOPBACK = 'http://127.0.0.1:8080/callback'
# Defaults of applications that an administrator may store, all of which would give more, or less, than what is set.
DEFAULTS = {
    'is_approved': True, 'grant_device_code': True, 'grant_authorization_code': False, 'active': False,
    'allowed_user_ids': [[6, 0, [2]]], 'allowed_group_ids': [[6, 0, [1]]], 'claimed_group_ids': [[6, 0, [1]]],
    'access_token_lifetime': 1440, 'refresh_token_idle_lifetime': 3650, 'authorization_lifetime': 3650,
    'post_logout_redirect_uri_ids': [[0, 0, {'uri': 'https://evil.example.com/'}]], 'has_claims_in_id_token': True,
    'refresh_rotation': 'keep', 'grant_client_credentials': True, 'grant_token_exchange': True, 'user_id': 2,
    'is_trusted': True, 'is_resource_server': True, 'cors_origins': 'https://evil.example.com', 'notes': 'default',
}


def chosen_by_default(client):
    """The fields of a client in which one of these defaults stands."""
    return [name for name, value in DEFAULTS.items() if (
        set(client[name].ids) & set(value[0][2] if value[0][0] == 6 else client[name].ids)
        if isinstance(value, list) else client[name].id == value if name == 'user_id' else client[name] == value)]


class RegistrationCase(EndpointCase):
    """Everybody may register a client, unless a test says otherwise."""

    WHO = 'open'

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.let('dynamic_registration', cls.WHO)
        cls.clients = cls.env['oauth2.client'].with_context(active_test=False)

    @classmethod
    def let(cls, name, value):
        """Choose a setting."""
        cls.env['ir.config_parameter'].set_param(f'restapi_oauth2.{name}', value)

    def post(self, token=None, headers=None, **members):
        """The answer to a registration, with some members changed or left out (None)."""
        members = {'redirect_uris': [REDIRECT_URI], 'client_name': 'Assistant',
                   'grant_types': ['authorization_code', 'refresh_token'], **members}
        return self.send('register', 'POST', token, headers, {
            name: value for name, value in members.items() if value is not None})

    def send(self, address, method, token=None, headers=None, members=None):
        token = token.encode() if isinstance(token, str) else token
        return self.ask(
            address, method, {'Content-Type': 'application/json',
                              **({'Authorization': b'Bearer ' + token} if token else {}), **(headers or {})},
            data=None if members is None else json.dumps(members))

    def registered(self, **members):
        """What a registration is answered."""
        response = self.post(**members)
        self.assertEqual(response.status_code, 201, response.text)
        return response.json()

    def manage(self, told, method='GET', token=None, client_id=None, members=None, **options):
        """A request of a client about its registration.

        :param told: what it was answered when it registered.
        """
        return self.send(f'register/{client_id or told["client_id"]}', method,
                         told['registration_access_token'] if token is None else token, members=members, **options)

    def change(self, told, **changed):
        """Replace what is registered: with what was, some members changed or left out (None)."""
        kept = ('client_id', 'redirect_uris', 'token_endpoint_auth_method', 'grant_types', 'response_types',
                'application_type', 'client_name', 'scope')
        members = {**{name: told[name] for name in kept}, **changed}
        return self.manage(told, 'PUT', members={
            name: value for name, value in members.items() if value is not None})

    def stored(self, told):
        """What is stored of a client."""
        self.env.invalidate_all()
        return self.clients.search([('client_id', '=', told['client_id'])])

    def offered(self, client):
        """The scope of a client, without what modules open that are not here."""
        return ' '.join(name for name in client.scope.split() if name in self.env['oauth2.scope']._names())

    def signed_in(self, told, uri=REDIRECT_URI, scope='openid contacts.read'):
        """The tokens that the client gets for a person who allows what it asks for."""
        self.log_in()
        client = self.stored(told)
        page = self.begin(client, redirect_uri=uri, scope=scope)
        code = self.arrived(self.answer(page, 'allow'), uri)['code']
        secret = told.get('client_secret')
        body = {'grant_type': 'authorization_code', 'code': code, 'redirect_uri': uri, 'code_verifier': VERIFIER,
                'client_id': told['client_id'], **({'client_secret': secret} if secret else {})}
        response = self.ask('access_token', data=body)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def events(self, *names):
        self.env.invalidate_all()
        return self.env['oauth2.event'].search([('name', 'in', names)], order='id')
