"""RFC 7662: whether a token is active, and what for."""
import time
import xml.etree.ElementTree as ElementTree

from ..protocol import jwt
from .endpoints import ISSUER, JSON_2, EndpointCase, claims_of
from .requirement import requirement

INACTIVE = {'active': False}


class TestIntrospection(EndpointCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.api, cls.api_secret = cls.make_client('API', is_resource_server=True)

    def assertInactive(self, token, client=None, secret=None):
        response = self.introspect(token, client, secret)
        self.assertEqual((response.status_code, response.json()), (200, INACTIVE))

    @requirement('RFC 7662', '2.2', 'The members of the answer about a good access token')
    def test_an_access_token(self):
        token = self.tokens()['access_token']
        claims = claims_of(token)
        response = self.introspect(token)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.json(), {
            'active': True, 'scope': 'odoo', 'client_id': self.client.client_id, 'token_type': 'bearer',
            'exp': claims['exp'], 'iat': claims['iat'], 'iss': ISSUER, 'sub': self.subject(self.user), 'aud': ISSUER,
            'jti': claims['jti']})

    @requirement('RFC 7662', '2.2', 'The members of the answer about a good refresh token')
    def test_a_refresh_token(self):
        tokens = self.tokens()
        claims = claims_of(tokens['refresh_token'])
        self.assertEqual(self.introspect(tokens['refresh_token'], token_type_hint='access_token').json(), {
            'active': True, 'scope': 'odoo', 'client_id': self.client.client_id, 'exp': claims['exp'],
            'iat': claims['iat'], 'iss': ISSUER, 'sub': self.subject(self.user), 'aud': ISSUER})

    @requirement('RFC 7662', '2.2', 'The resource that a token is for is told')
    def test_a_token_for_one_resource(self):
        token = self.redeem(self.code(resource=JSON_2)).json()['access_token']
        self.assertEqual(self.introspect(token).json()['aud'], JSON_2)

    @requirement('contract', '1', 'A resource server learns of every access token, and whose it is')
    def test_a_resource_server_may_ask_about_every_access_token(self):
        answer = self.introspect(self.tokens()['access_token'], self.api, self.api_secret).json()
        self.assertEqual((answer['active'], answer['client_id'], answer['username']),
                         (True, self.client.client_id, 'oauth2_integration'))

    @requirement('RFC 7662', '4', 'A resource server takes no refresh token for an access token')
    def test_a_resource_server_is_told_nothing_of_refresh_tokens(self):
        self.assertInactive(self.tokens()['refresh_token'], self.api, self.api_secret)

    def test_a_resource_server_that_is_one_no_more(self):
        token = self.tokens()['access_token']
        self.api.is_resource_server = False
        self.assertInactive(token, self.api, self.api_secret)

    @requirement('RFC 7662', '2.2', 'Who may not know is answered as if the token were no good')
    def test_tokens_of_another_client(self):
        other, other_secret = self.make_client('Other', self.user)
        tokens = self.tokens()
        for token in (tokens['access_token'], tokens['refresh_token']):
            self.assertInactive(token, other, other_secret)

    def test_the_login_is_told_a_client_only_if_its_user_allowed_the_profile(self):
        self.log_in()
        for scope, expected in (('openid', None), ('openid profile', 'oauth2_person')):
            with self.subTest(scope):
                token = self.tokens_of_wiki(scope=scope)['access_token']
                answer = self.introspect(token, self.wiki, self.wiki_secret).json()
                self.assertEqual((answer['scope'], answer.get('username')), (scope, expected))

    @requirement('RFC 7662', '2.2', 'Of a token that is no good nothing is told but that')
    def test_what_is_no_good_token(self):
        self.log_in()
        code = self.code()
        id_token = self.tokens_of_wiki()['id_token']
        for token in ('x', 'a.b.c', code, '0' * 8192, self.tokens()['access_token'][:-1]):
            with self.subTest(token[:10]):
                self.assertInactive(token)
                self.assertInactive(token, self.api, self.api_secret)
        self.assertInactive(id_token, self.wiki, self.wiki_secret)

    @requirement('RFC 7662', '2.2', 'An expired token is not active')
    def test_an_expired_token(self):
        claims = claims_of(self.tokens()['access_token'])
        key = self.env['oauth2.signing.key']._current('access_token')
        for seconds, expected in ((60, True), (-1, False)):
            token = jwt.encode({**claims, 'exp': int(time.time()) + seconds}, key, jwt.ACCESS_TOKEN_TYPE)
            self.assertIs(self.introspect(token).json()['active'], expected)

    def test_a_refresh_token_that_was_rotated_or_lay_idle(self):
        former = self.tokens()['refresh_token']
        current = self.refresh(former).json()['refresh_token']
        self.assertInactive(former)
        self.assertTrue(self.introspect(current).json()['active'])
        self.sql("UPDATE oauth2_authorization SET idle_expires_at = rotated_at - interval '1 second'")
        self.assertInactive(current)

    @requirement('RFC 7662', '4', 'The answer is by the state of this moment')
    def test_what_ends_a_token_is_seen_at_once(self):
        def archive_client():
            self.client.active = False

        ends = {
            'revoked': lambda: self.authorization()._revoke('administrator'),
            'user archived': lambda: self.user.write({'active': False}),
            'acts for somebody else': lambda: self.client.write({'user_id': self.person.id}),
            'client archived': archive_client,
            'client archived behind the ORM\'s back': lambda: self.sql(
                'UPDATE oauth2_client SET active = FALSE WHERE id = %s', self.client.id),
            'user archived behind the ORM\'s back': lambda: self.sql(
                'UPDATE res_users SET active = FALSE WHERE id = %s', self.user.id),
            'past its absolute end': lambda: self.sql('UPDATE oauth2_authorization SET expires_at = rotated_at'),
        }
        for what, end in ends.items():
            with self.subTest(what):
                self.client.write({'active': True})
                self.user.active = True
                self.client.user_id = self.user
                token = self.tokens()['access_token']
                self.assertTrue(self.introspect(token, self.api, self.api_secret).json()['active'])
                end()
                self.assertInactive(token, self.api, self.api_secret)

    def test_a_consent_that_was_withdrawn(self):
        self.log_in()
        tokens = self.tokens_of_wiki()
        self.env['oauth2.consent'].search([('client_id', '=', self.wiki.id)]).action_withdraw()
        for token in (tokens['access_token'], tokens['refresh_token']):
            self.assertInactive(token, self.wiki, self.wiki_secret)

    def test_a_scope_that_was_taken_from_the_client(self):
        self.log_in()
        token = self.tokens_of_wiki(scope='openid profile email')['access_token']
        self.wiki.scope_ids -= self.env.ref('restapi_oauth2.scope_profile')
        answer = self.introspect(token, self.wiki, self.wiki_secret).json()
        self.assertEqual(answer['scope'], 'openid email')
        self.assertNotIn('username', answer)

    def test_a_client_that_asked_for_itself_is_no_user(self):
        self.client.grant_client_credentials = True
        answer = self.introspect(self.for_itself().json()['access_token'], self.api, self.api_secret).json()
        self.assertEqual((answer['active'], answer['sub']), (True, self.client.client_id))
        self.assertNotIn('username', answer)

    @requirement('RFC 7662', '2.1', 'Who asks has to authenticate')
    @requirement('OWASP ASVS 5.0', '10.4.10', 'The introspection endpoint knows no client without its secret')
    def test_who_cannot_prove_itself(self):
        token = self.tokens()['access_token']
        self.assertRefused(self.introspect(token, secret='x'), 401, 'invalid_client')
        self.assertRefused(self.ask('introspect', data={'token': token}), 401, 'invalid_client')
        self.assertRefused(self.ask('introspect', headers={'Authorization': f'Bearer {token}'}, data={'token': token}),
                           401, 'invalid_client')
        self.wiki.is_public = True
        response = self.ask('introspect', data={'token': token, 'client_id': self.wiki.client_id})
        self.assertRefused(response, 401, 'invalid_client')

    @requirement('RFC 7662', '2.1', 'The token is required')
    def test_the_token_is_required(self):
        self.assertRefused(self.introspect(None), 400, 'invalid_request')
        credentials = {'client_id': self.client.client_id, 'client_secret': self.secret}
        response = self.ask('introspect', params={'token': 'x'}, data=credentials)
        self.assertRefused(response, 400, 'invalid_request')

    def test_answers_are_for_servers_and_are_not_stored(self):
        response = self.introspect(self.tokens()['access_token'], headers={'Accept': 'application/xml'})
        self.assertEqual(ElementTree.fromstring(response.content).findtext('active'), 'true')
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
        self.assertNotIn('Access-Control-Allow-Origin', response.headers)

    def test_asking_changes_nothing(self):
        tokens = self.tokens()
        before = self.rows()
        for token in (tokens['access_token'], tokens['refresh_token']):
            self.introspect(token)
        self.assertEqual(self.rows(), before)
        self.assertAlive(tokens)
