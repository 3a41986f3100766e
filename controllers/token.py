"""The token endpoint (RFC 6749 §3.2)."""
from odoo.http import Controller, request

from .answer import as_server, endpoint, read_parameters


class TokenController(Controller):

    @endpoint('access_token', 'token', methods=('POST',), cors='*', races=True)
    def token(self):
        """Trade a code or a refresh token for tokens."""
        endpoint_model = as_server()['oauth2.token.endpoint']
        parameters = read_parameters(endpoint_model._parameters())
        return endpoint_model._answer(parameters, request.httprequest.remote_addr)
