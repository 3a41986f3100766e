"""The dialog that shows a new secret."""
from odoo import api, fields, models
from odoo.exceptions import AccessError


class OAuth2ClientSecretShow(models.AbstractModel):
    """The dialog that shows a new secret, once: the record is never stored."""
    _name = 'oauth2.client.secret.show'
    _inherit = ['oauth2.connection', 'oauth2.snippets']
    _description = 'Show a New OAuth2 Secret'

    id = fields.Id()  # for the onchange that fills the dialog
    client_identifier = fields.Char('Client ID', readonly=True)
    secret = fields.Char('Client secret', readonly=True)
    is_second = fields.Boolean(readonly=True, help='Another secret is valid, too.')
    scope = fields.Char('Scopes', readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Store nothing. A browser that is closed over the dialog tries to save it. Without this, a query would fail
        because there is no table, and the log would show it, with the secret.
        """
        # pylint: disable=method-required-super
        raise AccessError(self.env._('A secret is not kept.'))
