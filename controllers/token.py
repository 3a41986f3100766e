"""The token endpoint (RFC 6749 §3.2)."""
from odoo.http import Controller, request

from ..wire.answer import as_server, endpoint, read_parameters


class TokenController(Controller):

    @endpoint('access_token', 'token', methods=('POST',), cors='*', races=True, purpose='token')
    def token(self):
        """Redeem a grant, such as a code or a refresh token, for tokens."""
        token_endpoint = as_server()['oauth2.token.endpoint']
        return token_endpoint._answer(
            read_parameters(token_endpoint._parameters().__contains__), request.httprequest.remote_addr)
