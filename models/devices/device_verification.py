"""A person's answer to a device (RFC 8628 §3.3)."""
from odoo import api, models

from ...protocol import user_code
from ...protocol.errors import AccessDenied, ConsentRequired, TooManyRequests
from ...protocol.issuer import PATH
from ..endpoints.authorization_endpoint import Redirection, Wish, naming

# Takes the place of the redirect URI, which a device does not have. No application can register one with this scheme,
# so a consent given here counts nowhere else.
NOWHERE = 'urn:ietf:params:oauth:grant-type:device_code'


class OAuth2DeviceVerification(models.AbstractModel):
    """An authorization endpoint whose answer waits for a device, instead of going to a redirect URI.

    The browser keeps the request (:class:`~..endpoints.authorization_browser.Pending`): its parameters name the device,
    the code that the person has typed, and the client.
    """
    _name = 'oauth2.device.verification'
    _inherit = 'oauth2.authorization.endpoint'
    _description = 'OAuth2 Device Verification'

    @api.model
    def _find(self, letters, user_id, address):
        """The parameters of a request to answer the device that shows a code.

        :param letters: of the code (:func:`~...protocol.user_code.read`); None if it cannot be a code.
        :param user_id: who has typed it.
        :param address: from where.
        :return: names to texts; None if no device shows it.
        :raises TooManyRequests: the user or the address has guessed too often.
        """
        clients = self.env['oauth2.client']
        try:
            found = letters and self.env['oauth2.device.guess']._counted(
                user_id, address, lambda: self.env['oauth2.device.request']._of_user_code(letters))
        except TooManyRequests:
            self.env['oauth2.event']._record_seldom('device_codes_guessed', clients, user_id, address=address)
            raise
        if not found:
            return None
        user_hash, request = found
        return {
            'device': user_hash, 'user_code': user_code.shown(letters),
            'client_id': clients.browse(request.client_id).client_id}

    @api.model
    def _to_client(self, parameters, visitor, step, has_answered=False):
        """Take a step. Of a refusal the device learns by polling; the person stays here."""
        requests = self.env['oauth2.device.request']
        request = requests._waiting_as(parameters.require('device'))
        client = self.env['oauth2.client']._identify(parameters.require('client_id'))
        with naming(client), self.env['oauth2.event']._recording_refusals(client):
            client._check_grant_type(self.env['oauth2.grant.device_code'])
            client._check_signs_people_in()
            try:
                result = step(self._wish_of(request, client))
            except AccessDenied:
                requests._deny(request, client, visitor.user_id)
                return _outcome('denied')
        return _outcome('allowed') if isinstance(result, str) else result

    @api.model
    def _wish_of(self, request, client):
        """What the device asks for, limited to what its client may still have."""
        audience = self.env['oauth2.configuration']._target(request.resource)
        scope = client._scope_for(request.scope, audience)
        return Wish(client, NOWHERE, None, scope, request.resource, audience, request._replace(scope=scope))

    @api.model
    def _missing(self, wish, visitor, login_before, has_chosen=False):
        """Ask each time, whatever was allowed before: nothing proves that it is the same device."""
        return super()._missing(wish, visitor, login_before, has_chosen) or ConsentRequired('a device asks')

    @api.model
    def _needs_no_consent(self, wish, visitor):
        return False

    @api.model
    def _code(self, wish, user_id, visitor, is_direct=False):
        is_given = self.env['oauth2.device.request']._allow(wish.request, wish.client, user_id, visitor.login_time)
        return 'given' if is_given else None


def _outcome(word):
    """The page that says that the device will be told."""
    return Redirection(f'{PATH}/device', 'query', {'outcome': word})
