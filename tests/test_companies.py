"""A user of several companies lets an application see some of them: what it gets, and what it never gets."""
from lxml import html

from odoo.tests import new_test_user

from .requirement import requirement
from .scoped import ScopedCase


class CompaniesCase(ScopedCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        companies = cls.env['res.company'].create([{'name': 'Gent'}, {'name': 'Brugge'}, {'name': 'Oostende'}])
        cls.gent, cls.brugge, cls.oostende = companies
        cls.eve = new_test_user(
            cls.env, 'oauth2_eve', groups='base.group_user,base.group_partner_manager', password='oauth2_eve',
            company_id=cls.gent.id, company_ids=[(6, 0, (cls.gent | cls.brugge).ids)])
        cls.partners = cls.env['res.partner'].create([
            {'name': f'Customer of {company.name}', 'company_id': company.id} for company in companies])
        cls.wiki.scope_ids += cls.env['oauth2.scope'].search([('name', 'in', ('contacts.write', 'odoo.read'))])

    def setUp(self):
        super().setUp()
        self.log_in('oauth2_eve')

    def tick(self, page, *companies, answer='allow'):
        """Answer the consent page with these companies, and no others."""
        return self.answer(page, answer, **{f'company_{company.id}': 'yes' for company in companies})

    def form(self, response):
        """As a browser sends it: what is ticked, and what is hidden."""
        form = html.fromstring(response.content).forms[0]
        return form.action, {name: value for name, value in form.fields.items() if form.inputs[name].type == 'hidden'}

    def proposed(self, page):
        """The companies of the page, and whether each is ticked."""
        return {label.text_content().strip(): label.xpath('./input')[0].checked
                for label in html.fromstring(page.content).xpath('//label[@class="choice"]')}

    def token_for(self, *companies, scope='odoo'):
        """An access token of Eve for these companies."""
        arrived = self.arrived(self.tick(self.begin(scope=scope, prompt='consent'), *companies))
        response = self.redeem(arrived['code'], self.wiki, self.wiki_secret,
                               code_verifier='dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')
        self.assertEqual(response.status_code, 200, response.text)
        self.leave_session()
        return response.json()['access_token']

    def seen(self, token, **options):
        """Whose customers a token sees."""
        found = self.ok(token, 'res.partner', 'search_read', domain=[('id', 'in', self.partners.ids)], fields=['name'],
                        **options)
        return {partner['name'].removeprefix('Customer of ') for partner in found}


class TestConsentPage(CompaniesCase):

    @requirement('contract', '4', 'A user of several companies chooses which of them the application sees')
    def test_choosing(self):
        page = self.begin(scope='odoo')
        self.assertEqual(self.proposed(page), {'Gent': True, 'Brugge': False})
        self.arrived(self.tick(page, self.brugge))
        consent = self.env['oauth2.consent'].search([('user_id', '=', self.eve.id)])
        self.assertEqual(consent.company_ids, self.brugge)
        again = self.begin(scope='odoo', prompt='consent')
        self.assertEqual(self.proposed(again), {'Gent': False, 'Brugge': True})
        self.arrived(self.tick(again, self.gent, self.brugge))
        self.env.invalidate_all()
        self.assertEqual(consent.company_ids, self.gent | self.brugge)
        self.assertIn('code', self.arrived(self.begin(scope='odoo')))  # and it is remembered

    def test_nothing_chosen_is_asked_again(self):
        for companies in ((), (self.oostende,), (self.gent, self.oostende)):
            page = self.tick(self.begin(scope='odoo'), *companies)
            self.assertEqual(page.status_code, 200)
            self.assertEqual('Choose at least one company.' in page.text, companies != (self.gent, self.oostende))
        self.assertFalse(self.env['oauth2.consent'].search([('user_id', '=', self.eve.id)]))
        self.assertFalse(self.authorization(self.wiki))
        page = self.tick(page, self.gent)
        self.assertIn('code', self.arrived(page))

    def test_denying_needs_no_company(self):
        self.assertEqual(self.arrived(self.tick(self.begin(scope='odoo'), answer='deny'))['error'], 'access_denied')

    def test_who_is_not_asked(self):
        self.assertEqual(self.proposed(self.begin(scope='openid profile')), {})
        self.log_in()  # Ada has one company
        page = self.begin(scope='odoo')
        self.assertEqual(self.proposed(page), {})
        self.arrived(self.answer(page, 'allow'))
        consent = self.env['oauth2.consent'].search([('user_id', '=', self.person.id)])
        self.assertEqual(consent.company_ids, self.person.company_id)

    def test_what_was_allowed_without_companies_does_not_cover_what_knows_of_them(self):
        self.arrived(self.answer(self.begin(scope='openid'), 'allow'))
        self.assertEqual(self.proposed(self.begin(scope='openid odoo')), {'Gent': True, 'Brugge': False})
        self.arrived(self.tick(self.begin(scope='openid odoo'), self.gent))
        consent = self.env['oauth2.consent'].search([('user_id', '=', self.eve.id)])
        consent.invalidate_recordset()
        self.sql('UPDATE oauth2_consent SET companies = NULL WHERE id = %s', consent.id)  # of an earlier version
        self.assertEqual(self.begin(scope='odoo').status_code, 200)


class TestTokens(CompaniesCase):

    @requirement('contract', '4', 'A token sees the companies that were chosen for it')
    def test_what_a_token_sees(self):
        self.assertEqual(self.seen(self.token_for(self.brugge)), {'Brugge'})
        self.log_in('oauth2_eve')
        self.assertEqual(self.seen(self.token_for(self.gent, self.brugge)), {'Gent', 'Brugge'})

    def test_the_latest_choice_counts_for_all_tokens_of_the_application(self):
        first = self.token_for(self.gent, self.brugge)
        self.log_in('oauth2_eve')
        self.token_for(self.gent)
        self.assertEqual(self.seen(first), {'Gent'})

    @requirement('attack', '58', 'A token does not leave its companies')
    def test_attack_58_leaving_the_companies(self):
        for scope in ('odoo', 'odoo.read', 'contacts.write'):
            self.log_in('oauth2_eve')
            token = self.token_for(self.brugge, scope=scope)
            with self.subTest(scope):
                for companies in ([], False, None, 0, '', {}, [self.brugge.id]):
                    self.assertEqual(self.seen(token, context={'allowed_company_ids': companies}), {'Brugge'})
                self.assertEqual(self.seen(token, context={'force_company': self.gent.id}), {'Brugge'})
                for companies in ([self.gent.id], [self.brugge.id, self.gent.id], [self.oostende.id], [0], [999999],
                                  [str(self.gent.id)]):
                    response = self.call(token, domain=[], context={'allowed_company_ids': companies})
                    self.assertEqual(response.status_code, 403, response.text[:300])
                customer_of_gent = self.partners[0]
                self.assertClosed(token, 'res.partner', 'read', ids=customer_of_gent.ids, fields=['name'])
                if scope == 'odoo.read':
                    continue
                self.assertClosed(token, 'res.partner', 'write', ids=customer_of_gent.ids, vals={'name': 'x'})
                [created] = self.ok(token, 'res.partner', 'create', vals_list=[{'name': 'New'}])
                self.assertIn(self.env['res.partner'].browse(created).company_id.id, (False, self.brugge.id))
                if scope == 'odoo':
                    response = self.call(token, 'res.partner', 'create', vals_list=[
                        {'name': 'New', 'company_id': self.gent.id}])
                    self.assertEqual(response.status_code, 403, response.text[:300])
        self.assertEqual(self.partners[0].name, 'Customer of Gent')

    @requirement('attack', '58', 'What depends on the company is that of the token')
    def test_attack_58_the_current_company(self):
        token = self.token_for(self.brugge)
        for context in ({}, {'allowed_company_ids': []}):
            defaults = self.ok(token, 'res.users', 'default_get', fields=['company_id', 'company_ids'], context=context)
            self.assertEqual(defaults['company_id'], self.brugge.id)
        self.assertEqual(self.ok(token, 'res.company', 'search', domain=[]), self.brugge.ids)
        self.env['ir.default'].set('res.partner', 'ref', 'of Gent', company_id=self.gent.id)
        self.env['ir.default'].set('res.partner', 'ref', 'of Brugge', company_id=self.brugge.id)
        self.assertEqual(self.ok(token, 'res.partner', 'default_get', fields=['ref']), {'ref': 'of Brugge'})

    def test_a_company_that_is_taken_from_the_user(self):
        token = self.token_for(self.brugge)
        self.eve.company_ids = self.gent
        self.assertEqual(self.call(token, domain=[]).status_code, 401)
        self.eve.company_ids |= self.brugge
        self.assertEqual(self.seen(token), {'Brugge'})
        self.eve.company_ids |= self.oostende
        self.assertEqual(self.seen(token), {'Brugge'})
        self.assertEqual(self.seen(token, context={}), {'Brugge'})

    def test_whoever_has_one_company_and_gets_another(self):
        self.log_in()
        token = self.tokens_of_wiki(scope='odoo')['access_token']
        self.person.company_ids |= self.gent
        self.assertIn('code', self.arrived(self.begin(scope='odoo')))
        self.leave_session()
        self.assertEqual(self.seen(token), set())
        self.log_in()
        self.assertEqual(self.seen(self.token_for(self.gent)), {'Gent'})

    @requirement('contract', '7', 'XML-RPC does not leave the companies of a token either')
    def test_xmlrpc(self):
        token = self.token_for(self.brugge)
        for context in ({}, {'allowed_company_ids': []}, {'allowed_company_ids': [self.brugge.id]}):
            found = self.xmlrpc_object.execute_kw(
                self.env.cr.dbname, self.eve.id, token, 'res.partner', 'search', [[('id', 'in', self.partners.ids)]],
                {'context': context})
            self.assertEqual(found, self.partners[1].ids)
        with self.assertRaisesRegex(Exception, 'companies'):
            self.xmlrpc_object.execute_kw(
                self.env.cr.dbname, self.eve.id, token, 'res.partner', 'search', [[]],
                {'context': {'allowed_company_ids': self.gent.ids}})

    def test_an_application_that_acts_for_a_user_sees_all_companies_of_that_user(self):
        self.robot.scope_ids += self.env.ref('restapi_oauth2.scope_odoo')
        self.assertEqual(self.seen(self.token_with('odoo', self.eve)), {'Gent', 'Brugge'})
