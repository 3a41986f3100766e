"""The block of this addon in the general settings."""
from odoo import api, fields, models
from odoo.addons.base.models.res_users import check_identity
from odoo.exceptions import ValidationError

from ..protocol.issuer import Problem, problem
from ..protocol.redirect_uri import problem_of_scheme
from .oauth2_configuration import ALGORITHMS, DEFAULTS, LIMITS

_PREFIX = 'restapi_oauth2.'


def _number(string, name, unit):
    """A setting that is a number, with its default if it is not set."""
    return fields.Integer(string, default=DEFAULTS[name], config_parameter=_PREFIX + name, help=unit)


def _switch(string, name):
    """A setting that is on or off."""
    return fields.Boolean(string, config_parameter=_PREFIX + name)


class ResConfigSettings(models.TransientModel):
    """Settings of :class:`~.oauth2_configuration.OAuth2Configuration`, which reads them."""
    _inherit = 'res.config.settings'

    oauth2_issuer = fields.Char('Issuer')
    oauth2_address = fields.Char(compute='_compute_oauth2_address')
    oauth2_access_token_lifetime = _number(
        'Access tokens live for', 'access_token_lifetime', 'In minutes, one day at the most.')
    oauth2_refresh_token_idle_lifetime = _number(
        'Authorizations end if unused for', 'refresh_token_idle_lifetime', 'In days.')
    oauth2_authorization_lifetime = _number(
        'Authorizations end at the latest after', 'authorization_lifetime', 'In days.')
    oauth2_program_schemes = fields.Char('Schemes of programs', config_parameter=_PREFIX + 'program_schemes')
    oauth2_email_verified = fields.Selection([
        ('login', 'True, if the address is the login of an internal user'),
        ('false', 'False'),
    ], 'Email addresses are verified', config_parameter=_PREFIX + 'email_verified')
    oauth2_signing_algorithm = fields.Selection(
        [(name, name) for name in ALGORITHMS], 'Algorithm', default=ALGORITHMS[0],
        config_parameter=_PREFIX + 'signing_algorithm')
    oauth2_key_rotation_days = _number('Keys are replaced after', 'key_rotation_days', 'In days.')
    oauth2_event_days = _number('Events are kept for', 'event_days', 'In days.')
    oauth2_openid_connect = _switch('OpenID Connect', 'openid_connect')
    oauth2_introspection = _switch('Introspection', 'introspection')
    oauth2_client_credentials = _switch('Client credentials', 'client_credentials')
    oauth2_public_clients = _switch('Public applications', 'public_clients')
    oauth2_pkce_required = _switch('PKCE for all', 'pkce_required')
    oauth2_credentials_in_query = _switch('Secrets in URLs', 'credentials_in_query')

    @api.constrains('oauth2_issuer')
    def _check_oauth2_issuer(self):
        former = self.env['oauth2.configuration']._issuer_or_none()
        for settings in self:
            # A stored or missing issuer must not prevent saving another setting.
            found = (settings.oauth2_issuer or None) != former and problem(settings.oauth2_issuer or '')
            if found:
                raise ValidationError(f'{self.env._("Issuer")}: {self._oauth2_issuer_sentence(found)}')

    @api.model
    def _oauth2_issuer_sentence(self, found):
        """What is wrong with an issuer, and the remedy."""
        return {
            Problem.NOT_AN_ADDRESS: self.env._(
                'Write the address at which applications reach Odoo, in lower case: https://odoo.example.com.'),
            Problem.PLAIN_HTTP: self.env._('http is for this machine only (127.0.0.1, [::1], localhost); use https.'),
            Problem.QUERY_OR_FRAGMENT: self.env._('It must not have a query (?) or a fragment (#).'),
            Problem.SLASH: self.env._('Leave out the slash at its end.'),
            Problem.PATH: self.env._('Its path may hold letters, digits, and any of . _ ~ - only, and no "." or "..".'),
        }[found]

    @api.constrains('oauth2_program_schemes')
    def _check_oauth2_program_schemes(self):
        for scheme in ' '.join(settings.oauth2_program_schemes or '' for settings in self).split():
            if problem_of_scheme(scheme):
                raise ValidationError(self.env._(
                    "Schemes of programs: %s cannot be one. Write names such as myapp, in lower case, with spaces"
                    " between them. A scheme that runs, shows or sends its address, such as javascript, cannot belong"
                    " to a program.",
                    scheme))

    @api.constrains(*(f'oauth2_{name}' for name in LIMITS))
    def _check_oauth2_numbers(self):
        for settings in self:
            for name, most in LIMITS.items():
                if not 0 < settings[f'oauth2_{name}'] <= most:
                    raise ValidationError(self.env._(
                        '%(setting)s: a number from 1 to %(most)s.',
                        setting=self._fields[f'oauth2_{name}']._description_string(self.env), most=most))

    @api.depends('oauth2_issuer')
    def _compute_oauth2_address(self):
        """Odoo's own address of this database: a proposal if no issuer is set."""
        for settings in self:
            settings.oauth2_address = self.env['ir.config_parameter'].sudo().get_param('web.base.url')

    @api.model
    def get_values(self):
        """The issuer of this database, not of the one that it was copied from."""
        issuer = self.env['oauth2.configuration']._issuer_or_none() or False
        return {**super().get_values(), 'oauth2_issuer': issuer}

    def set_values(self):
        """A new issuer confirms where this database is. A new algorithm needs a new key, which is announced before it
        signs.
        """
        if self.oauth2_issuer and self.oauth2_issuer != self.env['oauth2.configuration']._issuer_or_none():
            self.env['oauth2.configuration']._confirm_issuer(self.oauth2_issuer)
        former = self.env['oauth2.configuration']._signing_algorithm()
        result = super().set_values()
        if self.env['oauth2.configuration']._signing_algorithm() != former:
            self.env['oauth2.signing.key'].sudo()._rotate()
        return result

    @check_identity
    def action_oauth2_end_everything(self):
        """The button for an incident, and for a database that was restored from a backup."""
        self.env['oauth2.ending']._end_everything()
        return {'type': 'ir.actions.client', 'tag': 'display_notification', 'params': {
            'type': 'success', 'sticky': True,
            'message': self.env._('All tokens of all applications have ended. People are asked again.')}}

    def action_oauth2_applications(self):
        """The applications, from the settings."""
        return self.env['ir.actions.act_window']._for_xml_id('restapi_oauth2.action_oauth2_client')
