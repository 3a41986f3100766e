"""The device authorization endpoint (RFC 8628 §3.1)."""
from odoo.http import Controller, request

from ..protocol.parameters import CLIENT_AUTHENTICATION
from ..wire.answer import as_server, endpoint, read_parameters

# RFC 8628 §3.1, RFC 8707 §2.
PARAMETERS = CLIENT_AUTHENTICATION | {'resource', 'scope'}


class DeviceAuthorizationController(Controller):

    @endpoint('device_authorization', methods=('POST',), purpose='device_authorization')
    def device_authorization(self):
        """Give a device a code that its user types elsewhere."""
        return as_server()['oauth2.device.authorization.endpoint']._answer(
            read_parameters(PARAMETERS.__contains__), request.httprequest.remote_addr)
