"""What scopes come to: what a token may do, and which scope it would have needed."""
from odoo import api, models, tools

from ...protocol.opening import Opening, ReadingOpening, WholeOpening
from .field_opening import lines_that_open

# Read by an administrator, they are more than reading: with the secret among them whoever has it signs in as anybody.
_CLOSED_TO_READING = frozenset({'ir.config_parameter'})


class OAuth2Scope(models.Model):
    _inherit = 'oauth2.scope'

    @api.model
    @tools.ormcache('names')
    def _opening(self, names):
        """What these scopes open together.

        :param names: a frozenset.
        :return: an :class:`~...protocol.opening.Opening`; a :class:`~...protocol.opening.WholeOpening` where nothing is
            left out.
        """
        scopes = self.sudo().search([('name', 'in', list(names))])
        kinds = set(scopes.mapped('opens'))
        if 'everything' in kinds:
            return WholeOpening()
        lines = [line._line() for line in scopes.line_ids]
        return ReadingOpening(lines, self._closed_to_reading()) if 'reading' in kinds else Opening(lines)

    @api.model
    def _closed_to_reading(self):
        """The models that a scope does not open which opens all that the user may read.

        :return: a frozenset of names. Another addon adds those that hold keys to more than they say.
        """
        return _CLOSED_TO_READING

    @api.model
    def _sufficient(self, model_name, operation, field_name=None, all_records=False, method_name=None):
        """The scope to ask for, of those that would do: one of lines, best without domain and fields, with few lines.

        :param all_records: those that open some records only do not do.
        :param method_name: a method that has to be opened by name.
        :return: its name.
        """
        field = self.pool[model_name]._fields[field_name] if field_name else None

        def lines(scope):
            opening = self._opening(frozenset({scope.name}))
            found = (lines_that_open(opening, self.pool, field, operation) if field
                     else opening.lines(model_name, operation))
            return [line for line in found if not (all_records and line.domain)
                    and (method_name is None or line.methods is None or method_name in line.methods)]

        def how_much(scope):
            missing = min((bool(line.domain), line.fields is not None) for line in lines(scope))
            return ('lines', 'reading', 'everything').index(scope.opens), missing, len(scope.line_ids), scope.sequence

        scopes = self.search(['|', ('opens', '!=', 'lines'), ('line_ids.model', '=', model_name)]).filtered(lines)
        return min(scopes, key=how_much).name if scopes else EVERYTHING

    @api.model
    def _opens_nothing(self, names):
        """Whether scopes open nothing of Odoo's own API."""
        return self._opening(frozenset(names)).is_empty


# The scope of all that the user may do, as it is shipped.
EVERYTHING = 'odoo'
