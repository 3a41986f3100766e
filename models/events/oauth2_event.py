"""Events for auditors."""
import logging
from contextlib import contextmanager

from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL

from ...protocol.caller import ip_address
from ...protocol.errors import OAuthError
from ...protocol.printable import printable
from ...protocol.redirect_uri import without_values
from ...protocol.visible import visible
from ..oauth2_configuration import VACUUM_BATCH

_logger = logging.getLogger(__name__)

_LONGEST_DETAIL = 500


def _name_of_client(number):
    """The SQL of an application's name and ID: it may be deleted later."""
    return SQL("(SELECT name || ' (' || client_id || ')' FROM oauth2_client WHERE id = %s)", number)


def _name_of_user(number):
    """The SQL of a user's name and login."""
    return SQL("""(SELECT partner.name || ' (' || login || ')' FROM res_users
                     JOIN res_partner partner ON partner.id = partner_id WHERE res_users.id = %s)""", number)


class OAuth2Event(models.Model):
    """Something that gave rights, took them away, or was refused. Everyday use writes nothing.

    An event gives no access. Of a secret it has the last characters, as the application's form does.
    """
    _name = 'oauth2.event'
    _description = 'OAuth2 Event'
    _order = 'id desc'
    _log_access = False
    _allow_sudo_commands = False

    name = fields.Selection([
        ('consent_given', 'Consent given'),
        ('consent_presumed', 'Access given without asking'),
        ('consent_withdrawn', 'Consent withdrawn'),
        ('authorization_revoked', 'Authorization revoked'),
        ('application_ended', 'All that an application had ended'),
        ('user_ended', 'All that was given in the name of a user ended'),
        ('everything_ended', 'Everything ended'),
        ('restored_backup_seen', 'Token from before a backup was restored'),
        ('authentication_failed', 'Wrong secret, code or token'),
        ('redirect_uri_refused', 'Redirect URI refused'),
        ('request_refused', 'Request refused'),
        ('pkce_left_out', 'Request without PKCE refused'),
        ('pkce_forgotten', 'PKCE reset'),
        ('secret_made', 'Secret made'),
        ('secret_changed', 'Expiry of a secret changed'),
        ('secret_deleted', 'Secret deleted'),
        ('direct_authorization_decided', 'Direct authorization decided'),
        ('key_made', 'Signing key made'),
        ('key_deleted', 'Signing key deleted'),
        ('keys_replaced', 'Signing keys replaced at once'),
        ('application_made', 'Application made'),
        ('application_changed', 'Application changed'),
        ('application_deleted', 'Application deleted'),
        ('client_registered', 'Application registered by itself'),
        ('client_updated', 'Application changed by itself'),
        ('client_deleted', 'Application deleted by itself'),
        ('registration_refused', 'Registration refused'),
        ('initial_access_token_made', 'Initial access token entered'),
        ('initial_access_token_generated', 'Initial access token generated'),
        ('initial_access_token_changed', 'Initial access token changed'),
        ('initial_access_token_deleted', 'Initial access token deleted'),
        ('address_made', 'Address added'),
        ('address_changed', 'Address changed'),
        ('address_deleted', 'Address removed'),
        ('scope_made', 'Scope made'),
        ('scope_changed', 'Scope changed'),
        ('scope_deleted', 'Scope deleted'),
        ('scope_line_made', 'Line of a scope added'),
        ('scope_line_changed', 'Line of a scope changed'),
        ('scope_line_deleted', 'Line of a scope removed'),
        ('resource_made', 'API made'),
        ('resource_changed', 'API changed'),
        ('resource_deleted', 'API deleted'),
        ('setting_changed', 'Setting changed'),
        ('device_allowed', 'Device allowed'),
        ('device_denied', 'Device denied'),
        ('device_codes_guessed', 'Codes of devices guessed'),
        ('first_use', 'First use of an application'),
        ('refresh_repeated_elsewhere', 'Refresh token used at two places'),
        ('finding_accepted', 'Finding accepted'),
        ('document_refused', 'Metadata document refused'),
        ('listed_client_made', 'Assistant listed'),
        ('listed_client_changed', 'Listed assistant changed'),
        ('listed_client_deleted', 'Assistant taken off the list'),
    ], 'Event', required=True, readonly=True)
    happened_at = fields.Datetime('Time', required=True, readonly=True, index=True)
    client_id = fields.Many2one(
        'oauth2.client', 'Application', readonly=True, ondelete='set null', index='btree_not_null')
    user_id = fields.Many2one('res.users', 'About', readonly=True, ondelete='set null', index='btree_not_null')
    actor_id = fields.Many2one('res.users', 'By', readonly=True, ondelete='set null')
    # Their names at that time, which stay when they are renamed or deleted.
    client_text = fields.Char('Application (name)', readonly=True)
    client_name = fields.Char('Application without its ID', compute='_compute_client_name')
    user_text = fields.Char('About (name)', readonly=True)
    actor_text = fields.Char('By (name)', readonly=True)
    address = fields.Char('IP address', readonly=True, help='The IP address of the caller.')
    detail = fields.Char(readonly=True)
    request = fields.Text('What was sent', readonly=True, help='Of a request that was refused: its parameters, without '
                                                               'secrets, codes and tokens.')
    old_value = fields.Text('Before', readonly=True)
    new_value = fields.Text('After', readonly=True)

    @api.depends('client_text')
    def _compute_client_name(self):
        for event in self:
            event.client_name = (event.client_text or '').rpartition(' (')[0]

    @api.model
    def _record(self, name, client=None, user_id=None, address=None, detail=None, old_value=None, new_value=None,
                request=None):
        """Record an event, and log it.

        :param name: one of the selection.
        :param client: an `oauth2.client`, if it is about one.
        :param user_id: the user whom it is about.
        :param address: the caller's; by default that of the request, if there is one.
        :param detail: short, and nothing secret.
        :param old_value: the text before a change, nothing secret.
        :param new_value: the text after it.
        :param request: the parameters of a request, nothing secret.
        """
        actor_id = self.env.uid if self.env.uid != SUPERUSER_ID else None
        address = ip_address(address) or self.env['ir.http']._oauth2_caller()
        _logger.info('OAuth2 %s: client %s, user %s, by user %s, from %s: %s', name, client and client.client_id,
                     user_id, actor_id, address, visible(detail))
        number = client.id if client else None
        self.env.cr.execute(SQL(
            """ INSERT INTO oauth2_event (name, happened_at, client_id, client_text, user_id, user_text, actor_id,
                                          actor_text, address, detail, old_value, new_value, request)
                     VALUES (%s, now() AT TIME ZONE 'UTC', %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
              RETURNING id """,
            name, number, _name_of_client(number), user_id, _name_of_user(user_id), actor_id, _name_of_user(actor_id),
            address, detail, old_value or None, new_value or None, request))
        self._forward_after_commit(self.env.cr.fetchone()[0])

    @api.model
    def _record_seldom(self, name, client, user_id=None, kind='', **options):
        """Record something that a caller can cause again and again, with its request: only the first in an hour for an
        application and user, and one in an hour for all requests that name none of our applications.

        :param client: an `oauth2.client`; empty if none is named.
        :param kind: the beginning of the detail, if there are several kinds: the first in an hour of each.
        :param options: of :meth:`_record`.
        """
        self.env.cr.execute(SQL(
            """ SELECT FROM oauth2_event
                 WHERE happened_at > (now() AT TIME ZONE 'UTC') - interval '1 hour' AND name = %s
                   AND client_id IS NOT DISTINCT FROM %s AND user_id IS NOT DISTINCT FROM %s
                   AND starts_with(COALESCE(detail, ''), %s) LIMIT 1 """,
            name, client.id or None, user_id, kind))
        if not self.env.cr.rowcount:
            self._record(name, client, user_id, request=self.env['ir.http']._oauth2_asked(), **options)

    @contextmanager
    def _recording_refusals(self, client):
        """Record that a client's request was refused in the block. The error must be returned as an answer: an error
        that leaves the request rolls back the event, too.
        """
        try:
            yield
        except OAuthError as error:
            if error.event == 'request_refused':
                self._record_seldom(error.event, client, kind=f'{error.error}:', detail=printable(
                    f'{error.error}: {error.detail or error.description}', _LONGEST_DETAIL))
            elif error.event:
                uri = getattr(error, 'uri', None)
                self._record_seldom(error.event, client, detail=uri and without_values(printable(uri, _LONGEST_DETAIL)))
            raise

    @api.autovacuum
    def _gc_events(self):
        """Remove old events."""
        self.env.cr.execute(SQL(
            """ DELETE FROM oauth2_event WHERE id IN (
                       SELECT id FROM oauth2_event
                        WHERE happened_at < (now() AT TIME ZONE 'UTC') - make_interval(days => %s) LIMIT %s) """,
            self.env['oauth2.configuration']._number('event_days'), VACUUM_BATCH))
        return self.env.cr.rowcount, self.env.cr.rowcount == VACUUM_BATCH
