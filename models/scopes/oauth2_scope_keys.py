"""The fields and models that hold keys: whoever reads them can do more than read.

With the key of a quotation anybody may accept it, without a login; with the secret among the system parameters anybody
can sign in as anybody. So reading scopes do not open them. A line that names such a field, or such a model, does.
"""
import re

from odoo import api, models

# The names of such fields in Odoo's modules, and names that such fields of other modules tend to have.
_KEY = re.compile(r'''
    signup_\w+ | pin | smtp_pass | webhook_uuid | credential | totp\w* | url_with_token | rtoken
    | (\w+_)?(token|secret|passwd|password|otp|authcode|hashkey|key_secret|rtoken)
    | \w*(api|access|server|private|secret|client|transaction|signature|hmac|shared|license|kiosk|webhook)_key
''', re.VERBOSE)

_KEY_FIELDS = frozenset({
    'base.automation.url', 'calendar.event.videocall_location', 'discuss.channel.uuid',
    'discuss.channel.invitation_url', 'hr.employee.barcode', 'res.users.api_key_ids',
    'res.company.attendance_kiosk_url', 'survey.survey.session_link', 'survey.survey.session_code',
    'survey.invite.survey_start_url', 'portal.share.share_link', 'payment.link.wizard.link',
    'survey.survey.background_image_url', 'survey.question.background_image_url', 'oauth2.signing.key.database_uuid',
})

_KEY_MODELS = frozenset({
    'auth.passkey.key', 'auth.passkey.key.create', 'auth_totp.device', 'auth_totp.wizard', 'certificate.key',
    'fetchmail.server', 'google.calendar.account', 'iap.account', 'ir.config_parameter', 'ir.mail_server',
    'mail.ice.server', 'mail.mail', 'mail.push.device', 'oauth2.access', 'payment.provider', 'payment.token',
    'res.config.settings',
    'res.device', 'res.device.log', 'res.users.apikeys', 'res.users.apikeys.description', 'res.users.apikeys.show',
    'res.users.deletion', 'res.users.identitycheck', 'res.users.log',
})

# Odoo's own methods that reveal no more than reading, for scopes that open all that the user may read.
_READING_METHODS = {
    'ir.model': frozenset({'get_available_models', 'display_name_for'}),
    'res.lang': frozenset({'get_installed'}),
    'res.partner': frozenset({'address_get'}),
    'res.users': frozenset({'context_get', 'has_group', 'has_groups'}),
}


class OAuth2Scope(models.Model):
    _inherit = 'oauth2.scope'

    @api.model
    def _is_key(self, field):
        """Whether whoever reads a field can do more than read. Other addons add their own.

        :param field: an Odoo field.
        """
        return (_KEY.fullmatch(field.name) is not None or f'{field.model_name}.{field.name}' in _KEY_FIELDS
                or (field.related and f'{field.related_field.model_name}.{field.related_field.name}' in _KEY_FIELDS)
                or field.model_name in self._closed_to_reading())

    @api.model
    def _closed_to_reading(self):
        """The models that stay closed even if a scope opens all that the user may read.

        :return: a frozenset of names. Other addons add their models that hold keys.
        """
        return _KEY_MODELS

    @api.model
    def _reading_methods(self):
        """By model, the names of its own methods that such a scope opens, too.

        :return: a dictionary of frozensets.
        """
        return _READING_METHODS
