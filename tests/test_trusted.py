"""Trusted applications: their users are not asked, and only administrators of Odoo trust one."""
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .browser import VERIFIER, AllowedCase, BrowserCase
from .common import REDIRECT_URI, OAuth2Case
from .requirement import requirement

LOOPBACK = 'http://127.0.0.1/callback'


class TestTrusted(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.wiki.is_trusted = True

    def setUp(self):
        super().setUp()
        self.log_in()

    def consent(self):
        self.env.invalidate_all()
        return self.env['oauth2.consent'].search([('client_id', '=', self.wiki.id)])

    def assertAsked(self, **parameters):
        page = self.begin(**parameters)
        self.assertEqual(page.status_code, 200, page.text)
        self.assertIn('value="allow"', page.text)
        self.assertEqual(self.arrived(self.begin(**{**parameters, 'prompt': 'none'}))['error'], 'consent_required')
        return page

    @requirement('contract', '4', 'About a trusted application nobody is asked; its users see it and disconnect it')
    def test_nobody_is_asked(self):
        self.assertIn('code', self.arrived(self.begin(scope='openid odoo', prompt='none')))
        consent = self.consent()
        self.assertEqual((consent.user_id, consent.scope), (self.person, 'openid odoo'))
        event = self.env['oauth2.event'].search([('client_id', '=', self.wiki.id)], limit=1)
        self.assertEqual((event.name, event.user_id), ('consent_presumed', self.person))
        self.assertIn('Wiki', self.visit('/restapi/1.0/common/oauth2/connected-apps').text)
        self.assertIn('code', self.arrived(self.begin(scope='openid email')))  # more, within its scopes
        self.assertEqual(self.consent().scope, 'email odoo openid')

    def test_no_more_than_its_scopes(self):
        self.wiki.scope_ids = self.env.ref('restapi_oauth2.scope_openid')
        self.arrived(self.begin(scope='openid odoo'))
        self.assertEqual(self.consent().scope, 'openid')

    def test_who_is_not_trusted_asks(self):
        self.wiki.is_trusted = False
        self.assertAsked()

    def test_prompt_consent_asks(self):
        self.assertIn('value="allow"', self.begin(prompt='consent').text)
        self.assertFalse(self.consent())

    @requirement('attack', '33', 'A trusted application that its user has disconnected asks from then on')
    def test_attack_33_disconnected(self):
        self.arrived(self.begin())
        self.disconnect()
        page = self.assertAsked()
        self.assertFalse(self.consent())
        self.assertIn('code', self.arrived(self.answer(page, 'allow')))
        self.assertAsked(scope='openid email')  # it does not get more by itself

    @requirement('attack', '74', 'After everything was ended people are asked, also about trusted applications')
    def test_attack_74_everything_ended(self):
        self.arrived(self.begin())
        self.env['oauth2.ending']._end_everything()
        self.assertAsked()

    def test_a_withdrawal_of_before_counts(self):
        self.wiki.is_trusted = False
        self.allow()
        self.disconnect()
        self.wiki.is_trusted = True
        self.assertAsked()

    def test_of_several_companies_it_sees_the_own_one(self):
        second = self.env['res.company'].create({'name': 'Second'})
        self.person.company_ids += second
        self.arrived(self.begin(scope='odoo'))
        self.assertEqual(self.consent().company_ids, self.person.company_id)

    def test_a_company_that_the_user_gets_later_is_not_seen(self):
        code = self.arrived(self.begin(scope='openid odoo'))['code']
        token = self.redeem(code, self.wiki, self.wiki_secret, code_verifier=VERIFIER).json()['access_token']
        second = self.env['res.company'].create({'name': 'Second'})
        self.person.company_ids += second
        self.assertEqual(self.consent().company_ids, self.person.company_id)
        response = self.call(token, context={'allowed_company_ids': [second.id]})
        self.assertEqual(response.status_code, 403, response.text[:300])

    def test_a_program_with_a_session_is_told_that_nobody_was_asked(self):
        answer = self.ask('authorize', 'GET', {'Accept': 'application/json'}, params=self.parameters())
        self.assertRefused(answer, 401, 'consent_required')

    def test_who_may_not_use_it_gets_nothing(self):
        self.wiki.open_to = 'listed'
        self.assertEqual(self.arrived(self.begin(prompt='none'))['error'], 'access_denied')
        self.assertFalse(self.consent())


class TestWithdrawalsOfOthers(AllowedCase):

    def test_the_withdrawal_of_one_user_is_nothing_to_another(self):
        self.client.is_trusted = True
        self.disconnect(self.client)
        new_test_user(self.env, 'oauth2_second', groups='base.group_user', password='oauth2_second')
        self.log_in('oauth2_second')
        self.assertIn('code', self.arrived(self.begin()))

    def test_what_belongs_to_nobody_is_removed(self):
        consent = self.env['oauth2.consent'].search([('client_id', '=', self.client.id)])
        consent.unlink()
        self.client.unlink()
        self.env['oauth2.withdrawal']._gc_withdrawals()
        self.cr.execute('SELECT count(*) FROM oauth2_withdrawal')
        self.assertEqual(self.cr.fetchone(), (0,))


@tagged('post_install', '-at_install')
class TestWhoTrusts(OAuth2Case):
    """Stored values are checked, whoever writes them and however."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.few, cls.all = (
            new_test_user(cls.env, f'oauth2_{login}', groups=f'base.group_user,{group}') for login, group in (
                ('few', 'restapi_oauth2.group_oauth2_administrator'), ('all', 'base.group_system')))
        cls.everybody = cls.env.ref('base.group_user')
        cls.trusted, _secret = cls.make_client(
            'Intranet', is_trusted=True, allowed_user_ids=[Command.set(cls.user.ids)])
        cls.plain, _secret = cls.make_client('Blog')

    def as_(self, user, record):
        return record.with_user(user)

    @requirement('attack', '72', 'Only an administrator of Odoo trusts an application')
    @requirement('attack', '73', 'Nor is one trusted by a default, a copy or an import')
    def test_attack_72_who_trusts(self):
        clients = self.env['oauth2.client'].with_user(self.few)
        for way, attempt in {
            'create': lambda: clients.create({'name': 'New', 'is_trusted': True}),
            'default': lambda: clients.with_context(default_is_trusted=True).create({'name': 'New'}),
            'write': lambda: self.as_(self.few, self.plain).write({'is_trusted': True}),
            'copy': lambda: self.as_(self.few, self.plain).copy({'is_trusted': True}),
            'new application': lambda: clients.env['oauth2.client.new'].with_context(default_is_trusted=True).create({
                'name': 'New', 'redirect_uris': REDIRECT_URI,
                'template_id': self.env.ref('restapi_oauth2.template_web').id})._make(),
        }.items():
            with self.subTest(way), self.assertRaises(AccessError), self.cr.savepoint():
                attempt()
        self.assertFalse(self.as_(self.few, self.trusted).copy().is_trusted)
        self.as_(self.all, self.plain).is_trusted = True
        self.assertTrue(self.plain.is_trusted)

    @requirement('attack', '72', 'Only an administrator of Odoo gives more to an application that is trusted')
    def test_attack_72_more_for_a_trusted_one(self):
        more = {
            'a scope': {'scope_ids': [Command.link(self.env.ref('restapi_oauth2.scope_odoo_read').id)]},
            'everybody': {'open_to': 'everybody'},
            'a user': {'allowed_user_ids': [Command.link(self.few.id)]},
            'a group': {'allowed_group_ids': [Command.link(self.everybody.id)]},
            'groups that it learns of': {'claimed_group_ids': [Command.link(self.everybody.id)]},
            'no PKCE': {'pkce': 'never'},
            'a longer life': {'authorization_lifetime': 3650},
            'a redirect URI': {'redirect_uri_ids': [Command.create({'uri': 'https://evil.example.com/'})]},
            'another redirect URI': {'redirect_uri_ids': [
                Command.update(self.trusted.redirect_uri_ids.id, {'uri': 'https://evil.example.com/'})]},
            'a redirect URI of another': {'redirect_uri_ids': [Command.link(self.env['oauth2.redirect.uri'].create({
                'client_id': self.plain.id, 'uri': 'https://evil.example.com/'}).id)]},
        }
        for what, values in more.items():
            with self.subTest(what):
                with self.assertRaises(AccessError), self.cr.savepoint():
                    self.as_(self.few, self.trusted).write(values)
                with self.cr.savepoint() as savepoint:
                    self.as_(self.all, self.trusted).write(values)
                    savepoint.rollback()
        addresses = self.env['oauth2.redirect.uri'].with_user(self.few)
        with self.assertRaises(AccessError), self.cr.savepoint():
            addresses.create({'client_id': self.trusted.id, 'uri': 'https://worse.example.com/'})
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.as_(self.few, self.trusted.redirect_uri_ids[0]).uri = 'https://worse.example.com/'
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.as_(self.few, self.trusted)._make_secret()
        self.trusted.active = False
        with self.assertRaises(AccessError), self.cr.savepoint():
            self.as_(self.few, self.trusted).active = True

    def test_an_oauth2_administrator_takes_from_it(self):
        trusted = self.as_(self.few, self.trusted)
        trusted.write({
            'name': 'Intranet 2', 'scope_ids': [Command.unlink(self.env.ref('restapi_oauth2.scope_odoo').id)]})
        trusted.open_to = 'listed'
        trusted.allowed_user_ids = False
        trusted.redirect_uri_ids.unlink()
        trusted.write({'is_trusted': False, 'open_to': 'everybody'})
        self.assertFalse(self.trusted.is_trusted)

    def test_from_everybody_to_some_is_less(self):
        self.trusted.open_to = 'everybody'
        self.as_(self.few, self.trusted).write({'allowed_group_ids': [Command.link(self.everybody.id)]})
        self.assertEqual(self.trusted.open_to, 'listed')

    @requirement('RFC 8252', '8.6', 'Nothing is trusted that cannot prove itself: neither public, nor on a device')
    def test_what_cannot_prove_itself(self):
        public, _secret = self.make_client('App', is_public=True)
        with mute_logger('odoo.sql_db'), self.assertRaises(CheckViolation), self.cr.savepoint():
            public.is_trusted = True
            public.flush_recordset()
        with mute_logger('odoo.sql_db'), self.assertRaises(CheckViolation), self.cr.savepoint():
            self.trusted.is_public = True
            self.trusted.flush_recordset()
        for uri in (LOOPBACK, 'com.example.app:/callback', 'https://localhost/callback'):
            with self.subTest(uri), self.cr.savepoint() as savepoint:
                with self.assertRaisesRegex(ValidationError, 'Any program on a machine'), self.cr.savepoint():
                    self.trusted.redirect_uri_ids = [Command.create({'uri': uri})]
                with self.assertRaisesRegex(ValidationError, 'Any program on a machine'), self.cr.savepoint():
                    self.trusted.redirect_uri_ids.uri = uri
                self.plain.redirect_uri_ids = [Command.create({'uri': uri})]
                with self.assertRaisesRegex(ValidationError, 'Any program on a machine'), self.cr.savepoint():
                    self.plain.is_trusted = True
                savepoint.rollback()
        self.assertEqual(self.trusted.redirect_uri_ids.uri, REDIRECT_URI)

    @requirement('attack', '86', 'That an application is trusted is an event')
    def test_attack_86_an_event(self):
        self.as_(self.all, self.plain).is_trusted = True
        event = self.env['oauth2.event'].search([('client_id', '=', self.plain.id)], limit=1)
        self.assertEqual((event.detail, event.old_value, event.new_value, event.actor_id),
                         ('Blog: Trusted', 'False', 'True', self.all))
