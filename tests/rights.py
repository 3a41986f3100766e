"""Data for the table of rights: users of each group, a row of each model, and what is stored of it."""
import contextlib
from collections import Counter

from psycopg2 import Error as DatabaseError

from odoo.exceptions import UserError
from odoo.service.model import call_kw
from odoo.tests import TransactionCase, new_test_user
from odoo.tools import SQL

from .rights_values import COMPANIONS, MINIMAL, value_of
from .rights_ways import NotImported

ADDON = 'restapi_oauth2'
GROUPS = {
    'portal': 'base.group_portal',
    'internal': 'base.group_user',
    'access_rights': 'base.group_user,base.group_erp_manager',
    'oauth2': 'base.group_user,restapi_oauth2.group_oauth2_administrator',
    'settings': 'base.group_system',
}
# What of a call comes to nothing: Odoo answers with an error, and rolls back.
REFUSED = (UserError, ValueError, KeyError, TypeError, AttributeError)
# What differs each time that the same is created.
VOLATILE = {'id', 'create_date', 'epoch', 'service_epoch', 'happened_at'}
MADE_UP = {'oauth2_client': {'client_id'}, 'oauth2_event': {'client_text', 'old_value', 'new_value', 'request'},
           'oauth2_listed_client': {'uri'}, 'oauth2_resource': {'uri'}, 'oauth2_subject': {'name', 'user_id'},
           'oauth2_client_allowed_user_rel': {'user_id'}}
NAMES_OF_ROWS = {
    'client_id': 'oauth2_client', 'oauth2_client_id': 'oauth2_client', 'oauth2_client_new_id': 'oauth2_client_new',
    'scope_id': 'oauth2_scope', 'oauth2_scope_id': 'oauth2_scope'}


def is_ours(field):
    """Whether this addon has brought a field."""
    return ADDON in field._modules


class RightsCase(TransactionCase):
    """Users of each group, and for each model one record that they try to change: its target."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {name: new_test_user(cls.env, f'oauth2_rights_{name}', groups=groups, tz='UTC')
                     for name, groups in GROUPS.items()}
        cls.gone = new_test_user(cls.env, 'oauth2_rights_gone', groups='base.group_user', active=False)
        # A subject may be tried to be this user's: two are never one's.
        cls.env['oauth2.subject'].search([('user_id', '=', cls.gone.id)]).unlink()
        cls.other = new_test_user(cls.env, 'oauth2_rights_other', groups='base.group_user')
        cls.make_targets()
        # Afterwards every setting is a row that could change.
        cls.env['res.config.settings'].create({'oauth2_issuer': 'https://odoo.example.com'}).execute()
        cls.tables = cls.tables_of_ours()
        cls.attempts = Counter()

    @classmethod
    def make_targets(cls):
        """One row of each model, and beside it another one that could be had in its place."""
        make = cls.make
        cls.targets, cls.others = {}, {}
        for model in ('oauth2.scope', 'oauth2.client', 'oauth2.resource', 'oauth2.client.template',
                      'oauth2.listed.client', 'oauth2.initial.access.token'):
            cls.targets[model], cls.others[model] = make(model, name='target'), make(model, name='another')
        cls.served = cls.env['oauth2.client'].create({
            'name': 'Served', 'user_id': cls.other.id, 'scope_ids': False, 'grant_refresh_token': False})
        clients = {'targets': cls.targets['oauth2.client'], 'others': cls.others['oauth2.client']}
        clients['targets'].allowed_user_ids, cls.others['res.users'] = cls.other, cls.users['internal']
        clients['targets'].scope_ids = clients['targets'].default_scope_ids = cls.targets['oauth2.scope']
        for place, client in clients.items():
            rows, uri = getattr(cls, place), f'https://{place}.example.com/'
            for model in ('oauth2.redirect.uri', 'oauth2.post.logout.redirect.uri'):
                rows[model] = cls.env[model].create({'client_id': client.id, 'uri': uri})
            with_line = make('oauth2.scope', name=f'with_{place}')
            rows['oauth2.scope.line'] = make('oauth2.scope.line', scope_id=with_line.id)
            rows.update(cls.make_used(client, uri, cls.other if place == 'targets' else cls.users['internal']))
        cls.env['oauth2.client.secret']._store(cls.served, 'S' * 32)
        cls.served.secret_ids.expires_at = '2020-01-01'
        cls.env['oauth2.signing.key']._ensure()
        cls.env.cr.execute(SQL(
            """ INSERT INTO oauth2_signing_key
                       (kid, algorithm, purpose, activates_at, retires_at, database_uuid, public_key)
                VALUES ('retired', 'RS256', 'access_token', '2020-01-01', '2020-01-02', 'x', 'x') RETURNING id """))
        cls.targets['oauth2.signing.key'] = cls.env['oauth2.signing.key'].browse(cls.env.cr.fetchone())
        cls.env.cr.execute(SQL(
            """ INSERT INTO oauth2_use (client_id, user_id, is_direct, used_at)
                     VALUES (%s, %s, FALSE, '2020-01-01') RETURNING id """, clients['targets'].id, cls.other.id))
        cls.targets['oauth2.use'] = cls.env['oauth2.use'].browse(cls.env.cr.fetchone())
        cls.env['oauth2.withdrawal']._record(SQL('oauth2_consent'))
        cls.targets['oauth2.withdrawal'] = cls.env['oauth2.withdrawal'].search(
            [('client_id', '=', clients['targets'].id)])
        cls.targets['oauth2.access'], cls.others['oauth2.access'] = cls.env['oauth2.access'].search([], limit=2)
        for place in (cls.targets, cls.others):
            place['oauth2.scope.opened'] = cls.env['oauth2.scope.opened'].create(
                {'scope_id': cls.targets['oauth2.scope'].id})
        cls.targets['oauth2.finding'] = cls.env['oauth2.finding'].create({
            'check_name': 'unused', 'client_id': clients['targets'].id, 'severity': '3_low', 'since': '2020-01-01'})
        cls.env['oauth2.device.request']._make(clients['targets'], 'odoo', None, '192.0.2.1')
        cls.targets['oauth2.device.request'] = cls.env['oauth2.device.request'].search([], limit=1)
        cls.targets['oauth2.event'] = cls.env['oauth2.event'].search([], limit=1)

    @classmethod
    def make(cls, model, **values):
        return cls.env[model].create({**MINIMAL[model](cls), **values})

    @classmethod
    def make_used(cls, client, uri, user):
        """What comes of using an application: rows that nobody writes by hand."""
        cls.env['oauth2.client.secret']._store(client, 'S' * 32)
        cls.env['oauth2.consent']._record(client, user.id, 'odoo', 'https://odoo.example.com', uri)
        codes = cls.env['oauth2.authorization.code']
        used, _unused = (
            codes._issue(client, user.id, 'odoo', redirect_uri=uri, is_direct=False) for _time in range(2))
        grant = cls.env['oauth2.authorization']._begin(client, codes._find(used))
        authorization = cls.env['oauth2.authorization'].browse(grant.id)
        authorization._revoke('administrator')
        of_client = [('client_id', '=', client.id)]
        return {
            'oauth2.client.secret': client.secret_ids,
            'oauth2.consent': cls.env['oauth2.consent'].search(of_client),
            'oauth2.authorization.code': codes.search(of_client, limit=1),
            'oauth2.authorization': authorization,
            'oauth2.authorization.end': cls.env['oauth2.authorization.end'].search([
                ('authorization_name', '=', authorization.name)]),
            'oauth2.subject': cls.env['oauth2.subject'].search([('user_id', '=', user.id)]),
        }

    # ------------------------------------------------------------------
    # Models and fields
    # ------------------------------------------------------------------

    @classmethod
    def our_fields(cls):
        """Every model that has fields of ours, and their names: of our own models all that there are.

        Those that every model of Odoo has, such as `create_uid`, are left out.
        """
        found = {}
        for name, model in cls.env.registry.items():
            is_own = name.startswith('oauth2.')
            fields = {field.name for field in model._fields.values()
                      if (is_own or is_ours(field)) and field.name not in cls.magic_fields(name)}
            if fields or (is_own and not model._abstract):
                found[name] = fields
        return found

    @classmethod
    def magic_fields(cls, model):
        """The fields that Odoo itself gives every model."""
        base = cls.env.registry['ir.model']._fields
        return {'id', 'display_name', 'create_uid', 'create_date', 'write_uid', 'write_date',
                } & base.keys() & cls.env.registry[model]._fields.keys()

    @classmethod
    def tables_of_ours(cls):
        """The SQL that reads every row of ours: its table, what names it there, and all else in it."""
        parts = []
        for name in cls.our_fields():
            model = cls.env[name]
            if model._abstract or not name.startswith('oauth2.'):
                continue
            parts.append(SQL(
                "SELECT %s AS of, id::text AS id, to_jsonb(one) - '{write_date,write_uid}'::text[] AS row FROM %s one",
                model._table, SQL.identifier(model._table)))
            relations = {field.relation for field in model._fields.values()
                         if field.type == 'many2many' and field.store}
            parts += [SQL("SELECT %s, to_jsonb(one)::text, to_jsonb(one) FROM %s one",
                          relation, SQL.identifier(relation)) for relation in relations]
        parts.append(SQL("SELECT 'parameter', key, to_jsonb(value) FROM ir_config_parameter WHERE key LIKE %s",
                         ADDON + '.%'))
        return SQL(' UNION ALL ').join(parts)

    # ------------------------------------------------------------------
    # Attempts
    # ------------------------------------------------------------------

    def target(self, model, user):
        """The record of a model that a user tries to change: of the user's own, where there are such."""
        if model == 'res.users':
            return user
        if self.env[model]._transient:
            return self.env[model].with_user(user).sudo().create(MINIMAL.get(model, lambda case: {})(self))
        return self.targets.get(model, self.env[model].browse(1))

    def stored(self):
        """Every row of ours by table and ID, but for who wrote it last."""
        self.env.flush_all()
        return {(table, name): row for table, name, row in self.env.execute_query(self.tables)}

    def value(self, name, target, user):
        """A value that a field may have, and that the target does not have."""
        return value_of(self, target._fields[name], target, user)

    def companions(self, model, name, user):
        """What has to be written along with a field, for its value to be possible."""
        return COMPANIONS.get((model, name), lambda case, user: {})(self, user)

    def call(self, user, model, method, *args, **kwargs):
        """Call a method as a user does over RPC: the environment is the transaction's own, as Odoo makes it there."""
        transaction = self.env.transaction
        former, transaction.default_env = transaction.default_env, self.env(user=user, su=False)
        try:
            return call_kw(transaction.default_env[model], method, list(args), kwargs)
        finally:
            transaction.default_env = former

    @contextlib.contextmanager
    def undone(self):
        """Take everything back in the end, what caches remember among it."""
        with contextlib.closing(self.env.cr.savepoint()):
            yield
        self.env.invalidate_all()
        self.env.registry.reset_changes()

    def outcome(self, way, attempt):
        """Try something in one way, within :meth:`undone`.

        :return: `taken`; or `refused` by Odoo, or `failed` in the database: then nothing is stored, for a request that
            ends so is rolled back; or `not imported`, which Odoo tells in an ordinary answer.
        """
        self.attempts[way.__name__] += 1
        try:
            way(attempt)
            if attempt.target._name == 'res.config.settings':
                last = self.last(attempt.target).filtered(lambda settings: settings.create_uid == attempt.user)
                self.call(attempt.user, 'res.config.settings', 'execute', last.ids)
            self.env.flush_all()
        except REFUSED:
            return 'refused'
        except DatabaseError:
            return 'failed'
        except NotImported:
            self.env.invalidate_all()
            return 'not imported'
        self.env.invalidate_all()
        return 'taken'

    @staticmethod
    def last(model):
        """The newest record of a model."""
        if model._abstract:
            return model
        return model.sudo().with_context(active_test=False).search([], order='id desc', limit=1)

    def changes(self, before):
        """What has become of the stored rows: those that changed or are gone, and what was added, comparable."""
        after = self.stored()
        changed = {key: (row, after.get(key)) for key, row in before.items() if after.get(key) != row}
        added = {key: row for key, row in after.items() if key not in before}
        return changed, sorted(self.comparable(key[0], row, added) for key, row in added.items())

    @staticmethod
    def comparable(table, row, added):
        """A new row as text, without what differs each time that it is made."""
        if not isinstance(row, dict):
            return f'{table} {row}'
        skip = VOLATILE | MADE_UP.get(table, set())
        return f'{table} ' + repr({
            name: 'new' if (NAMES_OF_ROWS.get(name), str(value)) in added else value
            for name, value in sorted(row.items()) if name not in skip})
