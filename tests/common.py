"""Shared by the tests over HTTP: a client, and its requests."""
import base64
import json
from urllib.parse import quote, quote_plus

from odoo.tests import HttpCase, new_test_user, tagged

PATH = '/restapi/1.0/common/oauth2'
REDIRECT_URI = 'https://app.example.com/callback'


def oauth_header(**parameters):
    """The documented header: `OAuth name='value', …`, values percent-encoded."""
    return 'OAuth ' + ', '.join(f"{name}='{quote(value, safe='')}'" for name, value in parameters.items())


def basic_header(client_id, client_secret):
    """HTTP Basic as RFC 6749 §2.3.1 has it: both halves form-encoded first."""
    return 'Basic ' + base64.b64encode(f'{quote_plus(client_id)}:{quote_plus(client_secret)}'.encode()).decode()


@tagged('post_install', '-at_install')
class OAuth2Case(HttpCase):
    """A client `shop` that acts for a user with few rights, and the requests of a client."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['ir.config_parameter'].set_param('restapi_oauth2.issuer', 'https://odoo.example.com')
        cls.user = new_test_user(cls.env, 'oauth2_integration', groups='base.group_user', name='Integration')
        cls.client, cls.secret = cls.make_client('Shop', cls.user)

    @classmethod
    def make_client(cls, name, user=None, redirect_uris=(REDIRECT_URI,), **values):
        """A new client, and its secret. With a user, it has direct authorization if nothing else is said."""
        client = cls.env['oauth2.client'].create({
            'name': name,
            'user_id': user.id if user else False,
            'has_direct_authorization': bool(user),
            'redirect_uri_ids': [(0, 0, {'uri': uri}) for uri in redirect_uris],
            **values,
        })
        secret = 'S' + client.client_id[1:][::-1]
        cls.env['oauth2.client.secret']._store(client, secret)
        return client, secret

    # ------------------------------------------------------------------
    # Requests
    # ------------------------------------------------------------------

    def ask(self, endpoint, method='POST', headers=None, **options):
        """An HTTP request to an endpoint below the protocol's path."""
        return self.url_open(f'{PATH}/{endpoint}', method=method, headers=headers, allow_redirects=False, **options)

    def authorize(self, client=None, headers=None, **parameters):
        """Ask for a code as the documentation does, with the `OAuth` header."""
        client = client or self.client
        parameters = {'client_id': client.client_id, 'redirect_uri': REDIRECT_URI, 'response_type': 'code',
                      'state': 'as-sent', **parameters}
        parameters = {name: value for name, value in parameters.items() if value is not None}
        return self.ask('authorize', 'GET', {'Authorization': oauth_header(**parameters), **(headers or {})})

    def code(self, client=None, **parameters):
        """A fresh code."""
        response = self.authorize(client, **parameters)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()['code']

    def token(self, client=None, secret=None, headers=None, **parameters):
        """A token request in the form of RFC 6749: credentials and parameters in the body."""
        client = client or self.client
        body = {'client_id': client.client_id, 'client_secret': secret or self.secret, **parameters}
        return self.ask('access_token', headers=headers,
                        data={name: value for name, value in body.items() if value is not None})

    def token_with_oauth_header(self, client=None, secret=None, headers=None, **parameters):
        """A token request as the documentation has it."""
        client = client or self.client
        pairs = {'client_id': client.client_id, 'client_secret': secret or self.secret, **parameters}
        return self.ask('access_token', headers={**(headers or {}), 'Authorization': oauth_header(
            **{name: value for name, value in pairs.items() if value is not None})})

    def redeem(self, code, client=None, secret=None, **parameters):
        """Trade a code: a direct one as the documentation has it, any other in the form of RFC 6749."""
        is_direct = (client or self.client).has_direct_authorization
        return (self.token_with_oauth_header if is_direct else self.token)(client, secret, **{
            'grant_type': 'authorization_code', 'code': code, 'redirect_uri': REDIRECT_URI, **parameters})

    def refresh(self, refresh_token, client=None, secret=None, **parameters):
        """Trade a refresh token."""
        return self.token(client, secret, grant_type='refresh_token', refresh_token=refresh_token, **parameters)

    def tokens(self, client=None, secret=None):
        """A fresh answer of the token endpoint."""
        response = self.redeem(self.code(client), client, secret)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def call(self, access_token, model='res.partner', method='search_count', headers=None, **arguments):
        """A call of Odoo's own API with a token."""
        arguments = arguments or {'domain': []}
        return self.url_open(f'/json/2/{model}/{method}', data=json.dumps(arguments), headers={
            'Authorization': f'Bearer {access_token}', 'Content-Type': 'application/json', **(headers or {})})

    # ------------------------------------------------------------------
    # Assertions
    # ------------------------------------------------------------------

    def assertRefused(self, response, status, error):
        """The answer is this error, in the protocol's format."""
        self.assertEqual((response.status_code, response.json().get('error')), (status, error), response.text)
        self.assertTrue(response.json()['error_description'])
        self.assertEqual(response.headers['Cache-Control'], 'no-store')

    def assertWorks(self, access_token):
        """The access token opens the API."""
        response = self.call(access_token)
        self.assertEqual(response.status_code, 200, response.text)

    def assertDead(self, tokens):
        """Neither of the tokens of an answer is good for anything."""
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        response = self.refresh(tokens['refresh_token'])
        self.assertRefused(response, 400, 'invalid_grant')

    def assertAlive(self, tokens):
        """Both of the tokens of an answer are good. The refresh token is rotated by asking."""
        self.assertWorks(tokens['access_token'])
        self.assertEqual(self.refresh(tokens['refresh_token']).status_code, 200)

    def sql(self, statement, *parameters):
        """Change what the ORM and the endpoints leave alone, such as the time at which something ends."""
        self.env.flush_all()
        self.env.cr.execute(statement, parameters)
        self.env.invalidate_all()

    def authorization(self, client=None):
        """The newest authorization of a client, as the database has it now."""
        self.env.invalidate_all()
        return self.env['oauth2.authorization'].search([('client_id', '=', (client or self.client).id)], limit=1)

    def subject(self, user):
        """What applications call a user (`sub`), once they have been told."""
        return self.env['oauth2.subject']._name_of(user.id)

    def rows(self):
        """How many rows there are of everything that the endpoints write."""
        self.env.flush_all()
        return {model: self.env[model].search_count([]) for model in (
            'oauth2.authorization', 'oauth2.authorization.code', 'oauth2.client', 'oauth2.client.secret')}
