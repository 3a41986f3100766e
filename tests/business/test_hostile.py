"""Every method of the door, on every model of a scope, with every field: answers contain nothing that the scope closes.

What the scope opens is computed here a second time, from the database's columns and the fields' definitions. Closed
values are marked, and all answers are searched for the marks.
"""
import inspect
import json
import re

from odoo.exceptions import AccessError
from odoo.tools import json_default, mute_logger

from ..requirement import requirement
from .common import MARK, DoorCase

SECRET = re.compile(r'token|secret|passw|signup|uuid|api_key|private_key|^pin$|videocall_location|^url$|otp')
SCOPES = {
    'orders.read': ('sale.order', 'sale.order.line', 'res.partner', 'product.product'),
    'leads.write': ('crm.lead', 'crm.stage', 'res.partner'),
    'employees.read': ('hr.employee', 'hr.department'),
    'invoices.read': ('account.move', 'account.move.line', 'account.journal'),
    'tasks.write': ('project.task', 'project.project', 'res.users'),
    'calendar.read': ('calendar.event', 'calendar.attendee'),
    'stock.read': ('stock.quant', 'stock.picking'),
    'contacts.write': ('res.partner', 'res.country'),
}


class HostileCase(DoorCase):
    """What scopes open, computed without the addon."""

    def lines(self, scope, model):
        """The lists of fields with which a scope opens a model; None for no list."""
        lines = self.env['oauth2.scope'].search([('name', 'in', scope.split())]).line_ids
        return [line.field_names and line.field_names.split() for line in lines if line.model == model]

    def columns(self, model):
        """What PostgreSQL says of the model's table."""
        self.cr.execute('SELECT column_name FROM information_schema.columns WHERE table_name = %s', [
            self.env[model]._table])
        return {name for (name,) in self.cr.fetchall()}

    def open_fields(self, scope, model):
        """The fields that a scope may tell at the most, worked out without the addon."""
        fields, columns, found = self.env[model]._fields, self.columns(model), {'id', 'active'}
        for names in self.lines(scope, model):
            if names:
                found |= set(names)
                continue
            for name, field in fields.items():
                reserved = field.groups and 'base.group_user' not in field.groups
                related = field.type in ('one2many', 'many2many') and bool(self.lines(scope, field.comodel_name))
                stands = name in columns or (field.type == 'binary' and field.store) or related or not field.store
                if stands and not reserved and not SECRET.search(name):
                    found.add(name)
        return found & set(fields)

    def users(self):
        return self.admin, self.sam, self.portal


class TestEveryField(HostileCase):

    @requirement('attack', '58', 'Of every model of a scope, every field is told only if the scope opens it')
    def test_attack_58_every_field_in_every_place(self):
        tried = 0
        for scope, models in SCOPES.items():
            for model in models:
                told = set(self.enter(scope, self.admin, model, 'fields_get', allfields=[]))
                self.assertEqual(told - self.open_fields(scope, model), set(), f'{scope} {model}')
                record = self.env[model].search([], limit=1).ids
                for name in sorted(set(self.env[model]._fields) - told):
                    for method, arguments in self.places(name, record):
                        with self.subTest(scope, model=model, method=method, **arguments):
                            self.assertLacking(scope, model, method, **arguments)
                        tried += 1
        self.assertGreater(tried, 5000)

    @mute_logger('odoo.sql_db')
    def test_every_place_takes_an_open_field(self):
        """So a refusal at that place is because of the field."""
        answered = set()
        for name in ('name', 'partner_id', 'amount_total'):
            for at, (method, arguments) in enumerate(self.places(name, self.order.ids)):
                if self.attempt('orders.read', self.admin, 'sale.order', method, **arguments) is not None:
                    answered.add(at)
        self.assertEqual(answered, set(range(len(self.places('name', [])))))

    def places(self, name, ids):
        """Where a field can be named."""
        return (
            ('read', {'ids': ids, 'fields': [name]}),
            ('search_read', {'domain': [], 'fields': ['id', name], 'limit': 1}),
            ('search', {'domain': ['|', ('id', '=', 0), '!', (name, '=', False)]}),
            ('search_count', {'domain': [('id', 'any', [(name, '!=', False)])]}),
            ('search', {'domain': [], 'order': f'id, {name} desc'}),
            ('web_read', {'ids': ids, 'specification': {name: {}}}),
            ('web_search_read', {'domain': [], 'specification': {name: {'fields': {'display_name': {}}}}}),
            ('formatted_read_group', {'domain': [], 'groupby': [name]}),
            ('formatted_read_group', {'domain': [], 'aggregates': [f'{name}:count_distinct']}),
            ('formatted_read_group', {'domain': [], 'groupby': ['id'], 'having': [(f'{name}:max', '!=', 0)]}),
            ('read_group', {'domain': [], 'fields': [f'x:max({name})'], 'groupby': []}),
            ('export_data', {'ids': ids, 'fields_to_export': [name]}),
            ('get_field_translations', {'ids': ids, 'field_name': name}),
        )

    @requirement('attack', '58', 'Closed fields are not written, and nothing is different after a refusal')
    def test_attack_58_every_field_is_written(self):
        for scope, models in (('leads.write', ('crm.lead', 'crm.stage')), ('contacts.write', ('res.partner',))):
            for model in models:
                record = self.env[model].search([], limit=1)
                told = set(self.enter(scope, self.admin, model, 'fields_get', allfields=[]))
                names = [name for name in self.env[model]._fields if name not in told or model == 'crm.stage']
                self.assertTrue(names)
                for name in names:
                    for method, arguments in (
                        ('write', {'ids': record.ids, 'vals': {name: False}}),
                        ('create', {'vals_list': [{'name': 'x', name: False}]}),
                        ('web_save', {'ids': record.ids, 'vals': {name: False}, 'specification': {}}),
                        ('copy', {'ids': record.ids, 'default': {name: False}}),
                        ('load', {'fields': ['name', name], 'data': [['x', 'y']]}),
                        ('create', {'vals_list': [{'name': 'x'}], 'context': {f'default_{name}': 1}}),
                    ):
                        with self.subTest(scope, model=model, method=method, field=name):
                            self.assertIsNone(self.attempt(scope, self.admin, model, method, **arguments))


class TestMarks(HostileCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lead = cls.env['crm.lead'].create({'name': 'Lead', 'partner_id': cls.acme.id})
        cls.employee = cls.env['hr.employee'].create({'name': 'Emma', 'user_id': cls.vic.id})
        cls.order.message_post(body=MARK)

    def mark(self, scope, records):
        """Write the mark into every text of records that the scope does not open."""
        opened = self.open_fields(scope, records._name) - {'create_uid', 'write_uid'}
        closed = self.columns(records._name) - opened
        for name, field in records._fields.items():
            if name in closed and field.type in ('char', 'text', 'html') and not field.translate:
                self.cr.execute(f'UPDATE "{records._table}" SET "{name}" = %s WHERE id = ANY(%s)', [
                    json.dumps({'1': MARK}) if field.company_dependent else MARK, records.ids])
        self.env.invalidate_all()

    @requirement('attack', '58', 'No answer of any method tells what the scope does not open, to no user')
    def test_attack_58_answers(self):
        for scope, record in (
            ('orders.read', self.order), ('orders.read', self.acme), ('leads.write', self.lead),
            ('leads.write', self.acme), ('employees.read', self.employee), ('tasks.write', self.vic),
            ('orders.read', self.product),
        ):
            self.mark(scope, record)
            answered = set()
            for user in self.users():
                for method, arguments in self.calls(scope, user, record):
                    answer = self.attempt(scope, user, record._name, method, **arguments)
                    answered |= {method} if answer is not None and user == self.admin else set()
                    with self.subTest(scope, model=record._name, user=user.login, method=method):
                        self.assertNotIn(MARK, json.dumps(answer, default=json_default))
            with self.subTest(scope, model=record._name):
                self.assertEqual({
                    'read', 'search_read', 'web_read', 'web_search_read', 'name_search', 'search_count',
                    'get_external_id', 'formatted_read_group', 'read_group'} - answered, set())

    def calls(self, scope, user, record):
        shown = self.attempt(scope, user, record._name, 'fields_get', allfields=[]) or {}
        deep = {name: {'fields': {'display_name': {}}} if field['type'] == 'many2one' else {}
                for name, field in shown.items()}
        grouped = [name for name in shown if record._fields[name].store and record._fields[name].column_type]
        context = dict.fromkeys(self.keys_of_names(), True)
        found = [('id', '=', record.id)]
        return [
            ('read', {'ids': record.ids}), ('read', {'ids': record.ids, 'context': context}),
            ('search_read', {'domain': [('id', '=', record.id)]}),
            ('web_read', {'ids': record.ids, 'specification': deep}),
            ('web_search_read', {'domain': [('id', '=', record.id)], 'specification': deep}),
            ('name_search', {'name': ''}), ('name_search', {'name': MARK}),
            ('search_count', {'domain': [('display_name', 'ilike', MARK)]}),
            ('web_name_search', {'name': MARK, 'specification': deep}),
            ('get_metadata', {'ids': record.ids}), ('get_external_id', {'ids': record.ids}),
            ('default_get', {'fields': list(record._fields)}),
            *(('formatted_read_group', {'domain': found, 'groupby': [name]}) for name in grouped),
            *(('read_group', {'domain': found, 'fields': [], 'groupby': [name]}) for name in grouped),
            *(('export_data', {'ids': record.ids, 'fields_to_export': [name]}) for name in shown),
            ('copy', {'ids': record.ids}), ('web_save', {'ids': record.ids, 'vals': {}, 'specification': deep}),
        ]

    def keys_of_names(self):
        """The context keys that Odoo's own ways to call a record know."""
        keys = set()
        for model in self.env.registry.values():
            for cls in model.mro():
                for name in ('_compute_display_name', 'name_search', '_search_display_name'):
                    if name in cls.__dict__ and inspect.isfunction(cls.__dict__[name]):
                        keys |= set(re.findall(r"context(?:\.get\(|\[)'(\w+)'", inspect.getsource(cls.__dict__[name])))
        return keys

    @requirement('attack', '58', 'The context keys of Odoo\'s own ways to call a record change nothing')
    def test_attack_58_contexts_of_names(self):
        keys = self.keys_of_names()
        self.assertGreater(len(keys), 10)
        for scope, record in (('orders.read', self.order), ('orders.read', self.acme), ('orders.read', self.product),
                              ('leads.write', self.lead), ('users.read', self.vic), ('employees.read', self.employee)):
            plain = self.enter(scope, self.admin, record._name, 'read', ids=record.ids, fields=['display_name'])
            for key in sorted(keys):
                for value in (True, 1, [1]):
                    with self.subTest(record._name, key=key, value=value):
                        self.assertEqual(plain, self.enter(
                            scope, self.admin, record._name, 'read', ids=record.ids, fields=['display_name'],
                            context={key: value}))


class TestContained(HostileCase):

    @requirement('contract', '7', 'What a token is answered, its user is answered, too; more scopes take nothing away')
    def test_answers_are_contained_in_the_users_own(self):
        scopes = 'orders.read', 'orders.read contacts.read', 'orders.read contacts.read odoo.read'
        for user in self.users():
            before = set()
            for scope in scopes:
                for model in ('sale.order', 'res.partner', 'product.product'):
                    with mute_logger('odoo.addons.base.models.ir_model', 'odoo.addons.base.models.ir_rule'):
                        found = self.attempt(
                            scope, user, model, 'search_read', domain=[], fields=['display_name']) or []
                        try:
                            own = self.env[model].with_user(user).search([]).ids
                        except AccessError:
                            own = []
                    self.assertLessEqual({row['id'] for row in found}, set(own))
                    self.assertTrue(found or user != self.admin)
                    names = {(model, row['id'], row['display_name']) for row in found}
                    self.assertLessEqual({name for name in before if name[0] == model}, names)
                    before |= names
