"""How a client was registered, and the limits of one that no administrator has registered."""
from odoo import SUPERUSER_ID, api, fields, models
from odoo.exceptions import AccessError, ValidationError
from odoo.models import MAGIC_COLUMNS

from ....protocol import redirect_uri
from ....protocol.errors import InvalidClient

REGISTRATIONS = [
    ('administrator', 'By an administrator'),
    ('metadata_document', 'By itself, by a metadata document'),
    ('dynamic', 'By itself, by dynamic registration'),
]
# The users who may use unregistered applications.
GROUP = 'restapi_oauth2.group_oauth2_unregistered'


class OAuth2Client(models.Model):
    """Nobody here knows an unregistered client: it may have any name and look. So it acts only for people, who are
    asked each time. It always uses PKCE, has narrow scopes (:mod:`.oauth2_scope_unregistered`), and gets only scopes
    that it names.

    The rules check what is stored, however it was stored.
    """
    _inherit = 'oauth2.client'

    registration = fields.Selection(
        REGISTRATIONS, 'Registered', required=True, readonly=True, default='administrator', copy=False,
        help='By whom this application was registered. One that came by itself has the limits of the general settings.')
    is_approved = fields.Boolean(
        'Approved', copy=False,
        help='For an application that came by itself. Its users are not asked again for what they have allowed, if '
             'they are sent to an address with https that is its own.')
    brought_by_id = fields.Many2one(
        'res.users', 'Brought by', readonly=True, copy=False, ondelete='set null', index='btree_not_null',
        help='For whom its metadata document was fetched first.')

    _unregistered_acts_for_people = models.Constraint(
        "CHECK (registration = 'administrator' OR NOT (is_trusted OR has_direct_authorization "
        "OR grant_client_credentials OR grant_device_code OR grant_token_exchange OR is_resource_server "
        "OR user_id IS NOT NULL OR resource_id IS NOT NULL "
        "OR cors_origins IS NOT NULL))",
        'An application that came by itself acts for the people who sign in to it, and asks them.')
    _unregistered_has_pkce = models.Constraint(
        "CHECK (registration = 'administrator' OR is_public IS TRUE OR pkce = 'required')",
        'An application that came by itself always uses PKCE.')

    def _is_unregistered(self):
        """Whether no administrator has registered it."""
        return self.registration != 'administrator'

    def _known_as(self):
        """The name that people are shown: the one that an administrator gave. An unregistered client may call itself
        anything, so overrides return where it comes from.
        """
        return self.name

    @api.model
    def _unregistered_values(self, registration):
        """The initial values of an unregistered client. Every field has one, so that no stored default counts
        (`ir.default`): each user can store some for themselves, and an administrator for everybody.

        :param registration: how it was registered: see :data:`REGISTRATIONS`.
        """
        return {
            **self._own_defaults(),
            'registration': registration,
            'scope_ids': [fields.Command.set(self.env['oauth2.scope']._for_unregistered().ids)],
            'default_scope_ids': [fields.Command.clear()],
            'pkce': 'required',
            'open_to': 'listed',
            'allowed_group_ids': [fields.Command.set(self.env.ref(GROUP).ids)],
        }

    @api.model
    def _own_defaults(self):
        """The model's own default for each field that is stored and can be chosen. Lists are empty."""
        return {name: [] if field.type in ('one2many', 'many2many') else field.default(self) if field.default else False
                for name, field in self._fields.items()
                if field.store and name not in MAGIC_COLUMNS and not (field.compute and field.readonly)}

    def _changes_itself(self):
        """Whether the server acts in this environment for the client itself, or for the vacuum."""
        return self._is_unregistered() and self.env.uid == SUPERUSER_ID

    def _record_change(self, what, old, new, field=None):
        """A change by strangers leaves one short event, recorded by the code that makes the change."""
        if not self._changes_itself():
            super()._record_change(what, old, new, field)
        elif what == 'deleted':
            self.env['oauth2.event']._record('application_deleted', self, detail=self.name)

    @api.constrains('registration', 'scope_ids', 'default_scope_ids')
    def _check_unregistered_scopes(self):
        for client in self.sudo().filtered(lambda client: client._is_unregistered()):
            if refused := client.scope_ids - self.env['oauth2.scope']._for_unregistered():
                raise ValidationError(self.env._(
                    '%(application)s came by itself. The general settings do not let such applications ask for: '
                    '%(scopes)s', application=client.name, scopes=' '.join(refused.mapped('name'))))
            if client.default_scope_ids:
                raise ValidationError(self.env._(
                    '%s came by itself: it gets no scope that it does not ask for.', client.name))

    def _may_be_remembered(self, uri):
        """Whether a consent is remembered if the answer goes to this address.

        A public client is recognised only by its address, so its users are asked if others could use that address (RFC
        8252 §8.6). Users of an unregistered client are asked until an administrator has approved it.
        """
        is_claimed = redirect_uri.is_claimed(uri)
        if self._is_unregistered():
            return self.is_approved and is_claimed
        return is_claimed or not self.is_public

    def _may_send_away(self, user_id, uri):
        """Whether somebody may be sent to an address of this client before they have answered anything.

        Where a stranger registers addresses, links to this server would lead anywhere (RFC 9700 §4.11.2). So errors of
        such a client are shown here, except to those who have allowed it something at the same host, and if an
        administrator has approved it.

        :param user_id: None if nobody is logged in.
        :param uri: the redirect URI of the answer.
        """
        if not self._is_unregistered() or self.is_approved:
            return True
        known = self.env['oauth2.consent'].search_fetch(
            [('client_id', '=', self.id), ('user_id', '=', user_id)], ['redirect_hosts'])
        return redirect_uri.host(uri) in (known.redirect_hosts or '').split()

    def _is_let_in(self):
        """Whether the settings still allow this client, if it is unregistered. Overrides add ways to register."""
        return not self._is_unregistered()

    @api.model
    def _identify(self, client_id):
        client = super()._identify(client_id)
        if not client._is_let_in():
            raise InvalidClient('there is no such client', detail='the settings do not let it in')
        return client

    @api.model
    def _proves(self, client, credentials, known):
        # Last, so that the work is the same for every client.
        return super()._proves(client, credentials, known) and client._is_let_in()

    @api.model
    def _fields_for_requests(self):
        return [*super()._fields_for_requests(), 'registration', 'is_approved']

    @api.model_create_multi
    def create(self, vals_list):
        """An administrator registers clients only as `administrator`."""
        clients = super().create(vals_list)
        if not self.env.su and clients.filtered(lambda client: client._is_unregistered() or client.brought_by_id):
            raise AccessError(self.env._('An application that an administrator makes did not come by itself.'))
        return clients

    def write(self, vals):
        """Nobody may remove the limits of an unregistered client, or change who has brought it."""
        former = {client: (client.registration, client.brought_by_id) for client in self}
        result = super().write(vals)
        if any((client.registration, client.brought_by_id) != before for client, before in former.items()):
            raise ValidationError(self.env._('How an application was registered cannot be changed.'))
        return result
