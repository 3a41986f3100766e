"""What the screens do for their users, without a browser."""
import re

import psycopg2
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger
from odoo.tools.safe_eval import safe_eval

REDIRECT_URI = 'https://app.example.com/callback'
LINKS = {'client_uri': 'Website', 'policy_uri': 'Privacy policy', 'tos_uri': 'Terms of service'}


@tagged('post_install', '-at_install')
class ScreensCase(TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env, 'oauth2_screens', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')
        cls.user = new_test_user(cls.env, 'oauth2_screens_user', groups='base.group_user')
        cls.client = cls.env['oauth2.client'].create({
            'name': 'Shop', 'redirect_uri_ids': [Command.create({'uri': REDIRECT_URI})]})

    def reason_of_database(self, values):
        """What is said of values that come past the form, and that the database does not take."""
        with (mute_logger('odoo.sql_db'), self.env.cr.savepoint() as savepoint,
              self.assertRaises(psycopg2.errors.CheckViolation) as caught):
            self.client.write(values)
            self.env.flush_all()
        savepoint.close()
        self.env.invalidate_all()
        return self.client._sql_error_to_message(caught.exception)


class TestPublicApplications(ScreensCase):

    def test_what_a_public_application_cannot_have_is_emptied_when_it_is_made_one(self):
        self.client.write({'user_id': self.administrator.id, 'grant_client_credentials': True,
                           'pkce': 'never', 'refresh_rotation': 'keep', 'is_resource_server': True})
        form = Form(self.client.with_user(self.administrator))
        form.is_public = True
        form.save()
        self.assertEqual(
            (self.client.user_id.id, self.client.grant_client_credentials, self.client.pkce,
             self.client.refresh_rotation, self.client.is_resource_server),
            (False, False, 'automatic', 'rotate', False))

    def test_the_secrets_of_an_application_that_becomes_public_are_deleted(self):
        self.env['oauth2.client.secret']._store(self.client, 'S' * 32)
        form = Form(self.client.with_user(self.administrator))
        form.is_public = True
        form.save()
        self.assertFalse(self.client.secret_ids)
        self.client.is_public = False
        self.assertFalse(self.env['oauth2.client.secret'].search([('client_id', '=', self.client.id)]))

    def test_no_secret_is_made_for_a_public_application(self):
        self.client.is_public = True
        client = self.client.with_user(self.administrator)
        with self.assertRaises(UserError) as caught:
            type(client).action_generate_secret.__wrapped__(client)
        self.assertIn('has no secret', str(caught.exception))
        self.assertFalse(self.client.secret_ids)

    def test_what_is_written_past_the_form_is_refused_with_a_reason(self):
        self.client.is_public = True
        for values, words in (
            ({'user_id': self.administrator.id}, 'cannot act for a user'),
            ({'grant_client_credentials': True}, 'always uses PKCE'),
            ({'pkce': 'never'}, 'always uses PKCE'),
            ({'is_resource_server': True}, 'always uses PKCE'),
            ({'refresh_rotation': 'keep'}, 'another refresh token'),
        ):
            with self.subTest(values):
                self.assertIn(words, self.reason_of_database(values))


class TestWords(ScreensCase):
    """What the form says is true of the application that it shows."""

    def said(self, page, **values):
        """The words of a page, or of the whole form, for an application with these values."""
        client = self.env['oauth2.client'].create({'name': 'Said', **values})
        known = {name: client[name].ids if field.relational else client[name]
                 for name, field in client._fields.items()}
        form = etree.fromstring(self.env['oauth2.client'].get_view(view_type='form')['arch'])
        [part] = form.xpath(f"//page[@name='{page}']") if page else [form]
        for node in part.xpath('.//*[@invisible]'):
            if safe_eval(node.get('invisible'), known):
                node.getparent().remove(node)
        return ' '.join(' '.join(part.itertext()).split())

    def test_where_there_is_no_secret_none_is_spoken_of(self):
        self.env['oauth2.configuration']._confirm_issuer('https://odoo.example.com')
        for page in ('connection', 'snippets'):
            self.assertIn('secret', self.said(page))
            self.assertNotIn('secret', self.said(page, is_public=True).replace('Client Secret', ''))

    def test_who_proves_itself_by_a_key_is_warned_of_the_key(self):
        keyed = {'proof': 'key', 'key_set_url': 'https://app.example.com/jwks.json'}
        user = {'user_id': self.env['res.users'].create({'name': 'Robot', 'login': 'oauth2_said'}).id}
        self.assertIn('Whoever has the secret of this', self.said('', **user))
        self.assertIn('Whoever has the secret or the private key of this', self.said('', **user, **keyed))
        self.assertNotIn('Whoever has the secret of this', self.said('', **user, **keyed))

    def test_one_of_key_and_address_is_enough(self):
        form = etree.fromstring(self.env['oauth2.client'].get_view(view_type='form')['arch'])
        for name in ('key_set', 'key_set_url'):
            self.assertFalse(form.xpath(f"//page[@name='keys']//field[@name='{name}']/@required"))
        self.assertIn('Enter a key, or the address of its keys', self.said('keys'))
        self.assertNotIn('Enter a key, or', self.said('keys', key_set_url='https://app.example.com/jwks.json'))


class TestRules(ScreensCase):

    def test_a_link_is_refused_that_is_no_page_of_the_web(self):
        for name, label in LINKS.items():
            for uri in ('javascript:alert(1)', 'http://app.example.com', 'app.example.com', 'https://', 'https:///x',
                        'data:text/html,x', ' https://app.example.com', 'https://a@app.example.com',
                        'HTTPS://app.example.com', 'https://app.example.com/"onclick="x'):
                with self.subTest(uri), self.assertRaises(ValidationError) as caught:
                    self.client[name] = uri
                self.assertIn(label, str(caught.exception))
                self.assertIn('https://', str(caught.exception))
        self.client.client_uri = 'https://app.example.com/about?us=1#top'

    def test_beside_an_empty_lifetime_stands_what_it_comes_to(self):
        self.env['ir.config_parameter'].set_param('restapi_oauth2.access_token_lifetime', '20')
        client = self.client.with_user(self.administrator)
        self.assertEqual(
            (client.access_token_lifetime_default, client.refresh_token_idle_lifetime_default,
             client.authorization_lifetime_default), (20, 30, 180))

    def test_a_lifetime_past_the_limits_is_refused_with_the_limits(self):
        for values in ({'access_token_lifetime': 1441}, {'access_token_lifetime': -1},
                       {'refresh_token_idle_lifetime': 3651}, {'authorization_lifetime': -1}):
            with self.subTest(values):
                reason = self.reason_of_database(values)
                self.assertIn('0 to 1440 minutes', reason)
                self.assertIn('0 to 3650 days', reason)


class TestConnectedApps(ScreensCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.consents = cls.env['oauth2.consent']
        cls.env['oauth2.client'].create({
            'name': 'Nightly', 'user_id': cls.user.id, 'grant_client_credentials': True})
        for user in cls.user | cls.administrator:
            cls.consents._record(cls.client, user.id, 'openid odoo', 'https://odoo.example.com', REDIRECT_URI)

    def apps(self, user):
        """What the web client asks for when this user opens the preferences."""
        users = self.env['res.users'].with_user(user)
        view = users.get_view(self.env.ref('base.view_users_form_simple_modif').id, 'form')
        [field] = etree.fromstring(view['arch']).xpath('//field[@name="oauth2_access_ids"]')
        shown = {name: {} for name in field.xpath('.//field/@name')}
        self.assertLessEqual({'application', 'publisher', 'logo', 'used_at', 'address'}, shown.keys())
        return users.browse(user.id).web_read({'oauth2_access_ids': {'fields': shown}})[0]['oauth2_access_ids']

    def test_a_user_without_any_right_to_applications_sees_and_disconnects_them(self):
        app, own = sorted(self.apps(self.user), key=lambda app: app['kind'])
        self.assertEqual((app['kind'], app['application']), ('consent', 'Shop'))
        self.assertIn('Read and change everything', app['description'])
        self.assertIn('Shop loses its access', app['question'])
        self.assertEqual(own['kind'], 'service')  # an administrator lets it act as this user
        accesses = self.env['oauth2.access'].with_user(self.user)
        with self.assertRaises(AccessError):
            accesses.browse(own['id']).action_disconnect()
        accesses.browse(app['id']).action_disconnect()
        self.env.invalidate_all()
        self.assertEqual([app['kind'] for app in self.apps(self.user)], ['service'])
        self.assertTrue(self.apps(self.administrator))

    def test_nobody_sees_or_disconnects_what_another_user_has_allowed(self):
        [app] = self.apps(self.administrator)
        accesses = self.env['oauth2.access'].with_user(self.user)
        self.assertEqual(accesses.search([]).user_id, self.user)
        for method in ('action_disconnect', 'action_revoke', 'action_revoke_and_ask_again', 'action_stop_user'):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(accesses.browse(app['id']), method)()
        with self.assertRaises(AccessError):
            self.administrator.with_user(self.user).action_oauth2_disconnect_all()
        with self.assertRaises(AccessError):  # an administrator revokes
            self.env['oauth2.access'].with_user(self.administrator).search(
                [('user_id', '=', self.user.id)]).action_disconnect()

    def test_a_user_ends_no_more_than_what_the_user_has_allowed(self):
        for method in ('action_revoke', 'action_revoke_and_ask_again', 'action_stop_user'):
            for access in self.env['oauth2.access'].with_user(self.user).search([]):
                with self.subTest(method), self.assertRaises(AccessError):
                    getattr(access, method)()

    def test_all_are_disconnected_at_once(self):
        self.user.with_user(self.user).action_oauth2_disconnect_all()
        self.env.invalidate_all()
        self.assertEqual([app['kind'] for app in self.apps(self.user)], ['service'])
        self.assertFalse(self.user.oauth2_has_allowed)
        self.assertTrue(self.administrator.oauth2_has_allowed)


class TestUserForm(ScreensCase):

    def test_the_group_stands_in_the_form_of_a_user(self):
        group = self.env.ref('restapi_oauth2.group_oauth2_administrator')
        shown = self.env['res.users'].with_user(self.env.ref('base.user_admin')).new().view_group_hierarchy
        self.assertIn(str(group.id), shown['groups'])
        self.assertEqual(group.privilege_id.name, 'Connected applications')
        self.assertIn('Connected applications', str(shown))


class TestWidgets(ScreensCase):

    def registered(self, category):
        """The names in a registry of the web client, read in its sources."""
        bundle = self.env['ir.qweb']._get_asset_bundle('web.assets_backend', css=False)
        text = '\n'.join(asset.content for asset in bundle.javascripts)
        aliases = set(re.findall(r'(\w+) = registry\.category\("%s"\)' % category, text))
        found = set(re.findall(r'registry\s*\.category\("%s"\)\s*\.add\(\s*"([^"]+)"' % category, text))
        for alias in aliases:
            found |= set(re.findall(r'\b%s\.add\(\s*"([^"]+)"' % alias, text))
        return found

    def test_every_widget_is_one_that_there_is(self):
        """The web client replaces an unknown widget by a plain field, without a message."""
        views = self.env['ir.ui.view'].search([('model_data_id.module', '=', 'restapi_oauth2')])
        self.assertGreater(len(views), 20)
        for tag, attribute, category in (('field', 'widget', 'fields'), ('widget', 'name', 'view_widgets')):
            known = self.registered(category)
            for view in views:
                named = {node.get(attribute) for node in etree.fromstring(view.arch).iter(tag)} - {None}
                with self.subTest(view.name, tag=tag):
                    self.assertFalse({name for name in named if name not in known and f'form.{name}' not in known})


class TestLists(ScreensCase):

    def test_every_list_is_made_of_cards_on_a_phone_and_says_what_to_do_where_it_is_empty(self):
        for name in ('client', 'access', 'authorization', 'consent', 'event', 'finding', 'scope',
                     'signing_key'):
            action = self.env.ref(f'restapi_oauth2.action_oauth2_{name}')
            with self.subTest(name):
                self.assertIn('kanban', action.view_mode.split(','))
                self.assertEqual(action.mobile_view_mode, 'kanban')
                self.assertEqual(action.help.count('<p'), 2)  # what is empty, and what to do

    def test_scopes_of_modules_that_are_not_installed_are_a_filter(self):
        scopes = self.env['oauth2.scope'].with_user(self.administrator)
        offered, others = (scopes.search([('is_offered', '=', value)]) for value in (True, False))
        self.assertEqual(offered | others, scopes.search([]))
        self.assertEqual(set(offered.mapped('name')), set(scopes._names()))
