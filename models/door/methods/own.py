"""Methods that only one model has."""
from odoo import api, models


class OAuth2Door(models.AbstractModel):
    _inherit = 'oauth2.door'

    @api.model
    def _oauth2_own(self, call):
        """A line names the method. It may be called on records that such a line opens, and without records if such a
        line has no domain. It runs with the user's rights: neither its arguments nor what it does is checked.
        """
        model_name = call.model._name
        if not call.opened.are_open(call.records, call.opened.opening.lines_of_method(model_name, call.name)):
            raise call.refusals.of_records(model_name, self._operation_of(model_name, call.name))
        call.values.check_own(model_name)
        for name in call.arguments:
            call.take(name)
        return call.run()
