"""Changing and deleting records."""
from odoo import api, models


class OAuth2Door(models.AbstractModel):
    _inherit = 'oauth2.door'

    @api.model
    def _call_write(self, call):
        """The records are open to writing, and so is every value. Where the record goes by that is not asked: it may be
        handed over.
        """
        vals = call.values_of('vals')
        call.values.check_records(call.records, 'write')
        call.values.check(call.records, vals, 'write')
        call.arguments['vals'] = dict(vals)
        result = call.run()
        call.values.check_stored(call.records, vals)
        return result

    @api.model
    def _call_unlink(self, call):
        """The records are open to deleting."""
        call.values.check_records(call.records, 'unlink')
        return call.run()

    @api.model
    def _call_action_archive(self, call):
        """`active` is open to writing, on these records."""
        name = call.model._active_name
        call.values.check_records(call.records, 'write')
        if not name:
            raise call.refusals.wrong(f'{call.model._name} cannot be archived')
        call.values.check(call.records, {name: False}, 'write')
        return call.run()

    @api.model
    def _call_action_unarchive(self, call):
        """As for `action_archive`."""
        return self._call_action_archive(call)

    @api.model
    def _call_toggle_active(self, call):
        """As for `action_archive`."""
        return self._call_action_archive(call)

    @api.model
    def _call_update_field_translations(self, call):
        """The field is open to writing, on these records."""
        call.values_of('translations')
        call.plain('source_lang')
        name = call.text('field_name')
        call.values.check_records(call.records, 'write')
        call.values.check(call.records, {name: ''}, 'write')
        return call.run()
