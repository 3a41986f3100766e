"""New applications: from templates, by the dialog that asks for the rest."""
import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.clients.templates.oauth2_client_template import FOR_ONE_USER, KINDS, SITE
from .common import OAuth2Case


@tagged('post_install', '-at_install')
class TestNewApplication(TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env, 'oauth2_new', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')
        cls.service_user = new_test_user(cls.env, 'oauth2_new_service', groups='base.group_user')
        cls.templates = cls.env['oauth2.client.template'].search([])

    def new(self, template, user=None, **values):
        """The dialog of a template, filled in as a person does."""
        context = template._dialog()['context']
        dialog = self.env['oauth2.client.new'].with_user(user or self.env.user).with_context(**context)
        form = Form(dialog)
        if not form.name:
            form.name = f'Of {template.name}'
        for name, value in values.items():
            form[name] = value
        return form

    def complete(self, template, **values):
        """The same, with what this template asks for."""
        form = self.new(template, **values)
        if form.has_site:
            form.site = 'https://site.example.com/'
        elif form.has_redirect_uris and not form.redirect_uris:
            form.redirect_uris = 'https://app.example.com/callback'
        if form.has_user:
            form.user_id = self.service_user
            for scope in self.env.ref('restapi_oauth2.scope_contacts_read'):
                form.scope_ids.add(scope)
        if template.kind == 'resource':
            form.api_uri = 'https://tools.example.com/mcp'
        return form.save()

    def test_every_template_makes_an_application_of_its_kind(self):
        self.assertEqual(set(self.templates.mapped('kind')), set(KINDS))
        for template in self.templates:
            with self.subTest(template.name):
                client = self.complete(template)._make()
                self.assertEqual(client.kind, template.kind)
                self.assertEqual(client.pkce, template.pkce)
                self.assertEqual(client.access_token_validity, template.access_token_validity)
                self.assertEqual(client.has_claims_in_id_token, template.has_claims_in_id_token)
                self.assertEqual(client.grant_refresh_token,
                                 template.grant_refresh_token and template.kind not in ('service', 'resource'))
                self.assertEqual(client.notes, template.notes)
                self.assertEqual(client.user_id, self.service_user if template.kind in FOR_ONE_USER
                                 else self.env['res.users'])
                self.assertFalse(client.redirect_uri_ids.filtered('problem'))
                self.assertFalse(client.default_scope_ids - client.scope_ids)
                self.assertFalse(client.redirect_uri_ids.filtered(lambda address: SITE in address.uri))
                self.assertNotIn('odoo', (client.scope or '').split())

    def test_products_have_their_name_and_their_address(self):
        grafana = self.env.ref('restapi_oauth2.template_grafana')
        form = self.new(grafana)
        self.assertEqual(form.name, 'Grafana')
        form.site = ' dashboards.example.com/ '
        self.assertEqual(form.redirect_uris, 'https://dashboards.example.com/login/generic_oauth')
        self.assertFalse(form.problem)
        form.site = 'https://dashboards.example.com/login/generic_oauth'
        self.assertEqual(form.redirect_uris, 'https://dashboards.example.com/login/generic_oauth')
        form.site = 'https://dashboards.example.com/?a=b'
        self.assertIn('?', form.problem)
        form.site = 'https://dashboards.example.com'
        client = form.save()._make()
        self.assertEqual(client.redirect_uri_ids.mapped('uri'), [form.redirect_uris])
        self.assertEqual(client.scope, 'openid profile email')

    def test_an_api_has_an_address(self):
        template = self.env.ref('restapi_oauth2.template_resource')
        for wrong in ('https://tools.example.com/', 'tools'):
            form = self.new(template, name='Tools', api_uri=wrong)
            self.assertIn(wrong, form.problem)
            with self.assertRaisesRegex(ValidationError, wrong):
                form.save()._make()
        with self.assertRaisesRegex(ValidationError, 'Enter the address of the API'):
            self.new(template, name='Tools').save()._make()
        uri = 'https://tools.example.com'
        with self.assertRaisesRegex(AccessError, 'Only an administrator of Odoo'):
            self.new(template, self.administrator, name='Tools', api_uri=uri).save()._make()
        client = self.new(template, name='Tools', api_uri=uri).save()._make()
        self.assertEqual((client.resource_id.name, client.resource_id.uri), ('Tools', uri))
        self.assertFalse(client.is_resource_server)
        # A second application of the same API, such as a second server of it.
        second = self.new(template, name='More tools', api_uri=uri).save()._make()
        self.assertEqual(second.resource_id, client.resource_id)
        with self.assertRaises(AccessError):
            self.new(template, self.administrator, name='More tools', api_uri=uri).save()._make()

    def test_each_line_is_an_address(self):
        form = self.new(self.env.ref('restapi_oauth2.template_web'))
        form.redirect_uris = 'https://app.example.com/call back\n\n https://app.example.com/b '
        self.assertEqual(form.problem.splitlines(), [
            'https://app.example.com/call back: A space cannot be part of an address: write %20. '
            'One address in each line.'])
        grafana = self.new(self.env.ref('restapi_oauth2.template_grafana'))
        grafana.site = 'grafana example com'
        self.assertEqual(len(grafana.problem.splitlines()), 1)

    def test_a_client_id_is_brought_along_only_by_what_moves_here(self):
        form = self.new(self.env.ref('restapi_oauth2.template_web'), self.env.ref('base.user_admin'))
        form.moves_here = True
        form.brought_client_id = 'known-elsewhere-0001'
        form.redirect_uris = 'https://app.example.com/callback'
        form.moves_here = False
        self.assertFalse(form.save().brought_client_id)
        form.moves_here = True
        with self.assertRaises(ValidationError):
            form.save()._make()
        form.brought_client_id = 'known-elsewhere-0001'
        self.assertEqual(form.save()._make().client_id, 'known-elsewhere-0001')

    def test_what_only_the_product_knows_is_asked_for(self):
        form = self.new(self.env.ref('restapi_oauth2.template_zapier'))
        self.assertFalse(form.redirect_uris)

    def test_what_runs_by_itself_gets_what_was_chosen(self):
        client = self.complete(self.env.ref('restapi_oauth2.template_service'))._make()
        self.assertEqual((client.scope, client.default_scope), ('contacts.read', 'contacts.read'))

    def test_what_is_missing_or_wrong_is_told_and_nothing_is_made(self):
        for template, values, missing in (
            ('web', {'name': ' '}, 'Enter the name'),
            ('grafana', {}, 'Enter the address'),
            ('service', {}, 'Choose the user'),
            ('service', {'user_id': self.service_user}, 'Tick what the application may do'),
        ):
            with self.subTest(template, missing=missing), self.assertRaisesRegex(ValidationError, missing):
                self.new(self.env.ref(f'restapi_oauth2.template_{template}'), **values).save().action_make()
        before = self.env['oauth2.client'].search_count([])
        for template, values in (
                ('service', {}), ('web', {'redirect_uris': 'http://app.example.com/'}), ('web', {}), ('app', {}),
                ('direct', {'user_id': self.service_user.id})):
            new = self.env['oauth2.client.new'].create({
                'template_id': self.env.ref(f'restapi_oauth2.template_{template}').id, 'name': 'Incomplete', **values})
            with self.subTest(template), self.assertRaises(ValidationError):
                new.action_make()
        self.assertEqual(self.env['oauth2.client'].search_count([]), before)

    def test_nobody_gets_the_rights_of_another_user_by_it(self):
        template = self.env.ref('restapi_oauth2.template_service')
        new = self.env['oauth2.client.new'].with_user(self.administrator).create({
            'template_id': template.id, 'name': 'Nightly', 'user_id': self.service_user.id,
            'scope_ids': [Command.set(self.env.ref('restapi_oauth2.scope_contacts_read').ids)]})
        with self.assertRaises(AccessError):
            new._make()
        new.sudo().user_id = self.administrator
        self.assertEqual(new._make().user_id, self.administrator)

    def test_another_template_is_one_record(self):
        wiki = self.env['oauth2.client.template'].create({
            'name': 'Wiki', 'section': 'product', 'summary': 'Ours', 'redirect_uris': '{site}/oauth',
            'pkce': 'required', 'scope_names': 'openid nobody.knows'})
        form = self.new(wiki)
        form.site = 'https://wiki.example.com'
        client = form.save()._make()
        self.assertEqual((client.name, client.pkce, client.scope), ('Wiki', 'required', 'openid'))

    def test_only_settings_changes_templates(self):
        with self.assertRaises(AccessError):
            self.templates[0].with_user(self.administrator).name = 'Mine'
        self.templates[0].with_user(self.env.ref('base.user_admin')).name = 'Ours'

    def test_kinds_stand_before_products_in_the_order_of_their_names(self):
        sections = self.templates.mapped('section')
        self.assertEqual(sections, sorted(sections))
        products = self.templates.filtered(lambda template: template.section == 'product')
        self.assertEqual(products.mapped('name'), sorted(products.mapped('name'), key=str.casefold))

    def test_scopes_are_chosen_by_their_sentence(self):
        scopes = self.env['oauth2.scope'].with_context(oauth2_sentences=True)
        (number, name), *_others = scopes.name_search('contacts.read')
        self.assertEqual(number, self.env.ref('restapi_oauth2.scope_contacts_read').id)
        self.assertTrue(name.startswith('contacts.read: '))
        self.assertIn((number, name), scopes.name_search(name.partition(': ')[2]))

    def test_narrow_scopes_come_first_and_those_of_people_not_for_programs(self):
        scopes = self.env['oauth2.scope'].with_context(oauth2_sentences=True)
        names = [scopes.browse(number).name for number, _name in scopes.name_search(
            '', [('is_for_people', 'in', (False, False))])]
        self.assertEqual(set(names[-2:]), {'odoo', 'odoo.read'})
        self.assertNotIn('openid', names)
        both = [scopes.browse(number).name for number, _name in scopes.name_search(
            '', [('is_for_people', 'in', (False, True))])]
        self.assertIn('openid', both)

    def test_cards_and_scopes_speak_the_language_of_the_reader(self):
        for code in ('fr_FR', 'ar_001'):
            self.env['res.lang']._activate_lang(code)
            self.env['ir.module.module']._load_module_terms(['restapi_oauth2'], [code])
            with self.subTest(code):
                web = self.env.ref('restapi_oauth2.template_web')
                self.assertNotEqual(web.with_context(lang=code).name, web.with_context(lang='en_US').name)
                scope = self.env.ref('restapi_oauth2.scope_contacts_read')
                self.assertNotEqual(
                    scope.with_context(lang=code).description, scope.with_context(lang='en_US').description)

    def test_the_menu_leads_to_the_cards_as_long_as_nothing_is_registered(self):
        templates = self.templates.with_user(self.administrator)
        self.env['oauth2.client'].with_context(active_test=False).search([]).unlink()
        self.assertEqual(templates.action_open()['res_model'], 'oauth2.client.template')
        self.env['oauth2.client'].create({'name': 'First'})
        self.assertEqual(templates.action_open()['res_model'], 'oauth2.client')

    def test_scopes_that_are_not_there_are_not_offered(self):
        scope = self.env['oauth2.scope'].create(
            {'name': 'moon.read', 'description': 'Read the moon', 'required_model': 'moon.phase'})
        self.assertNotIn(scope, scope.search([('is_offered', '=', True)]))
        scope.required_model = False
        self.assertIn(scope, scope.search([('is_offered', '=', True)]))
        scope.required_model = 'moon.phase'
        wiki = self.env['oauth2.client.template'].create({
            'name': 'Wiki', 'summary': 'Ours', 'scope_names': 'openid moon.read'})
        self.assertEqual(wiki._scopes().mapped('name'), ['openid'])

    def test_a_name_is_seen(self):
        for name in ('  ', '\t\n'):
            with (self.subTest(name), mute_logger('odoo.sql_db'), self.env.cr.savepoint(),
                  self.assertRaises(psycopg2.IntegrityError)):
                self.env['oauth2.client'].create({'name': name}).flush_recordset()


class TestNewService(OAuth2Case):

    def test_it_gets_tokens_at_once(self):
        """The dialog sets everything that is needed: server to server."""
        new = self.env['oauth2.client.new'].create({
            'template_id': self.env.ref('restapi_oauth2.template_service').id, 'name': 'Nightly report',
            'user_id': self.user.id,
            'scope_ids': [Command.set(self.env.ref('restapi_oauth2.scope_contacts_read').ids)]})
        client = new._make()
        secret = client._make_secret()['context']['default_secret']
        self.env.flush_all()
        answer = self.token(client, secret, grant_type='client_credentials')
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(answer.json()['scope'], 'contacts.read')
