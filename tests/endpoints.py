"""Requests of clients and resource servers to the endpoints around the tokens."""
import jwt

from odoo.http import root

from ..models.ir_http_token import LOGIN_TIME, LOGIN_USER
from .browser import BrowserCase
from .common import PATH

ISSUER = 'https://odoo.example.com'
JSON_2 = ISSUER + '/json/2'


def claims_of(token):
    """What a token says. Whether it is signed is another test's question."""
    return jwt.decode(token, options={'verify_signature': False})


class EndpointCase(BrowserCase):
    """Requests to the endpoints for revocation, introspection, userinfo and metadata."""

    def setting(self, name, value):
        """Change a system parameter of this addon; False takes it away."""
        self.env['ir.config_parameter'].set_param('restapi_oauth2.' + name, value)

    def revoke(self, token, client=None, secret=None, headers=None, **parameters):
        """Give a token back, as the client `Shop` if no other is named."""
        return self._with_token('revoke', token, client, secret, headers, parameters)

    def introspect(self, token, client=None, secret=None, headers=None, **parameters):
        """Ask about a token, as the client `Shop` if no other is named."""
        return self._with_token('introspect', token, client, secret, headers, parameters)

    def _with_token(self, endpoint, token, client, secret, headers, parameters):
        client = client or self.client
        body = {'client_id': client.client_id, 'client_secret': secret or self.secret, 'token': token, **parameters}
        return self.ask(endpoint, headers=headers,
                        data={name: value for name, value in body.items() if value is not None})

    def userinfo(self, access_token, method='GET', **headers):
        """Ask about the user of an access token."""
        return self.ask('userinfo', method, {'Authorization': f'Bearer {access_token}', **headers})

    def metadata(self, document='oauth-authorization-server', **options):
        """What the server says of itself."""
        return self.url_open(f'/.well-known/{document}', **options)

    def for_itself(self, client=None, secret=None, **parameters):
        """A request with the grant type client_credentials."""
        return self.token(client, secret, grant_type='client_credentials', **parameters)

    def stored_session(self):
        """The browser's session as the server has it now."""
        return dict(root.session_store.get(self.session.sid))

    def let_pass_since_login(self, seconds):
        """Make it longer ago that the browser's user logged in."""
        session = root.session_store.get(self.session.sid)
        session[LOGIN_TIME] = session.get(LOGIN_TIME, session['create_time']) - seconds
        session[LOGIN_USER] = session.uid
        root.session_store.save(session)

    def assertChallenged(self, response, status, challenge):
        """An access token was refused in the words of RFC 6750 §3."""
        self.assertEqual(response.status_code, status, response.text)
        self.assertIn(challenge, response.headers['WWW-Authenticate'])
        self.assertEqual(response.headers['WWW-Authenticate'].partition(' ')[0], 'Bearer')

    def is_there(self, address, method='POST'):
        """Whether an endpoint answers at this address, whatever it answers."""
        response = self.url_open(address if address.startswith('/.') else f'{PATH}/{address}', method=method,
                                 headers={'Accept': 'application/json'}, allow_redirects=False)
        self.assertLess(response.status_code, 500)
        return response.status_code != 404
