"""The consent page, with all that people and their browsers may do."""
from urllib.parse import parse_qs, urlsplit

import requests
from application import Application
from authlib.integrations.requests_client import OAuth2Session, OAuthError
from browser import BrowserCase
from lxml import html
from requirement import requirement


class TestConsentPage(BrowserCase):

    def setUp(self):
        super().setUp()
        self.application = Application()
        self.addCleanup(self.application.close)
        self.metadata = self.discover()
        self.told = self.register(self.application.address)
        self.session = OAuth2Session(
            self.told['client_id'], self.told['client_secret'], scope='odoo',
            redirect_uri=self.application.redirect_uri, code_challenge_method='S256')

    def request(self, **parameters):
        """The address at which the application sends a browser off."""
        url, self.state = self.session.create_authorization_url(
            self.metadata['authorization_endpoint'], code_verifier='v' * 43, **parameters)
        return url

    def redeem(self, arrival):
        """What the application makes of the answer."""
        return self.session.fetch_token(
            self.metadata['token_endpoint'], authorization_response=arrival, state=self.state,
            code_verifier='v' * 43)

    @requirement('contract', '4', 'The consent page needs no script, nor does the form that posts an answer')
    def test_it_works_without_scripts(self):
        for mode in ('query', 'form_post'):
            with self.subTest(mode):
                window = self.window()
                window.switch_scripts_off()
                # Without scripts, Odoo shows its login form only where a name is known.
                window.open(self.request(login_hint=self.login, response_mode=mode, prompt='consent'))
                window.sign_in(self.login, self.login)
                window.answer('allow')
                if mode == 'form_post':
                    window.press(f'form[action^="{self.application.address}"] button')
                arrival, form = self.application.request()
                self.assertIn('access_token', self.redeem(f'{arrival}?{form}' if form else arrival))

    @requirement('RFC 9207', '2', 'An error, too, says from which issuer it comes')
    def test_the_application_is_told_that_the_user_denied_it(self):
        window = self.window()
        window.open(self.request())
        window.sign_in(self.login, self.login)
        window.answer('deny')
        arrival = self.application.answer()
        answer = {name: values for name, [values] in parse_qs(urlsplit(arrival).query).items()}
        self.assertEqual((answer['error'], answer['state'], answer['iss']), ('access_denied', self.state, self.url))
        with self.assertRaises(OAuthError):
            self.redeem(arrival)

    @requirement('contract', '4', 'Enter in a checkbox of the consent page answers nothing')
    def test_enter_in_a_checkbox_answers_nothing(self):
        administrator = self.administrator
        company = administrator.call('res.company', 'create', [{'name': f'Second of {self.login}'}])
        [user] = administrator.call('res.users', 'search', [('login', '=', self.login)])
        administrator.call('res.users', 'write', [user], {'company_ids': [(4, company[0])]})
        self.addCleanup(administrator.call, 'res.users', 'write', [user], {'company_ids': [(3, company[0])]})
        for has_scripts in (True, False):
            with self.subTest(has_scripts=has_scripts):
                window = self.window()
                if not has_scripts:
                    window.switch_scripts_off()
                window.open(self.request(prompt='consent', login_hint=self.login))
                window.sign_in(self.login, self.login)
                window.wait_for('.choice input')
                page = window.url
                window.look('window.isTheSamePage = true')
                window.press_enter('.choice input')
                # A click is handled after whatever Enter has begun.
                window.press(f'input[name=company_{company[0]}]')
                self.assertTrue(window.look('window.isTheSamePage'))
                self.assertEqual((window.url, window.look('document.body.dataset.sent')), (page, None))
                window.press_enter('button[value=allow]')  # here it is what the person means
                self.assertIn('access_token', self.redeem(self.application.answer()))

    # ------------------------------------------------------------------
    # The same answer many times
    # ------------------------------------------------------------------

    def signed_in(self):
        """A session of the user, without a browser."""
        session = requests.Session()
        form = html.fromstring(session.get(f'{self.url}/web/login', timeout=60).text).find('.//form')
        session.post(f'{self.url}/web/login', timeout=60, data={
            **dict(form.fields), 'login': self.login, 'password': self.login})
        return session

    def user_of(self, session):
        answer = session.post(f'{self.url}/web/session/get_session_info', json={}, timeout=60).json()
        return answer.get('result', {}).get('username')

    def answers(self, session, word='allow', **parameters):
        """What becomes of a request that is answered many times at once."""
        page = session.get(self.request(**parameters), timeout=60, headers={'Accept': 'text/html'})
        form = html.fromstring(page.text, base_url=page.url).find('.//form')
        form.make_links_absolute()
        fields, cookies = {**dict(form.fields), 'answer': word}, session.cookies.get_dict()
        return self.at_once(lambda: requests.post(
            form.action, data=fields, cookies=cookies, allow_redirects=False, timeout=60))

    def codes(self):
        """How many codes the application was given that it has not redeemed."""
        [(count,)] = self.sql("""
            SELECT count(*) FROM oauth2_authorization_code WHERE used_at IS NULL AND client_id =
                (SELECT id FROM oauth2_client WHERE client_id = %s)""", self.told['client_id'])
        return count

    @requirement('contract', '4', 'A consent is one code, however often the form is sent')
    def test_one_consent_given_many_times_is_one_code(self):
        session = self.signed_in()
        # First without a consent to remember; then where nothing but the code would be new.
        for prompt in ({}, {'prompt': 'consent'}):
            with self.subTest(prompt):
                answers = self.answers(session, **prompt)
                self.assertEqual({answer.status_code for answer in answers}, {303, 400})
                arrivals = {answer.headers['Location'] for answer in answers if answer.status_code == 303}
                self.assertEqual((len(arrivals), self.codes()), (1, 1))
                self.assertIn('access_token', self.redeem(arrivals.pop()))
                self.assertEqual(self.codes(), 0)
                self.assertEqual(self.user_of(session), self.login, 'the user was logged out')

    @requirement('attack', '91', 'A denial is one, too: whatever is sent after it or with it is refused')
    def test_attack_91_one_denial_given_many_times(self):
        session = self.signed_in()
        answers = self.answers(session, 'deny', prompt='consent')
        self.assertEqual(sorted(answer.status_code for answer in answers), [303] + [400] * (len(answers) - 1))
        self.assertEqual(self.codes(), 0)
