"""The plan Basic OP of the OpenID conformance suite, module by module: what a relying party sees."""
import base64
import hashlib
import json
import time

import jwt
from lxml import html

from odoo.tests import new_test_user

from .browser import CHALLENGE, VERIFIER
from .common import PATH, REDIRECT_URI, basic_header
from .relying_party import ISSUER, RelyingPartyCase
from .requirement import requirement


class BasicOPCase(RelyingPartyCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person.write({
            'email': 'ada@example.com', 'phone': '+32 2 290 34 90', 'street': 'Rue de Namur 40', 'zip': '1367',
            'city': 'Ramillies', 'country_id': cls.env.ref('base.be').id, 'tz': 'Europe/Brussels'})


class TestBasicOP(BasicOPCase):

    @requirement('OpenID Basic OP', 'oidcc-server')
    @requirement('OIDC Core', '3.1.2.5', 'A code and the state come back')
    @requirement('OIDC Core', '2', 'The claims of an ID token')
    @requirement('OIDC Core', '3.1.3.6', 'at_hash is the left half of the hash of the access token')
    @requirement('RFC 9207', '2', 'The answer names its issuer')
    def test_the_whole_flow(self):
        before = int(time.time())
        page = self.ask_person(scope='openid', nonce='of-this-request')
        page = self.fill_in_login(page)
        self.assertPage(page, 'App wants access to your YourCompany account')
        answer = self.arrived(self.press(page, 'allow'))
        self.assertEqual(set(answer), {'code', 'state', 'iss'})
        self.assertEqual((answer['state'], answer['iss']), ('as-sent', ISSUER))

        response = self.ask(
            'access_token', headers={'Authorization': basic_header(self.app.client_id, self.app_secret)},
            data={'grant_type': 'authorization_code', 'code': answer['code'], 'redirect_uri': REDIRECT_URI})
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual((response.headers['Cache-Control'], response.headers['Pragma']), ('no-store', 'no-cache'))
        tokens = response.json()
        self.assertEqual((tokens['token_type'].lower(), tokens['expires_in']), ('bearer', 1800))

        claims = self.id_token(tokens)
        digest = hashlib.sha256(tokens['access_token'].encode()).digest()
        self.assertEqual(claims, {
            'iss': ISSUER, 'sub': self.subject(self.person), 'aud': self.app.client_id, 'nonce': 'of-this-request',
            'at_hash': base64.urlsafe_b64encode(digest[:16]).rstrip(b'=').decode(),
            'iat': claims['iat'], 'exp': claims['exp'], 'auth_time': claims['auth_time'], 'sid': claims['sid']})
        self.assertTrue(before <= claims['auth_time'] <= claims['iat'] <= int(time.time()) < claims['exp'])
        self.assertEqual(self.userinfo(tokens), {'sub': claims['sub']})

    @requirement('OpenID Basic OP', 'oidcc-server-client-secret-post')
    def test_the_client_secret_in_the_body(self):
        tokens = self.tokens_of_person(nonce='n')
        self.assertEqual(self.id_token(tokens)['nonce'], 'n')
        self.assertEqual(self.userinfo(tokens)['sub'], self.subject(self.person))

    @requirement('OpenID Basic OP', 'oidcc-response-type-missing', 'It is invalid_request, and the application is told')
    def test_a_missing_response_type(self):
        answer = self.arrived(self.ask_person(response_type=None))
        self.assertEqual((answer['error'], answer['state'], answer['iss']), ('invalid_request', 'as-sent', ISSUER))
        self.assertNotIn('code', answer)

    @requirement('OpenID Basic OP', 'oidcc-idtoken-signature')
    @requirement('OIDC Core', '15.1', 'ID tokens are signed with RS256 by default')
    def test_the_signature_of_an_id_token(self):
        tokens = self.tokens_of_person()
        self.assertEqual(jwt.get_unverified_header(tokens['id_token'])['alg'], 'RS256')
        self.id_token(tokens)
        signed, _dot, signature = tokens['id_token'].rpartition('.')
        forged = f'{signed}.{"A" if signature[0] != "A" else "B"}{signature[1:]}'
        with self.assertRaises(jwt.InvalidSignatureError):
            self.id_token({'id_token': forged})

    @requirement('OpenID Basic OP', 'oidcc-idtoken-unsigned')
    def test_there_are_no_unsigned_id_tokens(self):
        metadata = self.url_open('/.well-known/openid-configuration').json()
        self.assertEqual(metadata['id_token_signing_alg_values_supported'], ['RS256'])

    @requirement('OpenID Basic OP', 'oidcc-userinfo-get')
    @requirement('OpenID Basic OP', 'oidcc-userinfo-post-header')
    @requirement('OIDC Core', '5.3.1', 'The access token stands in the Authorization header of a GET or a POST')
    def test_userinfo_with_the_token_in_the_header(self):
        tokens = self.tokens_of_person()
        for method in ('GET', 'POST'):
            with self.subTest(method):
                self.assertEqual(self.userinfo(tokens, method), {'sub': self.id_token(tokens)['sub']})

    @requirement('OpenID Basic OP', 'oidcc-userinfo-post-body')
    @requirement('RFC 6750', '2.2', 'A form to userinfo may hold the access token')
    def test_userinfo_with_the_token_in_the_form(self):
        tokens = self.tokens_of_person()
        response = self.ask('userinfo', data={'access_token': tokens['access_token']})
        self.assertEqual((response.status_code, response.json()), (200, {'sub': self.id_token(tokens)['sub']}))

    @requirement('OpenID Basic OP', 'oidcc-ensure-request-without-nonce-succeeds-for-code-flow')
    def test_a_request_without_a_nonce(self):
        self.assertNotIn('nonce', self.id_token(self.tokens_of_person(nonce=None)))

    @requirement('OpenID Basic OP', 'oidcc-ensure-registered-redirect-uri')
    def test_a_redirect_uri_that_is_not_registered(self):
        page = self.ask_person(redirect_uri='https://evil.example.com/callback')
        self.assertEqual(page.status_code, 400)
        self.assertNotIn('Location', page.headers)
        self.assertTrue(page.headers['Content-Type'].startswith('text/html'))
        self.assertIn('redirect_uri is not registered', page.text)

    @requirement('OpenID Basic OP', 'oidcc-ensure-post-request-succeeds')
    @requirement('OIDC Core', '3.1.2.1', 'The authorization endpoint takes GET and POST')
    def test_a_request_by_post(self):
        tokens = self.tokens_of_person(method='POST', nonce='by-post')
        self.assertEqual(self.id_token(tokens)['nonce'], 'by-post')

    @requirement('OpenID Basic OP', 'oidcc-ensure-request-with-valid-pkce-succeeds')
    def test_a_request_with_pkce(self):
        client, secret = self.make_client('With PKCE')
        tokens = self.tokens_of_person(
            client, secret, verifier=VERIFIER, code_challenge=CHALLENGE, code_challenge_method='S256')
        self.assertEqual(self.id_token(tokens, client)['sub'], self.subject(self.person))


class TestScopes(BasicOPCase):
    """The claims of userinfo for each scope, and no more."""

    PROFILE = {'name', 'preferred_username', 'picture', 'zoneinfo', 'locale', 'updated_at'}
    EMAIL = {'email'}

    def claims(self, scope):
        tokens = self.tokens_of_person(scope=scope)
        self.assertEqual(tokens['scope'], scope)
        claims = self.userinfo(tokens)
        self.assertEqual(claims.pop('sub'), self.id_token(tokens)['sub'])
        return claims

    @requirement('OpenID Basic OP', 'oidcc-scope-profile')
    def test_profile(self):
        claims = self.claims('openid profile')
        self.assertEqual(set(claims), self.PROFILE)
        self.assertEqual((claims['name'], claims['preferred_username']), ('Ada Person', 'oauth2_person'))
        self.assertEqual((claims['zoneinfo'], claims['locale']), ('Europe/Brussels', 'en-US'))
        self.assertLess(abs(claims['updated_at'] - time.time()), 3600)

    @requirement('OpenID Basic OP', 'oidcc-scope-email')
    def test_email(self):
        self.assertEqual(self.claims('openid email'), {'email': 'ada@example.com'})

    @requirement('OpenID Basic OP', 'oidcc-scope-address')
    def test_address(self):
        address = self.claims('openid address')['address']
        self.assertEqual({name: address[name] for name in address if name != 'formatted'}, {
            'street_address': 'Rue de Namur 40', 'postal_code': '1367', 'locality': 'Ramillies', 'country': 'Belgium'})
        self.assertIn('1367 Ramillies', address['formatted'])

    @requirement('OpenID Basic OP', 'oidcc-scope-phone')
    def test_phone(self):
        self.assertEqual(self.claims('openid phone'), {'phone_number': '+32 2 290 34 90'})

    @requirement('OpenID Basic OP', 'oidcc-scope-all')
    def test_all_at_once(self):
        claims = self.claims('openid profile email address phone')
        self.assertEqual(set(claims), self.PROFILE | self.EMAIL | {'address', 'phone_number'})

    @requirement('OpenID Basic OP', 'oidcc-alternate-happy-flow')
    @requirement('RFC 6749', '3.3', 'The order of scopes does not matter')
    def test_the_other_way_round(self):
        parameters = [('scope', 'email openid'), ('nonce', 'n'), ('state', 's'), ('redirect_uri', REDIRECT_URI),
                      ('response_type', 'code'), ('client_id', self.app.client_id)]
        page = self.fill_in_login(self.follow(self.visit(f'{PATH}/authorize', params=parameters)))
        tokens = self.redeem(self.arrived(self.press(page, 'allow'))['code'], self.app, self.app_secret).json()
        self.assertEqual(set(self.userinfo(tokens)), {'sub', *self.EMAIL})
        self.assertEqual(self.id_token(tokens)['nonce'], 'n')


class TestSessions(BasicOPCase):
    """A person who comes a second time."""

    def setUp(self):
        super().setUp()
        self.first = self.id_token(self.tokens_of_person(nonce='first'))
        self.age_session(100)
        self.first['auth_time'] -= 100

    def second(self, page):
        """The ID token of the second answer."""
        answer = self.arrived(page)
        self.assertNotIn('error', answer)
        return self.id_token(self.redeem(answer['code'], self.app, self.app_secret).json())

    def again(self, page):
        """The person does as the page asks, and signs in again."""
        self.assertPage(page, 'App asks you to sign in again')
        return self.fill_in_login(self.press(page, 'sign_in'))

    def assertNewer(self, second):
        self.assertEqual(second['sub'], self.first['sub'])
        self.assertGreaterEqual(second['auth_time'], self.first['auth_time'] + 100)
        self.assertLessEqual(abs(second['auth_time'] - time.time()), 60)

    @requirement('OpenID Basic OP', 'oidcc-prompt-login')
    @requirement('OIDC Core', '3.1.2.1', 'prompt=login: the user signs in again')
    @requirement('OWASP ASVS 5.0', '10.3.4', 'Who asks for prompt=login learns when the user has signed in')
    def test_prompt_login(self):
        self.assertNewer(self.second(self.again(self.ask_person(prompt='login'))))

    @requirement('OpenID Basic OP', 'oidcc-max-age-1')
    @requirement('OIDC Core', '3.1.2.1', 'max_age: an older sign-in is not enough, and auth_time is there')
    @requirement('OWASP ASVS 5.0', '10.3.4', 'A sign-in that is older than max_age is not enough')
    def test_max_age_that_is_over(self):
        self.assertNewer(self.second(self.again(self.ask_person(max_age='1'))))

    @requirement('OpenID Basic OP', 'oidcc-max-age-10000')
    def test_max_age_that_is_not_over(self):
        second = self.second(self.ask_person(max_age='10000'))
        self.assertEqual((second['sub'], second['auth_time']), (self.first['sub'], self.first['auth_time']))

    @requirement('OpenID Basic OP', 'oidcc-prompt-none-logged-in')
    @requirement('OIDC Core', '3.1.2.1', 'prompt=none: an answer without a page')
    def test_prompt_none(self):
        second = self.second(self.ask_person(prompt='none', nonce='second'))
        self.assertEqual((second['sub'], second['auth_time']), (self.first['sub'], self.first['auth_time']))
        self.assertEqual(second['nonce'], 'second')

    @requirement('OIDC Core', '3.1.2.6', 'prompt=none where the user would be asked: consent_required, login_required')
    def test_prompt_none_where_the_person_would_be_asked(self):
        for parameters, error in (
            ({'scope': 'openid email'}, 'consent_required'),
            ({'max_age': '1'}, 'login_required'),
        ):
            with self.subTest(parameters):
                answer = self.arrived(self.ask_person(prompt='none', **parameters))
                self.assertEqual((answer['error'], answer['state']), (error, 'as-sent'))
                self.assertNotIn('code', answer)

    @requirement('OpenID Basic OP', 'oidcc-prompt-none-not-logged-in', 'login_required')
    def test_prompt_none_without_a_session(self):
        self.forget_session()
        answer = self.arrived(self.ask_person(prompt='none'))
        self.assertEqual((answer['error'], answer['state'], answer['iss']), ('login_required', 'as-sent', ISSUER))
        self.assertNotIn('code', answer)

    @requirement('OpenID Basic OP', 'oidcc-id-token-hint')
    def test_id_token_hint(self):
        hint = self.tokens_of_person(prompt='none')['id_token']
        second = self.second(self.ask_person(prompt='none', id_token_hint=hint))
        self.assertEqual((second['sub'], second['auth_time']), (self.first['sub'], self.first['auth_time']))

    @requirement('OIDC Core', '3.1.2.2', 'Where the hint is the ID token of another user, the answer is login_required')
    def test_id_token_hint_of_somebody_else(self):
        hint = self.tokens_of_person(prompt='none')['id_token']
        somebody = new_test_user(self.env, 'oauth2_somebody', groups='base.group_user', password='oauth2_somebody')
        self.forget_session()
        self.person_allows(user=somebody)
        self.assertIn('code', self.arrived(self.ask_person(prompt='none')))
        for hinted in (hint, hint[:-1], 'x'):
            with self.subTest(hinted[-10:]):
                answer = self.arrived(self.ask_person(prompt='none', id_token_hint=hinted))
                self.assertEqual(answer['error'], 'login_required')


class TestParameters(BasicOPCase):

    @requirement('OpenID Basic OP', 'oidcc-display-page')
    @requirement('OpenID Basic OP', 'oidcc-display-popup')
    @requirement('OpenID Basic OP', 'oidcc-ui-locales')
    @requirement('OpenID Basic OP', 'oidcc-claims-locales')
    @requirement('OpenID Basic OP', 'oidcc-claims-essential', 'They are passed over: scopes say which claims there are')
    @requirement('OpenID Basic OP', 'oidcc-ensure-request-with-acr-values-succeeds')
    @requirement('OpenID Basic OP', 'oidcc-ensure-request-with-unknown-parameter-succeeds')
    def test_parameters_that_are_passed_over(self):
        for name, value in {
            'display': 'page', 'display ': 'popup', 'ui_locales': 'se', 'claims_locales': 'se',
            'claims': json.dumps({'userinfo': {'name': {'essential': True}}}), 'acr_values': '1 2', 'extra': 'foobar',
        }.items():
            with self.subTest(name, value=value):
                tokens = self.tokens_of_person(**{name.strip(): value})
                self.assertEqual(self.userinfo(tokens), {'sub': self.subject(self.person)})
                self.assertNotIn('acr', self.id_token(tokens))

    @requirement('OpenID Basic OP', 'oidcc-login-hint', 'The login page knows it already')
    def test_login_hint(self):
        page = self.ask_person(login_hint='oauth2_person')
        self.assertEqual(html.fromstring(page.content).xpath('//input[@name="login"]/@value'), ['oauth2_person'])
        self.assertIn('code', self.arrived(self.press(self.fill_in_login(page), 'allow')))

    def request_object(self, **claims):
        """An unsigned one, as the suite sends it."""
        return jwt.encode({'client_id': self.app.client_id, 'response_type': 'code', **claims}, None, algorithm='none')

    @requirement('OpenID Basic OP', 'oidcc-unsigned-request-object-supported-correctly-or-rejected-as-unsupported')
    @requirement('OIDC Core', '6.1', 'request is not supported: request_not_supported')
    def test_a_request_object(self):
        request = self.request_object(redirect_uri=REDIRECT_URI, scope='openid', state='as-sent')
        answer = self.arrived(self.ask_person(request=request))
        self.assertEqual((answer['error'], answer['state']), ('request_not_supported', 'as-sent'))

    @requirement('OpenID Basic OP', 'oidcc-request-uri-unsigned-supported-correctly-or-rejected-as-unsupported')
    @requirement('OIDC Core', '6.2', 'request_uri is not supported: request_uri_not_supported')
    def test_a_request_by_reference(self):
        answer = self.arrived(self.ask_person(request_uri='https://app.example.com/request.jwt'))
        self.assertEqual((answer['error'], answer['state']), ('request_uri_not_supported', 'as-sent'))

    @requirement('OpenID Basic OP', 'oidcc-ensure-request-object-with-redirect-uri')
    def test_a_request_object_with_a_redirect_uri(self):
        answer = self.arrived(self.ask_person(request=self.request_object(redirect_uri='https://evil.example.com/')))
        self.assertEqual(answer['error'], 'request_not_supported')
        page = self.ask_person(
            redirect_uri='https://evil.example.com/', request=self.request_object(redirect_uri=REDIRECT_URI))
        self.assertEqual(page.status_code, 400)
        self.assertNotIn('Location', page.headers)


class TestGrants(BasicOPCase):

    @requirement('OpenID Basic OP', 'oidcc-codereuse')
    def test_a_code_twice(self):
        code = self.person_allows()['code']
        self.assertEqual(self.redeem(code, self.app, self.app_secret).status_code, 200)
        self.assertRefused(self.redeem(code, self.app, self.app_secret), 400, 'invalid_grant')

    @requirement('OpenID Basic OP', 'oidcc-codereuse-30seconds', 'The access token does not open userinfo any more')
    def test_a_code_twice_with_half_a_minute_between(self):
        code = self.person_allows()['code']
        tokens = self.redeem(code, self.app, self.app_secret).json()
        self.userinfo(tokens)
        self.sql("UPDATE oauth2_authorization_code SET expires_at = expires_at - interval '31 seconds'")
        self.assertRefused(self.redeem(code, self.app, self.app_secret), 400, 'invalid_grant')
        self.assertEqual(self.ask_userinfo(tokens).status_code, 401)
        self.assertRefused(self.refresh(tokens['refresh_token'], self.app, self.app_secret), 400, 'invalid_grant')

    @requirement('OpenID Basic OP', 'oidcc-refresh-token')
    @requirement('OIDC Core', '12.2', 'After a refresh, iss, sub, aud and auth_time stay, and there is no nonce')
    def test_refresh_tokens_of_two_clients(self):
        other, other_secret = self.make_client('Other', pkce='never')
        self.person_allows()
        self.age_session(100)
        issued = []
        for client, secret in ((self.app, self.app_secret), (other, other_secret)):
            tokens = self.tokens_of_person(client, secret, nonce='n', scope='openid offline_access', prompt='consent')
            first = self.id_token(tokens, client)
            self.assertRegex(tokens['refresh_token'], r'^[\x21-\x7e]+$')
            refreshed = self.refresh(tokens['refresh_token'], client, secret).json()
            second = self.id_token(refreshed, client)
            for name in ('iss', 'sub', 'aud', 'auth_time', 'sid'):
                self.assertEqual(second[name], first[name])
            self.assertGreaterEqual(second['iat'], first['iat'])
            self.assertNotIn('nonce', second)
            self.assertNotEqual(refreshed['access_token'], tokens['access_token'])
            self.assertEqual(self.userinfo(refreshed)['sub'], first['sub'])
            issued.append(refreshed['refresh_token'])
        self.assertRefused(self.refresh(issued[1], self.app, self.app_secret), 400, 'invalid_grant')
        self.assertEqual(self.refresh(issued[1], other, other_secret).status_code, 200)
