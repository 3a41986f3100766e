"""Settings of this addon, wherever they are changed: in the general settings, in the system parameters, by a script."""
from odoo import api, models

_PREFIX = 'restapi_oauth2.'
# Not every reader of events may see the value: it contains `database.uuid`.
_UNTOLD = {_PREFIX + 'issuer_database'}


class IrConfigParameter(models.Model):
    _inherit = 'ir.config_parameter'

    @api.model_create_multi
    def create(self, vals_list):
        parameters = super().create(vals_list)
        for parameter in parameters:
            self._oauth2_record({}, parameter._oauth2_settings())
        return parameters

    def write(self, vals):
        self.check_access('write')  # before sudo() reads anything
        former = self._oauth2_settings()
        result = super().write(vals)
        self._oauth2_record(former, self._oauth2_settings())
        return result

    def unlink(self):
        self.check_access('unlink')
        self._oauth2_record(self._oauth2_settings(), {})
        return super().unlink()

    def _oauth2_settings(self):
        return {parameter.key: parameter.value for parameter in self.sudo()
                if parameter.key.startswith(_PREFIX) and parameter.key not in _UNTOLD}

    @api.model
    def _oauth2_record(self, former, settings):
        """Record what has changed."""
        if not self.env.registry.ready:
            return
        for key in {**former, **settings}:
            if former.get(key) != settings.get(key):
                self.env['oauth2.event']._record(
                    'setting_changed', detail=key.removeprefix(_PREFIX),
                    old_value=former.get(key), new_value=settings.get(key))
