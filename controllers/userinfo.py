"""The userinfo endpoint (OpenID Connect Core §5.3)."""
from odoo.http import Controller, Response, request

from ..protocol.answer import FORMATS
from ..protocol.authorization_header import scheme_and_credentials
from ..protocol.errors import InvalidRequest
from ..protocol.media_type import JWT, preferred
from ..protocol.parameters import Parameters, form_pairs
from ..wire.answer import NOT_STORED, as_server, endpoint


class UserinfoController(Controller):

    @endpoint('userinfo', methods=('GET', 'POST'), cors='*', readonly=True, purpose='userinfo')
    def userinfo(self):
        """Give a client the claims about its token's user, signed if it asks for `application/jwt`."""
        as_jwt = preferred(request.httprequest.headers.get('Accept'), (*FORMATS, JWT)) == JWT
        answer = as_server()['oauth2.userinfo.endpoint']._answer(self._token(), as_jwt)
        if not as_jwt:
            return answer
        return Response(answer, headers={'Content-Type': JWT, 'Vary': 'Accept', **NOT_STORED})

    def _token(self):
        """The access token: from the header, or from a form (RFC 6750 §2.1, §2.2), never from the query (§2.3)."""
        http = request.httprequest
        scheme, in_header = scheme_and_credentials(http.headers.get('Authorization', ''))
        is_form = http.method == 'POST' and http.mimetype == 'application/x-www-form-urlencoded'
        in_form = _in_form(http.get_data()) if is_form else None
        if scheme != 'bearer':
            return in_form
        if in_form is not None:
            raise InvalidRequest('two access tokens: send it once')
        return in_header


def _in_form(body):
    return Parameters(body=form_pairs(body), known={'access_token'}.__contains__).get('access_token')
