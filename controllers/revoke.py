"""The revocation endpoint (RFC 7009)."""
from odoo.http import Controller, request

from ..protocol.parameters import CLIENT_AUTHENTICATION
from ..wire.answer import as_server, endpoint, read_parameters

# RFC 7009 §2.1, RFC 6749 §2.3.1.
PARAMETERS = CLIENT_AUTHENTICATION | {'token', 'token_type_hint'}


class RevokeController(Controller):

    @endpoint('revoke', methods=('POST',), cors='*', races=True, purpose='revoke')
    def revoke(self):
        """Revoke the authorization of a token."""
        return as_server()['oauth2.revocation.endpoint']._answer(
            read_parameters(PARAMETERS.__contains__), request.httprequest.remote_addr)
