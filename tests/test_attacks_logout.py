"""The catalogue of attacks (docs/security.md), cases 36, 50, 54 and 67: logging users out, and hints."""
import hashlib
import hmac
import json
from base64 import urlsafe_b64encode

from lxml import html

from odoo.http import root
from odoo.tests import HOST, new_test_user

from .browser import BrowserCase
from .common import PATH, REDIRECT_URI
from .requirement import requirement

BYE = 'https://app.example.com/bye'


def b64(data):
    """base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b'=').decode()


class TestLogoutAttacks(BrowserCase):

    def setUp(self):
        super().setUp()
        self.wiki.post_logout_redirect_uri_ids = [(0, 0, {'uri': BYE})]
        self.log_in()
        self.tokens_of_person = self.tokens_of_wiki(scope='openid odoo')

    def logout(self, method='GET', **parameters):
        how = 'data' if method == 'POST' else 'params'
        return self.visit(f'{PATH}/logout', method=method, **{how: parameters})

    def is_logged_in(self):
        """Whether the browser's session still has its user."""
        session = root.session_store.get(self.opener.cookies.get('session_id', domain=HOST))
        return session.uid is not None

    def second_user(self):
        return new_test_user(self.env, 'oauth2_second', groups='base.group_user', password='oauth2_second')

    def hint_signed_with(self, secret):
        """The ID token's claims, signed with something that everybody, or the client, knows."""
        payload = self.tokens_of_person['id_token'].split('.')[1]
        kid = self.env['oauth2.signing.key']._current('access_token').kid
        header = b64(json.dumps({'alg': 'HS256', 'kid': kid, 'typ': 'JWT'}).encode())
        signature = hmac.digest(secret, f'{header}.{payload}'.encode(), hashlib.sha256)
        return f'{header}.{payload}.{b64(signature)}'

    def not_id_tokens(self):
        """What might be taken for an ID token, and is none."""
        as_jwt = self.ask('userinfo', 'GET', {
            'Authorization': f"Bearer {self.tokens_of_person['access_token']}", 'Accept': 'application/jwt'})
        self.assertEqual(as_jwt.headers['Content-Type'], 'application/jwt')
        header, payload, signature = self.tokens_of_person['id_token'].split('.')
        public = self.ask('jwks', 'GET').content
        return {
            'access token': self.tokens_of_person['access_token'],
            'refresh token': self.tokens_of_person['refresh_token'],
            'userinfo': as_jwt.text,
            'none': f"{b64(json.dumps({'alg': 'none', 'typ': 'JWT'}).encode())}.{payload}.",
            'no signature': f'{header}.{payload}.',
            'another user': f"{header}.{b64(json.dumps({'sub': '2'}).encode())}.{signature}",
            'client secret': self.hint_signed_with(self.wiki_secret.encode()), 'empty': self.hint_signed_with(b''),
            'public key': self.hint_signed_with(public),
        }

    @requirement('attack', '36', 'Nobody is signed out by an address or a form of another site')
    @requirement('OWASP ASVS 5.0', '10.6.2', 'Nobody is signed out unasked')
    def test_attack_36_nobody_is_signed_out_unasked(self):
        way_out = {'client_id': self.wiki.client_id, 'post_logout_redirect_uri': BYE}
        for parameters in ({}, way_out, {'answer': 'sign_out'}, {**way_out, 'answer': 'sign_out', 'csrf_token': 'x'},
                           {**way_out, 'id_token_hint': 'a.b.c'}):
            for method in ('GET', 'POST'):
                with self.subTest(parameters, method=method):
                    response = self.logout(method, **parameters)
                    if method == 'GET':
                        self.assertEqual(response.status_code, 200)
                    elif 'answer' in parameters:
                        self.assertEqual(response.status_code, 400)
                    else:
                        self.assertTrue(response.headers['Location'].startswith(f'{PATH}/logout'))
                    self.assertTrue(self.is_logged_in())
        self.assertWorks(self.tokens_of_person['access_token'])
        self.answer(self.logout(**way_out), 'sign_out')
        self.assertFalse(self.is_logged_in())

    @requirement('attack', '36', 'The ID token of another session or user signs nobody out unasked')
    def test_attack_36_hints_about_others(self):
        hint = {'id_token_hint': self.tokens_of_person['id_token']}
        self.second_user()
        for login in ('oauth2_second', 'oauth2_person'):  # the latter in another session
            self.log_in(login)
            self.assertEqual(self.logout(**hint).status_code, 200)
            self.assertTrue(self.is_logged_in())
        self.answer(self.logout(**hint), 'sign_out')
        self.assertFalse(self.is_logged_in())
        self.assertWorks(self.tokens_of_person['access_token'])  # it belongs to the first session

    @requirement('attack', '50', 'Only an ID token is a hint about its session')
    @requirement('attack', '67', 'A hint that a client signed itself is none')
    def test_attack_50_what_is_no_id_token_signs_nobody_out(self):
        for name, token in self.not_id_tokens().items():
            with self.subTest(name):
                response = self.logout(id_token_hint=token, client_id=self.wiki.client_id, post_logout_redirect_uri=BYE)
                self.assertEqual(response.status_code, 200)
                self.assertTrue(self.is_logged_in())
                # Nor is the browser sent anywhere afterwards.
                self.assertIn('You are signed out', self.text_after(response))
                self.log_in()
        self.assertNowhere(self.logout(id_token_hint=token, post_logout_redirect_uri=BYE))

    def text_after(self, response):
        return self.answer(response, 'sign_out').text

    @requirement('attack', '50', 'Only an ID token says who is expected')
    @requirement('attack', '67', 'No client secret and no public key signs a hint')
    def test_attack_67_what_is_no_id_token_is_no_hint(self):
        good = self.arrived(self.begin(id_token_hint=self.tokens_of_person['id_token'], prompt='none'))
        self.assertIn('code', good)
        for name, token in self.not_id_tokens().items():
            with self.subTest(name):
                arrived = self.arrived(self.begin(id_token_hint=token, prompt='none'))
                self.assertEqual(arrived['error'], 'login_required')

    @requirement('attack', '54', 'An ID token of another database is no hint')
    def test_attack_54_hints_of_another_database(self):
        hint = {'id_token_hint': self.tokens_of_person['id_token']}
        self.env['ir.config_parameter'].set_param('database.uuid', '00000000-0000-0000-0000-000000000000')
        self.env['oauth2.configuration']._confirm_issuer('https://odoo.example.com')  # the very same
        self.env.registry.clear_cache()
        self.assertEqual(self.arrived(self.begin(prompt='none', **hint))['error'], 'login_required')
        self.assertEqual(self.logout(**hint).status_code, 200)
        self.assertTrue(self.is_logged_in())

    @requirement('attack', '66', 'A client that expects one user gets no code of another, not even after a new login')
    @requirement('OIDC Core', '3.1.2.2', 'A hint at another user is never answered with this one')
    def test_attack_66_another_user_than_the_hinted_one(self):
        self.second_user()
        self.log_in('oauth2_second')
        self.allow(prompt='consent')
        hint = {'id_token_hint': self.tokens_of_person['id_token']}
        self.assertEqual(self.arrived(self.begin(prompt='none', **hint))['error'], 'login_required')
        page = self.begin(**hint)
        self.assertIn('sign in again', page.text)
        address = self.form(page)[0]
        self.assertEqual(self.answer(page, 'sign_in').status_code, 303)
        self.sign_in('oauth2_second', address)
        self.assertIn('sign in again', self.visit(address).text)
        self.assertEqual(self.answer(self.visit(address), 'allow').status_code, 200)
        self.answer(self.visit(address), 'sign_in')
        self.sign_in('oauth2_person', address)
        self.assertIn('code', self.arrived(self.visit(address)))

    @requirement('attack', '66', 'A hint that names nobody asks for a login, once')
    def test_attack_66_a_hint_that_cannot_be_read(self):
        page = self.begin(id_token_hint='a.b.c')
        self.assertIn('sign in again', page.text)
        address = self.form(page)[0]
        self.answer(page, 'sign_in')
        self.sign_in('oauth2_person', address)
        self.assertIn('code', self.arrived(self.visit(address)))

    @requirement('attack', '1', 'After signing out, nobody is sent to an address that is not registered')
    def test_attack_01_the_way_out(self):
        other, _secret = self.make_client('Other')
        for login in ('oauth2_person', None):
            for uri in ('https://evil.example.com/', BYE + '/', BYE + '?x=1', BYE + '#', 'javascript:alert(1)',
                        REDIRECT_URI, '//evil.example.com', 'https://app.example.com@evil.example.com/'):
                for who in ({'client_id': self.wiki.client_id}, {'id_token_hint': self.tokens_of_person['id_token']}):
                    self.authenticate(login, login)
                    with self.subTest(uri, login=login, who=list(who)):
                        self.assertNowhere(self.logout(post_logout_redirect_uri=uri, **who))
                        self.assertNowhere(self.logout('POST', post_logout_redirect_uri=uri, answer='sign_out', **who))
                        self.assertEqual(self.is_logged_in(), login is not None)
            for who in ({}, {'client_id': other.client_id}, {'client_id': 'A' * 32}, {
                    'client_id': other.client_id, 'id_token_hint': self.tokens_of_person['id_token']}):
                self.assertNowhere(self.logout(post_logout_redirect_uri=BYE, **who))

    def assertNowhere(self, response):
        self.assertIn(response.status_code, (200, 400), response.text)
        self.assertNotIn('Location', response.headers)
        self.assertNotIn('evil', ''.join(html.fromstring(response.content).xpath('//a/@href | //form/@action')))
        if self.is_logged_in() and response.status_code == 200:
            self.assertIn('You are signed out', self.text_after(response))
            self.assertFalse(self.is_logged_in())
            self.log_in()

    @requirement('attack', '12', 'A doubled parameter is refused at the logout endpoint, too')
    def test_attack_12_doubled_parameters(self):
        for name in ('client_id', 'post_logout_redirect_uri', 'state', 'id_token_hint'):
            response = self.visit(f'{PATH}/logout', params=[(name, 'x'), (name, 'x')])
            self.assertEqual(response.status_code, 400)
            self.assertIn(f'{name} was sent more than once', response.text)
