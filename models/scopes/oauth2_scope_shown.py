"""The scopes of a request, as people are shown them."""
from typing import NamedTuple

from odoo import api, models


class Shown(NamedTuple):
    """Scopes by subject; each is an `oauth2.scope`, in the order in which they are shown.

    :ivar who: who the user is.
    :ivar api: what the application may do with an API outside Odoo.
    :ivar data: which of the user's data it may use, broad scopes first.
    :ivar staying: access continues after the user has logged out.
    """
    who: models.Model
    api: models.Model
    data: models.Model
    staying: models.Model


class OAuth2Scope(models.Model):
    _inherit = 'oauth2.scope'

    @api.model
    def _shown(self, scope):
        """The scopes of a list to show, without those that another of them contains.

        :param scope: names, separated by spaces.
        :return: a :class:`Shown`.
        """
        scopes = self.sudo().search([('name', 'in', scope.split())])
        people = scopes.filtered('is_for_people')
        staying = people.filtered(lambda one: one.name == 'offline_access')
        of_api = scopes.filtered('resource_id')  # the API decides what they contain
        data = (scopes - people - of_api).sorted(lambda one: ('everything', 'reading', 'lines').index(one.opens))
        kept = self.sudo()
        for one in data:
            if not any(other._contains(one) for other in kept):
                kept = kept.filtered(lambda other, one=one: not one._contains(other)) + one
        return Shown(people - staying, of_api, kept, staying)

    def _contains(self, other):
        """Whether a scope certainly opens everything that another one opens."""
        mine, others = (self._opening(frozenset({scope.name})) for scope in (self, other))
        return mine.contains(others, self._may_be_key)

    @api.model
    def _may_be_key(self, model_name, field_name):
        field = self.pool[model_name]._fields.get(field_name) if model_name in self.pool else None
        return field is None or self._is_key(field)
