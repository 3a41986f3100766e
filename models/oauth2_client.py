"""The applications that may ask for tokens."""
from odoo import _, api, fields, models
from odoo.addons.base.models.res_users import check_identity
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..protocol import redirect_uri
from ..protocol.errors import InvalidClient, InvalidRequest, InvalidScope, TooManyAttempts, UnauthorizedClient
from ..protocol.scope import parse
from .oauth2_client_secret import LENGTH, random_token

# The whole power of the user. It is what every client may have, and the only scope there is.
EVERYTHING = 'odoo'


class OAuth2Client(models.Model):
    """An application, as an administrator has registered it (RFC 6749 §2)."""
    _name = 'oauth2.client'
    _description = 'OAuth2 Application'
    _order = 'name, id'
    _allow_sudo_commands = False

    name = fields.Char('Application', required=True)
    active = fields.Boolean(default=True)
    client_id = fields.Char(
        'Client ID', required=True, readonly=True, copy=False, default=lambda self: random_token(),
        help='Names the application in its requests. It is no secret.')
    redirect_uri_ids = fields.One2many('oauth2.redirect.uri', 'client_id', 'Redirect URIs', copy=True)
    secret_ids = fields.One2many('oauth2.client.secret', 'client_id', 'Secrets')
    user_id = fields.Many2one(
        'res.users', 'Acts for', index='btree_not_null', ondelete='restrict',
        domain="[('active', '=', True), ('id', '!=', 1)]",
        help='Direct authorization: whoever knows the secret of this application acts as this user, without '
             'asking. Leave it empty for an application that asks its users.')
    grant_authorization_code = fields.Boolean('Authorization code', default=True, help='Trade codes for tokens.')
    grant_refresh_token = fields.Boolean(
        'Refresh token', default=True, help='Get new access tokens without authorizing again.')
    access_token_validity = fields.Selection(
        [('date', 'As a date: 7/20/2017 12:00:05'), ('seconds', 'As a number of seconds: 1800')],
        'Access token validity', required=True, default='date',
        help='How the member access_token_validity of an answer is written. Some connectors read it as a number.')
    authorization_ids = fields.One2many('oauth2.authorization', 'client_id', 'Authorizations')
    authorization_count = fields.Integer('Active authorizations', compute='_compute_authorization_count')

    _client_id_unique = models.Constraint('UNIQUE (client_id)', 'A client ID is unique.')
    _client_id_form = models.Constraint(
        "CHECK (client_id ~ '^[A-Za-z0-9]{%d}$')" % LENGTH, 'A client ID is 32 letters and digits.')

    @api.depends('authorization_ids.is_active')
    def _compute_authorization_count(self):
        counts = dict(self.env['oauth2.authorization']._read_group(
            [('client_id', 'in', self.ids), ('is_active', '=', True)], ['client_id'], ['__count']))
        for client in self:
            client.authorization_count = counts.get(client, 0)

    @api.constrains('user_id')
    def _check_user(self):
        for client in self:
            if client.user_id and (client.user_id._is_public() or not client.user_id.active
                                   or client.user_id._is_superuser()):
                raise ValidationError(_('An application cannot act for %s: choose an active user who can log in.',
                                        client.user_id.name))

    # ------------------------------------------------------------------
    # What an administrator does
    # ------------------------------------------------------------------

    @check_identity
    def action_generate_secret(self):
        """Make a secret and show it: the only time that anybody sees it."""
        self.ensure_one()
        secrets = self.env['oauth2.client.secret']
        secrets._check_may_change()
        secrets._check_room(self)
        secret = random_token()
        secrets.sudo()._store(self, secret)
        return {
            'type': 'ir.actions.act_window',
            'name': _('The secret of %s', self.name),
            'res_model': 'oauth2.client.secret.show',
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_secret': secret, 'default_client_identifier': self.client_id},
        }

    def action_authorizations(self):
        """The authorizations that this application holds."""
        self.ensure_one()
        return {
            'type': 'ir.actions.act_window',
            'name': _('Authorizations'),
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
                vals['name'] = _('%s (copy)', client.name)
        return vals_list

    def write(self, vals):
        """Whatever takes power from an application ends what was given to it before (attack cases 31 and 32)."""
        ended = self.browse()
        if vals.get('active') is False or any(vals.get(grant) is False for grant in self._grant_fields()):
            ended = self
        elif 'user_id' in vals:
            ended = self.filtered(lambda client: client.user_id and client.user_id.id != vals['user_id'])
        former_users = {client: client.user_id for client in ended}
        result = super().write(vals)
        for client in ended:
            users = former_users[client] if 'user_id' in vals and client.active else None
            client._end(users)
        return result

    def _grant_fields(self):
        """The fields that say which grant types an application may use."""
        return [name for name in self._fields if name.startswith('grant_')]

    def _end(self, users=None):
        """End every code and authorization of these applications.

        :param users: only those of these users; None: everybody's.
        """
        domain = [('client_id', 'in', self.ids)]
        if users is not None:
            domain.append(('user_id', 'in', users.ids))
        self.env['oauth2.authorization.code'].sudo().search(domain).unlink()
        self.env['oauth2.authorization'].sudo().search(domain)._revoke('client')

    # ------------------------------------------------------------------
    # What the endpoints ask
    # ------------------------------------------------------------------

    @api.model
    def _authenticate(self, credentials, address):
        """The client that a request proves to come from (RFC 6749 §2.3).

        :param credentials: :class:`~..protocol.parameters.Credentials`.
        :param address: the caller's, for counting failures.
        :raises InvalidClient: unknown, archived, without secret, with a wrong one: one answer for all,
            after the same work.
        :raises TooManyAttempts: the right secret too is not looked at then.
        """
        if credentials.client_id is None:
            raise InvalidClient('no client authentication: send client_id and client_secret')
        attempts = self.env['oauth2.failed.attempt']
        digest = attempts._digest(credentials.client_id)
        # One statement: who it is, what would prove it, and how often it went wrong lately.
        self.env.cr.execute(SQL(
            """ SELECT client.id, failed.of_client, failed.of_address,
                       ARRAY(SELECT hash FROM oauth2_client_secret secret
                              WHERE secret.client_id = client.id
                                AND (expires_at IS NULL OR expires_at > now() AT TIME ZONE 'UTC')
                           ORDER BY id DESC LIMIT %(most)s)
                  FROM (%(failed)s) failed
             LEFT JOIN oauth2_client client ON client.client_id = %(client_id)s AND client.active """,
            most=self.env['oauth2.client.secret'].MOST, failed=attempts._count(digest, address),
            client_id=credentials.client_id))
        row_id, of_client, of_address, hashes = self.env.cr.fetchone()
        if attempts._are_too_many(of_client, of_address):
            raise TooManyAttempts('too many failed attempts; wait', retry_after=attempts.WINDOW)
        if not self.env['oauth2.client.secret']._verifies(credentials.client_secret or '', hashes):
            attempts._record(digest, address)
            raise InvalidClient(detail='unknown client, or wrong secret')
        return self.browse(row_id)

    @api.model
    def _identify(self, client_id):
        """The client that a request names, without proof: for the authorization endpoint.

        :raises InvalidClient: where there is none, or it is archived.
        """
        client = self.search_fetch(
            [('client_id', '=', client_id)], ['user_id', 'client_id', 'grant_authorization_code'], limit=1)
        if not client:
            raise InvalidClient('there is no such client', detail='unknown or archived client_id')
        return client

    def _check_redirect_uri(self, presented):
        """Refuse a redirect URI that is not registered, letter by letter (RFC 6749 §3.1.2.3).

        :param presented: None where the request leaves it out: then the client must have just one.
        :raises InvalidRequest: see above.
        """
        if presented is None:
            self._only_redirect_uri()
        elif not redirect_uri.is_registered(presented, self.redirect_uri_ids.mapped('uri')):
            raise InvalidRequest('redirect_uri is not registered for this client')

    def _only_redirect_uri(self):
        """The redirect URI of a client that has just one.

        :raises InvalidRequest: it has none, or several: then a request has to name it.
        """
        registered = self.redirect_uri_ids.mapped('uri')
        if len(registered) != 1:
            raise InvalidRequest('redirect_uri is missing')
        return registered[0]

    def _check_grant_type(self, grant_type):
        """Refuse a grant type that an administrator has not given this client.

        :raises UnauthorizedClient: see above.
        """
        if not self['grant_' + grant_type]:
            raise UnauthorizedClient('this client may not use the grant type %s' % grant_type)

    def _scope_for(self, requested):
        """The scope that this client gets when it asks for this one (RFC 6749 §3.3).

        :param requested: None where the request does not name one: then all that it may have.
        :raises InvalidScope: it may not have all of what it asks for.
        """
        allowed = [EVERYTHING]
        scopes = allowed if requested is None else parse(requested)
        if set(scopes) - set(allowed):
            raise InvalidScope('this client may ask for: %s' % ' '.join(allowed))
        return ' '.join(scopes)
