"""How a client came to be here, and what one goes without that no administrator has registered."""
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
# Who may use applications that nobody registered.
GROUP = 'restapi_oauth2.group_oauth2_unregistered'


class OAuth2Client(models.Model):
    """Nobody here knows a client that came by itself: it may be called and look like anything. So it acts for people
    alone, each of whom is asked, each time; it always uses PKCE, has narrow scopes (:mod:`.oauth2_scope_unregistered`),
    and gets none that it does not name.

    What is stored is held, so that it does not matter how it got there.
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
        """Whether it came by itself."""
        return self.registration != 'administrator'

    def _known_as(self):
        """What people are told who asks: what an administrator has called it. What came by itself may call itself
        anything, so another addon tells where it comes from.
        """
        return self.name

    @api.model
    def _unregistered_values(self, registration):
        """The values with which a client begins that nobody registers. Every field has one, so that no default counts
        that somebody has stored (`ir.default`): each user may for their own, and an administrator for everybody.

        :param registration: how it comes: see :data:`REGISTRATIONS`.
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
        """What the model itself says, for each field that is stored and can be chosen. Lists are empty."""
        return {name: [] if field.type in ('one2many', 'many2many') else field.default(self) if field.default else False
                for name, field in self._fields.items()
                if field.store and name not in MAGIC_COLUMNS and not (field.compute and field.readonly)}

    def _changes_itself(self):
        """Whether the server acts in this environment for the client itself, or for the vacuum, and nobody else."""
        return self._is_unregistered() and self.env.uid == SUPERUSER_ID

    def _record_change(self, what, old, new, field=None):
        """What strangers bring about leaves one short event, which is recorded where they do."""
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
        """Whether a user who has allowed this client something need not be asked again where the answer goes there.

        A public client is known by nothing but that address, so it is asked about where that does not belong to it
        alone (RFC 8252 §8.6). One that came by itself is asked about until an administrator has approved it.
        """
        is_claimed = redirect_uri.is_claimed(uri)
        if self._is_unregistered():
            return self.is_approved and is_claimed
        return is_claimed or not self.is_public

    def _may_send_away(self, user_id):
        """Whether somebody may be sent to an address of this client before they have answered anything.

        Where a stranger registers addresses, links to this server would lead anywhere (RFC 9700 §4.11.2). So errors of
        such a client are shown here, but to those who have allowed it something, and where an administrator has
        approved it.

        :param user_id: None for whom nobody knows.
        """
        if not self._is_unregistered() or self.is_approved:
            return True
        return user_id is not None and bool(self.env['oauth2.consent'].search_count(
            [('client_id', '=', self.id), ('user_id', '=', user_id)], limit=1))

    def _is_let_in(self):
        """Whether the settings still let this client come, who came by itself. Another addon adds a way to come."""
        return not self._is_unregistered()

    @api.model
    def _identify(self, client_id):
        client = super()._identify(client_id)
        if not client._is_let_in():
            raise InvalidClient('there is no such client', detail='the settings do not let it in')
        return client

    @api.model
    def _proves(self, client, credentials, known):
        # Last, so that it costs the same work for every client.
        return super()._proves(client, credentials, known) and client._is_let_in()

    @api.model
    def _fields_for_requests(self):
        return [*super()._fields_for_requests(), 'registration', 'is_approved']

    @api.model_create_multi
    def create(self, vals_list):
        """An administrator registers clients in no other way than as one."""
        clients = super().create(vals_list)
        if not self.env.su and clients.filtered(lambda client: client._is_unregistered() or client.brought_by_id):
            raise AccessError(self.env._('An application that an administrator makes did not come by itself.'))
        return clients

    def write(self, vals):
        """Nobody takes the limits off a client that came by itself, nor says who has brought it."""
        former = {client: (client.registration, client.brought_by_id) for client in self}
        result = super().write(vals)
        if any((client.registration, client.brought_by_id) != before for client, before in former.items()):
            raise ValidationError(self.env._('How an application was registered cannot be changed.'))
        return result
