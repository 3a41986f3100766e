"""What administrators do with scopes in Odoo's backend, without a browser."""
import psycopg2
from lxml import etree

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..models.scopes.oauth2_scope import OPENID_CONNECT

# Settings administrators, OAuth2 administrators who are no such, and everybody else.
RIGHTS = {
    'oauth2.scope': ('create read unlink write', 'read', ''),
    'oauth2.scope.line': ('create read unlink write', 'read', ''),
    'oauth2.scope.wizard': ('create read write', '', ''),
}
OWN = "[('id', '=', user.partner_id.id)]"


@tagged('post_install', '-at_install')
class ScopeBackendCase(TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = new_test_user(cls.env, 'oauth2_scopes_settings', groups='base.group_system')
        cls.administrator = new_test_user(
            cls.env, 'oauth2_scopes', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')
        cls.user = new_test_user(cls.env, 'oauth2_scopes_user', groups='base.group_user')
        cls.portal = new_test_user(cls.env, 'oauth2_scopes_portal', groups='base.group_portal')
        cls.scope = cls.make_scope('partners', {'model': 'res.partner'})
        cls.line = cls.scope.line_ids

    @classmethod
    def make_scope(cls, name, *lines, **values):
        """A scope with these lines, each a dictionary."""
        return cls.env['oauth2.scope'].create({
            'name': name, 'description': name, 'line_ids': [Command.create(line) for line in lines], **values})

    def opening(self, name='partners'):
        """What the scope comes to for a token."""
        return self.env['oauth2.scope']._opening(frozenset({name}))

    def opened_line(self):
        """The one line of `partners` that opens reading contacts, as a token has it."""
        [line] = self.opening().lines('res.partner', 'read')
        return line

    def assertRefused(self, words, write):
        """A change is refused, and the reason has these words."""
        with self.assertRaises(ValidationError) as caught, self.cr.savepoint():
            write()
        for word in words:
            self.assertIn(word, str(caught.exception))

    def reason_of_database(self, write):
        """What an administrator is told of what the database does not take."""
        with mute_logger('odoo.sql_db'), self.assertRaises(psycopg2.IntegrityError) as caught, self.cr.savepoint():
            write()
            self.env.flush_all()
        # As Odoo does it for a request: it asks the model whose table refuses.
        [model] = [model for model in self.registry.values() if model._table == caught.exception.diag.table_name]
        return self.env[model._name]._sql_error_to_message(caught.exception)


class TestRights(ScopeBackendCase):

    def seen(self, scope, kind):
        """What the web client asks for when this user opens a scope."""
        view = scope.get_views([(False, kind)])['views'][kind]

        def specification(nodes, records):
            return {node.get('name'): {'fields': specification(
                        [*node.iterfind('./list/field'), *node.iterfind('./form//field')],
                        records[node.get('name')]) or {'display_name': {}}}
                    if records._fields[node.get('name')].relational else {} for node in nodes}

        fields = [node for node in etree.fromstring(view['arch']).iter('field')
                  if not any(parent.tag == 'field' for parent in node.iterancestors())]
        [values] = scope.web_read(specification(fields, scope))
        return values

    def test_the_rights_are_these_and_no_others(self):
        operations = ('create', 'read', 'unlink', 'write')
        for model, (of_settings, of_administrator, of_others) in RIGHTS.items():
            for user, rights in (
                (self.settings, of_settings), (self.administrator, of_administrator), (self.user, of_others),
                (self.portal, of_others), (self.env.ref('base.public_user'), of_others),
            ):
                records = self.env[model].with_user(user)
                with self.subTest(user.login, model=model):
                    self.assertEqual(
                        ' '.join(operation for operation in operations if records.has_access(operation)), rights)

    def test_an_administrator_of_odoo_makes_changes_and_deletes_scopes(self):
        scope = self.env['oauth2.scope'].with_user(self.settings).create({
            'name': 'countries', 'description': 'x', 'line_ids': [Command.create({'model': 'res.country'})]})
        scope.line_ids.write({'perm_write': True})
        scope.write({'description': 'y', 'line_ids': [Command.create({'model': 'res.country.state'})]})
        self.assertEqual(scope.line_ids.mapped('model'), ['res.country', 'res.country.state'])
        lines = scope.line_ids
        scope.unlink()
        self.assertFalse(scope.exists() or lines.exists())

    def test_an_administrator_of_oauth2_alone_sees_them_and_changes_nothing(self):
        self.line.write({'field_names': 'name email', 'domain': OWN})
        scope = self.scope.with_user(self.administrator)
        for kind in ('list', 'form'):
            seen = self.seen(scope, kind)
            self.assertEqual(seen['name'], 'partners')
        [line] = seen['line_ids']
        self.assertEqual((line['model_id']['display_name'], line['field_names'], line['domain']),
                         ('Contact', 'name email', OWN))
        for change in (
            lambda: scope.write({'opens': 'everything'}),
            lambda: scope.write({'line_ids': [Command.create({'model': 'res.users'})]}),
            lambda: scope.line_ids.write({'perm_unlink': True}),
            scope.line_ids.unlink,
            scope.unlink,
            lambda: scope.create({'name': 'x', 'description': 'x'}),
            lambda: scope.line_ids.create({'scope_id': scope.id, 'model': 'res.users'}),
        ):
            with self.assertRaises(AccessError), self.cr.savepoint():
                change()
        self.assertEqual(self.scope.line_ids.mapped('model'), ['res.partner'])

    def test_others_see_nothing(self):
        for user in self.user | self.portal | self.env.ref('base.public_user'):
            for records in (self.scope, self.line):
                with self.subTest(user.login, model=records._name):
                    with self.assertRaises(AccessError):
                        records.with_user(user).read(['display_name'])
                    with self.assertRaises(AccessError):
                        records.with_user(user).search_count([])

    def test_the_wizard_is_for_administrators_of_odoo(self):
        values = {'name': 'x', 'description': 'x', 'model_ids': self.env['ir.model']._get('res.country').ids}
        for user in self.administrator | self.user | self.portal:
            with self.subTest(user.login), self.assertRaises(AccessError):
                self.env['oauth2.scope.wizard'].with_user(user).create(values)
        self.assertTrue(self.env['oauth2.scope.wizard'].with_user(self.settings).create(values).action_make())

    def test_only_who_may_use_the_wizard_sees_its_button(self):
        for user, count in ((self.settings, 1), (self.administrator, 0)):
            arch = self.env['oauth2.scope'].with_user(user).get_view(view_type='list')['arch']
            with self.subTest(user.login):
                self.assertEqual(arch.count('New from models'), count)


class TestLines(ScopeBackendCase):

    def test_a_line_opens_something(self):
        nothing = {'perm_read': False, 'perm_write': False, 'perm_create': False, 'perm_unlink': False}
        for write in (
            lambda: self.line.write({'perm_read': False}),  # the others were never ticked
            lambda: self.line.write(nothing),
            lambda: self.make_scope('nothing', {'model': 'res.partner', 'perm_read': False}),
        ):
            self.assertIn('tick an operation', self.reason_of_database(write))
        for name in nothing:
            with self.subTest(name):
                self.line.write({**nothing, name: True})
                self.env.flush_all()
                self.assertEqual(self.line._line().operations, {name.removeprefix('perm_')})

    def test_fields_that_are_not_there_are_named(self):
        self.assertRefused(['res.partner', 'emial', 'phoen'], lambda: self.line.write(
            {'field_names': 'name emial phoen'}))
        self.assertFalse(self.line.field_names)
        self.assertRefused(['res.country', 'email'], lambda: self.line.write(
            {'model': 'res.country', 'field_names': 'name email'}))
        self.line.field_names = 'name email'
        self.assertRefused(['res.country', 'email'], lambda: self.line.write({'model': 'res.country'}))

    def test_domains_that_cannot_be_understood_say_why(self):
        for domain, word in (
            ("('id', '=', 1)", 'id'),
            ('42', '42'),
            ('user', 'user'),
            ("[('id', '=', 1)", '('),
            ("[('id', '=')]", 'id'),
            ("[('nmae', '=', 'x')]", 'nmae'),
            ("[('country_id.nmae', '=', 'x')]", 'nmae'),
            ("[('id', 'equals', 1)]", 'equals'),
            ("['|', ('id', '=', 1)]", '|'),
            ("[('id', '=', uid)]", 'uid'),
            ("[('id', '=', user.partner)]", 'partner'),
            ("[('id', '=', 1 / 0)]", 'division by zero'),
            ("[('id', '=', user.mapped('nmae'))]", 'nmae'),
            ("[('id', '=', __import__('os'))]", '__import__'),
        ):
            with self.subTest(domain):
                self.assertRefused(
                    ['The domain on res.partner', word], lambda domain=domain: self.line.write({'domain': domain}))
        self.assertFalse(self.line.domain)

    def test_domains_of_record_rules_are_understood(self):
        for domain in (False, '[]', OWN, "[('company_id', 'in', company_ids)]", "[('company_id', '=', company_id)]",
                       "['|', ('user_id', '=', user.id), ('country_id.code', '=', 'BE')]"):
            with self.subTest(domain):
                self.line.domain = domain
                self.assertEqual(self.opened_line().domain, domain or '')

    def test_methods_that_are_not_there_or_private_are_named(self):
        for names, wrong in (
            ('adress_get', 'adress_get'),
            ('address_get _compute_display_name', '_compute_display_name'),
            ('__init__', '__init__'),
            ('name', 'name'),
            ('addre*ss_get', 'addre*ss_get'),
            ('action_*', 'action_*'),
        ):
            with self.subTest(names):
                self.assertRefused(['res.partner', f'call: {wrong}'], lambda names=names: self.line.write(
                    {'method_names': names}))
        self.assertFalse(self.line.method_names)

    def test_methods_that_may_be_called(self):
        for names, expected in (
            (False, set()),
            ('address_get', {'address_get'}),
            (' address_get  create_company ', {'address_get', 'create_company'}),
            ('*', None),
            (' * ', None),
            ('address_get *', None),
        ):
            with self.subTest(names):
                self.line.method_names = names
                self.assertEqual(self.opened_line().methods, expected)

    def test_a_model_of_an_addon_that_is_not_there_is_kept_and_opens_nothing(self):
        line = self.make_scope('later', {
            'model': 'of.another.addon', 'field_names': 'what ever', 'domain': "[('what', '=', 1)]",
            'method_names': 'whatever'}).line_ids
        self.assertEqual((line.model, line.field_names, line.display_name),
                         ('of.another.addon', 'what ever', 'of.another.addon'))
        self.assertFalse(line.model_id or line.field_ids)
        self.assertFalse(self.opening('later').opens('res.partner'))


class TestModelAndFields(ScopeBackendCase):

    def test_a_model_and_its_name_stay_in_step(self):
        country = self.env['ir.model']._get('res.country')
        line = self.scope.line_ids.create({'scope_id': self.scope.id, 'model_id': country.id})
        self.assertEqual(line.model, 'res.country')
        line.model = 'res.lang'
        self.assertEqual(line.model_id, self.env['ir.model']._get('res.lang'))
        line.model_id = country
        self.assertEqual((line.model, line.display_name), ('res.country', 'Country'))
        self.assertTrue(self.opening().allows('res.country', 'read'))
        self.assertFalse(self.opening().allows('res.lang', 'read'))

    def test_fields_and_their_names_stay_in_step(self):
        fields = self.env['ir.model.fields']
        name, email = (fields._get('res.partner', name) for name in ('name', 'email'))
        self.line.field_names = 'email name'
        self.assertEqual(self.line.field_ids, name | email)
        self.line.field_ids -= name
        self.assertEqual(self.line.field_names, 'email')
        self.line.field_ids = [Command.link(name.id)]
        self.assertEqual(set(self.line.field_names.split()), {'name', 'email'})
        self.line.field_ids = False
        self.assertFalse(self.line.field_names)
        self.assertIsNone(self.opened_line().fields)
        line = self.line.create({
            'scope_id': self.scope.id, 'model_id': name.model_id.id, 'field_ids': [Command.set(name.ids)]})
        self.assertEqual((line.model, line.field_names), ('res.partner', 'name'))

    def test_a_list_of_fields_that_are_gone_does_not_come_to_mean_all(self):
        self.env.flush_all()
        self.env.cr.execute("UPDATE oauth2_scope_line SET field_names = 'gone' WHERE id = %s", [self.line.id])
        self.env.invalidate_all()
        self.assertFalse(self.line.field_ids)
        with Form(self.scope) as form, form.line_ids.edit(0) as line:
            line.perm_write = True
        self.assertEqual(self.line.field_names, 'gone')
        self.assertEqual(self.opened_line().fields, {'gone'})

    def test_the_form_makes_a_scope_of_models_and_fields(self):
        fields, models = self.env['ir.model.fields'], self.env['ir.model']
        form = Form(self.env['oauth2.scope'].with_user(self.settings))
        form.name, form.description = 'form.read', 'Read what the form says'
        with form.line_ids.new() as line:
            line.model_id = models._get('res.country')
            self.assertEqual((line.model, line.perm_read, line.perm_write), ('res.country', True, False))
            line.field_ids.add(fields._get('res.country', 'code'))
            line.domain = "[('code', '=', 'BE')]"
        with form.line_ids.new() as line:
            line.model_id = models._get('res.lang')
            line.perm_unlink = True
        scope = form.save()
        self.assertEqual(
            [(line.model, line.field_ids.mapped('name'), line.domain, line.perm_unlink) for line in scope.line_ids],
            [('res.country', ['code'], "[('code', '=', 'BE')]", False), ('res.lang', [], False, True)])
        self.assertIsNone(self.opening('form.read').lines('res.lang', 'read')[0].fields)

    def test_another_model_in_the_form_lets_go_of_fields_and_methods(self):
        self.line.write({'field_names': 'name email', 'method_names': 'address_get'})
        with Form(self.scope.with_user(self.settings)) as form, form.line_ids.edit(0) as line:
            self.assertEqual(len(line.field_ids), 2)
            line.model_id = self.env['ir.model']._get('res.country')
            self.assertFalse(line.field_ids)
            line.field_ids.add(self.env['ir.model.fields']._get('res.country', 'name'))
        self.assertEqual((self.line.model, self.line.field_names, self.line.method_names),
                         ('res.country', 'name', False))
        [opened] = self.opening().lines('res.country', 'read')
        self.assertEqual(opened.fields, {'name'})


class TestShippedScopes(ScopeBackendCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.data = cls.env['ir.model.data'].search([
            ('module', '=', 'restapi_oauth2'), ('model', '=', 'oauth2.scope')])
        cls.shipped = cls.env['oauth2.scope'].browse(cls.data.mapped('res_id'))

    def test_lines_name_what_exists(self):
        self.assertGreater(len(self.shipped.line_ids), 10)
        for line in self.shipped.filtered(lambda scope: not scope.required_model).line_ids:
            with self.subTest(line.scope_id.name, model=line.model):
                self.assertTrue(line.model_id)
                self.assertLessEqual(set((line.field_names or '').split()), set(self.env[line.model]._fields))
                line._check_line()

    def test_names_and_sentences_are_listed_once(self):
        for field in ('name', 'description'):
            values = self.shipped.mapped(field)
            with self.subTest(field):
                self.assertEqual(len(values), len(set(values)))
                self.assertTrue(all(values))

    def test_only_odoo_opens_everything_and_only_odoo_read_reads_everything(self):
        self.assertEqual(self.shipped.filtered(lambda scope: scope.opens == 'everything').mapped('name'), ['odoo'])
        self.assertEqual(self.shipped.filtered(lambda scope: scope.opens == 'reading').mapped('name'), ['odoo.read'])

    def test_names_that_only_read_say_so(self):
        for scope in self.shipped.filtered(lambda scope: scope.name.endswith('.read')):
            with self.subTest(scope.name):
                self.assertTrue(self.opening(scope.name).only_reads())

    def test_updates_leave_those_with_lines_alone(self):
        lines = self.data.filtered(lambda data: self.env['oauth2.scope'].browse(data.res_id).line_ids)
        self.assertGreater(len(lines), 5)
        for data in lines | self.data.filtered(lambda data: data.name == 'scope_odoo_read'):
            with self.subTest(data.name):
                self.assertTrue(data.noupdate)

    def test_what_an_update_brings_does_not_undo_a_change(self):
        scope = self.env.ref('restapi_oauth2.scope_contacts_read')
        scope.write({'description': 'Changed', 'line_ids': [Command.clear()]})
        scopes = self.env['oauth2.scope'].with_context(install_module='restapi_oauth2')
        scopes._load_records([{
            'xml_id': 'restapi_oauth2.scope_contacts_read', 'noupdate': True,
            'values': {'description': 'As shipped', 'line_ids': [Command.create({'model': 'res.partner'})]}}],
            update=True)
        self.assertEqual((scope.description, len(scope.line_ids)), ('Changed', 0))


class TestScopes(ScopeBackendCase):

    def test_a_new_application_may_sign_in_and_what_is_given_by_default(self):
        self.assertFalse(self.scope.is_default)
        given = self.make_scope('given', is_default=True)
        client = self.env['oauth2.client'].with_user(self.administrator).create({'name': 'New'})
        self.assertEqual(set(client.sudo().scope_ids.mapped('name')), {*OPENID_CONNECT, 'odoo', 'given'})
        given.is_default = False
        self.env.ref('restapi_oauth2.scope_odoo').is_default = False
        client = self.env['oauth2.client'].create({'name': 'Newer'})
        self.assertEqual(set(client.scope_ids.mapped('name')), OPENID_CONNECT)

    def test_a_copy_has_the_lines(self):
        self.line.write({'domain': OWN, 'field_names': 'name', 'method_names': 'address_get', 'perm_write': True})
        self.scope.line_ids.create({'scope_id': self.scope.id, 'model': 'res.country'})
        copy = self.scope.copy({'name': 'partners.copied'})
        self.assertEqual([line._line() for line in copy.line_ids], [line._line() for line in self.scope.line_ids])
        self.assertFalse(copy.line_ids & self.scope.line_ids)
        self.assertEqual((copy.description, copy.opens), ('partners', 'lines'))
        self.assertEqual(self.scope.copy().name, f'{self.scope.name}.copy')

    def test_a_name_is_listed_once(self):
        self.assertIn('There is a scope with this name already', self.reason_of_database(
            lambda: self.scope.copy({'name': self.scope.name})))

    def test_a_scope_is_found_by_the_models_it_names(self):
        view = self.env.ref('restapi_oauth2.view_oauth2_scope_search')
        self.assertIn("[('line_ids.model', 'ilike', self)]", view.arch)
        found = self.env['oauth2.scope'].with_user(self.administrator).search([('line_ids.model', 'ilike', 'partner')])
        self.assertIn(self.scope, found)
        self.assertNotIn(self.env.ref('restapi_oauth2.scope_odoo'), found)


class TestWizard(ScopeBackendCase):

    def wizard(self, **values):
        """The wizard as an administrator of Odoo has filled it in."""
        models = self.env['ir.model']._get('res.country') | self.env['ir.model']._get('res.lang')
        return self.env['oauth2.scope.wizard'].with_user(self.settings).create({
            'name': 'made', 'description': 'Made by the wizard', 'model_ids': models.ids, **values})

    def test_it_makes_a_line_for_each_model_and_opens_the_scope(self):
        action = self.wizard(perm_create=True, perm_unlink=True).action_make()
        scope = self.env[action['res_model']].browse(action['res_id'])
        self.assertEqual((scope.name, scope.description, scope.opens, scope.is_default),
                         ('made', 'Made by the wizard', 'lines', False))
        self.assertEqual(
            scope.line_ids.mapped(lambda line: (line.model, line._line().operations, line.domain, line.field_names)),
            [(model, {'read', 'create', 'unlink'}, False, False) for model in ('res.country', 'res.lang')])
        self.assertEqual((action['res_model'], action['views']), ('oauth2.scope', [(False, 'form')]))

    def test_it_reads_unless_it_is_told_otherwise(self):
        form = Form(self.env['oauth2.scope.wizard'].with_user(self.settings))
        self.assertEqual([form[name] for name in ('perm_read', 'perm_write', 'perm_create', 'perm_unlink')],
                         [True, False, False, False])
        form.name, form.description = 'made', 'Made'
        form.model_ids.add(self.env['ir.model']._get('res.country'))
        form.perm_read, form.perm_write = False, True
        form.save().action_make()
        self.assertEqual(self.opening('made').lines('res.country', 'write')[0].operations, {'write'})

    def test_it_wants_a_model(self):
        with self.assertRaises(UserError) as caught:
            self.wizard(model_ids=False).action_make()
        self.assertIn('Choose the models', str(caught.exception))
        self.assertFalse(self.env['oauth2.scope'].search([('name', '=', 'made')]))

    def test_it_wants_a_name_of_a_scope_that_is_not_taken(self):
        self.assertRefused(['lower-case', 'Made Up'], lambda: self.wizard(name='Made Up').action_make())
        self.assertIn('with this name already', self.reason_of_database(lambda: self.wizard(name='odoo').action_make()))

    def test_it_wants_an_operation(self):
        self.assertIn('tick an operation', self.reason_of_database(
            lambda: self.wizard(perm_read=False).action_make()))


class TestChangesCountAtOnce(ScopeBackendCase):

    def test_a_line_that_is_changed(self):
        self.assertEqual(self.opened_line().operations, {'read'})
        self.line.perm_unlink = True
        self.assertTrue(self.opening().allows('res.partner', 'unlink'))
        self.line.domain = OWN
        self.assertEqual(self.opened_line().domain, OWN)
        self.line.field_names = 'name'
        self.assertEqual(self.opened_line().fields, {'name'})
        self.line.method_names = 'address_get'
        self.assertTrue(self.opening().lines_of_method('res.partner', 'address_get'))
        self.line.write({'model': 'res.country', 'method_names': False})
        self.assertFalse(self.opening().opens('res.partner'))

    def test_lines_that_come_and_go(self):
        self.assertFalse(self.opening().opens('res.country'))
        line = self.line.create({'scope_id': self.scope.id, 'model': 'res.country'})
        self.assertTrue(self.opening().opens('res.country'))
        line.unlink()
        self.assertFalse(self.opening().opens('res.country'))
        self.scope.line_ids = [Command.clear(), Command.create({'model': 'res.lang'})]
        self.assertEqual([self.opening().opens(model) for model in ('res.partner', 'res.lang')], [False, True])
        self.scope.line_ids = [Command.clear()]
        self.assertTrue(self.opening().is_empty)

    def test_a_line_that_moves_to_another_scope(self):
        other = self.make_scope('other')
        self.assertTrue(self.opening('other').is_empty)
        self.assertFalse(self.opening().is_empty)
        self.line.scope_id = other
        self.assertFalse(self.opening('other').is_empty)
        self.assertTrue(self.opening().is_empty)

    def test_a_scope_that_is_changed(self):
        self.assertFalse(self.opening().allows('res.lang', 'read'))
        self.scope.opens = 'reading'
        self.assertTrue(self.opening().allows('res.lang', 'read'))
        self.assertFalse(self.opening().allows('res.lang', 'write'))
        self.scope.opens = 'everything'
        self.assertTrue(self.opening().allows('res.lang', 'write'))
        self.scope.name = 'renamed'
        self.assertTrue(self.opening().is_empty)
        self.assertFalse(self.opening('renamed').is_empty)

    def test_scopes_that_come_and_go(self):
        self.assertTrue(self.opening('coming').is_empty)
        scope = self.make_scope('coming', {'model': 'res.lang'})
        self.assertTrue(self.opening('coming').opens('res.lang'))
        self.assertIn('coming', self.env['oauth2.scope']._names())
        scope.unlink()
        self.assertTrue(self.opening('coming').is_empty)
        self.assertNotIn('coming', self.env['oauth2.scope']._names())


class TestSufficient(ScopeBackendCase):
    """The scope that a client is told to ask for (RFC 6750 §3.1)."""

    def sufficient(self, model, operation, **what):
        """The scope that would do."""
        return self.env['oauth2.scope'].sudo()._sufficient(model, operation, **what)

    def test_where_nothing_else_does_it_is_that_of_everything(self):
        for model, operation in (('res.lang', 'write'), ('ir.config_parameter', 'read'), ('res.partner', 'unlink')):
            with self.subTest(model, operation=operation):
                self.assertEqual(self.sufficient(model, operation), 'odoo')

    def test_where_no_line_reads_it_is_that_of_reading(self):
        self.assertEqual(self.sufficient('res.lang', 'read'), 'odoo.read')
        self.make_scope('languages', {'model': 'res.lang'})
        self.assertEqual(self.sufficient('res.lang', 'read'), 'languages')

    def test_operations(self):
        self.scope.unlink()
        self.assertEqual(self.sufficient('res.partner', 'read', all_records=True), 'contacts.read')
        self.assertEqual(self.sufficient('res.partner', 'create'), 'contacts.write')
        self.make_scope('cleaning', {'model': 'res.partner', 'perm_read': False, 'perm_unlink': True})
        self.assertEqual(self.sufficient('res.partner', 'unlink'), 'cleaning')

    def test_what_leaves_nothing_of_the_model_out_comes_first_then_what_has_the_fewest_lines(self):
        for name, *lines in (
            ('own.lang', {'model': 'res.lang', 'domain': "[('code', '=', user.lang)]"}),
            ('some.fields', {'model': 'res.lang', 'field_names': 'name code'}),
            ('two.models', {'model': 'res.lang'}, {'model': 'res.country'}),
            ('languages', {'model': 'res.lang'}),
        ):
            self.make_scope(name, *lines)
            self.assertEqual(self.sufficient('res.lang', 'read'), name)
        self.make_scope('languages.too', {'model': 'res.lang'}, sequence=49)
        self.assertEqual(self.sufficient('res.lang', 'read'), 'languages.too')

    def test_all_records(self):
        self.make_scope('own.lang', {'model': 'res.lang', 'domain': "[('code', '=', user.lang)]", 'perm_write': True})
        self.assertEqual(self.sufficient('res.lang', 'read'), 'odoo.read')  # the other one writes, too
        self.assertEqual(self.sufficient('res.lang', 'write'), 'own.lang')
        self.assertEqual(self.sufficient('res.lang', 'read', all_records=True), 'odoo.read')
        self.assertEqual(self.sufficient('res.lang', 'write', all_records=True), 'odoo')

    def test_fields(self):
        self.make_scope('names', {'model': 'res.lang', 'field_names': 'name'})
        self.make_scope('names.write', {'model': 'res.lang', 'field_names': 'name', 'perm_write': True})
        self.assertEqual(self.sufficient('res.lang', 'read', field_name='name'), 'names')
        self.assertEqual(self.sufficient('res.lang', 'read', field_name='id'), 'names')
        self.assertEqual(self.sufficient('res.lang', 'write', field_name='name'), 'names.write')
        self.assertEqual(self.sufficient('res.lang', 'read', field_name='code'), 'odoo.read')
        self.assertEqual(self.sufficient('res.lang', 'write', field_name='code'), 'odoo')

    def test_fields_that_show_other_records(self):
        self.make_scope('currencies', {'model': 'res.currency'})
        self.assertEqual(self.sufficient('res.currency', 'read', field_name='name'), 'currencies')
        self.assertEqual(self.sufficient('res.currency', 'read', field_name='rate_ids'), 'companies.read')

    def test_methods(self):
        self.assertEqual(self.sufficient('res.users', 'read', method_name='context_get'), 'user.read')
        self.assertEqual(self.sufficient('res.lang', 'read', method_name='install_lang'), 'odoo')
        self.assertEqual(self.sufficient('res.lang', 'read', method_name='get_installed'), 'odoo.read')
        self.assertEqual(self.sufficient('res.lang', 'write', method_name='install_lang'), 'odoo')
        self.make_scope('languages', {'model': 'res.lang', 'perm_write': True})
        self.assertEqual(self.sufficient('res.lang', 'write', method_name='install_lang'), 'odoo')
        self.make_scope('installing', {'model': 'res.lang', 'perm_write': True, 'method_names': 'install_lang'})
        self.assertEqual(self.sufficient('res.lang', 'write', method_name='install_lang'), 'installing')
        self.make_scope('any.method', {'model': 'res.lang', 'perm_create': True, 'method_names': '*'})
        self.assertEqual(self.sufficient('res.lang', 'create', method_name='install_lang'), 'any.method')
