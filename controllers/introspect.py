"""The introspection endpoint (RFC 7662)."""
from odoo.http import Controller, request

from .answer import as_server, endpoint, read_parameters


class IntrospectController(Controller):

    @endpoint('introspect', methods=('POST',))
    def introspect(self):
        """Tell a server whether a token is good. Pages have no use for it: no CORS."""
        return as_server()['oauth2.introspection.endpoint']._answer(
            read_parameters(), request.httprequest.remote_addr)
