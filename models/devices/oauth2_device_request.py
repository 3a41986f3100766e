"""Requests of devices, until somebody answers (RFC 8628 §3.1, §3.2)."""
import hashlib
import secrets
from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ...protocol import user_code
from ...protocol.caller import ip_address, network
from ...protocol.errors import StalePage, TooManyRequests
from ..cleaning import clean_up
from ..endings.oauth2_client_user import Outlived
from ..keys.oauth2_signing_key import BROWSER
from ..oauth2_configuration import VACUUM_BATCH

# How many may wait at once: of a client, and of one caller where the client proves nothing. Anybody can ask. Where all
# places of a client are taken, a caller of whom none waits still gets one of some more.
MOST_OF_CLIENT = 1000
MOST_OF_CALLER = 20
MOST_OF_CALLERS = 10_000
# Keyed and slow: 34 bits can be tried out by whoever has the rows, but not without the key, nor in ten minutes.
_ROUNDS = 10_000
NOW = SQL("now() AT TIME ZONE 'UTC'")


class DeviceCodes(NamedTuple):
    """The codes that a device receives (RFC 8628 §3.2).

    :ivar user_code: as shown, with a dash.
    """
    device_code: str
    user_code: str


class DeviceRequest(NamedTuple):
    """A device's request. The authorization endpoint reads it like a request without parameters of OpenID Connect.

    :ivar is_denied: somebody said no.
    :ivar is_answered: somebody said yes or no.
    :ivar seconds: how long it may still be answered; not positive after that.
    :ivar address: from where the device asked; None if unknown.
    :ivar asked_at: when it asked, in UTC.
    """
    id: int
    client_id: int
    scope: str
    resource: str | None
    is_denied: bool
    is_answered: bool
    seconds: float
    address: str | None
    asked_at: datetime

    prompt = ()
    max_age = id_token_hint = code_challenge = nonce = None


class OAuth2DeviceRequest(models.Model):
    """A device authorization request. Neither of its codes is stored.

    Until somebody answers it has no user, so it gives no access. A yes makes an authorization code with the hash of the
    device code (`oauth2.authorization.code`): whatever ends such a code ends this one, too.
    """
    _name = 'oauth2.device.request'
    _description = 'OAuth2 Device Authorization Request'
    _log_access = False
    _allow_sudo_commands = False

    client_id = Outlived('oauth2.client', required=True, ondelete='cascade')
    device_hash = fields.Char(required=True)
    user_hash = fields.Char(required=True)
    scope = fields.Char(required=True)
    resource = fields.Char(help='RFC 8707; empty if the request named none.')
    address = fields.Char(help='From where the device asked: shown to whoever answers.')
    network = fields.Char(required=True, help='What counts as one caller.')
    asked_at = fields.Datetime(required=True)
    expires_at = fields.Datetime(required=True, index=True)
    answered_at = fields.Datetime()
    is_denied = fields.Boolean()

    _device_unique = models.Constraint('UNIQUE (device_hash)', 'A device code is given once.')
    _user_unique = models.Constraint('UNIQUE (user_hash)', 'Of two devices that ask, each has its own code.')
    _waiting = models.Index('(client_id, network) WHERE answered_at IS NULL')

    def init(self):
        self.env.cr.execute(SQL('ALTER TABLE oauth2_device_request ADD COLUMN IF NOT EXISTS client_epoch uuid'))

    # ------------------------------------------------------------------
    # Asking
    # ------------------------------------------------------------------

    @api.model
    def _make(self, client, scope, resource, address):
        """Let a device wait for an answer.

        :param address: the caller's IP address, if known.
        :return: the :class:`DeviceCodes`.
        :raises TooManyRequests: too many devices of this client, or of this caller, are waiting.
        """
        for _time in range(2):  # the first code may be another device's
            device_code, letters = secrets.token_urlsafe(32), user_code.new()
            self.env.cr.execute(SQL(
                """ INSERT INTO oauth2_device_request (client_id, client_epoch, device_hash, user_hash, scope, resource,
                                                       address, network, asked_at, expires_at)
                    SELECT client.id, client.epoch, %(device_hash)s, %(user_hash)s, %(scope)s, %(resource)s,
                           %(address)s, %(network)s, %(now)s, %(now)s + make_interval(secs => %(lifetime)s)
                      FROM oauth2_client client
                     WHERE client.id = %(client)s AND client.active
                       AND %(of_client)s < CASE WHEN %(of_caller)s = 0 THEN %(most_of_callers)s
                                                ELSE %(most_of_client)s END
                       AND (%(proves_itself)s OR %(of_caller)s < %(most_of_caller)s)
                ON CONFLICT (user_hash) DO NOTHING
                  RETURNING id """,
                client=client.id, device_hash=self._device_hash(device_code), user_hash=self._user_hashes(letters)[0],
                scope=scope, resource=resource, address=ip_address(address), network=network(address), now=NOW,
                lifetime=self.env['oauth2.configuration'].DEVICE_CODE_LIFETIME,
                of_client=_number_of_waiting(SQL('TRUE'), MOST_OF_CALLERS), most_of_client=MOST_OF_CLIENT,
                most_of_callers=MOST_OF_CALLERS,
                of_caller=_number_of_waiting(SQL('network = %s', network(address)), MOST_OF_CALLER),
                most_of_caller=MOST_OF_CALLER, proves_itself=not client.is_public), log_exceptions=False)
            if row := self.env.cr.fetchone():
                clean_up(self, row[0], lambda requests: requests._gc_requests())
                return DeviceCodes(device_code, user_code.shown(letters))
        raise TooManyRequests('too many devices wait for an answer; try again later', retry_after=60)

    @api.model
    def _device_hash(self, device_code):
        # The hash of the code that will replace it: 256 random bits need no slower one.
        return self.env['oauth2.authorization.code']._hash(device_code)

    @api.model
    def _user_hashes(self, letters):
        """The hashes by which a user code may be stored; the first one is by the current key."""
        keys = self.env['oauth2.signing.key']
        current = keys._current(BROWSER)
        keys = [current, *(key for kid, key in keys._by_kid(BROWSER).items() if kid != current.kid)]
        return [hashlib.pbkdf2_hmac('sha256', letters.encode(), b'user code ' + key.private, _ROUNDS).hex()
                for key in keys if key.private]

    # ------------------------------------------------------------------
    # Finding
    # ------------------------------------------------------------------

    @api.model
    def _of_device(self, device_code):
        """The :class:`DeviceRequest` with a device code, or None."""
        return self._found(SQL('device_hash = %s', self._device_hash(device_code)))

    @api.model
    def _of_user_code(self, letters):
        """The device that shows a user code, and still waits.

        :return: the code's hash, which a browser may keep to find the request again, and the :class:`DeviceRequest`; or
            None.
        """
        for user_hash in self._user_hashes(letters):
            if request := self._found(SQL(
                    'user_hash = %s AND answered_at IS NULL AND request.expires_at > %s', user_hash, NOW)):
                return user_hash, request
        return None

    @api.model
    def _waiting_as(self, user_hash):
        """The :class:`DeviceRequest` that waits for an answer.

        :param user_hash: see :meth:`_of_user_code`.
        :raises StalePage: it does not wait any more.
        """
        found = self._found(SQL('user_hash = %s', user_hash))
        if found is None or found.is_answered or found.seconds <= 0:
            raise StalePage('this device has been answered, or has waited for too long; begin again on the device')
        return found

    @api.model
    def _found(self, condition):
        self.env.cr.execute(SQL(
            """ SELECT request.id, client.id, request.scope, request.resource, request.is_denied IS TRUE,
                       request.answered_at IS NOT NULL, extract(epoch FROM request.expires_at - %s)::float,
                       request.address, request.asked_at
                  FROM oauth2_device_request request
                  JOIN oauth2_client client
                    ON client.id = request.client_id AND client.active AND client.epoch = request.client_epoch
                 WHERE %s """, NOW, condition))
        row = self.env.cr.fetchone()
        return row and DeviceRequest(*row)

    # ------------------------------------------------------------------
    # Answering
    # ------------------------------------------------------------------

    @api.model
    def _allow(self, request, client, user_id, auth_time):
        """Answer a device with yes, in the name of a user. From then on, its device code is an authorization code.

        It has no session: logging out of the browser does not end the device's access.

        :param request: the :class:`DeviceRequest`, as it was shown; its scope is granted.
        :param auth_time: when the user logged in.
        :return: whether this user may allow it anything.
        :raises StalePage: somebody has answered meanwhile.
        """
        device_hash = self._answer(request)
        lifetime = max(request.seconds, self.env['oauth2.configuration'].CODE_LIFETIME)
        is_given = self.env['oauth2.authorization.code']._store(
            device_hash, client, user_id, request.scope, lifetime, resource=request.resource, auth_time=auth_time,
            is_direct=False, is_device=True)
        if is_given:
            self.env['oauth2.event']._record(
                'device_allowed', client, user_id, detail=f'asked from {request.address}')
        return is_given

    @api.model
    def _deny(self, request, client, user_id):
        """Answer a device with no.

        :raises StalePage: somebody has answered meanwhile.
        """
        self._answer(request, is_denied=True)
        self.env['oauth2.event']._record('device_denied', client, user_id, detail=f'asked from {request.address}')

    @api.model
    def _answer(self, request, is_denied=False):
        # Of two simultaneous answers, one fails in the database, and runs again.
        self.env.cr.execute(SQL(
            """ UPDATE oauth2_device_request SET answered_at = %s, is_denied = %s
                 WHERE id = %s AND answered_at IS NULL RETURNING device_hash """,
            NOW, is_denied, request.id), log_exceptions=False)
        row = self.env.cr.fetchone()
        if row is None:
            raise StalePage('this device has been answered; begin again on the device')
        return row[0]

    # ------------------------------------------------------------------
    # Cleaning up
    # ------------------------------------------------------------------

    @api.autovacuum
    def _gc_requests(self):
        """Remove requests some time after they expired. Until then, the device is told that its code has expired."""
        self.env.cr.execute(SQL(
            """ DELETE FROM oauth2_device_request WHERE id IN (
                       SELECT id FROM oauth2_device_request WHERE expires_at < %s - make_interval(secs => %s)
                        LIMIT %s FOR UPDATE SKIP LOCKED) """,
            NOW, self.env['oauth2.configuration'].DEVICE_CODE_LIFETIME, VACUUM_BATCH))
        return self.env.cr.rowcount, self.env.cr.rowcount == VACUUM_BATCH


def _number_of_waiting(condition, most):
    """The SQL of how many devices of the application `client` are waiting, counted up to a limit."""
    return SQL(
        """ (SELECT count(*) FROM (
                    SELECT FROM oauth2_device_request WHERE client_id = client.id AND answered_at IS NULL
                       AND expires_at > %s AND %s LIMIT %s) waiting) """, NOW, condition, most)
