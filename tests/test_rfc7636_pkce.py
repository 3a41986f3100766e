"""RFC 7636: Proof Key for Code Exchange. It is optional if the code goes straight to a program."""
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from .browser import AllowedCase, BrowserCase
from .common import REDIRECT_URI
from .requirement import requirement

# RFC 7636 appendix B.
VERIFIER = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk'
CHALLENGE = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'


class TestPKCE(AllowedCase):

    def challenged_code(self):
        return self.code(code_challenge=CHALLENGE, code_challenge_method='S256')

    @requirement('RFC 7636', '4.6', 'The verifier that the challenge was made of opens the code')
    def test_the_right_verifier(self):
        self.assertEqual(self.redeem(self.challenged_code(), code_verifier=VERIFIER).status_code, 200)

    @requirement('RFC 7636', '4.6', 'Another verifier, or none, does not, and does not use the code up')
    @requirement('OWASP ASVS 5.0', '10.4.6', 'Only the right verifier opens the code')
    def test_wrong_verifiers(self):
        code = self.challenged_code()
        for verifier in (None, VERIFIER[:-1], VERIFIER + 'A', VERIFIER[:-1] + 'A', CHALLENGE, 'x' * 129, 'ü' * 43):
            with self.subTest(verifier):
                self.assertRefused(self.redeem(code, code_verifier=verifier), 400, 'invalid_grant')
        self.assertEqual(self.redeem(code, code_verifier=VERIFIER).status_code, 200)

    @requirement('RFC 9700', '4.8.2', 'A verifier without a challenge is refused')
    def test_a_challenge_that_was_taken_away(self):
        self.assertRefused(self.redeem(self.code(), code_verifier=VERIFIER), 400, 'invalid_grant')

    @requirement('RFC 9700', '2.1.1', 'S256 is the only method')
    @requirement('RFC 7636', '4.4.1', 'A method that is not supported is invalid_request')
    @requirement('OWASP ASVS 5.0', '10.4.6', 'plain is refused')
    def test_no_other_method(self):
        for method in (None, 'plain', 's256', 'S512', 'S256 '):
            with self.subTest(method):
                response = self.authorize(code_challenge=CHALLENGE, code_challenge_method=method)
                self.assertRefused(response, 400, 'invalid_request')

    @requirement('RFC 7636', '4.2', 'A challenge is 43 characters of base64url')
    def test_a_challenge_is_43_characters_of_base64url(self):
        for challenge in (None, CHALLENGE[:-1], CHALLENGE + 'A', CHALLENGE[:-1] + '=', CHALLENGE[:-1] + '+'):
            with self.subTest(challenge):
                response = self.authorize(code_challenge=challenge, code_challenge_method='S256')
                self.assertRefused(response, 400, 'invalid_request')


class TestWhoHasToUseIt(BrowserCase):
    """A client with a secret: automatic, required, never."""

    WITHOUT = {'code_challenge': None, 'code_challenge_method': None, 'prompt': 'consent'}

    def setUp(self):
        super().setUp()
        self.log_in()

    def sign_in(self, verifier=None, **parameters):
        """The answer of the token endpoint after a sign-in, with PKCE if there is a verifier."""
        without = {} if verifier else self.WITHOUT
        code = self.allow(**{'prompt': 'consent', **without, **parameters})['code']
        return self.redeem(code, self.wiki, self.wiki_secret, code_verifier=verifier)

    def assertGoesWithout(self):
        self.assertEqual(self.sign_in().status_code, 200)

    def assertHasToUseIt(self):
        arrived = self.arrived(self.begin(**self.WITHOUT))
        self.assertEqual(arrived['error'], 'invalid_request')
        self.assertIn('PKCE', arrived['error_description'])
        self.assertEqual(self.sign_in(VERIFIER).status_code, 200)

    def events(self, name):
        self.env.invalidate_all()
        return self.env['oauth2.event'].search([('client_id', '=', self.wiki.id), ('name', '=', name)])

    @requirement('contract', '4', 'Automatic takes a request without PKCE until the client itself has once used it')
    @requirement('attack', '23', 'Who takes the challenge away from a client that uses PKCE gets no code')
    def test_attack_23_automatic(self):
        self.assertEqual(self.wiki.pkce, 'automatic')
        for _time in range(2):
            self.assertGoesWithout()
        self.assertFalse(self.wiki.has_used_pkce)
        self.assertEqual(self.sign_in(VERIFIER).status_code, 200)
        self.env.invalidate_all()
        self.assertTrue(self.wiki.has_used_pkce)
        self.assertFalse(self.events('pkce_left_out'))
        for _time in range(3):
            self.assertHasToUseIt()
        self.assertEqual(len(self.events('pkce_left_out')), 1)

    @requirement('contract', '4', 'PKCE was used when a code was redeemed with secret and verifier, and not before')
    @requirement('attack', '23', 'Nobody but the client itself makes PKCE required of it')
    def test_attack_23_what_is_no_use_of_it(self):
        code = self.allow()['code']  # made up by anybody
        for secret, verifier in (('x', VERIFIER), (None, None), (None, 'x' * 43), (None, CHALLENGE)):
            response = self.redeem(code, self.wiki, secret or self.wiki_secret, code_verifier=verifier)
            self.assertGreaterEqual(response.status_code, 400)
        self.assertGreaterEqual(self.redeem(code, code_verifier=VERIFIER).status_code, 400)  # another client
        self.assertGoesWithout()
        without = self.allow(**self.WITHOUT)['code']
        self.assertRefused(
            self.redeem(without, self.wiki, self.wiki_secret, code_verifier=VERIFIER), 400, 'invalid_grant')
        self.tokens()  # direct codes
        self.env.invalidate_all()
        self.assertFalse((self.wiki + self.client).filtered('has_used_pkce'))

    @requirement('contract', '4', 'A client may always, or never, have to use PKCE')
    def test_required_and_never(self):
        self.wiki.pkce = 'required'
        self.assertHasToUseIt()
        self.wiki.pkce = 'never'
        self.assertGoesWithout()
        self.wiki.pkce = 'automatic'
        self.assertHasToUseIt()

    @requirement('contract', '4', 'A database setting makes PKCE required of all')
    def test_required_of_all(self):
        for self.wiki.pkce in ('automatic', 'never'):
            self.env['ir.config_parameter'].set_param('restapi_oauth2.pkce_required', 'True')
            self.assertHasToUseIt()
            self.assertEqual(self.tokens()['scope'], 'odoo')  # of whom it does not concern
        self.env['ir.config_parameter'].set_param('restapi_oauth2.pkce_required', False)
        self.assertGoesWithout()

    @requirement('contract', '4', 'An administrator can reset it; nobody else can take it away again')
    @requirement('attack', '23', 'That a client has used PKCE is not written by the way')
    def test_attack_23_who_can_take_it_away(self):
        self.sign_in(VERIFIER)
        administrator = new_test_user(
            self.env, 'pkce_admin', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')
        as_administrator = self.wiki.with_user(administrator)
        self.env.invalidate_all()
        as_administrator.write({'has_used_pkce': False})
        as_administrator.with_context(default_has_used_pkce=False).write({'name': 'Wiki 2'})
        as_administrator.load(['.id', 'has_used_pkce'], [[str(self.wiki.id), 'False']])
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertTrue(self.wiki.has_used_pkce)
        self.assertHasToUseIt()
        self.assertFalse(self.wiki.copy().has_used_pkce)
        made = self.env['oauth2.client'].with_context(default_has_used_pkce=True).create({'name': 'Made'})
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(made.has_used_pkce)
        with self.assertRaises(AccessError):
            self.wiki.with_user(self.person).action_forget_pkce()
        as_administrator.action_forget_pkce()
        self.assertEqual(self.events('pkce_forgotten').actor_id, administrator)
        self.assertFalse(self.wiki.has_used_pkce)
        self.assertGoesWithout()


class TestRedirectURILeftOut(BrowserCase):
    """OAuth 2.1 has no redirect_uri at the token endpoint: the verifier proves who asked for the code."""

    LOOPBACK = 'http://127.0.0.1:%d/callback'

    def setUp(self):
        super().setUp()
        self.log_in()

    def redeemed(self, client, secret, uri, verifier=VERIFIER, **parameters):
        """The answer to a token request that names no redirect URI."""
        without = {} if verifier else {'code_challenge': None, 'code_challenge_method': None}
        page = self.begin(client, redirect_uri=uri, prompt='consent', **without)
        code = self.arrived(self.answer(page, 'allow'), uri or REDIRECT_URI)['code']
        return self.token(
            client, secret, grant_type='authorization_code', code=code, code_verifier=verifier, **parameters)

    @requirement('contract', '5', 'redirect_uri may be left out by a client with PKCE that has one registered address')
    def test_one_address(self):
        self.assertEqual(self.redeemed(self.wiki, self.wiki_secret, REDIRECT_URI).status_code, 200)
        app, _secret = self.make_client('App', is_public=True, redirect_uris=[self.LOOPBACK % 1])
        response = self.redeemed(app, None, self.LOOPBACK % 49152, client_secret=None)
        self.assertEqual(response.status_code, 200, response.text)
        app.redirect_uri_ids = [Command.create({'uri': self.LOOPBACK % 2})]
        response = self.redeemed(app, None, self.LOOPBACK % 49152, client_secret=None)
        self.assertEqual(response.status_code, 200, response.text)

    @requirement('contract', '5', 'Else redirect_uri is the one of the authorization request')
    def test_else_it_is_required(self):
        self.assertRefused(self.redeemed(self.wiki, self.wiki_secret, REDIRECT_URI, None), 400, 'invalid_grant')
        response = self.redeemed(self.wiki, self.wiki_secret, REDIRECT_URI, redirect_uri=REDIRECT_URI + '/')
        self.assertRefused(response, 400, 'invalid_grant')
        self.wiki.redirect_uri_ids = [Command.create({'uri': 'https://app.example.com/other'})]
        self.assertRefused(self.redeemed(self.wiki, self.wiki_secret, REDIRECT_URI), 400, 'invalid_grant')
        app, _secret = self.make_client(
            'App', is_public=True, redirect_uris=[self.LOOPBACK % 1, 'http://[::1]/callback'])
        response = self.redeemed(app, None, self.LOOPBACK % 49152, client_secret=None)
        self.assertRefused(response, 400, 'invalid_grant')

    def test_the_address_is_still_the_one_that_the_code_went_to(self):
        page = self.begin(prompt='consent')
        code = self.arrived(self.answer(page, 'allow'))['code']
        self.wiki.redirect_uri_ids.uri = 'https://app.example.com/moved'
        response = self.token(self.wiki, self.wiki_secret, grant_type='authorization_code', code=code,
                              code_verifier=VERIFIER)
        self.assertRefused(response, 400, 'invalid_grant')
