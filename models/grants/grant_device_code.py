"""The device code grant (RFC 8628 §3.4)."""
import math
from time import monotonic

from odoo import api, models
from odoo.tools.lru import LRU

from ...protocol.errors import AuthorizationPending, DeviceCodeExpired, DeviceDenied, SlowDown
from ..authorizations.oauth2_authorization_token import Issuance

_SLOWER = 5  # seconds (RFC 8628 §3.5)
_SLOWEST = 60
_TOLERANCE = 1  # a poll that arrives slightly early was sent in time
# When a device last polled this process, and how many seconds it must wait: so polling writes nothing to the database.
# Each process counts for itself: with several processes, a device can poll more often.
_polled = LRU(10_000)


class OAuth2GrantDeviceCode(models.AbstractModel):
    """Redeems a device code for tokens, once, as soon as somebody has allowed it."""
    _name = 'oauth2.grant.device_code'
    _inherit = 'oauth2.grant'
    _description = 'OAuth2 Device Code Grant'

    _grant_type = 'urn:ietf:params:oauth:grant-type:device_code'
    _presented = 'device_code'
    _parameters = frozenset({'device_code', 'resource', 'scope'})

    @api.model
    def _redeem(self, client, parameters, address):
        device_code = parameters.require('device_code')
        request = self.env['oauth2.device.request']._of_device(device_code)
        if request is None:
            self._refuse_guess('unknown device code, or its application has ended')
        if request.client_id != client.id:
            self._refuse('a device code of another client')
        if not request.is_answered:
            self._keep_waiting(request)
        if request.is_denied:
            raise DeviceDenied('the user said no')
        issued = self.env['oauth2.authorization.code']._find(device_code)
        if issued is None:
            if request.seconds <= 0:
                raise DeviceCodeExpired('the device code has expired')
            self._refuse('what it was allowed by has ended')
        if issued.is_used:
            self._refuse_second_use(issued)
        if issued.is_expired:
            raise DeviceCodeExpired('the device code has expired')
        configuration = self.env['oauth2.configuration']
        audience = configuration._audience(issued.resource, configuration._resource(parameters))
        scope = client._scope_within(issued.scope, None, audience)
        grant = self.env['oauth2.authorization']._begin(client, issued)
        if grant is None:  # two simultaneous requests of the same device
            raise SlowDown('this device code is being redeemed')
        return Issuance(grant, scope, audience)

    @api.model
    def _keep_waiting(self, request):
        """Tell a device that nobody has answered yet.

        :raises DeviceCodeExpired: nobody can answer any more.
        :raises SlowDown: it polls too often.
        :raises AuthorizationPending: it is to poll again.
        """
        if request.seconds <= 0:
            raise DeviceCodeExpired('nobody has answered in time: begin again')
        key = self.env.cr.dbname, request.id
        last, interval = _polled.get(key, (-math.inf, self.env['oauth2.configuration'].DEVICE_POLLING_INTERVAL))
        now = monotonic()
        is_early = now - last < interval - _TOLERANCE
        _polled[key] = now, min(interval + _SLOWER, _SLOWEST) if is_early else interval
        if is_early:
            raise SlowDown('ask every %s seconds' % _polled[key][1])
        raise AuthorizationPending('nobody has answered yet')

    @api.model
    def _refuse_second_use(self, issued):
        """Refuse a device code that was redeemed before.

        A device that polls twice at once has got its tokens. Later, one of two users is a thief, as with every code
        (RFC 6749 §4.1.2).
        """
        if issued.used_ago < self.env['oauth2.configuration'].DEVICE_POLLING_INTERVAL:
            raise SlowDown('this device code was redeemed just now')
        self.env['oauth2.authorization'].search([('name', '=', issued.authorization_name)])._revoke('code_replay')
        self._refuse('device code used before')
