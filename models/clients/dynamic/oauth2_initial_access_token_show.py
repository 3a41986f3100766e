"""The dialog that shows a new initial access token."""
from odoo import api, fields, models
from odoo.exceptions import AccessError


class OAuth2InitialAccessTokenShow(models.AbstractModel):
    """It is shown once: the record is never stored."""
    _name = 'oauth2.initial.access.token.show'
    _description = 'Show a New OAuth2 Initial Access Token'

    id = fields.Id()  # for the onchange that fills the dialog
    token = fields.Char('Initial access token', readonly=True)

    @api.model_create_multi
    def create(self, vals_list):
        """Store nothing: see `oauth2.client.secret.show`."""
        # pylint: disable=method-required-super
        raise AccessError(self.env._('A token is not kept.'))
