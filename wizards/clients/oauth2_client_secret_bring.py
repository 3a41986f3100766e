"""The dialog that brings a secret along from another provider."""
from odoo import api, fields, models
from odoo.addons.base.models.res_users import check_identity

from ...models.clients.oauth2_client_secret import hashed


class OAuth2ClientSecretBring(models.TransientModel):
    """The secret itself is never stored: until the password is confirmed, only its hash is."""
    _name = 'oauth2.client.secret.bring'
    _description = 'Bring an OAuth2 Secret Along'

    client_id = fields.Many2one('oauth2.client', 'Application', required=True, readonly=True)
    secret = fields.Char(
        compute='_compute_secret', inverse='_inverse_secret', help='At least 32 characters that look random.')
    last_characters = fields.Char('Ends with', readonly=True, copy=False)
    hash = fields.Char(groups=fields.NO_ACCESS, readonly=True, copy=False)

    def _compute_secret(self):
        self.secret = False

    def _inverse_secret(self):
        for bring in self.filtered('secret'):
            secret = bring.secret
            self.env['oauth2.client.secret']._check_looks_random(secret)
            bring.sudo().write({'hash': hashed(secret), 'last_characters': secret[-4:]})
            bring.invalidate_recordset(['secret'])  # it is not shown again, even to the user who entered it

    @api.model_create_multi
    def create(self, vals_list):
        """Nobody may pass a hash, even by a default."""
        made = super().create([_entered(vals) for vals in vals_list])
        for bring, vals in zip(made, vals_list, strict=True):
            if not vals.get('secret'):
                bring.sudo().write({'hash': False, 'last_characters': False})
        return made

    def write(self, vals):
        """Nobody may change the hash."""
        return super().write(vals if self.env.su else _entered(vals))

    @check_identity
    def action_bring(self):
        """Give the application this secret.

        :raises AccessError: for anybody but an administrator of Odoo.
        :raises UserError: no secret was entered, or there is no room for another one.
        """
        self.ensure_one()
        secrets = self.env['oauth2.client.secret']
        secrets._check_may_bring()
        secrets._check_room(self.client_id)
        secrets.sudo()._store_hash(self.client_id, self.sudo().hash, self.last_characters, 'brought along')
        return self.client_id._page()


def _entered(vals):
    """The values that a person may enter."""
    return {name: value for name, value in vals.items() if name in ('client_id', 'secret')}
