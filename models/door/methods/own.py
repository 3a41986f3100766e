"""Methods that only one model has."""
from odoo import api, models

from ..arguments.context import active_records


class OAuth2Door(models.AbstractModel):
    _inherit = 'oauth2.door'

    @api.model
    def _oauth2_own(self, call):
        """A line names it. It is called on records that are open by such a line, and without records if such a line has
        no domain. It runs with the user's rights: what it does is not looked at, and nor is what it is given.
        """
        lines = call.opened.opening.lines_of_method(call.model._name, call.name)
        opened = call.opened.records_of(call.records, lines)
        if opened is not None and (not call.records or opened != call.records):
            raise call.refusals.of_records(call.model._name, self._operation_of(call.model._name, call.name))
        call.values.check_own(call.model._name)
        for name in call.arguments:
            call.take(name)
        return call.run(call.records.with_context(**active_records(call.context, call.opened)))
