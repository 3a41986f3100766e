"""Finding records by their names."""
from odoo import api, models


class OAuth2Door(models.AbstractModel):
    _inherit = 'oauth2.door'

    @api.model
    def _call_name_search(self, call):
        """The name is open. Where all fields by which Odoo finds are open on all records, it finds in its own way; else
        records are found by those fields alone that are open.
        """
        call.numbers('limit')
        call.search.use('display_name')
        if call.opened.names_are_odoos(call.model):
            call.plain('name')
            call.text('operator')
            call.domain()
            call.find()
            return call.run()
        return [(record.id, record.display_name) for record in self._oauth2_named(call).sudo()]

    @api.model
    def _call_web_name_search(self, call):
        """As for `name_search` and `web_read`."""
        call.numbers('limit')
        call.search.use('display_name')
        specification = call.specification()
        if call.opened.names_are_odoos(call.model):
            call.plain('name')
            call.text('operator')
            call.domain()
            call.find()
            return call.names.of_specification(call.model, call.run(), specification)
        found = self._oauth2_named(call)
        if set(specification) == {'display_name'}:
            formatted = found.with_context(formatted_display_name=True)
            return [{'id': shown.id, 'display_name': shown.display_name, '__formatted_display_name': other.display_name}
                    for shown, other in zip(found.sudo(), formatted.sudo(), strict=True)]
        return call.names.of_specification(call.model, found.web_read(specification), specification)

    @api.model
    def _oauth2_named(self, call):
        call.plain('name')
        name, operator = call.arguments.get('name') or '', call.text('operator') or 'ilike'
        by_name = call.search.judged([('display_name', operator, name)])
        call.domain()
        found = call.search.confined(by_name & call.arguments['domain'])
        return call.model.search_fetch(found, ['display_name'], limit=call.arguments.get('limit', 100))

