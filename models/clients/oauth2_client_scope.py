"""The scopes that a client may ask for, and those that it gets if it names none."""
from odoo import api, fields, models, tools
from odoo.tools import SQL

# The fields with the names of scopes, and the fields with the scopes.
NAMES = {'scope': 'scope_ids', 'default_scope': 'default_scope_ids'}


class OAuth2Client(models.Model):
    """Names are computed wherever they are needed, and stored nowhere, so that nobody can write them."""
    _inherit = 'oauth2.client'

    scope_ids = fields.Many2many(
        'oauth2.scope', string='Scopes', default=lambda self: self.env['oauth2.scope']._for_new_clients(),
        help='What it may ask for. Its users are shown what it does ask for.')
    default_scope_ids = fields.Many2many(
        'oauth2.scope', 'oauth2_client_default_scope_rel', string='Default scopes',
        compute='_compute_default_scope_ids', store=True, readonly=False,
        help='The scopes that it gets if it names none, as far as it may ask for them.')
    scope = fields.Char('Scope names', compute='_compute_scope')
    default_scope = fields.Char('Names of default scopes', compute='_compute_scope')

    @api.depends('has_direct_authorization')
    def _compute_default_scope_ids(self):
        """Start with the scopes that suit the kind of application, also when the kind changes."""
        for client in self:
            client.default_scope_ids = self.env['oauth2.scope']._by_default(client.has_direct_authorization)

    @api.model
    @tools.ormcache('client', 'name', cache='stable')
    def _scope_sql(self, client, name='scope'):
        """The SQL of the names in their order, separated by spaces; NULL if there are none.

        :param client: the SQL of the table's name or alias.
        :param name: one of :data:`NAMES`.
        """
        field = self._fields[NAMES[name]]
        return SQL(
            """ (SELECT string_agg(scope.name, ' ' ORDER BY scope.sequence, scope.name)
                   FROM oauth2_scope scope JOIN %(relation)s listed ON listed.%(scope)s = scope.id
                  WHERE listed.%(client)s = %(alias)s.id) """,
            relation=SQL.identifier(field.relation), scope=SQL.identifier(field.column2),
            client=SQL.identifier(field.column1), alias=client)

    @api.depends('scope_ids.name', 'scope_ids.sequence', 'default_scope_ids.name', 'default_scope_ids.sequence')
    def _compute_scope(self):
        self.flush_model(NAMES.values())
        self.env['oauth2.scope'].flush_model(['name', 'sequence'])
        names = {id_: texts for id_, *texts in self.env.execute_query(SQL(
            'SELECT id, %s FROM oauth2_client client WHERE id = ANY(%s)',
            SQL(', ').join(self._scope_sql(SQL('client'), name) for name in NAMES), self.ids))}
        for client in self:
            client.update(dict(zip(NAMES, names.get(client.id, (False, False)), strict=True)))
