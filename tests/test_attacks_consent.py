"""The catalogue of attacks (docs/security.md), cases 33 to 36: what users are asked, and what they have allowed."""
from odoo.exceptions import AccessError, UserError
from odoo.tests import HOST, new_test_user

from .browser import AS_A_BROWSER, VERIFIER, WAITING, BrowserCase
from .common import REDIRECT_URI
from .requirement import requirement

JSON_2 = 'https://odoo.example.com/json/2'


class TestConsentAttacks(BrowserCase):

    def setUp(self):
        super().setUp()
        self.log_in()

    def consents(self, client=None):
        self.env.invalidate_all()
        return self.env['oauth2.consent'].search([('client_id', '=', (client or self.wiki).id)])

    def assertStale(self, response):
        """The answer is refused with a page, and gives nothing."""
        self.assertEqual(response.status_code, 400, response.text)
        self.assertIn('This page is out of date', response.text)
        self.assertNotIn('Location', response.headers)

    def assertAsked(self, response):
        """The user is asked."""
        self.assertEqual(response.status_code, 200, response.text)
        self.assertIn('value="allow"', response.text)

    def codes(self):
        return self.env['oauth2.authorization.code'].search_count([('client_id', '=', self.wiki.id)])

    # ------------------------------------------------------------------
    # 33: withdrawn
    # ------------------------------------------------------------------

    @requirement('attack', '33', 'A withdrawn consent takes tokens and codes along, and the user is asked again')
    @requirement('OWASP ASVS 5.0', '10.7.3', 'A consent that is withdrawn ends the tokens that came of it')
    def test_attack_33_a_withdrawn_consent(self):
        tokens = self.tokens_of_wiki(scope='odoo')
        code = self.arrived(self.begin(scope='odoo'))['code']
        self.assertWorks(tokens['access_token'])
        self.disconnect()
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertRefused(self.refresh(tokens['refresh_token'], self.wiki, self.wiki_secret), 400, 'invalid_grant')
        self.assertRefused(self.redeem(code, self.wiki, self.wiki_secret, code_verifier=VERIFIER), 400, 'invalid_grant')
        self.assertAsked(self.begin(scope='odoo'))
        # To allow it once more does not bring the old ones back.
        self.allow(scope='odoo')
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertRefused(self.refresh(tokens['refresh_token'], self.wiki, self.wiki_secret), 400, 'invalid_grant')

    @requirement('attack', '33', 'One user neither sees nor withdraws what another has allowed')
    def test_attack_33_the_consents_of_others(self):
        self.allow()
        consent = self.consents()
        access = self.env['oauth2.access'].search([('client_id', '=', self.wiki.id)])
        for groups in ('base.group_user', 'base.group_portal'):
            other = new_test_user(self.env, 'oauth2_' + groups[-6:], groups=groups)
            with self.subTest(groups):
                self.assertFalse(self.env['oauth2.access'].with_user(other).search([]))
                for seen in (access, consent):
                    for attempt in ('action_disconnect', 'action_withdraw', 'unlink'):
                        if hasattr(seen, attempt):
                            with self.assertRaises(AccessError):
                                getattr(seen.with_user(other), attempt)()
                    with self.assertRaises(AccessError):
                        seen.with_user(other).read(['scope'])
        # Of one's own, too, the list is all that one sees.
        with self.assertRaises(AccessError):
            self.env['oauth2.consent'].with_user(self.person).search([])
        for change in ({'scope': 'odoo openid'}, {'user_id': self.user.id}):
            with self.assertRaises(AccessError):
                consent.with_user(self.person).write(change)
        with self.assertRaises(AccessError):
            self.env['oauth2.consent'].with_user(self.person).create({
                'client_id': self.wiki.id, 'user_id': self.person.id, 'scope': 'odoo', 'covered': 'x',
                'redirect_hosts': 'x'})
        self.assertTrue(self.consents())

    @requirement('attack', '64', 'What one has allowed is no way to the secrets and the user of the application')
    def test_attack_64_nothing_is_reached_by_way_of_the_list(self):
        self.allow()
        consent = self.env['oauth2.access'].with_user(self.person).search([])
        self.assertEqual(consent.application, 'Wiki')
        for path in ('client_id.client_id', 'client_id.user_id', 'client_id.secret_ids.last_characters',
                     'client_id.authorization_ids.session_id'):
            with self.subTest(path), self.assertRaises(AccessError):
                consent.search([(path, '!=', 'x')])
            with self.subTest(path, read='export'), self.assertRaises(UserError):
                consent.export_data([path.replace('.', '/')])

    # ------------------------------------------------------------------
    # 34, 35: remembered
    # ------------------------------------------------------------------

    @requirement('attack', '34', 'What a public client is allowed is remembered only where https proves whose it is')
    @requirement('RFC 8252', '8.6', 'A public client that cannot prove itself is never given a code unasked')
    def test_attack_34_public_clients_are_asked_about_every_time(self):
        for uri in ('com.example.app:/callback', 'http://127.0.0.1/cb', 'http://localhost/cb', 'https://localhost/cb',
                    'https://[::1]/cb'):
            with self.subTest(uri):
                client, _secret = self.make_client('App', redirect_uris=[uri], is_public=True)
                self.answer(self.begin(client, redirect_uri=uri), 'allow')
                self.assertTrue(self.consents(client))
                self.assertAsked(self.begin(client, redirect_uri=uri))
                location = self.begin(client, redirect_uri=uri, prompt='none').headers['Location']
                self.assertIn('error=consent_required', location)
                program = self.ask('authorize', 'GET', {'Accept': 'application/json'},
                                   params=self.parameters(client, redirect_uri=uri))
                self.assertRefused(program, 401, 'consent_required')
        client, _secret = self.make_client('App of a site', is_public=True)
        self.allow(client)
        self.assertIn('code', self.arrived(self.begin(client)))

    @requirement('attack', '35', 'More than was allowed is asked about')
    def test_attack_35_more_than_was_allowed(self):
        self.wiki.redirect_uri_ids = [(0, 0, {'uri': uri}) for uri in (
            'https://other.example.com/callback', 'https://app.example.com:8443/callback')]
        self.allow(scope='openid email', resource=JSON_2)
        self.assertIn('code', self.arrived(self.begin(scope='email', resource=JSON_2)))
        for more in ({'scope': 'openid email odoo'}, {'scope': None}, {'resource': None},
                     {'resource': 'https://odoo.example.com'}, {'redirect_uri': 'https://other.example.com/callback'},
                     {'redirect_uri': 'https://app.example.com:8443/callback'}, {'prompt': 'consent'}):
            wish = {'scope': 'openid', 'resource': JSON_2, **more}
            with self.subTest(more):
                self.assertAsked(self.begin(**wish))
                if 'prompt' not in more:
                    uri = wish.get('redirect_uri', REDIRECT_URI)
                    arrived = self.arrived(self.begin(**{**wish, 'prompt': 'none'}), uri)
                    self.assertEqual(arrived['error'], 'consent_required')

    @requirement('attack', '35', 'What was allowed for one resource or host is not allowed for another')
    def test_attack_35_parts_of_what_was_allowed(self):
        other = 'https://other.example.com/callback'
        self.wiki.redirect_uri_ids = [(0, 0, {'uri': other})]
        self.allow(scope='odoo', resource=JSON_2)
        self.allow(scope='openid')
        self.arrived(self.answer(self.begin(scope='email', redirect_uri=other), 'allow'), other)
        for parts in ({'scope': 'odoo'}, {'scope': 'openid', 'resource': JSON_2}, {'scope': 'email'},
                      {'scope': 'openid', 'redirect_uri': other}):
            with self.subTest(parts):
                self.assertAsked(self.begin(**parts))

    @requirement('attack', '35', 'What one user has allowed is nothing to another, nor to another client')
    def test_attack_35_other_users_and_other_clients(self):
        self.allow()
        other, _secret = self.make_client('Other')
        self.assertAsked(self.begin(other))
        new_test_user(self.env, 'oauth2_second', groups='base.group_user', password='oauth2_second')
        self.log_in('oauth2_second')
        self.assertAsked(self.begin())

    # ------------------------------------------------------------------
    # 36: forged and replayed answers
    # ------------------------------------------------------------------

    @requirement('attack', '36', 'An answer that comes from another site is refused')
    @requirement('RFC 9700', '4.7', 'The consent form is protected against forged requests')
    def test_attack_36_forged_answers(self):
        page = self.begin()
        for token in ('', 'x', 'ü', '0' * 40 + 'o9999999999', None):
            for answer in ('allow', 'deny', 'continue', 'sign_in'):
                with self.subTest(token, answer=answer):
                    action, _hidden = self.form(page)
                    data = {'answer': answer} if token is None else {'answer': answer, 'csrf_token': token}
                    self.assertStale(self.visit(action, method='POST', data=data))
        action, hidden = self.form(page)
        self.assertEqual(self.visit(action, params={**hidden, 'answer': 'allow'}).status_code, 200)  # GET only asks
        self.assertFalse(self.consents())
        self.assertFalse(self.codes())
        self.assertIn('code', self.arrived(self.answer(page, 'allow')))

    @requirement('attack', '36', 'A page is answered once')
    def test_attack_36_replayed_answers(self):
        page = self.begin()
        before = self.waiting()
        self.arrived(self.answer(page, 'allow'))
        for answer in ('allow', 'deny', 'continue', 'sign_in'):
            self.assertStale(self.answer(page, answer))
        self.assertEqual(self.codes(), 1)
        # As if both answers had come at the same time, and found the request waiting.
        for name, value in before.items():
            self.wait(name, value)
        self.consents().sudo().unlink()
        self.assertStale(self.answer(page, 'allow'))
        self.assertFalse(self.consents(), 'what was withdrawn came back')
        self.assertEqual(self.codes(), 1)

    @requirement('attack', '36', 'What the form holds does not change what was asked')
    def test_attack_36_fields_that_were_tampered_with(self):
        other, _secret = self.make_client('Other', redirect_uris=['https://other.example.com/'])
        response = self.answer(
            self.begin(), 'allow', scope='openid odoo', client_id=other.client_id, resource=JSON_2, state='evil',
            redirect_uri='https://other.example.com/', user_id=str(self.user.id), code_challenge='A' * 43,
            response_mode='form_post')
        arrived = self.arrived(response)
        self.assertEqual(arrived['state'], 'as-sent')
        tokens = self.redeem(arrived['code'], self.wiki, self.wiki_secret, code_verifier=VERIFIER).json()
        self.assertEqual(tokens['scope'], 'openid')
        self.assertEqual(self.authorization(self.wiki).user_id, self.person)
        self.assertEqual(self.consents().scope, 'openid')
        self.assertFalse(self.consents(other))

    @requirement('attack', '36', 'A page about one request does not answer another')
    def test_attack_36_the_answer_to_another_request(self):
        page = self.begin()
        greedy = self.begin(scope='openid odoo')
        action, hidden = self.form(page)
        request_id = self.form(greedy)[0].partition('request_id=')[2]
        doubled = self.visit(action, method='POST', data={**hidden, 'answer': 'allow', 'request_id': request_id})
        self.assertEqual(doubled.status_code, 400)
        self.assertIn('request_id was sent more than once', doubled.text)
        self.assertFalse(self.consents())

    @requirement('attack', '36', 'What has changed since the page was shown is not allowed by it')
    def test_attack_36_a_client_that_changed_meanwhile(self):
        page = self.begin(scope=None)
        self.wiki.default_scope_ids += self.env.ref('restapi_oauth2.scope_odoo')
        asked_again = self.answer(page, 'allow')
        self.assertAsked(asked_again)
        self.assertIn('Read and change everything', asked_again.text)
        self.assertFalse(self.consents())

        page = self.begin(scope='openid email')
        self.wiki.scope_ids -= self.env.ref('restapi_oauth2.scope_email')
        asked_again = self.answer(page, 'allow')
        self.assertAsked(asked_again)
        self.assertNotIn('Know your email address', asked_again.text)

        page = self.begin()
        self.wiki.redirect_uri_ids.uri = 'https://app.example.com/moved'
        for answer in ('allow', 'deny'):
            moved = self.answer(page, answer)
            self.assertEqual(moved.status_code, 400)
            self.assertNotIn('Location', moved.headers)

        page = self.begin(redirect_uri='https://app.example.com/moved')
        self.wiki.active = False
        self.assertEqual(self.answer(page, 'allow').status_code, 401)
        self.assertFalse(self.consents())
        self.assertFalse(self.codes())

    @requirement('attack', '36', 'A page that was left open for half an hour allows nothing')
    def test_attack_36_a_page_that_waited_for_too_long(self):
        page = self.begin()
        [(name, value)] = self.waiting().items()
        for age, is_stale in ((1801, True), (1700, False)):
            self.wait(name, {**value, 'asked_at': value['asked_at'] - age})
            with self.subTest(age):
                if is_stale:
                    self.assertStale(self.answer(page, 'allow'))
                else:
                    self.assertIn('code', self.arrived(self.answer(page, 'allow')))

    @requirement('attack', '36', 'The button of one page does not stand for the question of another')
    def test_attack_36_allowing_where_something_else_was_asked(self):
        for prompt in ('select_account', 'login'):
            with self.subTest(prompt):
                response = self.answer(self.begin(prompt=prompt), 'allow')
                self.assertEqual(response.status_code, 200)
                self.assertNotIn('value="allow"', response.text)
        self.assertFalse(self.consents())

    @requirement('attack', '36', 'A form of another site neither logs the user out nor in')
    def test_attack_36_forms_of_other_sites_set_no_cookie(self):
        """Browsers send them without the session's cookie, which is SameSite=Lax."""
        self.authenticate(None, None)
        self.opener.cookies.set('session_id', None, domain=HOST)
        for endpoint, data in (
            ('authorize', self.parameters()), ('consent', {'request_id': 'x', 'answer': 'allow'}),
            ('logout', {'answer': 'sign_out'}), ('logout', {}), ('userinfo', {}), ('access_token', {}),
        ):
            with self.subTest(endpoint):
                response = self.ask(endpoint, 'POST', AS_A_BROWSER, data=data)
                self.assertNotIn('session_id', response.headers.get('Set-Cookie', ''))
        self.assertIn(WAITING, self.ask('authorize', 'GET', AS_A_BROWSER, params=self.parameters()).headers[
            'Set-Cookie'])
