"""What scopes allow a token to do, and which scope a token would need."""
from odoo import api, models, tools

from ...protocol.opening import OPERATIONS, READ, Opening, ReadingOpening, WholeOpening
from .oauth2_scope import EVERYTHING

_OF_A_LINE = ('model', *(f'perm_{operation}' for operation in OPERATIONS), 'domain', 'field_names', 'method_names')


class OAuth2Scope(models.Model):
    _inherit = 'oauth2.scope'

    @api.model
    @tools.ormcache('names')
    def _opening(self, names):
        """What these scopes open together.

        :param names: a frozenset.
        :return: an :class:`~...protocol.opening.Opening`; a :class:`~...protocol.opening.WholeOpening` if they open
            everything.
        """
        scopes = self.sudo().search([('name', 'in', list(names))]).filtered(lambda scope: scope._is_there())
        kinds = set(scopes.mapped('opens'))
        if 'everything' in kinds:
            return WholeOpening()
        lines = [line._line() for line in scopes.line_ids if line.model in self.env]
        if 'reading' in kinds:
            return ReadingOpening(lines, self._closed_to_reading(), self._reading_methods())
        return Opening(lines)

    @api.model
    def _sufficient(self, model_name, operation, field_name=None, all_records=False, method_name=None, may_ask=()):
        """The best of the scopes that would suffice.

        It prefers one that the application may ask for, that only reads if reading was wanted, and that opens little:
        lines rather than everything, and few of them.

        :param all_records: a scope that opens only some records does not suffice.
        :param method_name: a method that the scope must name.
        :param may_ask: the names of the scopes that the application may ask for.
        :return: its name.
        """
        field = self._field(self.pool[model_name]._fields[field_name]) if field_name else None

        def lines(scope):
            opening = self._opening(frozenset({scope.name}))
            found = opening.lines_of(field, operation) if field else opening.lines(model_name, operation)
            return [line for line in found if not (all_records and line.domain)
                    and (method_name is None or line.methods is None or method_name in line.methods)]

        def how_much(scope):
            opening = self._opening(frozenset({scope.name}))
            missing = min((bool(line.domain), line.fields is not None) for line in lines(scope))
            return (scope.opens == 'everything', operation == READ and not opening.only_reads(model_name),
                    scope.name not in may_ask, scope.opens == 'reading', missing, len(scope.line_ids), scope.sequence)

        scopes = self.search(['|', ('opens', '!=', 'lines'), ('line_ids.model', '=', model_name)]).filtered(lines)
        return min(scopes, key=how_much).name if scopes else EVERYTHING

    @api.model
    def _narrow_names(self):
        """The scopes that a new client may sensibly ask for at the API: many ask for all that are listed. Broad scopes
        are for clients whose developers know that they need them.
        """
        return [name for name in self._names_with_lines() if not self._opens_nothing({name})]

    @api.model
    @tools.ormcache()
    def _names_with_lines(self):
        lines = self.sudo().search_fetch([('opens', '=', 'lines')], ['name', 'required_model'])
        return tuple(scope.name for scope in lines if scope._is_there())

    @api.model
    def _to_begin_with(self, model_name):
        """A scope for a client that calls a model without a token: one that reads this model and opens little; if there
        is none, the one for the user's own account.

        :return: its name; None if there is neither.
        """
        return self._least(model_name if model_name in self.env else None)

    @api.model
    @tools.ormcache('model_name')
    def _least(self, model_name):
        own = self.env.ref('restapi_oauth2.scope_user_read', raise_if_not_found=False)
        names = [model_name and self._sufficient(model_name, READ), own and own.name]
        return next((name for name in names if name in self._narrow_names()), None)

    @api.model
    def _opens_nothing(self, names):
        """Whether scopes open nothing of Odoo's own API."""
        return self._opening(frozenset(names)).is_empty

    def _openings(self):
        """What each of these scopes opens, in a form that can be compared: equal as long as they open the same."""
        return [(scope.name, scope.opens, sorted(
            [str(line[name] or '') for name in _OF_A_LINE] for line in scope.line_ids))
            for scope in self.sudo().sorted('name')]
