"""Every public method of some models, over JSON-2, as three kinds of users: with a token, and in a session.

What the scope opens is the same in both; everything else is refused, and the database is unchanged afterwards.
"""
import contextlib

from odoo.exceptions import AccessError
from odoo.service.model import get_public_method
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .requirement import requirement
from .scoped import ScopedCase

# Calls that a scope has to let pass which opens the model for reading. Where {ids} stands, some records are meant.
READING = {
    'read': {'ids': '{ids}', 'fields': ['id', 'name', 'display_name']},
    'search': {'domain': [('name', '!=', False)], 'limit': 5},
    'search_count': {'domain': [('id', '>', 0)]},
    'search_read': {'domain': [], 'fields': ['name'], 'limit': 5, 'order': 'name, id'},
    'search_fetch': {'domain': [], 'field_names': ['name'], 'limit': 5},
    'name_search': {'name': 'a', 'limit': 5},
    'web_read': {'ids': '{ids}', 'specification': {'name': {}, 'display_name': {}}},
    'web_search_read': {'domain': [], 'specification': {'name': {}}, 'limit': 5},
    'web_name_search': {'name': 'a', 'specification': {'display_name': {}}, 'limit': 5},
    'formatted_read_group': {'domain': [], 'groupby': ['name'], 'aggregates': ['__count'], 'limit': 5},
    'formatted_read_grouping_sets': {'domain': [], 'grouping_sets': [['name'], []], 'aggregates': ['__count']},
    'export_data': {'ids': '{ids}', 'fields_to_export': ['name']},
    'has_access': {'ids': '{ids}', 'operation': 'read'},
}
# Calls with arguments that are worth trying, beside those above. All other methods are called without any.
TRYING = {
    'create': {'vals_list': [{'name': 'x'}]}, 'write': {'ids': '{ids}', 'vals': {'name': 'x'}},
    'unlink': {'ids': '{ids}'}, 'copy': {'ids': '{ids}'}, 'copy_data': {'ids': '{ids}'}, 'name_create': {'name': 'x'},
    'load': {'fields': ['name'], 'data': [['x']]}, 'action_archive': {'ids': '{ids}'},
    'web_save': {'ids': '{ids}', 'vals': {'name': 'x'}, 'specification': {'name': {}}},
    'web_read_group': {'domain': [], 'groupby': ['name'], 'aggregates': ['__count'], 'limit': 5},
    'onchange': {'values': {}, 'field_names': [], 'fields_spec': {'name': {}}}, 'default_get': {'fields': ['name']},
    'get_metadata': {'ids': '{ids}'}, 'web_resequence': {'ids': '{ids}', 'specification': {}, 'field_name': 'color'},
    'update_field_translations': {'ids': '{id}', 'field_name': 'name', 'translations': {}},
    'get_formview_action': {'ids': '{id}'}, 'get_views': {'views': [[False, 'form']]},
}
MODELS = ('res.partner', 'res.country', 'res.users', 'res.company', 'ir.attachment', 'ir.config_parameter')
# What Odoo answers anew each time, and answers about what may be changed: to a token that only reads, others.
NOT_THE_SAME = {'get_metadata', 'copy_data', 'fields_get', 'get_view', 'get_views', 'load'}

# Any token that opens something may ask for these.
FOR_ALL = {('res.users', 'context_get')}

# What a field may be used for is a question of rights.
ABOUT_RIGHTS = dict.fromkeys(('readonly', 'searchable', 'sortable', 'groupable', 'aggregator'))


class TestEveryMethod(ScopedCase):

    only = None

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(cls.env, 'oauth2_portal', groups='base.group_portal', password='oauth2_portal')
        cls.admin = cls.env.ref('base.user_admin')

    def methods(self, model_name):
        """The methods that anybody may call of a model, or that this addon has to refuse."""
        model = self.env[model_name]
        for name in dir(type(model)):
            with contextlib.suppress(AccessError, AttributeError):
                get_public_method(model, name)
                yield name

    def arguments(self, model_name, name):
        """What a method is called with: on some records, or on those that `only` names."""
        ids = self.only or self.env[model_name].search([], limit=2, order='id desc').ids
        arguments = READING.get(name, TRYING.get(name, {}))
        # A call without any argument is one without `domain`, which the helpers would add.
        places = {'{ids}': ids, '{id}': ids[:1]}
        if self.only and ('domain' in arguments or 'name' in arguments):
            arguments = {**arguments, 'domain': [('id', 'in', ids)]}
        return {key: places.get(value, value) if isinstance(value, str) else value
                for key, value in arguments.items()} or {'context': {}}

    @contextlib.contextmanager
    def undone(self):
        """Take back what is changed meanwhile."""
        self.cr.execute('SAVEPOINT undone')
        try:
            yield
        finally:
            self.cr.execute('ROLLBACK TO SAVEPOINT undone')

    def digest(self):
        """Of all that is in the database, but for what every token request may leave."""
        self.env.flush_all()
        self.cr.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' "
                        "AND table_type = 'BASE TABLE' ORDER BY table_name")
        digests = {}
        for (table,) in self.cr.fetchall():
            self.cr.execute(f'SELECT sum(hashtextextended(row::text, 0)) FROM "{table}" AS row')
            [digests[table]] = self.cr.fetchone()
        return digests

    def outcomes(self, token, models, opened):
        """Call everything with a token. Gives what was answered with 200, and checks that the rest was refused."""
        answered = {}
        before = self.digest()
        for model in models:
            for name in self.methods(model):
                response = self.call(token, model, name, **self.arguments(model, name))
                with self.subTest(model, method=name):
                    if (model, name) in FOR_ALL:
                        self.assertEqual(response.status_code, 200, response.text[:300])
                    elif response.status_code == 200 or model in opened:
                        self.assertIn(model, opened)
                        answered[model, name] = response
                    else:
                        self.assertIn(
                            'insufficient_scope', response.headers.get('WWW-Authenticate', ''), response.text[:300]
                        )
        self.assertEqual(self.digest(), before)
        return answered

    def assertSameAsInSession(self, user, answered, must_work):
        """A token gets what its user gets in a session, or learns which scope it lacks.

        :param must_work: the models of which everything in READING has to work.
        """
        for (model, name), response in answered.items():
            with self.subTest(model, method=name), self.undone():
                in_session = self.call_as(user, model, name, **self.arguments(model, name))
                if response.status_code == 403 and 'WWW-Authenticate' in response.headers:
                    self.assertFalse(model in must_work and name in READING and in_session.status_code == 200,
                                     f'{model}.{name}: {response.text[:300]}')
                    continue
                self.assertEqual(response.status_code, in_session.status_code, response.text[:300])
                if response.status_code == 200 and name not in NOT_THE_SAME:
                    self.assertEqual(response.json(), in_session.json())
                if name == 'load':
                    self.assertFalse(response.json()['ids'])
                if name == 'fields_get':
                    shown, in_session = response.json(), in_session.json()
                    for field, of in shown.items():
                        self.assertEqual({**of, **ABOUT_RIGHTS}, {**in_session[field], **ABOUT_RIGHTS})
        self.env.registry.clear_all_caches()
        self.leave_session()

    def try_all(self, scope, models, opened, must_work):
        for user in (self.ann, self.portal, self.admin):
            self.try_as(user, scope, models, opened, must_work)

    def try_as(self, user, scope, models, opened, must_work):
        # Without the arguments that they need, some methods fail: with a token just as in a session.
        with self.subTest(user=user.login), mute_logger('odoo.http', 'odoo.sql_db'):
            answered = self.outcomes(self.token_with(scope, user), models, opened)
            self.assertSameAsInSession(user, answered, must_work)

    @requirement(
        'contract', '7', 'Of every public method, a token gets what its user gets, or is refused: contacts.read'
    )
    def test_contacts(self):
        self.try_all('contacts.read', MODELS, ('res.partner', 'res.country'), ('res.partner', 'res.country'))

    @requirement('contract', '7', "Of every public method, a token gets what its user gets, or is refused: user.read")
    def test_own_user(self):
        for user in (self.ann, self.portal, self.admin):
            self.only = user.ids
            self.try_as(user, 'user.read', ('res.users',), ('res.users',), ('res.users',))

    @requirement('contract', '7', 'Of every public method, a token gets what its user gets, or is refused: odoo.read')
    def test_everything(self):
        self.try_all('odoo.read', ('res.partner', 'ir.config_parameter'), ('res.partner',), ('res.partner',))
