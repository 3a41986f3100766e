"""The catalogue of attacks (docs/security.md), case 73: what relations reach, and values that no field may have."""
from typing import Any, NamedTuple

from odoo.tests import tagged
from odoo.tools import mute_logger

from . import rights_ways as ways
from .requirement import requirement
from .rights_values import MINIMAL, is_stored
from .test_rights_table import FIELDS, WHO, RightsTableCase, may, may_create, may_delete

# Relations by which more is reached than the relation itself: what may be done with those records is their model's.
REACHED = {('oauth2.client', 'secret_ids'): 'administrators'}
# Fields that a new record of a relation cannot have, because of where it stands.
NOT_THERE = {
    ('res.users', 'oauth2_client_ids'): {'is_public'},  # it acts for nobody
    ('oauth2.resource', 'client_ids'): {'is_public'},  # it has no secret to ask with
    ('oauth2.resource', 'scope_ids'): {'is_default', 'line_ids', 'opens'},  # it opens nothing here
    ('oauth2.resource', 'exchange_scope_ids'): {'resource_id'},  # it is Odoo's
}

# Values that nobody gets stored, whoever may change the field; and what an OAuth2 administrator without Settings does
# not get stored besides.
BAD_URIS = ('javascript:alert(1)', 'http://evil.example.com/', 'https://good@evil.example.com/', 'https://a.example.com/#x',
            'https://a.example.com/?code=1', 'https://*.example.com/', '')
BAD_LINKS = ('javascript:alert(1)', 'http://evil.example.com/', 'https://good@evil.example.com/')
BAD_VALUES = {
    'oauth2.client': {
        'user_id': lambda case: [1, case.env.ref('base.public_user').id, case.gone.id],
        'cors_origins': lambda case: ['*', 'null', 'https://a.example.com/', 'http://a.example.com'],
        'client_uri': lambda case: BAD_LINKS,
        'policy_uri': lambda case: BAD_LINKS,
        'tos_uri': lambda case: BAD_LINKS,
        'access_token_lifetime': lambda case: [-1, 1441],
        'refresh_token_idle_lifetime': lambda case: [-1, 3651],
        'authorization_lifetime': lambda case: [-1, 3651],
        'access_token_validity': lambda case: ['never'],
    },
    'oauth2.redirect.uri': {'uri': lambda case: BAD_URIS},
    'oauth2.post.logout.redirect.uri': {'uri': lambda case: BAD_URIS},
    'oauth2.scope': {'name': lambda case: ['two words', 'UPPER', ''], 'opens': lambda case: ['all']},
    'oauth2.scope.line': {
        'field_names': lambda case: ['no_such_field'], 'method_names': lambda case: ['_write', 'no_such_method'],
        'domain': lambda case: ["[('no_such_field', '=', 1)]", 'user.sudo()']},
    'res.config.settings': {
        'oauth2_issuer': lambda case: ['http://evil.example.com', 'https://evil.example.com/?x', 'javascript:alert(1)'],
        'oauth2_access_token_lifetime': lambda case: [0, -1, 1441],
        'oauth2_key_rotation_days': lambda case: [0, -1, 3651],
        'oauth2_signing_algorithm': lambda case: ['none', 'HS256']},
}
# Changes of what acts for somebody else, which only Settings may make: model, field, values.
OF_OTHERS = {
    'oauth2.client': {
        'grant_refresh_token': lambda case: [True],
        'grant_client_credentials': lambda case: [True],
        'has_direct_authorization': lambda case: [True],
        'scope_ids': lambda case: [[[4, case.targets['oauth2.scope'].id]], [[6, 0, case.others['oauth2.scope'].ids]],
                                   [[0, 0, {'name': 'more', 'description': 'More'}]]],
        'user_id': lambda case: [case.users['internal'].id],
    },
    'oauth2.client.secret': {'expires_at': lambda case: [False, '2099-01-01 00:00:00']},
}


class Trial(NamedTuple):
    """A command on a relation, and what is stored if it succeeds.

    :ivar name: a field of the record `line`, or of a new one, that then has this `value`.
    :ivar having: records that the relation then contains.
    :ivar without: records that it then does not contain.
    :ivar plain: the same command without the field.
    """
    command: list
    expected: bool
    name: str = ''
    value: Any = None
    line: Any = None
    having: Any = ()
    without: Any = ()
    context: dict = {}
    plain: Any = None

    def is_done(self, lines):
        """Whether it has been done: `lines` are what the relation leads to, and all newer ones."""
        if self.name:
            return is_stored(self.line or lines.sorted('id')[-1:], self.name, self.value)
        return all(record in lines for record in self.having) and not any(record in lines for record in self.without)


@tagged('post_install', '-at_install')
class TestRightsReach(RightsTableCase):

    @requirement('attack', '73', 'Through relations, each group does with other records what it may do with them')
    def test_attack_73_what_relations_reach(self):
        problems = []
        with mute_logger('odoo.sql_db', 'odoo.models.unlink'):
            for model, names in self.our_fields().items():
                if self.env[model]._transient:
                    continue  # a dialog: nobody has another one's
                for name in sorted(names):
                    field = self.env[model]._fields[name]
                    if field.type in ('one2many', 'many2many') and field.comodel_name in FIELDS:
                        problems += self.problems_of_relation(model, field)
        self.assertNone(problems)

    def problems_of_relation(self, model, field):
        """Reach other records by commands on a field, as every group."""
        parent = self.other if model == 'res.users' else self.targets[model]
        if field.type == 'one2many' and not parent.with_context(active_test=False)[field.name]:
            parent = self.targets[field.comodel_name][field.inverse_name] or parent  # one that has such a line
        line = parent.with_context(active_test=False)[field.name][:1]
        self.look()
        for group, user in self.users.items():
            is_reached = may(model, field.name, group) or group in WHO[REACHED.get((model, field.name), 'nobody')]
            for trial in (*self.trials_of_fields(field, line, group, user), *self.trials_of_links(field, line, group)):
                attempt = ways.Attempt(self, user, parent, {field.name: [trial.command]}, {}, trial)
                if problem := self.problem(ways.write, attempt, trial.expected and is_reached):
                    yield f'{model}.{field.name} as {group} by {trial}: {problem}'

    def trials_of_fields(self, field, line, group, user):
        """Each field of the records that a relation leads to: of one that is there, and of a new one."""
        model, inverse = line._name, getattr(field, 'inverse_name', None)
        for name in sorted(self.our_fields()[model] - {inverse}):
            value = self.value(name, line or self.targets[model], user)
            companions = self.companions(model, name, user)
            expected = may(model, name, group)
            if line:
                yield Trial([1, line.id, {**companions, name: value}], expected, name, value, line)
            is_possible = name not in NOT_THERE.get((field.model_name, field.name), ())
            expected = expected and is_possible and may_create(model, group)
            new = {part: cell for part, cell in {**MINIMAL.get(model, lambda case: {})(self), **companions}.items()
                   if part not in (name, inverse)}
            yield Trial([0, 0, {**new, name: value}], expected, name, value, plain=[0, 0, new])
            yield Trial([0, 0, new], expected, name, value, context={f'default_{name}': value}, plain=[0, 0, new])

    def trials_of_links(self, field, line, group):
        """What ties records to others, cuts them off and deletes them."""
        model, inverse = line._name, getattr(field, 'inverse_name', None)
        other = self.others[model]
        may_link = may(model, inverse, group) if inverse else may(field.model_name, field.name, group)
        may_cut = may_link
        if inverse and line._fields[inverse].ondelete == 'cascade':
            may_cut = may_delete(model, group)
        if inverse and line:
            yield Trial([1, line.id, {inverse: self.elsewhere(field)}], may_link, without=line)
        if line:
            yield Trial([2, line.id], may_delete(model, group), without=line)
            yield Trial([3, line.id], may_cut, without=line)
        yield Trial([4, other.id], may_link, having=other)
        yield Trial([5], may_cut, without=line)
        yield Trial([6, 0, other.ids], may_cut and may_link, having=other, without=line)

    def elsewhere(self, field):
        """The ID of another record to which lines could belong."""
        return self.users['internal'].id if field.model_name == 'res.users' else self.others[field.model_name].id

    @requirement('attack', '73', 'What a field may not hold is stored by nobody and by no way')
    def test_attack_73_what_no_field_may_hold(self):
        problems = []
        with mute_logger('odoo.sql_db', 'odoo.models.unlink'):
            for model, fields in BAD_VALUES.items():
                for group in ('oauth2', 'settings'):
                    target = self.target(model, self.users[group])
                    problems += self.problems_of_values(fields, group, target, ways.ALL)
            fields = {'user_id': lambda case: [case.other.id, case.users['settings'].id]}
            problems += self.problems_of_values(
                fields, 'oauth2', self.targets['oauth2.client'], ways.ALL)
            for target in (self.served, self.served.secret_ids):
                problems += self.problems_of_values(OF_OTHERS[target._name], 'oauth2', target, ways.WRITING)
        self.assertNone(problems)

    def problems_of_values(self, fields, group, target, some_ways):
        """Try values that must not be stored."""
        self.look()
        for name, values in fields.items():
            for value in values(self):
                attempt = ways.Attempt(self, self.users[group], target, {name: value}, {})
                for way in some_ways:
                    if problem := self.problem(way, attempt, expected=False):
                        yield f'{target._name}.{name} as {group} by {way.__name__} of {value}: {problem}'
