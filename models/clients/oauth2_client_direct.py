"""Direct authorization: a program gets codes for the user whom an administrator has chosen, and nobody signs in."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..scopes.oauth2_scope import OPENID_CONNECT


class OAuth2Client(models.Model):
    """A client is for programs only, or for people who sign in: never for both.

    Anybody who knows a client ID gets direct codes. If people signed in to the same client, an attacker could send such
    a code to its callback, and would be signed in as the service user.
    """
    _inherit = 'oauth2.client'

    has_direct_authorization = fields.Boolean(
        'Direct authorization', help='A program that sends the documented requests gets codes of the service user, '
                                     'without a browser. Nobody can sign in to such an application.')
    acts_for = fields.Selection([
        ('people', 'The people who sign in to it'),
        ('client_credentials', 'One user, by client credentials; people may sign in to it, too'),
        ('direct', 'One user, by direct authorization; nobody signs in to it'),
    ], compute='_compute_acts_for', readonly=False,
        help='Client credentials and direct authorization are for programs that run by themselves. Choose direct '
             'authorization if the program asks for a code first.')

    _direct_acts_for_a_user = models.Constraint(
        'CHECK (NOT (has_direct_authorization AND (is_public OR user_id IS NULL)))',
        'Direct authorization needs a service user, and an application that keeps a secret.')

    @api.depends('user_id', 'has_direct_authorization', 'grant_client_credentials')
    def _compute_acts_for(self):
        for client in self:
            client.acts_for = (
                'direct' if client.has_direct_authorization
                else 'client_credentials' if client.user_id or client.grant_client_credentials
                else 'people')

    @api.constrains('has_direct_authorization', 'scope_ids')
    def _check_direct_scopes(self):
        for client in self.filtered('has_direct_authorization'):
            if refused := client.scope_ids.filtered(lambda scope: scope.name in OPENID_CONNECT):
                raise ValidationError(self.env._(
                    'People cannot sign in to %(application)s, because it has direct authorization. Remove these '
                    'scopes: %(scopes)s', application=client.name, scopes=' '.join(refused.mapped('name'))))

    @api.onchange('acts_for')
    def _onchange_acts_for(self):
        """Set the fields that stand for the choice: they are stored, the choice is not."""
        chosen = self.acts_for
        self.update({
            'has_direct_authorization': chosen == 'direct',
            'grant_client_credentials': chosen == 'client_credentials',
            **({'user_id': False} if chosen == 'people' else {}),
            **({'scope_ids': self.scope_ids.filtered(lambda scope: scope.name not in OPENID_CONNECT)}
               if chosen == 'direct' else {}),
        })

    @api.model_create_multi
    def create(self, vals_list):
        """A client with direct authorization starts with scopes that it may have."""
        scopes = self.env['oauth2.scope']._for_new_clients(is_direct=True)
        return super().create([
            {'scope_ids': [fields.Command.set(scopes.ids)], **vals} if vals.get('has_direct_authorization') else vals
            for vals in vals_list])

    def write(self, vals):
        """Another mode withdraws what people have allowed in the former one."""
        switched = self.filtered(lambda client: client.has_direct_authorization != vals.get(
            'has_direct_authorization', client.has_direct_authorization))
        result = super().write(vals)
        if switched:
            self.env['oauth2.consent'].sudo().search([('client_id', 'in', switched.ids)])._withdraw()
        return result
