"""Finding records by their names."""
from odoo import api, models

# The fields by which Odoo finds records of models that have code for it instead of a list.
_NAMES = {
    'account.account': ('code', 'name', 'description'),
    'fleet.vehicle.model': ('name', 'brand_id.name'),
    'product.product': ('default_code', 'name', 'barcode'),
    'product.template': ('default_code', 'name', 'barcode', 'product_variant_ids'),
    'res.bank': ('name', 'bic'),
    'res.country': ('name', 'code'),
    'res.currency': ('name', 'full_name'),
    'res.users': ('name', 'login'),
    'stock.picking.type': ('name', 'warehouse_id.name'),
}


class OAuth2Door(models.AbstractModel):
    _inherit = 'oauth2.door'

    @api.model
    def _names_of(self, model_name):
        """The fields by which records of a model are found, if the model itself does not list them. Other addons add
        their own.

        :return: their names; nothing if the model lists them.
        """
        return _NAMES.get(model_name, ())

    @api.model
    def _call_name_search(self, call):
        """The name is open. Where all fields by which Odoo finds are open on all records, it finds in its own way; else
        records are found by those fields alone that are open.
        """
        self._oauth2_take_name(call)
        if call.opened.names_are_odoos(call.model):
            call.find()
            return call.run()
        return [(record.id, record.display_name) for record in self._oauth2_named(call).sudo()]

    @api.model
    def _call_web_name_search(self, call):
        """As for `name_search` and `web_read`."""
        self._oauth2_take_name(call)
        specification = call.specification()
        if call.opened.names_are_odoos(call.model):
            call.find()
            return call.names.of_specification(call.model, call.run(), specification)
        found = self._oauth2_named(call)
        if set(specification) == {'display_name'}:
            formatted = found.with_context(formatted_display_name=True)
            return [{'id': shown.id, 'display_name': shown.display_name, '__formatted_display_name': other.display_name}
                    for shown, other in zip(found.sudo(), formatted.sudo(), strict=True)]
        return call.names.of_specification(call.model, found.web_read(specification), specification)

    @api.model
    def _oauth2_take_name(self, call):
        call.numbers('limit')
        call.plain('name')
        call.text('operator')
        call.domain()
        call.search.use('display_name')

    @api.model
    def _oauth2_named(self, call):
        """The records that the door itself finds by a name."""
        call.ready()
        operator, name = call.arguments.get('operator') or 'ilike', call.arguments.get('name') or ''
        by_name = call.search.judged([('display_name', operator, name)])
        found = call.search.confined(by_name & call.arguments['domain'])
        return call.model.search_fetch(found, ['display_name'], limit=call.arguments.get('limit', 100))
