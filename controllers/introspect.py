"""The introspection endpoint (RFC 7662)."""
from odoo.http import Controller, request

from .answer import as_server, endpoint, read_parameters


class IntrospectController(Controller):

    @endpoint('introspect', methods=('POST',))
    def introspect(self):
        """Tell a server whether a token is good. Pages have no use for it: no CORS."""
        endpoint_model = as_server()['oauth2.introspection.endpoint']
        parameters = read_parameters(endpoint_model._parameters())
        return endpoint_model._answer(parameters, request.httprequest.remote_addr)
