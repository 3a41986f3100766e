"""Reading records."""
from odoo import api, models


class OAuth2Door(models.AbstractModel):
    _inherit = 'oauth2.door'

    @api.model
    def _call_read(self, call):
        """The fields are open on all of the records. Without a list, those are read that are. The name beside a
        reference is told if it is open on that record.
        """
        call.plain('load')
        call.fields()
        call.on_open_records()
        return call.names.of_read(call.model, call.run(), call.arguments.get('load', '_classic_read'))

    @api.model
    def _call_web_read(self, call):
        """As for `read`, in other models, too: of a record on which what is asked for is closed, the number is told."""
        specification = call.specification()
        call.on_open_records()
        return call.names.of_specification(call.model, call.run(), specification)

    @api.model
    def _call_get_field_translations(self, call):
        """The field is open on the record."""
        call.texts('langs')
        call.search.use(call.text('field_name'))
        call.on_open_records()
        return call.run()

    @api.model
    def _call_get_metadata(self, call):
        """Who made and changed a record, and when, is open on it. The names of users are told if they are open."""
        for name in ('create_uid', 'create_date', 'write_uid', 'write_date'):
            if name in call.model._fields:
                call.search.use(name)
        call.on_open_records()
        return call.names.of_read(call.model, call.run())

    @api.model
    def _call_get_external_id(self, call):
        """The records are open."""
        call.on_open_records()
        return call.run()
