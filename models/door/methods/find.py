"""Finding records."""
from odoo import api, models


class OAuth2Door(models.AbstractModel):
    _inherit = 'oauth2.door'

    @api.model
    def _call_search(self, call):
        """Every field of the domain and of the order is open. Only records are found on which they all are."""
        call.numbers('offset', 'limit')
        call.domain()
        call.order()
        call.find()
        return call.run()

    @api.model
    def _call_search_count(self, call):
        """As for `search`."""
        call.numbers('limit')
        call.domain()
        call.find()
        return call.run()

    @api.model
    def _call_search_read(self, call):
        """As for `search` and `read`: records are found on which all that is read is open, too."""
        call.numbers('offset', 'limit')
        call.plain('load')
        call.domain()
        call.order()
        call.fields()
        call.find()
        return call.names.of_read(call.model, call.run(), call.arguments.get('load', '_classic_read'))

    @api.model
    def _call_web_search_read(self, call):
        """As for `search` and `web_read`."""
        call.numbers('offset', 'limit', 'count_limit')
        call.domain()
        call.order()
        specification = call.specification()
        call.find()
        found = call.run()
        call.names.of_specification(call.model, found['records'], specification)
        return found
