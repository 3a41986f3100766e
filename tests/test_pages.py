"""The pages for people: they say what they must, in the person's language, and load nothing."""
import base64
import io
from unittest.mock import patch

from lxml import html
from PIL import Image

from odoo.tests import new_test_user
from odoo.tools.translate import code_translations

from .browser import AS_A_BROWSER, BrowserCase
from .common import PATH
from .requirement import requirement

LINKS = {
    'client_uri': 'https://app.example.com/',
    'policy_uri': 'https://app.example.com/privacy',
    'tos_uri': 'https://app.example.com/terms#short',
}
LOOPBACK = 'http://127.0.0.1/callback'


def text(page, path='//main'):
    """What can be read in a part of a page, with single spaces."""
    [part] = html.fromstring(page.content).xpath(path)
    return ' '.join(part.text_content().split())


def a_logo():
    """A picture, as a field holds it."""
    content = io.BytesIO()
    Image.new('RGB', (8, 8), 'teal').save(content, 'png')
    return base64.b64encode(content.getvalue())


class PagesCase(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wiki.write({'publisher': 'Makers & Co', 'logo': a_logo(), **LINKS})

    def every_page(self):
        """Each page of this addon, as a person comes to it."""
        self.log_in()
        yield 'consent', self.begin()
        self.env['oauth2.consent']._record(self.wiki, self.person.id, 'openid', 'https://odoo.example.com', LOOPBACK)
        yield 'connected_apps', self.visit(f'{PATH}/connected-apps')
        yield 'account', self.begin(prompt='select_account')
        yield 'sign_in', self.begin(prompt='login')
        self.wiki.open_to = 'listed'
        yield 'not_admitted', self.begin()
        self.wiki.open_to = 'everybody'
        yield 'form_post', self.answer(self.begin(response_mode='form_post'), 'deny')
        yield 'error', self.visit(f'{PATH}/authorize?client_id=nobody')
        yield 'stale', self.visit(f'{PATH}/consent?request_id=nothing')
        yield 'logout', self.visit(f'{PATH}/logout?client_id={self.wiki.client_id}')
        yield 'still_logged_in', self.answer(self.visit(f'{PATH}/logout'), 'stay')
        yield 'logged_out', self.answer(self.visit(f'{PATH}/logout'), 'sign_out')


class TestPages(PagesCase):

    @requirement('contract', '4', 'The consent page says who asks whom, for what, for how long, and where it leads')
    def test_the_consent_page_says_all_there_is_to_know(self):
        self.log_in()
        page = self.begin(scope='openid odoo')
        self.assertEqual(text(page, '//h1'), f'Wiki wants access to your {self.person.company_id.name} account')
        sentences = self.env['oauth2.scope'].search([('name', 'in', ('openid', 'odoo'))]).mapped('description')
        items = [' '.join(item.text_content().split()) for item in html.fromstring(page.content).xpath('//li')]
        self.assertEqual(items, [sentences[0], f'{sentences[1]} everything that you can do yourself'])
        for words in ('Makers & Co', 'Ada Person', 'oauth2_person', self.person.company_id.name, 'app.example.com',
                      'Up to 180 days', 'disconnect it in your preferences'):
            self.assertIn(words, text(page))
        links = html.fromstring(page.content).xpath('//a')
        self.assertEqual({link.get('href') for link in links}, set(LINKS.values()))
        for link in links:
            self.assertEqual((link.get('target'), link.get('rel')), ('_blank', 'noopener noreferrer nofollow'))
        [logo] = html.fromstring(page.content).xpath('//img[@class="logo"]/@src')
        self.assertTrue(logo.startswith('data:image/png;base64,'))

    def test_without_logo_publisher_and_links_nothing_stands_in_their_place(self):
        self.wiki.write({'publisher': False, 'logo': False, **dict.fromkeys(LINKS, False)})
        self.log_in()
        page = self.begin()
        self.assertEqual(text(page, '//header'), f'Wiki wants access to your {self.person.company_id.name} account')
        self.assertFalse(html.fromstring(page.content).xpath('//header//img | //a'))

    def test_without_refresh_token_it_says_how_long_an_access_token_lives(self):
        self.wiki.write({'grant_refresh_token': False, 'access_token_lifetime': 7})
        self.log_in()
        self.assertIn('7 minutes each time', text(self.begin()))

    @requirement('RFC 8252', '8.6', 'The page says of an application on the device that it is one')
    def test_it_says_that_an_application_on_the_device_is_one(self):
        self.wiki.write({'redirect_uri_ids': [(0, 0, {'uri': LOOPBACK})]})
        self.log_in()
        self.assertIn('127.0.0.1 an app on this device', text(self.begin(redirect_uri=LOOPBACK)))
        self.assertNotIn('on this device', text(self.begin()))

    def test_a_portal_user_allows_an_application_and_is_told_who_takes_it_back(self):
        portal = new_test_user(self.env, 'oauth2_portal', groups='base.group_portal', password='oauth2_portal')
        self.log_in('oauth2_portal')
        page = self.begin()
        self.assertIn('until you disconnect it at', text(page))
        self.assertIn('code', self.arrived(self.answer(page, 'allow')))
        self.assertEqual(self.env['oauth2.consent'].search([('client_id', '=', self.wiki.id)]).user_id, portal)

    def test_what_is_switched_off_is_nobodys_mistake(self):
        self.env['ir.config_parameter'].set_param('restapi_oauth2.openid_connect', False)
        page = self.visit(f'{PATH}/logout')
        self.assertEqual(page.status_code, 404)
        self.assertIn('ask the administrator', text(page))
        self.assertNotIn('mistake', text(page))

    @requirement('contract', '4', 'Enter in a field answers no question: the default button of its form does nothing')
    def test_enter_answers_no_question(self):
        with_a_choice = self.env['res.company'].create({'name': 'Second'})
        self.person.company_ids += with_a_choice
        asked = set()
        for name, page in self.every_page():
            for form in html.fromstring(page.content).forms:
                answers = form.xpath('.//*[@name="answer"]')
                with self.subTest(name, answers=[answer.get('value') for answer in answers]):
                    default, *_others = form.xpath(
                        './/button[not(@type) or @type="submit"] | .//input[@type="submit" or @type="image"]')
                    # The form that carries an answer to the application asks nothing, and has no field.
                    if answers or form.xpath('.//input[@type!="hidden"]'):
                        self.assertEqual(default.get('formmethod'), 'dialog')  # and there is no dialog
                        self.assertFalse({'disabled', 'hidden', 'name'} & set(default.attrib))
                        asked.add(name)
                self.assertFalse(form.xpath('//dialog | //*[@form]'))  # a button elsewhere could be the first one
        self.assertEqual(asked, {'consent', 'connected_apps', 'account', 'sign_in', 'not_admitted', 'logout'})

    @requirement('contract', '4', 'Another account is chosen outside of the form that allows something')
    def test_another_account_is_a_form_of_its_own(self):
        self.log_in()
        answers = [sorted(form.xpath('.//button[@name="answer"]/@value'))
                   for form in html.fromstring(self.begin().content).forms]
        self.assertEqual(answers, [['sign_in'], ['allow', 'deny']])

    @requirement('contract', '3', 'Pages for people load nothing, and run no script but their own')
    def test_a_page_loads_nothing_from_anywhere(self):
        for name, page in self.every_page():
            with self.subTest(name):
                parsed = html.fromstring(page.content)
                self.assertFalse(parsed.xpath('//link | //iframe | //object | //embed | //script[@src] | //base'))
                self.assertFalse([uri for uri in parsed.xpath('//@src') if not uri.startswith('data:image/')])
                self.assertFalse(parsed.xpath('//@*[starts-with(name(), "on")] | //@style'))
                self.assertNotIn('url(', page.text)
                self.assertIn("default-src 'none'", page.headers['Content-Security-Policy'])

    def test_a_page_can_be_read_to_those_who_do_not_see_it(self):
        for name, page in self.every_page():
            with self.subTest(name):
                parsed = html.fromstring(page.content)
                self.assertEqual((parsed.get('lang'), parsed.get('dir')), ('en-US', 'ltr'))
                self.assertTrue(parsed.xpath('//title')[0].text_content().strip())
                self.assertEqual(len(parsed.xpath('//main')), 1)
                self.assertFalse(parsed.xpath('//img[not(@alt)]'))
                for button in parsed.xpath('//button[not(@aria-hidden)]'):
                    self.assertEqual(button.get('type'), 'submit')
                    self.assertTrue(button.text_content().strip())


class TestLanguages(PagesCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        for code in ('fr_FR', 'ar_001', 'sr@latin'):
            cls.env['res.lang']._activate_lang(code)
        for name, terms in {
            'consent': {'It will be able to:': 'Elle pourra :'},
            'error_page': {'This request cannot be answered': 'Demande sans réponse'},
            'logged_out': {'You are signed out': 'Vous êtes déconnecté'},
        }.items():
            cls.env.ref(f'restapi_oauth2.{name}').update_field_translations('arch_db', {'fr_FR': terms})
        cls.env.ref('restapi_oauth2.scope_openid').with_context(lang='fr_FR').description = 'Savoir qui vous êtes'

    def setUp(self):
        super().setUp()
        # What a file i18n/fr.po would hold.
        self.startPatcher(patch.dict(code_translations.python_translations, {('restapi_oauth2', 'fr_FR'): {
            '%(application)s wants access to your %(company)s account':
                '%(application)s veut accéder à votre compte %(company)s', 'Up to %s days': '%s jours au plus'}}))

    def test_the_consent_page_is_in_the_language_of_the_person(self):
        self.person.lang = 'fr_FR'
        self.log_in()
        page = self.begin()
        for words in ('Wiki veut accéder à votre compte', 'Elle pourra :', 'Savoir qui vous êtes', '180 jours au plus'):
            self.assertIn(words, text(page).replace('\xa0', ' '))
        self.assertEqual(html.fromstring(page.content).get('lang'), 'fr-FR')

    def test_where_nobody_is_logged_in_a_page_is_in_the_language_of_the_browser(self):
        for address, headline in ((f'{PATH}/authorize?client_id=nobody', 'Demande sans réponse'),
                                  (f'{PATH}/logout', 'Vous êtes déconnecté')):
            page = self.url_open(address, headers={**AS_A_BROWSER, 'Accept-Language': 'fr-FR,fr;q=0.9,en;q=0.5'})
            self.assertEqual(text(page, '//h1'), headline)
            self.assertEqual(html.fromstring(page.content).get('lang'), 'fr-FR')

    def test_a_page_about_an_error_is_in_the_language_that_the_user_has_now(self):
        self.log_in()
        self.person.lang = 'fr_FR'  # after the login, whose language the session keeps
        for address in ('access_token', 'nothing', 'authorize'):
            page = self.visit(f'{PATH}/{address}', headers={'Accept-Language': 'en'})
            self.assertEqual(html.fromstring(page.content).get('lang'), 'fr-FR', address)

    def test_a_language_that_is_not_installed_changes_nothing(self):
        page = self.url_open(f'{PATH}/logout', headers={**AS_A_BROWSER, 'Accept-Language': 'de-DE'})
        self.assertEqual(text(page, '//h1'), 'You are signed out')

    def test_a_page_is_written_from_the_right_where_the_language_is(self):
        self.person.lang = 'ar_001'
        self.log_in()
        page = html.fromstring(self.begin().content)
        self.assertEqual((page.get('lang'), page.get('dir')), ('ar-001', 'rtl'))

    def test_the_name_of_a_script_is_no_part_of_the_language_tag(self):
        self.person.lang = 'sr@latin'
        self.log_in()
        self.assertEqual(html.fromstring(self.begin().content).get('lang'), 'sr')
