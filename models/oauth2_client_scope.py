"""The names of the scopes that a client may ask for."""
from odoo import api, models
from odoo.tools import SQL


class OAuth2Client(models.Model):
    """They are worked out wherever they are asked for, and stored nowhere, so that nobody can write them."""
    _inherit = 'oauth2.client'

    @api.model
    def _scope_sql(self, client):
        """The SQL of the names, in their order, with spaces between them; NULL where there are none.

        :param client: the SQL of the table's name or alias.
        """
        field = self._fields['scope_ids']
        return SQL(
            """ (SELECT string_agg(scope.name, ' ' ORDER BY scope.sequence, scope.name)
                   FROM oauth2_scope scope JOIN %(relation)s listed ON listed.%(scope)s = scope.id
                  WHERE listed.%(client)s = %(alias)s.id) """,
            relation=SQL.identifier(field.relation), scope=SQL.identifier(field.column2),
            client=SQL.identifier(field.column1), alias=client)

    @api.depends('scope_ids.name', 'scope_ids.sequence')
    def _compute_scope(self):
        self.env['oauth2.scope'].flush_model(['name', 'sequence'])
        names = dict(self.env.execute_query(SQL(
            'SELECT id, %s FROM oauth2_client client WHERE id = ANY(%s)', self._scope_sql(SQL('client')), self.ids)))
        for client in self:
            client.scope = names.get(client.id)
