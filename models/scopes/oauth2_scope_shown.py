"""What people are told of the scopes that an application asks for."""
from typing import NamedTuple

from odoo import api, models


class Shown(NamedTuple):
    """Scopes by what they are about; each an `oauth2.scope`, in the order in which they are shown.

    :ivar who: who the user is.
    :ivar api: what it may do with an API beside Odoo's own.
    :ivar data: what of the user's data it may use, the broad ones first.
    :ivar staying: that it goes on when the user has signed out.
    """
    who: models.Model
    api: models.Model
    data: models.Model
    staying: models.Model


class OAuth2Scope(models.Model):
    _inherit = 'oauth2.scope'

    @api.model
    def _shown(self, scope):
        """What to show of a list of scopes: those that another one of them contains are left out.

        :param scope: names, with spaces between them.
        :return: a :class:`Shown`.
        """
        scopes = self.sudo().search([('name', 'in', scope.split())])
        people = scopes.filtered('is_for_people')
        staying = people.filtered(lambda one: one.name == 'offline_access')
        of_api = scopes.filtered('resource_id')  # what they contain, the API knows
        data = (scopes - people - of_api).sorted(lambda one: ('everything', 'reading', 'lines').index(one.opens))
        kept = self.sudo()
        for one in data:
            if not any(other._contains(one) for other in kept):
                kept = kept.filtered(lambda other, one=one: not one._contains(other)) + one
        return Shown(people - staying, of_api, kept, staying)

    def _contains(self, other):
        """Whether a scope certainly opens all that another one opens."""
        mine, others = (self._opening(frozenset({scope.name})) for scope in (self, other))
        return mine.contains(others, self._may_be_key)

    @api.model
    def _may_be_key(self, model_name, field_name):
        field = self.pool[model_name]._fields.get(field_name) if model_name in self.pool else None
        return field is None or self._is_key(field)
