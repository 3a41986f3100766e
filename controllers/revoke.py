"""The revocation endpoint (RFC 7009)."""
from odoo.http import Controller, request

from .answer import as_server, endpoint, read_parameters


class RevokeController(Controller):

    @endpoint('revoke', methods=('POST',), cors='*', races=True)
    def revoke(self):
        """End the authorization of a token."""
        endpoint_model = as_server()['oauth2.revocation.endpoint']
        parameters = read_parameters(endpoint_model._parameters())
        return endpoint_model._answer(parameters, request.httprequest.remote_addr)
