"""OpenID Connect Core §3.1.2: the questions to a person, in which order, and how often."""
import base64
import hashlib
import re
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml import html

from .browser import VERIFIER
from .common import PATH, REDIRECT_URI
from .endpoints import ISSUER, EndpointCase, claims_of
from .requirement import requirement


class PagesCase(EndpointCase):

    def setUp(self):
        super().setUp()
        self.user.password = 'oauth2_integration'
        self.log_in()

    def come_back(self, response, login='oauth2_person'):
        """Log in where a response sends the browser, and follow it back to the request that waits."""
        self.assertEqual(response.status_code, 303, response.text)
        self.assertEqual(urlsplit(response.headers['Location']).path, '/web/login')
        page = self.visit(response.headers['Location'])
        [back] = parse_qs(urlsplit(response.headers['Location']).query)['redirect']
        token = html.fromstring(page.content).xpath('//input[@name="csrf_token"]/@value')[0]
        logged_in = self.visit('/web/login', method='POST', data={
            'csrf_token': token, 'login': login, 'password': login, 'redirect': back})
        self.assertTrue(logged_in.headers['Location'].endswith(back), logged_in.headers['Location'])
        return self.visit(back)

    def assertPage(self, response, heading):
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(html.fromstring(response.content).find('.//h1').text_content().strip(), heading)

    def assertStale(self, response):
        """The person is told so; the application, which has had its answer, is not."""
        self.assertEqual(response.status_code, 400)
        self.assertIn('This page is out of date', response.text)
        self.assertNotIn('Location', response.headers)

    def codes(self):
        return self.env['oauth2.authorization.code'].search_count([('client_id', '=', self.wiki.id)])


class TestSelectAccount(PagesCase):

    ASKED, CONSENT = 'Which account for Wiki?', 'Wiki wants access to your YourCompany account'

    @requirement('OIDC Core', '3.1.2.1', 'prompt=select_account asks which account it shall be')
    def test_this_account(self):
        page = self.begin(prompt='select_account')
        self.assertPage(page, self.ASKED)
        self.assertIn('oauth2_person', page.text)
        chosen = self.answer(page, 'continue')
        self.assertEqual(chosen.status_code, 303)
        consent = self.visit(chosen.headers['Location'])
        self.assertPage(consent, self.CONSENT)
        self.assertIn('code', self.arrived(self.answer(consent, 'allow')))
        page = self.begin(prompt='select_account')  # with consent, and yet asked
        self.assertPage(page, self.ASKED)
        self.assertIn('code', self.arrived(self.answer(page, 'continue')))

    def test_another_account(self):
        page = self.begin(prompt='select_account')
        page = self.come_back(self.answer(page, 'sign_in'), 'oauth2_integration')
        self.assertPage(page, self.CONSENT)
        self.assertIn('Integration', page.text)
        code = self.arrived(self.answer(page, 'allow'))['code']
        tokens = self.redeem(code, self.wiki, self.wiki_secret, code_verifier=VERIFIER).json()
        self.assertEqual(claims_of(tokens['id_token'])['sub'], self.subject(self.user))

    def test_none_of_them(self):
        self.assertEqual(self.arrived(self.answer(self.begin(prompt='select_account'), 'deny'))['error'],
                         'access_denied')

    def test_the_page_does_not_allow_anything(self):
        page = self.begin(prompt='select_account')
        self.answer(page, 'allow')
        self.assertEqual(self.codes(), 0)

    def test_every_question_in_its_order(self):
        page = self.begin(prompt='consent select_account login')
        self.assertPage(page, 'Wiki asks you to sign in again')
        page = self.come_back(self.answer(page, 'sign_in'))
        self.assertPage(page, self.CONSENT)  # who has just logged in has chosen an account
        self.assertIn('code', self.arrived(self.answer(page, 'allow')))


class TestHints(PagesCase):

    @requirement('OIDC Core', '3.1.2.1', 'login_hint is given to the login page')
    def test_login_hint(self):
        self.authenticate(None, None)
        for hint in ('ada@example.com', 'a&b=c#"<'):
            response = self.begin(login_hint=hint)
            query = parse_qs(urlsplit(response.headers['Location']).query)
            self.assertEqual(query['login'], [hint])
            self.assertEqual(len(query), 2)

    def test_login_hint_of_another_account_is_used_after_switching(self):
        response = self.answer(self.begin(login_hint='oauth2_integration'), 'sign_in')
        self.assertIn('login=oauth2_integration', response.headers['Location'])

    @requirement('OIDC Core', '3.1.2.1', 'id_token_hint names the user that is meant')
    def test_id_token_hint_of_another_user(self):
        self.log_in('oauth2_integration')
        hint = self.tokens_of_wiki()['id_token']
        self.log_in()
        self.allow()
        self.assertEqual(self.arrived(self.begin(id_token_hint=hint, prompt='none'))['error'], 'login_required')
        page = self.begin(id_token_hint=hint)
        self.assertPage(page, 'Wiki asks you to sign in again')
        arrived = self.arrived(self.come_back(self.answer(page, 'sign_in'), 'oauth2_integration'))
        tokens = self.redeem(arrived['code'], self.wiki, self.wiki_secret, code_verifier=VERIFIER).json()
        self.assertEqual(claims_of(tokens['id_token'])['sub'], self.subject(self.user))

    def test_the_hint_is_not_passed_over_by_logging_in_as_somebody_else(self):
        self.log_in('oauth2_integration')
        hint = self.tokens_of_wiki()['id_token']
        self.log_in()
        self.allow()
        page = self.come_back(self.answer(self.begin(id_token_hint=hint), 'sign_in'))
        self.assertPage(page, 'Wiki asks you to sign in again')

    def test_id_token_hint_of_this_user(self):
        hint = self.tokens_of_wiki()['id_token']
        self.assertIn('code', self.arrived(self.begin(id_token_hint=hint, prompt='none')))

    def test_a_hint_that_is_none(self):
        tokens = self.tokens_of_wiki()
        for hint in ('x', 'a.b.c', tokens['access_token']):
            self.assertEqual(self.arrived(self.begin(id_token_hint=hint, prompt='none'))['error'], 'login_required')


class TestMaxAge(PagesCase):

    @requirement('OIDC Core', '3.1.2.1', 'max_age=0 makes everybody sign in, once')
    @requirement('OWASP ASVS 5.0', '10.3.4', 'max_age makes a user sign in again, and auth_time says so')
    def test_max_age_0_does_not_go_round_in_circles(self):
        self.allow()
        self.let_pass_since_login(5)
        page = self.begin(max_age='0')
        self.assertPage(page, 'Wiki asks you to sign in again')
        arrived = self.arrived(self.come_back(self.answer(page, 'sign_in')))
        tokens = self.redeem(arrived['code'], self.wiki, self.wiki_secret, code_verifier=VERIFIER).json()
        claims = claims_of(tokens['id_token'])
        self.assertLessEqual(claims['iat'] - claims['auth_time'], 60)
        self.assertPage(self.begin(max_age='0'), 'Wiki asks you to sign in again')  # each request anew

    def test_it_cannot_be_answered_by_allowing(self):
        self.let_pass_since_login(61)
        page = self.begin(max_age='60')
        self.assertPage(self.answer(page, 'allow'), 'Wiki asks you to sign in again')
        self.assertEqual(self.codes(), 0)

    def test_a_login_that_grew_too_old_while_the_page_was_open(self):
        page = self.begin(max_age='60')
        self.assertPage(page, 'Wiki wants access to your YourCompany account')
        self.let_pass_since_login(61)
        self.assertPage(self.answer(page, 'allow'), 'Wiki asks you to sign in again')
        self.assertEqual(self.codes(), 0)

    def test_who_does_not_want_to_sign_in_again(self):
        self.let_pass_since_login(61)
        self.assertEqual(self.arrived(self.answer(self.begin(max_age='60'), 'deny'))['error'], 'access_denied')


class TestWaitingRequests(PagesCase):

    def change(self, change):
        """Change what waits in the browser."""
        for name, value in self.waiting().items():
            self.wait(name, change(value))

    @requirement('contract', '4', 'The browser keeps the pending request; the form carries its identifier alone')
    def test_the_form_carries_nothing_of_the_request(self):
        _action, hidden = self.form(self.begin())
        self.assertEqual(set(hidden), {'csrf_token'})

    def test_a_page_is_answered_once(self):
        page = self.begin()
        self.assertIn('code', self.arrived(self.answer(page, 'allow')))
        for word in ('allow', 'deny', 'sign_in'):
            self.assertStale(self.answer(page, word))
        self.assertEqual(self.codes(), 1)

    def test_a_page_of_another_session(self):
        page = self.begin()
        self.log_in()
        self.assertStale(self.answer(page, 'allow'))

    def test_a_form_that_was_not_sent_from_the_page(self):
        page = self.begin()
        for token in ('', 'x', 'ü'):
            response = self.answer(page, 'allow', csrf_token=token)
            self.assertStale(response)
        self.assertIn('code', self.arrived(self.answer(page, 'allow')))

    def test_unknown_requests_and_unknown_answers(self):
        self.assertStale(self.visit(f'{PATH}/consent?request_id=x'))
        self.assertEqual(self.visit(f'{PATH}/consent').status_code, 400)
        page = self.begin()
        for word in ('', 'yes', 'ALLOW'):
            self.assertEqual(self.answer(page, word).status_code, 400)
        self.assertEqual(self.codes(), 0)

    @requirement('contract', '4', 'The pending request is bound to the user who was shown the page')
    def test_the_page_that_somebody_else_was_shown(self):
        page = self.begin()
        self.change(lambda value: {**value, 'user_id': self.user.id})
        response = self.answer(page, 'allow')
        self.assertPage(response, 'Wiki wants access to your YourCompany account')
        self.assertEqual(self.codes(), 0)
        self.assertIn('code', self.arrived(self.answer(response, 'allow')))

    def test_a_page_that_asked_for_something_else(self):
        scope = self.env['oauth2.scope'].create({'name': 'shop.read', 'description': 'Read the shop'})
        self.wiki.scope_ids += scope
        page = self.begin(scope=None)
        self.assertNotIn('Read the shop', page.text)
        self.wiki.default_scope_ids += scope
        response = self.answer(page, 'allow')
        self.assertPage(response, 'Wiki wants access to your YourCompany account')
        self.assertIn('Read the shop', response.text)
        self.assertEqual(self.codes(), 0)

    def test_what_the_application_lost_meanwhile(self):
        page = self.begin(scope='email')
        self.wiki.scope_ids -= self.env.ref('restapi_oauth2.scope_email')
        self.assertEqual(self.arrived(self.answer(page, 'allow'))['error'], 'invalid_scope')
        page = self.begin()
        self.wiki.active = False
        response = self.answer(page, 'allow')
        self.assertEqual(response.status_code, 401)
        self.assertNotIn('Location', response.headers)

    def test_several_requests_wait_at_the_same_time_and_the_oldest_make_room(self):
        pages = [self.begin(state=f'page {number}') for number in range(11)]
        waiting = [value['parameters']['state'] for value in self.waiting().values()]
        self.assertGreaterEqual(len(waiting), 5)
        self.assertEqual(sorted(waiting), sorted(f'page {number}' for number in range(11 - len(waiting), 11)))
        self.assertStale(self.answer(pages[0], 'allow'))
        for number in (10, 7, 8):
            arrived = self.arrived(self.answer(pages[number], 'allow'))
            self.assertEqual(arrived['state'], f'page {number}')
        self.assertEqual(len(self.waiting()), len(waiting) - 3)

    def test_loading_a_page_again_begins_no_other_request(self):
        page = self.begin()
        address, _hidden = self.form(page)
        self.assertPage(self.visit(address), 'Wiki wants access to your YourCompany account')
        self.assertEqual(len(self.waiting()), 1)

    def test_an_answer_leaves_nothing_waiting(self):
        for word in ('allow', 'deny'):
            self.answer(self.begin(prompt='consent'), word)
            self.assertFalse(self.waiting())


class TestFormPost(PagesCase):

    @requirement('OAuth Form Post', '2', 'The answer is a form that the browser sends to the redirect URI')
    @requirement('RFC 9700', '4.16', 'Nothing but the page\'s own script runs on it')
    def test_the_form(self):
        state = '"><script>alert(1)</script>'
        page = self.answer(self.begin(response_mode='form_post', state=state), 'allow')
        self.assertEqual(page.status_code, 200)
        document = html.fromstring(page.content)
        [form] = document.forms
        self.assertEqual((form.action, form.method), (REDIRECT_URI, 'POST'))
        fields = dict(form.form_values())
        self.assertEqual((set(fields), fields['state'], fields['iss']), ({'code', 'state', 'iss'}, state, ISSUER))
        [script] = document.xpath('//script/text()')
        digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        self.assertIn(f"script-src 'sha256-{digest}'", page.headers['Content-Security-Policy'])
        self.assertNotIn('form-action', page.headers['Content-Security-Policy'])
        self.assertEqual(page.headers['Cache-Control'], 'no-store')
        self.assertEqual(page.headers['Referrer-Policy'], 'no-referrer')
        tokens = self.redeem(fields['code'], self.wiki, self.wiki_secret, code_verifier=VERIFIER)
        self.assertEqual(tokens.status_code, 200)

    def test_errors_take_the_same_way(self):
        for page in (self.answer(self.begin(response_mode='form_post'), 'deny'),
                     self.begin(response_mode='form_post', prompt='none'),
                     self.begin(response_mode='form_post', scope='nonsense')):
            [form] = html.fromstring(page.content).forms
            self.assertEqual((form.action, set(dict(form.form_values()))), (
                REDIRECT_URI, {'error', 'error_description', 'state', 'iss'}))

    def test_other_modes_are_shown_as_errors_and_go_nowhere(self):
        for mode in ('fragment', 'x'):
            response = self.begin(response_mode=mode)
            self.assertEqual(response.status_code, 400)
            self.assertNotIn('Location', response.headers)


class TestLanguage(PagesCase):

    @requirement('contract', '4', 'The consent page speaks the language of the user')
    def test_pages_speak_the_language_of_the_user(self):
        self.env['res.lang']._activate_lang('fr_FR')
        scope = self.env.ref('restapi_oauth2.scope_openid')
        scope.with_context(lang='fr_FR').description = 'Savoir qui vous êtes'
        page = self.begin()
        self.assertIn('<html lang="en-US"', page.text)
        self.assertIn('Know who you are', page.text)
        self.person.lang = 'fr_FR'
        for page in (self.begin(), self.begin(prompt='login'), self.begin(prompt='select_account')):
            self.assertIn('<html lang="fr-FR"', page.text)
        page = self.visit(f'{PATH}/authorize?{urlencode(self.parameters())}', headers={'Accept-Language': 'de'})
        self.assertIn('Savoir qui vous êtes', page.text)
        self.assertNotIn('Know who you are', page.text)
        self.assertTrue(re.search(r'charset="?utf-8', page.text))
