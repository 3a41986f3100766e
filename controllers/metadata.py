"""What clients and resource servers need to know of this server."""
import json

from odoo.http import Controller, Response

from .answer import as_server, endpoint


class MetadataController(Controller):

    @endpoint('jwks', methods=('GET', 'HEAD'), cors='*')
    def jwks(self):
        """The public keys (RFC 7517 §5). They are always JSON, and may be kept for an hour."""
        return Response(json.dumps(as_server()['oauth2.signing.key']._public_jwks()), headers={
            'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'public, max-age=3600'})
