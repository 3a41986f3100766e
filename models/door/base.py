"""Every model, within what a token opens: its fields, for reading, searching, grouping and ordering.

Where no token's limit holds, each of these asks one context variable and is done.
"""
from odoo import api, models
from odoo.tools import SQL

from .limit import current, suspended


class Base(models.AbstractModel):
    _inherit = 'base'

    @api.model
    def _check_field_access(self, field, operation):
        limit = current()
        if limit is not None and not self._has_field_access(field, operation):
            with suspended():
                is_users_right = self._has_field_access(field, operation)
            if is_users_right:
                raise limit.lacking(self.env, field.model_name, operation, field.name)
        return super()._check_field_access(field, operation)

    @api.readonly
    def read(self, fields=None, load='_classic_read'):
        return super().read(fields or self._oauth2_fields(), load)

    @api.model
    @api.readonly
    def search_read(self, domain=None, fields=None, offset=0, limit=None, order=None, **read_kwargs):
        return super().search_read(domain, fields or self._oauth2_fields(), offset, limit, order, **read_kwargs)

    @api.model
    def _oauth2_fields(self):
        """What is read where no fields are named: of those that are open, the ones that stand in the database.

        Others are worked out at that moment, and may turn out to need more than the token opens.

        :return: the names of fields; None for Odoo's own choice.
        """
        limit = current()
        if limit is None or self.env.su or limit.opens_all(self._name):
            return None
        return [name for name, field in self._fields.items()
                if (field.store or field.related or name == 'display_name') and self._has_field_access(field, 'read')]

    @api.model
    def default_get(self, fields):
        """Defaults tell of what they are taken from: only of fields that a new record may be given."""
        limit = current()
        if limit is not None and not self.env.su:
            fields = [name for name in fields
                      if name in self._fields and limit.opens_field(self, self._fields[name], 'create')]
        return super().default_get(fields)

    def _compute_field_value(self, field):
        """A field that a line names is worked out with all the rights of the user: its value is what is opened."""
        limit = current()
        if limit is None or self.env.su or not limit.vouches_for(self.pool, field):
            return super()._compute_field_value(field)
        limit.check_companies(self.env)
        with suspended():
            return super()._compute_field_value(field)

    # ------------------------------------------------------------------
    # In SQL
    # ------------------------------------------------------------------

    def _field_to_sql(self, alias, field_expr, query=None):
        """A query that uses a field finds only records on which it is open, wherever the query comes to them from.

        The rules of the model alone would not do: relations may be followed without them (`bypass_search_access`).
        """
        limit = current()
        sql = super()._field_to_sql(alias, field_expr, query)
        if limit is None or self.env.su or query is None:
            return sql
        domain = limit.domain_of_field(self.env, self._fields[field_expr.partition('.')[0]])
        if not domain.is_true():
            superuser = self.sudo().with_context(active_test=False)
            query.add_where(domain.optimize_full(superuser)._to_sql(superuser, alias, query))
        return sql

    def _order_to_sql(self, order, query, alias=None, reverse=False):
        """The order that a model has by itself leaves out what is closed; one that was asked for is refused."""
        limit = current()
        if limit is not None and not self.env.su and (order or self._order) == self._order:
            order = ', '.join(term for term in self._order.split(',') if self._has_field_access(
                self._fields[term.split()[0].partition('.')[0]], 'read'))
            if not order:
                return SQL()
        return super()._order_to_sql(order, query, alias, reverse)

    def _order_field_to_sql(self, alias, field_name, direction, nulls, query):
        """Records are not ordered by the names of others that are closed, but by their numbers."""
        limit = current()
        field = self._fields.get(field_name)
        if (limit is not None and not self.env.su and field is not None and field.type == 'many2one'
                and limit.holds_back(self.env, field.comodel_name)):
            return SQL('%s %s %s', self._field_to_sql(alias, field_name, query), direction, nulls)
        return super()._order_field_to_sql(alias, field_name, direction, nulls, query)
