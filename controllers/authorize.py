"""The authorization endpoint (RFC 6749 §3.1)."""
from odoo.http import Controller, request

from ..protocol.media_type import names_program
from ..wire import client_documents, sessions
from ..wire.answer import as_server, endpoint, read_parameters, uses_oauth_header
from ..wire.redirection import again_with_get
from .explanation import explain
from .interaction import begin

# RFC 6749 §4.1.1, RFC 7636 §4.3, RFC 8707 §2, OpenID Connect Core §3.1.2.1, §6, §7.2.1.
PARAMETERS = frozenset({
    'client_id', 'client_secret', 'code_challenge', 'code_challenge_method', 'id_token_hint', 'login_hint', 'max_age',
    'nonce', 'prompt', 'redirect_uri', 'registration', 'request', 'request_uri', 'resource', 'response_mode',
    'response_type', 'scope', 'state',
})


class AuthorizeController(Controller):

    @endpoint('authorize', methods=('GET', 'POST'), has_page=True, explain=explain)
    def authorize(self):
        """Give a program a code directly, or ask a person. No other origin may read the answer: no CORS (RFC 9700
        §2.6).
        """
        parameters = read_parameters(PARAMETERS.__contains__, has_page=True)
        if uses_oauth_header() or names_program(request.httprequest.headers.get('Accept')):
            request.session.can_save = False
            visitor, _expired = sessions.visitor()
            return as_server()['oauth2.authorization.endpoint']._answer_directly(parameters, visitor)
        if request.httprequest.method == 'POST':
            # Check first: otherwise the redirect would put a secret into an address, or follow an invalid request.
            authorization_endpoint = as_server()['oauth2.authorization.endpoint']
            authorization_endpoint._check_no_secret(parameters)
            if not client_documents.is_unknown(parameters):
                authorization_endpoint._destination(authorization_endpoint._client(parameters), parameters)
            return again_with_get(parameters)
        return begin(parameters)
