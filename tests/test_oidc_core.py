"""OpenID Connect Core §2, §3.1.3, §12: ID tokens."""
import base64
import hashlib
import time

import jwt

from .browser import VERIFIER
from .common import REDIRECT_URI
from .endpoints import ISSUER, EndpointCase, claims_of
from .requirement import requirement


class TestIDToken(EndpointCase):

    def setUp(self):
        super().setUp()
        self.log_in()

    def verified(self, id_token):
        """The claims of an ID token, as a client finds them: with the key that `kid` names in the key set."""
        keys = jwt.PyJWKSet.from_dict(self.ask('jwks', 'GET').json())
        header = jwt.get_unverified_header(id_token)
        return jwt.decode(id_token, keys[header['kid']], algorithms=[header['alg']], audience=self.wiki.client_id,
                          issuer=ISSUER, options={'require': ['iss', 'sub', 'aud', 'exp', 'iat']})

    def hint_of(self, tokens, hashed=hashlib.sha256):
        """What `at_hash` has to be."""
        digest = hashed(tokens['access_token'].encode()).digest()
        return base64.urlsafe_b64encode(digest[:len(digest) // 2]).decode().rstrip('=')

    @requirement('OIDC Core', '2', 'The claims of an ID token')
    @requirement('OIDC Core', '3.1.3.6', 'The ID token has at_hash')
    @requirement('contract', '6', 'The ID token has nonce, auth_time, at_hash and sid')
    def test_claims(self):
        tokens = self.tokens_of_wiki(nonce='a nonce "ü"')
        claims = self.verified(tokens['id_token'])
        self.assertEqual(claims, {
            'iss': ISSUER, 'sub': self.subject(self.person), 'aud': self.wiki.client_id, 'nonce': 'a nonce "ü"',
            'iat': claims['iat'], 'exp': claims['iat'] + 1800, 'auth_time': claims['auth_time'],
            'sid': claims['sid'], 'at_hash': self.hint_of(tokens)})
        self.assertLessEqual(abs(claims['iat'] - time.time()), 60)
        self.assertEqual(jwt.get_unverified_header(tokens['id_token'])['typ'], 'JWT')

    @requirement('OIDC Core', '3.1.2.1', 'nonce is what the request had, and nothing where it had none')
    def test_without_nonce(self):
        self.assertNotIn('nonce', self.verified(self.tokens_of_wiki()['id_token']))

    @requirement('OIDC Core', '3.1.2.1', 'Without the scope openid there is no ID token')
    def test_without_openid(self):
        self.assertNotIn('id_token', self.tokens_of_wiki(scope='odoo email'))

    def test_tells_nothing_that_belongs_to_userinfo(self):
        claims = claims_of(self.tokens_of_wiki(scope='openid profile email phone address')['id_token'])
        self.assertEqual(set(claims), {'iss', 'sub', 'aud', 'iat', 'exp', 'auth_time', 'sid', 'at_hash'})

    @requirement('OIDC Core', '2', 'The ID token may hold other claims: those of the scopes, where a client needs them')
    def test_tells_what_the_scopes_open_where_an_administrator_wants_it(self):
        self.wiki.has_claims_in_id_token = True
        claims = claims_of(self.tokens_of_wiki(scope='openid profile')['id_token'])
        self.assertEqual((claims['name'], claims['preferred_username']), ('Ada Person', 'oauth2_person'))
        self.assertNotIn('email', claims)

    @requirement('OIDC Core', '3.1.2.1', 'A request with openid names its redirect_uri')
    def test_openid_needs_a_redirect_uri(self):
        arrived = self.arrived(self.begin(redirect_uri=None))
        self.assertEqual(arrived['error'], 'invalid_request')
        self.assertEqual(self.begin(redirect_uri=None, scope='odoo').status_code, 200)

    @requirement('OIDC Core', '2', 'auth_time is when the user logged in, not when the token was made')
    @requirement('OWASP ASVS 5.0', '10.3.4', 'The ID token says when the user signed in')
    def test_auth_time_is_that_of_the_login(self):
        first = claims_of(self.tokens_of_wiki()['id_token'])
        self.assertLessEqual(abs(first['auth_time'] - time.time()), 60)
        self.let_pass_since_login(7200)
        later = claims_of(self.tokens_of_wiki(prompt='consent')['id_token'])
        self.assertTrue(7190 <= first['auth_time'] - later['auth_time'] <= 7210)

    @requirement('OIDC RP-Initiated Logout', '2', 'sid names the session, and opens nothing')
    def test_sid(self):
        first = claims_of(self.tokens_of_wiki()['id_token'])['sid']
        self.assertNotIn(first, self.session.sid)
        self.assertNotIn(self.session.sid[:20], first)
        self.assertEqual(claims_of(self.tokens_of_wiki(prompt='consent')['id_token'])['sid'], first)
        self.log_in()
        self.assertNotEqual(claims_of(self.tokens_of_wiki(prompt='consent')['id_token'])['sid'], first)

    # ------------------------------------------------------------------
    # After a refresh
    # ------------------------------------------------------------------

    @requirement('OIDC Core', '12.2', 'A refreshed ID token: same issuer, subject, audience and auth_time; no nonce')
    def test_after_a_refresh(self):
        tokens = self.tokens_of_wiki(nonce='n')
        before = self.verified(tokens['id_token'])
        refreshed = self.refresh(tokens['refresh_token'], self.wiki, self.wiki_secret).json()
        after = self.verified(refreshed['id_token'])
        same = ('iss', 'sub', 'aud', 'auth_time', 'sid')
        self.assertEqual([after[name] for name in same], [before[name] for name in same])
        self.assertNotIn('nonce', after)
        self.assertGreaterEqual(after['iat'], before['iat'])
        self.assertEqual(after['at_hash'], self.hint_of(refreshed))

    def test_after_a_refresh_without_openid(self):
        tokens = self.tokens_of_wiki(scope='openid odoo')
        refreshed = self.refresh(tokens['refresh_token'], self.wiki, self.wiki_secret, scope='odoo').json()
        self.assertNotIn('id_token', refreshed)

    # ------------------------------------------------------------------
    # Signatures
    # ------------------------------------------------------------------

    @requirement('RFC 7518', '3.1', 'Tokens are signed with RS256, ES256 or EdDSA, as the administrator chooses')
    @requirement('OIDC Core', '3.1.3.7', 'A client verifies the ID token with the key set')
    def test_every_algorithm(self):
        for algorithm, hashed in (('RS256', hashlib.sha256), ('ES256', hashlib.sha256), ('EdDSA', hashlib.sha512)):
            with self.subTest(algorithm):
                self.setting('signing_algorithm', algorithm)
                self.env['oauth2.signing.key'].search([]).unlink()
                tokens = self.tokens_of_wiki(prompt='consent', nonce='n')
                self.assertEqual(jwt.get_unverified_header(tokens['id_token'])['alg'], algorithm)
                claims = self.verified(tokens['id_token'])
                self.assertEqual((claims['nonce'], claims['at_hash']), ('n', self.hint_of(tokens, hashed)))
                self.assertEqual(self.userinfo(tokens['access_token']).json(), {'sub': self.subject(self.person)})
                signature = tokens['id_token'].rpartition('.')[2]
                with self.assertRaises(jwt.InvalidSignatureError):
                    self.verified(tokens['access_token'].rpartition('.')[0] + '.' + signature)

    @requirement('RFC 8725', '3.11', 'An ID token opens nothing')
    def test_an_id_token_is_no_access_token(self):
        tokens = self.tokens_of_wiki(scope='openid odoo')
        self.assertEqual(self.call(tokens['id_token']).status_code, 401)
        self.assertChallenged(self.userinfo(tokens['id_token']), 401, 'invalid_token')

    def test_a_confidential_client_that_may_leave_pkce_out(self):
        self.wiki.pkce = 'never'
        arrived = self.arrived(self.answer(self.begin(code_challenge=None, code_challenge_method=None), 'allow'))
        response = self.redeem(arrived['code'], self.wiki, self.wiki_secret, redirect_uri=REDIRECT_URI)
        self.assertIn('id_token', response.json())
        code = self.arrived(self.begin(code_challenge=None, code_challenge_method=None))['code']
        response = self.redeem(code, self.wiki, self.wiki_secret, code_verifier=VERIFIER)
        self.assertRefused(response, 400, 'invalid_grant')
