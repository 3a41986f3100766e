"""The introspection endpoint (RFC 7662)."""
from odoo.http import Controller, request

from ..protocol.parameters import CLIENT_AUTHENTICATION
from ..wire.answer import as_server, endpoint, read_parameters

# RFC 7662 §2.1, RFC 6749 §2.3.1.
PARAMETERS = CLIENT_AUTHENTICATION | {'token', 'token_type_hint'}


class IntrospectController(Controller):

    @endpoint('introspect', methods=('POST',), purpose='introspect')
    def introspect(self):
        """Tell a server whether a token is active. Pages do not need this: no CORS."""
        return as_server()['oauth2.introspection.endpoint']._answer(
            read_parameters(PARAMETERS.__contains__), request.httprequest.remote_addr)
