"""Odoo's login page names the application to which a person is signing in, but only if that application has asked."""
from urllib.parse import parse_qs, urlencode, urlsplit

from lxml import html

from odoo.tests import HOST

from .browser import BrowserCase
from .common import PATH
from .requirement import requirement


class TestSignInTo(BrowserCase):

    def setUp(self):
        super().setUp()
        self.authenticate(None, None)

    def sentence(self, page):
        """What the login page says of an application."""
        return [' '.join(part.text_content().split()) for part in html.fromstring(page.content).xpath(
            '//*[hasclass("oauth2_sentence")]')]

    def login_page(self):
        return self.visit(self.begin().headers['Location'])

    @requirement('contract', '4', 'The login page names the application that asked, and no other')
    def test_it_names_the_application(self):
        self.wiki.name = '<b>Wiki</b>\u202e & \u05d0'
        page = self.login_page()
        self.assertEqual(self.sentence(page), ['Sign in to continue to <b>Wiki</b> & \u05d0'])
        self.assertTrue(html.fromstring(page.content).xpath('//*[hasclass("oauth2_sentence")]/bdi'))
        action, hidden = self.form(page)
        wrong = self.visit(action, method='POST', data={**hidden, 'login': 'oauth2_person', 'password': 'wrong'})
        self.assertIn('Wrong login', wrong.text)
        self.assertEqual(len(self.sentence(wrong)), 1)

    def test_after_another_account_was_chosen_too(self):
        self.log_in()
        page = self.visit(self.answer(self.begin(), 'sign_in').headers['Location'])
        self.assertEqual(self.sentence(page), ['Sign in to continue to Wiki'])

    def test_nothing_stands_there_otherwise(self):
        self.assertFalse(self.sentence(self.visit('/web/login')))
        self.login_page()
        for address in ('/web/login', '/web/login?redirect=/odoo', f'/web/login?redirect={PATH}/connected-apps'):
            self.assertFalse(self.sentence(self.visit(address)), address)

    @requirement('attack', '66', 'No address, and no cookie that others made, has the login page name an application')
    def test_attack_66_nobody_makes_it_up(self):
        login = self.begin().headers['Location']
        [back] = parse_qs(urlsplit(login).query)['redirect']
        for address in (f'/web/login?{urlencode({"redirect": back + "x"})}',
                        f'/web/login?{urlencode({"redirect": back, "oauth2_sentence": "Sign in to the moon"})}',
                        f'/web/login?redirect={PATH}/consent'):
            self.assertNotIn('moon', str(self.sentence(self.visit(address))), address)
        for address in (back + 'x', f'{PATH}/consent'):
            self.assertFalse(self.sentence(self.visit(f'/web/login?{urlencode({"redirect": address})}')), address)
        [cookie] = [cookie for cookie in self.opener.cookies if cookie.name == 'oauth2_sign_in']
        self.assertEqual((cookie.path, cookie.has_nonstandard_attr('HttpOnly')), ('/web/login', True))
        [waiting] = [cookie for cookie in self.opener.cookies if cookie.name.startswith('oauth2_request_')]
        name = waiting.name.removeprefix('oauth2_request_')
        for value in ('', 'x', 'Sign in to the moon', waiting.value, cookie.value[:-2] + 'AA',
                      self.seal(name, 'Wiki'), self.seal(name, self.wiki.client_id)):
            self.opener.cookies.set('oauth2_sign_in', value, domain=HOST, path='/web/login')
            page = self.visit(login)
            self.assertEqual(page.status_code, 200)
            self.assertFalse(self.sentence(page), value)

    def test_an_application_that_is_archived_is_not_named(self):
        login = self.begin().headers['Location']
        self.wiki.active = False
        self.assertFalse(self.sentence(self.visit(login)))
