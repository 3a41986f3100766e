"""The settings about applications that register themselves."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .oauth2_registration_quota import MOST, QUOTAS


class ResConfigSettings(models.TransientModel):
    _inherit = 'res.config.settings'

    oauth2_dynamic_registration = fields.Selection([
        ('off', 'Nobody'),
        ('token', 'Who has an initial access token'),
        ('open', 'Everybody'),
    ], 'May register applications', required=True, default='off',
        config_parameter='restapi_oauth2.dynamic_registration')
    oauth2_registrations_per_address = fields.Integer(
        'A day, from one address', default=QUOTAS['registrations_per_address'],
        config_parameter='restapi_oauth2.registrations_per_address')
    oauth2_registrations_in_all = fields.Integer(
        'A day, in all', default=QUOTAS['registrations_in_all'],
        config_parameter='restapi_oauth2.registrations_in_all')

    @api.constrains(*(f'oauth2_{name}' for name in QUOTAS))
    def _check_oauth2_quotas(self):
        for settings in self:
            for name in QUOTAS:
                if not 0 < settings[f'oauth2_{name}'] <= MOST:
                    raise ValidationError(self.env._(
                        '%(setting)s: a number from 1 to %(most)s.',
                        setting=self._fields[f'oauth2_{name}']._description_string(self.env), most=MOST))

    def action_oauth2_initial_access_tokens(self):
        """The list of tokens."""
        return self.env['ir.actions.act_window']._for_xml_id('restapi_oauth2.action_oauth2_initial_access_token')
