"""Exporting records."""
from odoo import api, models
from odoo.models import fix_import_export_id_paths


class OAuth2Door(models.AbstractModel):
    _inherit = 'oauth2.door'

    @api.model
    def _call_export_data(self, call):
        """Every step leads into a model of which all records are open, but for the number of a reference. External IDs
        (`id`) are made where there are none, so the scope has to open writing.
        """
        for path in call.texts('fields_to_export'):
            self._oauth2_check_export(call, fix_import_export_id_paths(path))
        call.on_open_records()
        return call.run()

    @api.model
    def _oauth2_check_export(self, call, steps):
        model = call.model
        for place, step in enumerate(steps):
            rest = steps[place + 1:]
            if step == '.id':
                return
            if step == 'id':
                self._oauth2_check_external_ids(call, model, is_own=place == 0)
                return
            name = step.partition('.')[0]
            if place == 0:
                field = call.search.use(name)
            else:
                call.opened.check_whole(model._name, [name])
                field = model._fields[name]
            if field.type == 'reference' or (name != step and field.type != 'properties'):
                raise call.refusals.wrong(f'{name} is not exported with an access token')
            if field.type == 'properties':
                call.opened.check_property(model, step)
            if not field.relational:
                if rest and field.type != 'properties':
                    raise call.refusals.wrong(f'{name} is no relation')
                return
            if field.type == 'many2one' and rest == ['.id']:
                return
            model = call.opened.env[field.comodel_name]
            call.opened.check_whole(model._name, [] if rest else ['display_name'])

    @api.model
    def _oauth2_check_external_ids(self, call, model, is_own):
        """External IDs are made for records that have none.

        :param is_own: of the records themselves, not of related ones.
        """
        call.opened.check_records(call.records if is_own else model, 'write')
        if not is_own and not call.opened.domain(model._name, 'write').is_true():
            raise call.refusals.of_records(model._name, 'write')
