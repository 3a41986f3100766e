"""The cards of *New application*: kinds of applications, and well-known products."""
from odoo import api, fields, models
from odoo.addons.base.models.res_users import check_identity

from ..oauth2_client import ROTATION, VALIDITY
from ..oauth2_client_pkce import PKCE

# The fields that each kind sets. Others keep their defaults.
KINDS = {
    'web': {},
    'app': {'is_public': True},
    'service': {'grant_client_credentials': True, 'grant_authorization_code': False, 'grant_refresh_token': False},
    'direct': {'has_direct_authorization': True},
    'device': {'is_public': True, 'grant_device_code': True, 'grant_authorization_code': False},
    'resource': {'grant_authorization_code': False, 'grant_refresh_token': False},
}
NAMES = [
    ('web', 'People sign in to it'),
    ('app', 'On the devices of its users'),
    ('service', 'Runs by itself'),
    ('direct', 'Direct authorization'),
    ('device', 'A device without a browser'),
    ('resource', 'Takes tokens'),
]
# The kinds that act as one user, whom an administrator chooses.
FOR_ONE_USER = ('service', 'direct')
# The kinds that send people to Odoo, from where they return.
FOR_PEOPLE = ('web', 'app')
# The part of an address that differs between installations of a product.
SITE = '{site}'


class OAuth2ClientTemplate(models.Model):
    """A card of the page *New application*. Another card needs only a record: other addons add theirs as data."""
    _name = 'oauth2.client.template'
    _description = 'OAuth2 Application Template'
    _order = 'section, sequence, name'  # kinds before products
    _allow_sudo_commands = False

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=50)
    active = fields.Boolean(default=True)
    section = fields.Selection(
        [('kind', 'What is it?'), ('product', 'Products')], required=True, default='kind',
        help='The heading under which the card stands. An application of a product gets its name.')
    summary = fields.Char(required=True, translate=True, help='What it is, in one sentence.')
    icon = fields.Char(default='fa-plug', required=True, help='The name of a Font Awesome icon.')
    kind = fields.Selection(NAMES, required=True, default='web')
    redirect_uris = fields.Text(
        'Redirect URIs', help='One in each line. {site} stands for the address of the installation, such as '
                              'https://grafana.example.com.')
    scope_names = fields.Char(
        'Scopes', default='openid profile email', help='With spaces between them. Those that are not there are left '
                                                       'out.')
    pkce = fields.Selection(PKCE, 'PKCE', default='automatic', required=True)
    refresh_rotation = fields.Selection(ROTATION, 'Refresh tokens', default='rotate', required=True)
    access_token_validity = fields.Selection(VALIDITY, 'Access token validity', default='date', required=True)
    has_claims_in_id_token = fields.Boolean('Claims in the ID token')
    grant_refresh_token = fields.Boolean('Refresh token', default=True)
    notes = fields.Text(
        translate=True, help='What has to be entered at the application, and why this template ticks what it ticks.')

    def _scopes(self):
        """The scopes with which an application of this template begins, if they exist here."""
        self.ensure_one()
        return self.env['oauth2.scope'].sudo().search(
            [('name', 'in', (self.scope_names or '').split()), ('is_offered', '=', True)])

    def _values(self):
        """The values of an application of this template, except names, addresses, scopes and its user."""
        self.ensure_one()
        ticks = ('pkce', 'refresh_rotation', 'access_token_validity', 'has_claims_in_id_token', 'grant_refresh_token',
                 'notes')
        return {**{name: self[name] for name in ticks}, **KINDS[self.kind]}

    @api.model
    def action_open(self):
        """The menu's action: the applications, or these cards while there are none."""
        is_first = not self.env['oauth2.client'].with_context(active_test=False).search_count([], limit=1)
        return self.env['ir.actions.act_window']._for_xml_id(
            'restapi_oauth2.action_oauth2_client_new' if is_first else 'restapi_oauth2.action_oauth2_client')

    def action_begin(self):
        """Open the dialog that makes the application."""
        self.ensure_one()
        return self._dialog() if self.kind == 'app' else self.action_begin_with_secret()

    @check_identity
    def action_begin_with_secret(self):
        """The same, for an application with a secret. *Create* needs the password, so it is asked for before the dialog
        opens: if Odoo asked from within the dialog, it would close it, and lose what was entered.
        """
        return self._dialog()

    def _dialog(self):
        """The action of the dialog that asks for what the template does not know."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.name if self.section == 'product' else self.env._('New application'),
            'res_model': 'oauth2.client.new',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_template_id': self.id},
        }
