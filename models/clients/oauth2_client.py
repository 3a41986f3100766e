"""The applications that may ask for tokens."""
from odoo import api, fields, models
from odoo.addons.base.models.res_users import check_identity
from odoo.exceptions import ValidationError

from ..oauth2_configuration import LIMITS
from .oauth2_client_secret import random_token

ROTATION = [
    ('rotate', 'Another one at each use'),
    ('keep', 'The same one'),
]
VALIDITY = [
    ('date', 'As a date: 7/20/2017 12:00:05'),
    ('seconds', 'As a number of seconds: 1800'),
]


class OAuth2Client(models.Model):
    """A registered application (RFC 6749 §2)."""
    _name = 'oauth2.client'
    _inherit = 'oauth2.recorded'
    _description = 'OAuth2 Application'
    _order = 'name, id'
    _allow_sudo_commands = False
    _recorded_as = 'application'

    name = fields.Char('Application', required=True)
    active = fields.Boolean(default=True)
    client_id = fields.Char(
        'Client ID', required=True, readonly=True, copy=False, default=lambda self: random_token(),
        help='Names the application in its requests. It is no secret.')
    is_public = fields.Boolean(
        'Public', help='An application that cannot keep a secret: it runs on its users\' own devices or in their '
                       'browsers. It has no secret, and always uses PKCE.')
    redirect_uri_ids = fields.One2many('oauth2.redirect.uri', 'client_id', 'Redirect URIs', copy=True)
    post_logout_redirect_uri_ids = fields.One2many(
        'oauth2.post.logout.redirect.uri', 'client_id', 'Post-logout redirect URIs', copy=True)
    secret_ids = fields.One2many('oauth2.client.secret', 'client_id', 'Secrets')
    user_id = fields.Many2one(
        'res.users', 'Service user', index='btree_not_null', ondelete='set null',
        domain="[('active', '=', True), ('id', '!=', 1)]",
        help='The user as whom the application acts when it runs by itself, by client credentials or direct '
             'authorization: whoever knows its secret acts as this user, without asking.')
    grant_authorization_code = fields.Boolean('Authorization code', default=True, help='Trade codes for tokens.')
    grant_refresh_token = fields.Boolean(
        'Refresh token', default=True, help='Get new access tokens without authorizing again.')
    grant_client_credentials = fields.Boolean(
        'Client credentials', help='Get tokens for its service user, without asking anybody.')
    refresh_rotation = fields.Selection(
        ROTATION, 'Refresh tokens', required=True, default='rotate',
        help='Choose the same one only for software that does not store new ones: a stolen one is not noticed then, '
             'and works until the authorization ends.')
    claimed_group_ids = fields.Many2many(
        'res.groups', 'oauth2_client_claimed_group_rel', 'client_id', 'group_id', 'Groups',
        help='With the scope groups, the application learns which of these groups a user belongs to, by their '
             'external IDs.')
    has_claims_in_id_token = fields.Boolean(
        'Claims in the ID token', help='Only for an application that never asks userinfo, such as another Odoo: the '
                                       'claims about the user are in the ID token, too.')
    is_resource_server = fields.Boolean(
        'Resource server', help='It may introspect every token for Odoo itself, not only its own. An API of its own '
                                'is better: tokens for that open nothing in Odoo.')
    access_token_lifetime = fields.Integer(
        'Access token lifetime', help='In minutes. 0: as in the general settings.')
    refresh_token_idle_lifetime = fields.Integer(
        'Ends if unused for', help='In days, counted from the last refresh. 0: as in the general settings.')
    authorization_lifetime = fields.Integer(
        'Ends at the latest after', help='In days, counted from the consent. 0: as in the general settings.')
    # The values that 0 stands for.
    access_token_lifetime_default = fields.Integer(compute='_compute_lifetime_defaults')
    refresh_token_idle_lifetime_default = fields.Integer(compute='_compute_lifetime_defaults')
    authorization_lifetime_default = fields.Integer(compute='_compute_lifetime_defaults')
    access_token_validity = fields.Selection(
        VALIDITY, 'Access token validity', required=True, default='date',
        help='How the member access_token_validity of an answer is written. Some connectors read it as a number.')
    authorization_ids = fields.One2many('oauth2.authorization', 'client_id', 'Authorizations')
    authorization_count = fields.Integer('Active authorizations', compute='_compute_authorization_count')

    _name_is_seen = models.Constraint(
        "CHECK (name ~ '[^[:space:]]')", 'Give the application a name: its users are shown it.')
    _public_has_pkce = models.Constraint(
        "CHECK (NOT (is_public AND (pkce = 'never' OR is_resource_server OR grant_client_credentials)))",
        'A public application always uses PKCE, does not introspect, and has no client credentials.')
    _public_rotates = models.Constraint(
        "CHECK (NOT (is_public AND refresh_rotation = 'keep'))",
        'A public application gets another refresh token at each use: nothing else would show that one was stolen.')
    _public_acts_for_nobody = models.Constraint(
        'CHECK (NOT (is_public AND user_id IS NOT NULL))',
        'A public application cannot act for a user, because it has no secret to prove itself.')
    _lifetimes = models.Constraint(
        'CHECK (access_token_lifetime BETWEEN 0 AND %(access_token_lifetime)d '
        'AND refresh_token_idle_lifetime BETWEEN 0 AND %(refresh_token_idle_lifetime)d '
        'AND authorization_lifetime BETWEEN 0 AND %(authorization_lifetime)d)' % LIMITS,
        'Enter 0 to 1440 minutes for the access token, and 0 to 3650 days for the others. 0: as in the general '
        'settings.')
    _client_id_unique = models.Constraint('UNIQUE (client_id)', 'Another application has this client ID.')
    _client_id_form = models.Constraint(
        "CHECK (CASE WHEN registration = 'metadata_document' THEN client_id ~ '^https://[!-~]+$' "
        "ELSE client_id ~ '^[A-Za-z0-9._~-]{8,128}$' AND client_id ~ '[^0-9]' END)",
        'A client ID is made of 8 to 128 letters, digits and . _ ~ -, and not of digits alone.')

    @api.depends('authorization_ids.is_active')
    def _compute_authorization_count(self):
        counts = dict(self.env['oauth2.authorization']._read_group(
            [('client_id', 'in', self.ids), ('is_active', '=', True)], ['client_id'], ['__count']))
        for client in self:
            client.authorization_count = counts.get(client, 0)

    def _compute_lifetime_defaults(self):
        for name in ('access_token_lifetime', 'refresh_token_idle_lifetime', 'authorization_lifetime'):
            self[f'{name}_default'] = self.env['oauth2.configuration']._number(name)

    @api.constrains('user_id')
    def _check_user(self):
        for client in self:
            if client.user_id and (client.user_id._is_public() or not client.user_id.active
                                   or client.user_id._is_superuser()):
                raise ValidationError(self.env._(
                    'An application cannot act for %s: choose an active user who can log in.', client.user_id.name))

    # ------------------------------------------------------------------
    # Actions of an administrator
    # ------------------------------------------------------------------

    @check_identity
    def action_generate_secret(self):
        """Make a secret and show it. It is never shown again."""
        self.ensure_one()
        return self._make_secret()

    def _make_secret(self):
        """Make a secret. The caller must have checked the user's identity.

        :return: the action that shows it.
        """
        secrets = self.env['oauth2.client.secret']
        secrets._check_may_change()
        self._check_may_act_for(self.user_id)
        self.filtered('is_trusted')._check_may_trust()
        secrets._check_room(self)
        secret = random_token()
        secrets.sudo()._store(self, secret)
        return self._secret_dialog(secret)

    def _valid_secrets(self):
        """The secrets that have not expired."""
        now = fields.Datetime.now()
        return self.secret_ids.filtered(lambda secret: not secret.expires_at or secret.expires_at > now)

    def _page(self):
        """The action that shows this application."""
        return {
            'type': 'ir.actions.act_window',
            'res_model': self._name,
            'res_id': self.id,
            'views': [(False, 'form')],
        }

    def _secret_dialog(self, secret):
        """The action that shows a secret, with everything else that other software asks for."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('The secret of %s', self.name),
            'res_model': 'oauth2.client.secret.show',
            'views': [(False, 'form')],
            'target': 'new',
            # Empty values, too: otherwise the dialog would compute them, for no application.
            'context': {
                f'default_{name}': value for name, value in {
                    'secret': secret, 'client_identifier': self.client_id, 'scope': self.scope,
                    'is_second': len(self._valid_secrets()) > 1,
                    **self._connection(), **self._snippets(secret)}.items()},
        }

    def action_authorizations(self):
        """The authorizations of this application."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('Authorizations'),
            'res_model': 'oauth2.authorization',
            'views': [(False, 'list'), (False, 'form')],
            'domain': [('client_id', '=', self.id)],
            'context': {'search_default_active': True},
        }

    def copy_data(self, default=None):
        """A copy is another application: it has its own client ID and no secret."""
        vals_list = super().copy_data(default)
        if 'name' not in (default or {}):
            for client, vals in zip(self, vals_list, strict=True):
                vals['name'] = self.env._('%s (copy)', client.name)
        return vals_list

    def write(self, vals):
        """A change that takes power from an application ends what was given to it before (attack cases 31 and 32)."""
        former = [client._footing() for client in self]
        result = super().write(vals)
        for client, footing in zip(self, former, strict=True):
            client._end_what_was_taken(footing)
        return result

    def unlink(self):
        """Deleting ends everything at once. The rows that belong to it are removed afterwards
        (:mod:`..endings.oauth2_client_user`).
        """
        result = super().unlink()
        self.env.ref('base.autovacuum_job').sudo()._trigger()
        return result

    def _recorded_client(self):
        return self

    def _grant_fields(self):
        """The fields that say which grant types an application may use."""
        return [name for name in self._fields if name.startswith('grant_')]
