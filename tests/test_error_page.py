"""The page in place of a redirection: what it tells to whom, and what is recorded."""
from urllib.parse import urlencode

from lxml import html

from odoo.tests import new_test_user

from .browser import BrowserCase
from .common import PATH
from .requirement import requirement
from .test_pages import text

SENT = 'https://app.example.com/callbac\u202ek?a=<b>&c=d'
SHOWN = r'https://app.example.com/callbac\u202ek?a=<b>&c=d'
KEPT = r'https://app.example.com/callbac\u202ek?a=…&c=…'


class TestErrorPage(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrators = [
            new_test_user(cls.env, login, groups=f'base.group_user,{group}', password=login)
            for login, group in (('oauth2_manager', 'restapi_oauth2.group_oauth2_administrator'),
                                 ('oauth2_settings', 'base.group_system'))]

    def setUp(self):
        super().setUp()
        self.env['oauth2.event'].search([]).unlink()

    def refused(self, client=None, redirect_uri=SENT, **parameters):
        """The page for a request that cannot be redirected."""
        response = self.begin(client, redirect_uri=redirect_uri, **parameters)
        self.assertEqual(response.status_code, 400, response.text)
        self.assertNotIn('Location', response.headers)
        return response

    def events(self):
        self.env.invalidate_all()
        return self.env['oauth2.event'].search([('name', '=', 'redirect_uri_refused')], order='id')

    @requirement('contract', '4', 'The page with an error names the application, and to strangers nothing else')
    def test_who_is_no_administrator_sees_the_name_alone(self):
        for login in (None, 'oauth2_person'):
            self.authenticate(login, login)
            with self.subTest(login):
                page = self.refused()
                self.assertIn('Wiki', text(page))
                self.assertNotIn('callbac', text(page))
                self.assertFalse(html.fromstring(page.content).xpath('//a | //form | //@href | //@action | //@src'))

    @requirement('contract', '4', 'An administrator sees the redirect URI that was sent, as text')
    def test_an_administrator_sees_what_was_sent(self):
        for administrator in self.administrators:
            self.log_in(administrator.login)
            with self.subTest(administrator.login):
                page = self.refused()
                parsed = html.fromstring(page.content)
                self.assertIn(SHOWN, [code.text_content() for code in parsed.iter('code')])
                self.assertIn('&lt;b&gt;', page.text)
                self.assertEqual(parsed.xpath('//@href'), [f'/odoo/oauth2-applications/{self.wiki.id}'])
                self.assertFalse(parsed.xpath('//form | //@action | //@src | //input'))

    @requirement('attack', '8', 'What was sent as a redirect URI is never an address of the page')
    def test_attack_08_no_link_to_what_was_sent(self):
        self.log_in(self.administrators[0].login)
        for uri in ('javascript:alert(1)', 'https://evil.example.com/', '//evil.example.com', '/odoo/evil',
                    '"><a href="https://evil.example.com/">x</a>', 'https://evil.example.com/' + 'a' * 2000):
            with self.subTest(uri[:30]):
                page = self.refused(redirect_uri=uri)
                self.assertEqual(html.fromstring(page.content).xpath('//@href'),
                                 [f'/odoo/oauth2-applications/{self.wiki.id}'])
                self.assertIn(uri, text(page))

    def test_other_errors_that_are_shown_name_the_application_too(self):
        self.wiki.write({'redirect_uri_ids': [(0, 0, {'uri': 'https://app.example.com/other'})]})
        self.log_in(self.administrators[0].login)
        for page in (self.refused(redirect_uri=None), self.begin(response_mode='nothing'), self.begin(self.client)):
            self.assertEqual(page.status_code, 400)
            self.assertEqual(len(html.fromstring(page.content).xpath('//@href')), 1)
            self.assertNotIn('Redirect URI', text(page))
        self.assertFalse(self.events())

    def test_a_form_that_comes_from_the_application_gets_the_same_page(self):
        self.log_in(self.administrators[0].login)
        page = self.visit(f'{PATH}/authorize', method='POST', data=self.parameters(redirect_uri=SENT))
        self.assertEqual(page.status_code, 400)
        self.assertIn(SHOWN, text(page))

    def test_an_application_that_is_unknown_or_archived_has_no_name(self):
        self.wiki.active = False
        self.log_in(self.administrators[0].login)
        for client_id in (self.wiki.client_id, 'B' * 32):
            page = self.visit(f'{PATH}/authorize?' + urlencode(self.parameters(client_id=client_id, redirect_uri=SENT)))
            self.assertEqual(page.status_code, 401)
            self.assertNotIn('Wiki', text(page))
            self.assertNotIn('callbac', text(page))
        self.assertFalse(self.events())

    @requirement('contract', '3', 'A program is told what RFC 6749 has it told, whoever is logged in')
    def test_a_program_gets_nothing_of_it(self):
        self.log_in(self.administrators[0].login)
        response = self.authorize(self.wiki, redirect_uri='https://evil.example.com/')
        self.assertRefused(response, 400, 'invalid_request')
        self.assertNotIn('evil', response.text)
        self.assertNotIn('Wiki', response.text)
        self.assertEqual(self.events().detail, 'https://evil.example.com/')

    @requirement('contract', '4', 'The event has the redirect URI that was sent, cut and without control characters')
    def test_the_event_has_what_was_sent(self):
        self.refused()
        event = self.events()
        self.assertEqual((event.client_id, event.address, event.detail), (self.wiki, '127.0.0.1', KEPT))
        event.unlink()
        self.refused(redirect_uri=f'https://app.example.com/{"a" * 1500}')
        self.assertEqual(len(self.events().detail), 500)
        self.assertTrue(self.events().detail.endswith('a…'))

    @requirement('attack', '75', 'Refused redirect URIs leave one event of an hour for an application')
    def test_attack_75_events_are_sampled(self):
        for number in range(5):
            self.refused(redirect_uri=f'https://evil.example.com/{number}')
            self.authorize(self.wiki, redirect_uri=f'https://evil.example.com/direct/{number}')
        self.assertEqual(self.events().detail, 'https://evil.example.com/0')
        self.authorize(redirect_uri='https://evil.example.com/')
        self.assertEqual(self.events().client_id, self.wiki | self.client)
        self.sql("UPDATE oauth2_event SET happened_at = happened_at - interval '1 hour'")
        self.refused(redirect_uri='https://evil.example.com/later')
        self.assertEqual(self.events()[-1].detail, 'https://evil.example.com/later')

    def test_the_link_leads_to_the_form(self):
        self.log_in(self.administrators[0].login)
        [address] = html.fromstring(self.refused().content).xpath('//@href')
        self.browser_js(
            address, "console.log('test successful')",
            "document.querySelector('.o_form_view .o_field_widget[name=name] :is(input, textarea)')?.value === 'Wiki'",
            login=self.administrators[0].login)
        self.assertEqual(len(self.wiki.redirect_uri_ids), 1)
