"""The authorization endpoint (RFC 6749 §3.1)."""
from odoo.http import Controller, request

from ..protocol.errors import InvalidRequest
from ..protocol.media_type import names_program
from .answer import as_server, endpoint, read_parameters, uses_oauth_header


class AuthorizeController(Controller):

    @endpoint('authorize', methods=('GET', 'POST'), has_page=True)
    def authorize(self):
        """Give a program a code, in place. It is never read from another origin: no CORS (RFC 9700 §2.6)."""
        parameters = read_parameters()
        if not uses_oauth_header() and not names_program(request.httprequest.headers.get('Accept')):
            raise InvalidRequest(
                'a code is given to programs: send Authorization: OAuth, or Accept: application/json')
        return as_server()['oauth2.authorization.endpoint']._answer_directly(parameters, request.session.uid)
