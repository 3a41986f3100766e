"""The contract's direct mode for a user who is logged in and has allowed it: a program never gets a page."""
from urllib.parse import urlencode

from .browser import CHALLENGE, VERIFIER
from .common import PATH, REDIRECT_URI, oauth_header
from .endpoints import ISSUER, EndpointCase, claims_of
from .requirement import requirement


class TestDirectMode(EndpointCase):

    def setUp(self):
        super().setUp()
        self.log_in()

    def ask_directly(self, client=None, **parameters):
        """A request with the documented header, and the session's cookie."""
        return self.authorize(client or self.wiki, **{'scope': 'openid', **parameters})

    # ------------------------------------------------------------------
    # Whose code it is
    # ------------------------------------------------------------------

    @requirement('contract', '4', 'Direct mode gives a code of the session\'s user, who has consented before')
    def test_who_has_allowed_it_is_not_asked_again(self):
        self.allow()
        response = self.ask_directly()
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(set(response.json()), {'code', 'state'})
        tokens = self.redeem(response.json()['code'], self.wiki, self.wiki_secret).json()
        claims = claims_of(tokens['id_token'])
        self.assertEqual(claims['sub'], self.subject(self.person))
        self.assertIn('sid', claims)
        self.assertIn('auth_time', claims)
        self.assertFalse(self.authorization(self.wiki).is_direct)

    @requirement('contract', '4', 'A request whose Accept names JSON or XML and not HTML is answered in place')
    def test_the_dialect_of_accept(self):
        self.allow()
        query = urlencode(self.parameters())
        for accept, expected in (('application/json', 200), ('text/xml', 200), ('application/json, text/html', 303),
                                 ('*/*', 303)):
            response = self.url_open(f'{PATH}/authorize?{query}', headers={'Accept': accept}, allow_redirects=False)
            self.assertEqual(response.status_code, expected)

    @requirement('contract', '4', 'With direct authorization it is the service user, whoever is logged in')
    def test_the_user_that_an_administrator_chose_comes_first(self):
        tokens = self.redeem(self.code()).json()
        self.authenticate(None, None)
        self.assertEqual(claims_of(tokens['access_token'])['sub'], self.subject(self.user))
        self.assertWorks(tokens['access_token'])

    @requirement('contract', '4', 'Without direct authorization it is never the service user')
    def test_a_service_user_alone_changes_nothing(self):
        self.allow()
        self.wiki.user_id = self.user
        tokens = self.redeem(self.ask_directly().json()['code'], self.wiki, self.wiki_secret).json()
        self.assertEqual(claims_of(tokens['access_token'])['sub'], self.subject(self.person))

    @requirement('contract', '4', 'Else 401 login_required or consent_required, never a page')
    def test_what_was_not_allowed(self):
        self.assertRefused(self.ask_directly(), 401, 'consent_required')
        self.allow()
        self.assertRefused(self.ask_directly(scope='openid email'), 401, 'consent_required')
        self.assertRefused(self.ask_directly(prompt='consent'), 401, 'consent_required')
        other, _secret = self.make_client('Other')
        self.assertRefused(self.ask_directly(other), 401, 'consent_required')
        self.wiki.redirect_uri_ids = [(0, 0, {'uri': 'https://other.example.com/'})]
        self.assertRefused(self.ask_directly(redirect_uri='https://other.example.com/'), 401, 'consent_required')
        self.env['oauth2.consent'].search([]).action_withdraw()
        self.assertRefused(self.ask_directly(), 401, 'consent_required')

    def test_the_consent_of_somebody_else(self):
        self.allow()
        self.user.password = 'oauth2_integration'
        self.log_in('oauth2_integration')
        self.assertRefused(self.ask_directly(), 401, 'consent_required')

    def test_nobody_is_logged_in(self):
        self.allow()
        self.authenticate(None, None)
        response = self.ask_directly()
        self.assertRefused(response, 401, 'login_required')
        self.assertNotIn('Location', response.headers)

    # ------------------------------------------------------------------
    # What a request asks of the user
    # ------------------------------------------------------------------

    @requirement('OIDC Core', '3.1.2.1', 'prompt in direct mode: what would need a page is an error')
    def test_prompt(self):
        self.allow()
        for prompt, error in (('login', 'login_required'), ('select_account', 'account_selection_required'),
                              ('consent', 'consent_required'), ('login consent', 'login_required')):
            with self.subTest(prompt):
                self.assertRefused(self.ask_directly(prompt=prompt), 401, error)
        self.assertEqual(self.ask_directly(prompt='none').status_code, 200)
        self.assertRefused(self.ask_directly(prompt='none login'), 400, 'invalid_request')

    @requirement('OIDC Core', '3.1.2.1', 'max_age in direct mode: who logged in too long ago has to do it again')
    def test_max_age(self):
        self.allow()
        self.assertEqual(self.ask_directly(max_age='60').status_code, 200)
        self.let_pass_since_login(61)
        self.assertRefused(self.ask_directly(max_age='60'), 401, 'login_required')
        self.assertEqual(self.ask_directly(max_age='3600').status_code, 200)
        self.assertEqual(self.ask_directly().status_code, 200)

    def test_prompt_does_not_matter_where_an_administrator_chose_the_user(self):
        for parameters in ({'prompt': 'login'}, {'prompt': 'consent'}):
            self.assertEqual(self.authorize(**parameters).status_code, 200)

    def test_id_token_hint_of_somebody_else(self):
        hint = self.tokens_of_wiki()['id_token']
        self.assertEqual(self.ask_directly(id_token_hint=hint).status_code, 200)
        self.user.password = 'oauth2_integration'
        self.log_in('oauth2_integration')
        self.allow()
        self.assertEqual(self.ask_directly().status_code, 200)
        self.assertRefused(self.ask_directly(id_token_hint=hint), 401, 'login_required')
        self.assertRefused(self.ask_directly(id_token_hint='x'), 401, 'login_required')

    # ------------------------------------------------------------------
    # PKCE, and the session
    # ------------------------------------------------------------------

    @requirement('contract', '4', 'In direct mode PKCE is optional for a client that has a secret')
    def test_pkce_is_checked_where_it_is_used(self):
        self.allow()
        code = self.ask_directly(code_challenge=CHALLENGE, code_challenge_method='S256').json()['code']
        self.assertRefused(self.redeem(code, self.wiki, self.wiki_secret), 400, 'invalid_grant')
        response = self.redeem(code, self.wiki, self.wiki_secret, code_verifier=VERIFIER)
        self.assertEqual(response.status_code, 200)

    @requirement('contract', '4', 'Direct mode leaves nothing in the session')
    def test_a_code_leaves_nothing_in_the_session(self):
        self.env['oauth2.consent']._record(self.wiki, self.person.id, 'openid', ISSUER, REDIRECT_URI)
        before = self.stored_session()
        response = self.ask_directly()
        self.assertEqual(response.status_code, 200, response.text)
        self.assertNotIn('Set-Cookie', response.headers)
        self.assertEqual(self.stored_session(), before)

    def test_nothing_waits_in_the_session(self):
        before = self.stored_session()
        response = self.ask('authorize', 'GET', {'Authorization': oauth_header(
            client_id=self.wiki.client_id, response_type='code', redirect_uri=REDIRECT_URI, scope='openid')})
        self.assertRefused(response, 401, 'consent_required')
        self.assertNotIn('Set-Cookie', response.headers)
        self.assertEqual(self.stored_session(), before)
