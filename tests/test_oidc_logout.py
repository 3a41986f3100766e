"""OpenID Connect RP-Initiated Logout: an application logs its user out, and nobody else."""
from urllib.parse import urlencode

from jwt import get_unverified_header

from ..protocol import jwt
from .common import PATH
from .endpoints import EndpointCase, claims_of
from .requirement import requirement

AFTER = 'https://app.example.com/bye'


class TestLogout(EndpointCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wiki.post_logout_redirect_uri_ids = [(0, 0, {'uri': AFTER}), (0, 0, {'uri': AFTER + '?x=1'})]
        cls.user.password = 'oauth2_integration'

    def setUp(self):
        super().setUp()
        self.log_in()

    def leave(self, **parameters):
        """Come from the application to sign out."""
        return self.visit(f'{PATH}/logout?{urlencode(parameters)}')

    def assertAsked(self, response):
        """Nobody is signed out yet: there is a page with a question."""
        self.assertIn('answer', response.text)
        self.assertIn('Sign out of Odoo?', response.text)
        self.assertEqual(self.user_of_browser(), self.person.id)

    def assertSignedOut(self, response, location=None):
        if location is None:
            self.assertEqual(response.status_code, 200)
            self.assertIn('You are signed out', response.text)
        else:
            self.assertEqual((response.status_code, response.headers['Location']), (303, location))
        self.assertIsNone(self.user_of_browser())

    def user_of_browser(self):
        """Who is logged in, as Odoo sees it."""
        response = self.url_open('/web/session/get_session_info', json={'params': {}})
        return (response.json().get('result') or {}).get('uid')

    # ------------------------------------------------------------------
    # Who is signed out without being asked
    # ------------------------------------------------------------------

    @requirement('OIDC RP-Initiated Logout', '2', 'A hint of this very session signs out without a page')
    def test_the_hint_of_this_session(self):
        hint = self.tokens_of_wiki()['id_token']
        self.assertEqual(self.user_of_browser(), self.person.id)
        self.assertSignedOut(self.leave(id_token_hint=hint))

    @requirement('OIDC RP-Initiated Logout', '4', 'A hint that has expired is good')
    def test_an_expired_hint(self):
        claims = claims_of(self.tokens_of_wiki()['id_token'])
        key = self.env['oauth2.signing.key']._current('access_token')
        hint = jwt.encode({**claims, 'iat': 1, 'exp': 2}, key, jwt.ID_TOKEN_TYPE)
        self.assertSignedOut(self.leave(id_token_hint=hint))

    @requirement('OIDC RP-Initiated Logout', '2', 'A hint is good though its key no longer signs')
    @requirement('contract', '6', 'A key that was replaced goes on verifying hints')
    def test_a_hint_of_a_rotated_key(self):
        hint = self.tokens_of_wiki()['id_token']
        self.env['oauth2.signing.key']._rotate()
        self.sql("""UPDATE oauth2_signing_key SET activates_at = activates_at - interval '300 days',
                           retires_at = retires_at - interval '300 days'""")
        self.env['oauth2.signing.key']._cron_rotate()
        self.env.registry.clear_cache()
        self.assertNotIn(get_unverified_header(hint)['kid'], self.ask('jwks', 'GET').text)
        self.assertSignedOut(self.leave(id_token_hint=hint, post_logout_redirect_uri=AFTER, state='s'),
                             AFTER + '?state=s')

    def test_a_hint_of_a_key_that_was_taken_away(self):
        hint = self.tokens_of_wiki()['id_token']
        self.env['oauth2.signing.key'].search([]).unlink()
        self.assertKeptHere(self.leave(id_token_hint=hint, post_logout_redirect_uri=AFTER),
                            'id_token_hint is no ID token of this server')

    @requirement('OWASP ASVS 5.0', '10.6.2', 'Without a hint of this session the user is asked')
    @requirement('OIDC RP-Initiated Logout', '2', 'Without a hint of this session the user is asked')
    def test_everybody_else_is_asked(self):
        tokens = self.tokens_of_wiki()
        self.log_in()  # another session of the same person
        for hint in (None, tokens['id_token'], tokens['access_token'], 'x', 'a.b.c'):
            with self.subTest(hint and hint[:10]):
                self.assertAsked(self.leave(**({'id_token_hint': hint} if hint else {})))

    def test_the_hint_of_another_user(self):
        self.log_in('oauth2_integration')
        hint = self.tokens_of_wiki()['id_token']
        self.log_in()
        self.assertAsked(self.leave(id_token_hint=hint))

    # ------------------------------------------------------------------
    # The question
    # ------------------------------------------------------------------

    def test_who_agrees_is_signed_out(self):
        response = self.leave(client_id=self.wiki.client_id, post_logout_redirect_uri=AFTER, state='as-sent')
        self.assertAsked(response)
        self.assertIn('Wiki', response.text)
        self.assertIn('Ada Person', response.text)
        self.assertSignedOut(self.answer(response, 'sign_out'), AFTER + '?state=as-sent')

    @requirement('OIDC RP-Initiated Logout', '3', 'Who does not agree stays signed in, and is not sent away')
    def test_who_does_not_agree_stays(self):
        tokens = self.tokens_of_wiki(scope='openid odoo')
        response = self.leave(client_id=self.wiki.client_id, post_logout_redirect_uri=AFTER)
        for word in ('stay', 'nonsense'):
            answered = self.answer(response, word)
            self.assertEqual(answered.status_code, 200)
            self.assertIn('You are still signed in', answered.text)
            self.assertEqual(self.user_of_browser(), self.person.id)
        self.assertWorks(tokens['access_token'])

    def test_an_answer_from_elsewhere_is_none(self):
        response = self.leave()
        for token in ('', 'x', 'ü', 'x' * 40 + 'o1999999999'):
            answered = self.answer(response, 'sign_out', csrf_token=token)
            self.assertEqual(answered.status_code, 400)
        self.assertEqual(self.user_of_browser(), self.person.id)

    # ------------------------------------------------------------------
    # Where the browser goes
    # ------------------------------------------------------------------

    @requirement('OIDC RP-Initiated Logout', '3', 'The browser goes to a registered address, with state')
    def test_registered_addresses(self):
        for uri, state, expected in ((AFTER, None, AFTER), (AFTER, 'a b&c', AFTER + '?state=a+b%26c'),
                                     (AFTER + '?x=1', 's', AFTER + '?x=1&state=s'),
                                     (AFTER + '?x=1', None, AFTER + '?x=1')):
            with self.subTest(expected):
                self.log_in()
                hint = self.tokens_of_wiki(prompt='consent')['id_token']
                parameters = {'id_token_hint': hint, 'post_logout_redirect_uri': uri}
                self.assertSignedOut(self.leave(**parameters, **({'state': state} if state else {})), expected)

    def assertKeptHere(self, response, reason):
        """The user is asked, is signed out, and is told why the browser is sent nowhere."""
        self.assertAsked(response)
        answered = self.answer(response, 'sign_out')
        self.assertSignedOut(answered)
        self.assertNotIn('Location', answered.headers)
        self.assertIn('so you stay here', ' '.join(answered.text.split()))
        self.assertIn(reason, answered.text)
        self.log_in()

    @requirement('OIDC RP-Initiated Logout', '3', 'The browser goes to no address that is not registered')
    @requirement('OIDC RP-Initiated Logout', '4', 'An address that is not registered keeps nobody from signing out')
    def test_other_addresses(self):
        not_registered = 'post_logout_redirect_uri is not registered for this client'
        other, _secret = self.make_client('Other')
        for uri in (AFTER + '/', AFTER + '?x=2', 'https://evil.example.com/', 'https://app.example.com/callback',
                    'javascript:alert(1)', '//evil.example.com'):
            with self.subTest(uri):
                hint = self.tokens_of_wiki(prompt='consent')['id_token']  # of this very session
                for client in ({'id_token_hint': hint}, {'client_id': self.wiki.client_id}):
                    self.assertKeptHere(self.leave(post_logout_redirect_uri=uri, **client), not_registered)
        self.assertKeptHere(
            self.leave(post_logout_redirect_uri=AFTER, client_id=other.client_id), not_registered)
        for client in ({}, {'client_id': 'A' * 32}):
            self.assertKeptHere(self.leave(post_logout_redirect_uri=AFTER, **client),
                                'post_logout_redirect_uri needs an id_token_hint or a client_id')
        self.wiki.active = False
        self.assertKeptHere(self.leave(post_logout_redirect_uri=AFTER, client_id=self.wiki.client_id),
                            'post_logout_redirect_uri needs an id_token_hint or a client_id')

    @requirement('OIDC RP-Initiated Logout', '2', 'client_id is the client that the hint was made for')
    def test_two_clients(self):
        hint = self.tokens_of_wiki()['id_token']
        self.client.post_logout_redirect_uri_ids = [(0, 0, {'uri': AFTER})]
        response = self.leave(id_token_hint=hint, client_id=self.client.client_id)
        self.assertAsked(response)
        for name in ('Shop', 'Wiki'):  # §4: neither of them is known to ask
            self.assertNotIn(name, response.text)
        self.assertSignedOut(self.leave(id_token_hint=hint, client_id=self.wiki.client_id))
        self.log_in()
        self.assertKeptHere(
            self.leave(id_token_hint=hint, client_id=self.client.client_id, post_logout_redirect_uri=AFTER),
            'client_id is not the one that id_token_hint was made for')

    @requirement('OIDC RP-Initiated Logout', '4', 'With a hint that is no good the browser is not sent anywhere')
    def test_with_a_bad_hint_the_browser_stays(self):
        response = self.leave(id_token_hint='x', client_id=self.wiki.client_id, post_logout_redirect_uri=AFTER)
        self.assertKeptHere(response, 'id_token_hint is no ID token of this server')

    def test_who_is_not_logged_in(self):
        hint = self.tokens_of_wiki()['id_token']
        self.authenticate(None, None)
        self.assertSignedOut(self.leave())
        self.assertSignedOut(self.leave(id_token_hint=hint, post_logout_redirect_uri=AFTER, state='s'),
                             AFTER + '?state=s')
        self.assertSignedOut(self.leave(client_id=self.wiki.client_id, post_logout_redirect_uri=AFTER), AFTER)
        response = self.leave(post_logout_redirect_uri='https://evil.example.com/')
        self.assertSignedOut(response)
        self.assertIn('so you stay here', ' '.join(response.text.split()))

    # ------------------------------------------------------------------
    # What ends
    # ------------------------------------------------------------------

    @requirement('OIDC Core', '11', 'Only what has offline_access goes on after the user has signed out')
    def test_what_the_application_got_in_this_session_ends(self):
        tokens = self.tokens_of_wiki(scope='openid odoo')
        offline = self.tokens_of_wiki(scope='openid odoo offline_access', prompt='consent')
        other, other_secret = self.make_client('Other')
        of_other = self.tokens_of_wiki(other, other_secret, scope='odoo')
        self.log_in()
        of_other_session = self.tokens_of_wiki(scope='openid odoo', prompt='consent')
        self.assertAsked(self.leave(id_token_hint=tokens['id_token']))
        self.leave(id_token_hint=of_other_session['id_token'])
        self.assertEqual(self.call(of_other_session['access_token']).status_code, 401)
        self.assertEqual(self.authorization(self.wiki).revoked_because, 'logout')
        for answer in (tokens, offline, of_other):
            self.assertWorks(answer['access_token'])

    def test_offline_access_goes_on_in_the_very_session(self):
        tokens = self.tokens_of_wiki(scope='openid odoo')
        offline = self.tokens_of_wiki(scope='openid odoo offline_access', prompt='consent')
        self.assertSignedOut(self.leave(id_token_hint=tokens['id_token']))
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertRefused(self.refresh(tokens['refresh_token'], self.wiki, self.wiki_secret), 400, 'invalid_grant')
        self.assertWorks(offline['access_token'])
        self.assertEqual(self.refresh(offline['refresh_token'], self.wiki, self.wiki_secret).status_code, 200)

    # ------------------------------------------------------------------
    # HTTP
    # ------------------------------------------------------------------

    @requirement('OIDC RP-Initiated Logout', '2', 'GET and POST are answered')
    def test_a_post_from_another_site_becomes_a_get(self):
        """It is sent without the session's cookie (SameSite=Lax), as if nobody were logged in."""
        hint = self.tokens_of_wiki()['id_token']
        del self.opener.cookies['session_id']
        response = self.visit(f'{PATH}/logout', method='POST', data={
            'id_token_hint': hint, 'state': 's', 'post_logout_redirect_uri': AFTER, 'unknown': 'x'})
        self.assertEqual(response.status_code, 303)
        self.assertNotIn('Set-Cookie', response.headers)
        self.opener.cookies['session_id'] = self.session.sid
        self.assertNotIn('unknown', response.headers['Location'])
        self.assertSignedOut(self.visit(response.headers['Location']), AFTER + '?state=s')

    def test_switched_off(self):
        self.setting('openid_connect', False)
        response = self.leave()
        self.assertEqual(response.status_code, 404)
        self.assertEqual(self.user_of_browser(), self.person.id)

    def test_pages_are_in_the_language_of_the_user_and_in_no_frame(self):
        response = self.leave()
        self.assertIn('lang="en-US"', response.text)
        self.assertIn("frame-ancestors 'none'", response.headers['Content-Security-Policy'])
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
