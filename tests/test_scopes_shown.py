"""The scopes as people are shown them: in groups, the broad ones first, and nothing twice."""
from lxml import html

from odoo import Command

from .browser import BrowserCase
from .test_pages import a_logo, text


class TestScopesShown(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wiki.scope_ids = cls.env['oauth2.scope'].search([])

    def shown(self, scope):
        """The names of what is shown, in groups."""
        return [group.mapped('name') for group in self.env['oauth2.scope']._shown(scope)]

    def test_groups_and_order(self):
        self.assertEqual(
            self.shown('offline_access moon contacts.read user.read odoo.read email openid'),
            [['openid', 'email'], [], ['odoo.read'], ['offline_access']])
        self.assertEqual(self.shown('contacts.read users.read'), [[], [], ['contacts.read', 'users.read'], []])

    def test_what_is_contained_is_left_out(self):
        for scope, data in {
            'odoo odoo.read contacts.read contacts.write': ['odoo'],
            'odoo.read contacts.read contacts.write user.write': ['odoo.read', 'contacts.write', 'user.write'],
            'contacts.read contacts.write': ['contacts.write'],
            'contacts.write companies.read': ['contacts.write', 'companies.read'],
        }.items():
            self.assertEqual(self.shown(scope)[2], data, scope)

    def test_what_opens_nothing_stays(self):
        """Only the route that requires it knows what it means."""
        self.env['oauth2.scope'].create([{'name': 'moon', 'description': 'Fly to the moon'}, {
            'name': 'gone', 'description': 'Read what is gone', 'line_ids': [Command.create({'model': 'no.such'})]}])
        self.assertEqual(self.shown('odoo moon gone')[2], ['odoo', 'gone', 'moon'])

    def test_of_two_that_are_the_same_one_is_shown(self):
        self.env['oauth2.scope'].create({
            'name': 'people.read', 'description': 'Read people', 'sequence': 90,
            'line_ids': [Command.create({'model': line.model})
                         for line in self.env.ref('restapi_oauth2.scope_contacts_read').line_ids]})
        self.assertEqual(self.shown('contacts.read people.read')[2], ['contacts.read'])

    def test_on_the_page(self):
        self.log_in()
        page = self.begin(scope='openid email odoo.read contacts.read offline_access')
        parsed = html.fromstring(page.content)
        self.assertEqual(
            [part.text_content() for part in parsed.xpath('//h3')],
            ['Who you are', 'Your data', 'How long it lasts', 'You will be sent to'])
        [broad] = parsed.xpath('//li[@class="broad"]')
        self.assertIn('everything that you can see yourself', broad.text_content())
        self.assertNotIn('Read your contacts', text(page))
        self.assertIn('Go on after you have signed out', text(page, '(//section)[last() - 1]'))
        self.assertIn('code', self.arrived(self.answer(page, 'allow')))
        consent = self.env['oauth2.consent'].search([('client_id', '=', self.wiki.id)])
        self.assertIn('contacts.read', consent.scope)  # what is given is what was asked for
        self.assertNotIn('Read your contacts', consent.description)
        access = self.env['oauth2.access'].search([('client_id', '=', self.wiki.id)])
        self.assertNotIn('Read your contacts', access.description)

    def test_names_of_others_turn_nothing(self):
        self.wiki.name = '\u202eikiW\u2066 <i>'
        self.person.company_id.name = '\u0634\u0631\u0643\u0629'
        self.log_in()
        page = self.begin()
        self.assertEqual(text(page, '//h1'), 'ikiW <i> wants access to your \u0634\u0631\u0643\u0629 account')
        self.assertEqual([part.text_content() for part in html.fromstring(page.content).xpath('//h1/bdi')],
                         ['ikiW <i>', '\u0634\u0631\u0643\u0629'])
        self.assertEqual(text(page, '//title'), 'ikiW <i> wants access to your \u0634\u0631\u0643\u0629 account')

    def test_both_logos(self):
        self.log_in()
        self.person.company_id.logo = False
        self.assertFalse(html.fromstring(self.begin().content).xpath('//img[@class="logo"]'))
        self.person.company_id.logo = self.wiki.logo = a_logo()
        logos = html.fromstring(self.begin().content).xpath('//img[@class="logo"]/@src')
        self.assertEqual(len(logos), 2)
        for logo in logos:
            self.assertTrue(logo.startswith('data:image/png;base64,'))
