"""Calls of a token that make no sense: an error in words, never a failure of the server, and nothing half done."""

from odoo.tools import mute_logger

from .requirement import requirement
from .scoped import ScopedCase

# Of each argument, values of the wrong kind. They are sent to a model that the scope opens for everything.
WRONG = {
    'search': [
        {'domain': 'x'},
        {'domain': {'name': 1}},
        {'domain': [['name']]},
        {'domain': [['name', 'like']]},
        {'domain': [5]},
        {'domain': [['nonsense', '=', 1]]},
        {'domain': [['name', 'nonsense', 1]]},
        {'domain': ['&', ['name', '=', 1]]},
        {'domain': [['name', 'any!', []]]},
        {'domain': [['child_ids', 'any!', []]]},
        {'domain': [['name', 'any', []]]},
        {'domain': [['name.x', '=', 1]]},
        {'domain': [['parent_id.nonsense', '=', 1]]},
        {'domain': [[5, '=', 1]]},
        {'domain': [['child_ids', 'any', 5]]},
        {'domain': [['id', 'any', 'x']]},
        {'domain': [[None, '=', 1]]},
        {'domain': [['parent_id', 'child_of', {'x': 1}]]},
        {'domain': [['name', 5, 1]]},
        {'domain': [], 'order': 5},
        {'domain': [], 'order': 'name; x'},
        {'domain': [], 'order': 'nonsense'},
        {'domain': [], 'order': 'parent_id.name'},
        {'domain': [], 'order': ['name']},
        {'domain': [], 'limit': [1]},
        {'domain': [], 'limit': 'x'},
        {'domain': [], 'offset': {'x': 1}},
        {'domain': [], 'limit': -1},
        {'domain': [], 'x': 1},
    ],
    'search_read': [
        {'fields': 'name'},
        {'fields': [5]},
        {'fields': {'name': 1}},
        {'fields': ['nonsense']},
        {'fields': [None]},
        {'fields': [['name']]},
        {'domain': [], 'nonsense': 1},
        {'domain': [], 'load': ['x']},
        {'domain': [['name', '=', 1]], 'context': 'x'},
        {'domain': [], 'context': [1]},
    ],
    'read': [{'ids': 'x'}, {'ids': ['x']}, {'ids': [None]}, {'ids': [[1]]}, {'ids': {'x': 1}}, {'ids': [1.5]}],
    'web_read': [
        {'specification': ['name']},
        {'specification': 'x'},
        {'specification': {'name': 5}},
        {'specification': {'nonsense': {}}},
        {'specification': {'name': {'fields': {}}}},
        {'specification': {'child_ids': {'fields': ['name']}}},
        {'specification': {'child_ids': {'fields': {'name': {}}, 'order': 5}}},
        {'specification': {'child_ids': {'fields': {'name': {}}, 'context': 'x'}}},
        {'specification': {'child_ids': {'fields': {'name': {}}, 'limit': 'x'}}},
    ],
    'formatted_read_group': [
        {'domain': [], 'groupby': [5]},
        {'domain': [], 'groupby': ['properties']},
        {'domain': [], 'groupby': ['properties.nonsense.x']},
        {'domain': [], 'groupby': ['nonsense']},
        {'domain': [], 'groupby': {'name': 1}},
        {'domain': [], 'groupby': ['create_date']},
        {'domain': [], 'groupby': ['name:month']},
        {'domain': [], 'groupby': 5},
        {'domain': [], 'aggregates': ['name']},
        {'domain': [], 'aggregates': [5]},
        {'domain': [], 'aggregates': 5},
        {'domain': [], 'aggregates': ['color:nonsense']},
        {'domain': [], 'having': [['x']]},
        {'domain': [], 'having': 5},
        {'domain': [], 'groupby': ['name'], 'having': [['nonsense:sum', '>', 1]]},
        {'domain': [], 'groupby': ['name'], 'order': 'color'},
        {'domain': [], 'groupby': ['name'], 'order': 7},
    ],
    'read_group': [
        {'domain': [], 'fields': ['name:max(phone)x'], 'groupby': []},
        {'domain': [], 'fields': 5, 'groupby': []},
    ],
    'formatted_read_grouping_sets': [{'domain': [], 'grouping_sets': 5}, {'domain': [], 'grouping_sets': [5]}],
    'name_search': [
        {'name': ['x']},
        {'name': 'x', 'operator': 'nonsense'},
        {'name': 'x', 'operator': 5},
        {'name': {'x': 1}},
        {'name': 'x', 'domain': 'x'},
    ],
    'web_name_search': [{'name': 'x', 'specification': 5}],
    'export_data': [
        {'fields_to_export': [5]},
        {'fields_to_export': 'name'},
        {'fields_to_export': ['nonsense']},
        {'fields_to_export': ['name/x']},
        {'fields_to_export': {'name': 1}},
    ],
    'get_field_translations': [{'field_name': None}, {'field_name': 'nonsense'}, {'field_name': ['name']}, {}],
    'get_property_definition': [{'full_name': 'nonsense.x'}, {'full_name': 5}, {'full_name': 'name.x'}],
    'has_access': [{'operation': 'nonsense'}, {'operation': ['read']}, {'operation': None}],
    'default_get': [{'fields': 5}],
    'create': [
        {'vals_list': 'x'},
        {'vals_list': [5]},
        {'vals_list': [['name', 'x']]},
        {'vals_list': [{'nonsense': 1}]},
        {'vals_list': [{'name': 'x', 'category_id': 'x'}]},
        {'vals_list': [{'name': 'x', 'category_id': [[9]]}]},
        {'vals_list': [{'name': 'x', 'category_id': [['x', 1]]}]},
        {'vals_list': [{'name': 'x', 'category_id': 5}]},
        {'vals_list': [{'name': 'x', 'child_ids': [[0, 0, 5]]}]},
        {'vals_list': [{'name': 'x', 'child_ids': [[4, 'x']]}]},
        {'vals_list': [{'name': 'x', 'child_ids': [[6, 0, 'x']]}]},
        {'vals_list': [{'name': 'x', 'child_ids': [[1]]}]},
        {'vals_list': [{'name': 'x', 'child_ids': [[]]}]},
        {'vals_list': [{'name': 'x', 'child_ids': {'x': 1}}]},
        {'vals_list': [{'name': 'x', 'parent_id': 'x'}]},
        {'vals_list': [{'name': 'x', 'type': 'nonsense'}]},
    ],
    'write': [{'vals': 'x'}, {'vals': ['name']}, {'vals': {'nonsense': 1}}, {'vals': {'child_ids': 7}}, {}],
    'web_save': [
        {'vals': 'x', 'specification': {}},
        {'vals': {}, 'specification': 'x'},
        {'vals': {'name': 'x'}, 'specification': {}, 'next_id': 'x'},
    ],
    'copy': [{'default': ['x']}, {'default': 'x'}, {'default': {'nonsense': 1}}],
    'load': [
        {'fields': 'name', 'data': []},
        {'fields': [5], 'data': [['x']]},
        {'fields': ['name'], 'data': 'x'},
        {'fields': ['nonsense'], 'data': [['x']]},
        {'fields': ['name'], 'data': [5]},
        {'fields': [''], 'data': [['x']]},
        {'fields': ['child_ids/nonsense'], 'data': [['x']]},
        {'fields': ['name/x'], 'data': [['x']]},
    ],
    'name_create': [{'name': ['x']}, {'name': {}}],
    'update_field_translations': [
        {'field_name': 'nonsense', 'translations': {}},
        {'field_name': 'name', 'translations': 5},
        {'field_name': None, 'translations': {}},
    ],
}
# What Odoo or PostgreSQL cannot read, of the right kind as far as the door is concerned. Some of it Odoo takes.
ODD = {
    'search': [
        {'domain': [], 'limit': 10**30},
        {'domain': [], 'offset': 10**30},
        {'domain': [], 'limit': True},
        {'domain': [['id', '=', 'x']]},
        {'domain': [['id', 'in', ['x', [1]]]]},
        {'domain': [['id', '=', 10**30]]},
        {'domain': [['parent_id', '=', True]]},
        {'domain': [['parent_id', '=', 10**30]]},
        {'domain': [['parent_id', '=', {'x': 1}]]},
        {'domain': [['color', '=', [1]]]},
        {'domain': [['color', '>', {'x': 1}]]},
        {'domain': [['color', '=', 'x']]},
        {'domain': [['create_date', '>', 'x']]},
        {'domain': [['name', '=like', '\\\\']]},
        {'domain': [['name', '=', '\x00']]},
        {'domain': [['name', 'in', [[1]]]]},
        {'domain': [['category_id', 'in', [10**30]]]},
        {'domain': [['id', 'child_of', 10**30]]},
        {'domain': [['active', '=', 'x']]},
        {'domain': [['create_date', '>', 'today +999999999d']]},
        {'domain': [['color', '=', float('inf')]]},
        {'domain': [['partner_latitude', '=', 10**400]]},
        {'domain': [['avatar_128', 'like', 'x']]},
        {'domain': [['category_id', '>', 5]]},
        {'domain': [['category_id', 'parent_of', [1]]]},
        {'domain': [['.'.join(['parent_id'] * 400), '=', 1]]},
        {'domain': [], 'context': {'lang': ['x']}},
        {'domain': [], 'context': {'lang': {'x': 1}}},
        {'domain': [], 'context': {'tz': 5}},
        {'domain': [], 'context': {'tz': 'Nowhere/Never'}},
        {'domain': [], 'context': {'allowed_company_ids': 5}},
        {'domain': [], 'context': {'allowed_company_ids': [[1]]}},
        {'domain': [], 'context': {'allowed_company_ids': ['x']}},
        {'domain': [], 'context': {'allowed_company_ids': [10**30]}},
        {'domain': [], 'context': {'active_test': ['x']}},
    ],
    'formatted_read_group': [
        {'domain': [], 'groupby': ['color'], 'aggregates': ['name:sum']},
        {'domain': [], 'groupby': ['color'], 'having': [['__count', '>', 'x']]},
        {'domain': [], 'groupby': ['color'], 'having': [['__count', '>', [1]]]},
        {'domain': [], 'groupby': ['create_date:nonsense']},
        {'domain': [], 'groupby': ['color'], 'limit': 10**30},
        {'domain': [], 'groupby': ['color'], 'having': ['|']},
        {'domain': [], 'groupby': ['color'], 'having': ['!']},
    ],
    'read': [{'ids': [10**30]}, {'ids': [-1]}, {'ids': [0]}],
    'create': [
        {'vals_list': [{'name': {'x': 1}}]},
        {'vals_list': [{'name': [[1, [2]]]}]},
        {'vals_list': [{'name': 'x', 'color': 'x'}]},
        {'vals_list': [{'name': 'x', 'color': 10**30}]},
        {'vals_list': [{'name': 'x', 'color': [1]}]},
        {'vals_list': [{'name': 'x', 'date': 'x'}]},
        {'vals_list': [{'name': 'x', 'parent_id': 10**30}]},
        {'vals_list': [{'name': 'x', 'parent_id': True}]},
        {'vals_list': [{'name': 'x', 'category_id': [[0]]}]},
        {'vals_list': [{'name': 'x', 'category_id': [[6]]}]},
        {'vals_list': [{'name': 'x', 'category_id': [[6, 0, 5]]}]},
        {'vals_list': [{'name': 'x', 'category_id': [[4, 10**30]]}]},
        {'vals_list': [{'name': 'x', 'image_1920': 'x'}]},
        {'vals_list': [{'name': 'x', 'image_1920': 5}]},
        {'vals_list': [{'name': 'x', 'image_1920': ['x']}]},
        {'vals_list': [{'name': 'x\x00'}]},
        {'vals_list': [{'name': 'x', 'lang': ['x']}]},
        {'vals_list': [{'name': 'x', 'partner_latitude': 10**400}]},
        {'vals_list': [{'name': 'x', 'website': {'a': 1}}]},
        {'vals_list': [{'name': 'x', 'website': ['x']}]},
        {'vals_list': [{'name': 'x', 'child_ids': [[0, 0, []]]}]},
        {'vals_list': [{'name': 'x', 'category_id': [[0, 0, False]]}]},
    ],
    'name_create': [{'name': 5}],
    'name_search': [{'name': 5}, {'name': 'x', 'limit': 10**30}, {'name': 'x', 'operator': '>'}],
    'write': [{'vals': {'color': 10**30}},
        {'vals': {'color': 'x'}}, {'vals': {'child_ids': [[1, 10**30, {'name': 'x'}]]}}],
    'load': [{'fields': ['.id', 'name'], 'data': [[10**30, 'x']]}, {'fields': ['name', 'color'], 'data': [['x', [1]]]},
        {'fields': ['name', 'parent_id/id'], 'data': [['x', {'a': 1}]]}, {'fields': ['name', 'type'], 'data': [[]]},
        {'fields': ['name', 'category_id'], 'data': [['x', 5]]}, {'fields': ['name', 'active'], 'data': [['x', [1]]]}],
    'formatted_read_grouping_sets': [{'domain': [], 'grouping_sets': [['name'], ['category_id.name']]}],
    'update_field_translations': [
        {'field_name': 'name', 'translations': []}, {'field_name': 'name', 'translations': {'en_US': 5}}],
    'export_data': [{'fields_to_export': ['name'], 'ids': [10**30]}],
    'unlink': [{'ids': [10**30]}],
}
# Methods that are called on records.
ON_RECORDS = {
    'read',
    'web_read',
    'export_data',
    'get_field_translations',
    'has_access',
    'write',
    'web_save',
    'copy',
    'update_field_translations',
}


class TestBadInput(ScopedCase):
    @requirement('contract', '7', 'A call that makes no sense is an error in words, in the format of the route')
    def test_wrong_arguments(self):
        self.make_scope(
            'all',
            *(
                {'model': model, 'perm_write': True, 'perm_create': True, 'perm_unlink': True}
                for model in ('res.partner', 'res.partner.category', 'res.company')
            ),
        )
        token = self.token_with('all')
        before = self.env['res.partner'].search_count([])
        for method, several in WRONG.items():
            for arguments in several:
                with self.subTest(method, arguments=arguments):
                    ids = {'ids': self.acme.ids} if method in ON_RECORDS and 'ids' not in arguments else {}
                    response = self.call(token, 'res.partner', method, **{'context': {}, **ids, **arguments})
                    if method == 'load' and response.status_code == 200:
                        self.assertFalse(response.json()['ids'])
                        continue
                    self.assertEqual(response.status_code, 422, response.text[:400])
                    self.assertNotIn('WWW-Authenticate', response.headers)
                    self.assertTrue(response.json()['message'])
                    self.assertNotIn('SELECT', response.text)
        self.assertEqual(self.env['res.partner'].search_count([]), before)
        self.assertEqual(self.acme.name, 'Acme Test')

    @requirement('contract', '7', 'What PostgreSQL cannot read is no failure of the server either')
    @mute_logger('odoo.sql_db')
    def test_odd_values(self):
        self.make_scope('all', *(
            {'model': model, 'perm_write': True, 'perm_create': True, 'perm_unlink': True}
            for model in ('res.partner', 'res.partner.category', 'res.company')))
        token = self.token_with('all', user=self.env.ref('base.user_admin'))
        for method, several in ODD.items():
            for arguments in several:
                with self.subTest(method, arguments=arguments):
                    ids = {'ids': self.acme.ids} if method in ON_RECORDS and 'ids' not in arguments else {}
                    response = self.call(token, 'res.partner', method, **{'context': {}, **ids, **arguments})
                    self.assertLess(response.status_code, 500, response.text[:400])
                    self.assertNotIn('SELECT', response.text)
