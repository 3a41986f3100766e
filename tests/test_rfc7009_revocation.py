"""RFC 7009: a client revokes a token that it no longer needs."""
import xml.etree.ElementTree as ElementTree

from .browser import VERIFIER
from .common import REDIRECT_URI, basic_header, oauth_header
from .endpoints import JSON_2, EndpointCase
from .requirement import requirement


class TestRevocation(EndpointCase):

    @requirement('RFC 7009', '2.1', 'A refresh token is revoked, and with it the access tokens beside it')
    @requirement('contract', '6', 'Every token dies at once when its authorization is revoked')
    def test_a_refresh_token_ends_everything(self):
        tokens = self.tokens()
        response = self.revoke(tokens['refresh_token'])
        self.assertEqual((response.status_code, response.json()), (200, {}))
        self.assertDead(tokens)
        self.assertEqual(self.authorization().revoked_because, 'client_request')

    @requirement('RFC 7009', '2.1', 'An access token is revoked, and here with it the refresh token')
    def test_an_access_token_ends_everything(self):
        tokens = self.tokens()
        self.assertEqual(self.revoke(tokens['access_token']).status_code, 200)
        self.assertDead(tokens)

    def test_an_access_token_for_one_resource_ends_everything_too(self):
        tokens = self.redeem(self.code(resource=JSON_2)).json()
        self.assertEqual(self.revoke(tokens['access_token']).status_code, 200)
        self.assertDead(tokens)

    def test_a_refresh_token_that_was_rotated_still_names_what_is_to_end(self):
        former = self.tokens()
        tokens = self.refresh(former['refresh_token']).json()
        self.assertEqual(self.revoke(former['refresh_token']).status_code, 200)
        self.assertDead(tokens)

    def test_nothing_else_ends(self):
        others, tokens = self.tokens(), self.tokens()
        self.revoke(tokens['refresh_token'])
        self.assertAlive(others)

    @requirement('RFC 7009', '2.2', 'The hint about the kind of token is only a hint')
    def test_a_wrong_hint_does_no_harm(self):
        for hint in ('access_token', 'refresh_token', 'nonsense'):
            with self.subTest(hint):
                tokens = self.tokens()
                self.assertEqual(self.revoke(tokens['refresh_token'], token_type_hint=hint).status_code, 200)
                self.assertDead(tokens)

    @requirement('RFC 7009', '2.2', 'What is no good token is no error')
    def test_what_cannot_be_revoked(self):
        tokens = self.tokens()
        self.revoke(tokens['refresh_token'])
        code = self.code()
        for token in (tokens['refresh_token'], tokens['access_token'], 'x', 'a.b.c', code, '0' * 8192):
            with self.subTest(token[:10]):
                response = self.revoke(token)
                self.assertEqual((response.status_code, response.json()), (200, {}))
        self.assertEqual(self.redeem(code).status_code, 200)

    @requirement('RFC 7009', '2.1', 'A client cannot revoke what is another\'s')
    def test_a_token_of_another_client_stays_good(self):
        other, other_secret = self.make_client('Other', self.user)
        tokens = self.tokens()
        for token in (tokens['access_token'], tokens['refresh_token']):
            response = self.revoke(token, other, other_secret)
            self.assertEqual(response.json(), self.revoke('x', other, other_secret).json())
        self.assertAlive(tokens)

    @requirement('RFC 7009', '2.1', 'The client authenticates')
    @requirement('OWASP ASVS 5.0', '10.4.10', 'The revocation endpoint knows no client without its secret')
    def test_who_cannot_prove_itself(self):
        tokens = self.tokens()
        for secret in ('x', self.secret[::-1]):
            response = self.revoke(tokens['refresh_token'], secret=secret)
            self.assertRefused(response, 401, 'invalid_client')
            self.assertTrue(response.headers['WWW-Authenticate'].startswith('Basic '))
        self.assertRefused(self.ask('revoke', data={
            'client_id': self.client.client_id, 'token': tokens['refresh_token']}), 401, 'invalid_client')
        self.assertRefused(self.ask('revoke', data={'token': tokens['refresh_token']}), 401, 'invalid_client')
        self.assertAlive(tokens)

    @requirement('RFC 7009', '2.1', 'A public client revokes its own tokens, and no others')
    def test_a_public_client_is_known_by_its_token(self):
        self.log_in()
        self.wiki.is_public = True
        code = self.allow()['code']
        tokens = self.ask('access_token', data={
            'client_id': self.wiki.client_id, 'grant_type': 'authorization_code', 'code': code,
            'redirect_uri': REDIRECT_URI, 'code_verifier': VERIFIER}).json()
        others = self.tokens()
        for token in (others['refresh_token'], tokens['refresh_token']):
            response = self.ask('revoke', data={'client_id': self.wiki.client_id, 'token': token})
            self.assertEqual(response.status_code, 200)
        self.assertEqual(self.authorization(self.wiki).revoked_because, 'client_request')
        self.authenticate(None, None)
        self.assertAlive(others)

    def test_consent_outlives_what_the_application_gave_back(self):
        self.log_in()
        tokens = self.tokens_of_wiki()
        self.revoke(tokens['refresh_token'], self.wiki, self.wiki_secret)
        self.assertIn('code', self.arrived(self.begin()))

    def test_every_way_of_authentication_and_both_formats(self):
        for headers, body in (
            ({'Authorization': basic_header(self.client.client_id, self.secret)}, {}),
            ({'Authorization': oauth_header(client_id=self.client.client_id, client_secret=self.secret)}, {}),
            ({'Accept': 'application/xml'}, {'client_id': self.client.client_id, 'client_secret': self.secret}),
        ):
            with self.subTest(list(headers.values())):
                tokens = self.tokens()
                response = self.ask('revoke', headers=headers, data={**body, 'token': tokens['access_token']})
                self.assertEqual(response.status_code, 200, response.text)
                self.assertDead(tokens)
        self.assertEqual(list(ElementTree.fromstring(response.content)), [])

    @requirement('RFC 7009', '2.1', 'The token is required')
    def test_the_token_is_required(self):
        response = self.revoke(None)
        self.assertRefused(response, 400, 'invalid_request')
        self.assertIn('token', response.json()['error_description'])

    @requirement('RFC 7009', '2', 'Tokens do not stand in the address')
    def test_no_token_in_the_url(self):
        tokens = self.tokens()
        credentials = {'client_id': self.client.client_id, 'client_secret': self.secret}
        response = self.ask('revoke', params={'token': tokens['refresh_token']}, data=credentials)
        self.assertRefused(response, 400, 'invalid_request')
        self.assertAlive(tokens)

    @requirement('RFC 7009', '2.3', 'Pages of other origins may revoke')
    def test_answers_may_be_read_by_pages_and_are_not_stored(self):
        response = self.revoke('x')
        self.assertEqual(response.headers['Access-Control-Allow-Origin'], '*')
        self.assertEqual(response.headers['Cache-Control'], 'no-store')

    def test_a_client_that_asks_for_itself_begins_anew(self):
        self.client.grant_client_credentials = True
        token = self.for_itself().json()['access_token']
        self.revoke(token)
        self.assertEqual(self.call(token).status_code, 401)
        self.assertWorks(self.for_itself().json()['access_token'])
