"""Access tokens where Odoo takes API keys."""
import logging

from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException, Unauthorized

from odoo import models
from odoo.exceptions import AccessDenied, UserError
from odoo.http import SessionExpiredException, request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..controllers.answer import is_ours, refuse
from ..protocol import jwt
from ..protocol.authorization_header import scheme_and_credentials
from ..protocol.bearer import challenge
from ..protocol.errors import (
    InsufficientScope,
    InvalidRequest,
    InvalidToken,
    NotFound,
    NoToken,
    OAuthError,
    RequestTooLarge,
    TemporarilyUnavailable,
)

_logger = logging.getLogger(__name__)

# The whole power of the user: what a route that knows nothing of scopes asks for.
EVERYTHING = 'odoo'
# In the session, without a name of Odoo's own: when its user logged in.
LOGIN_TIME = 'oauth2_login_time'
LOGIN_USER = 'oauth2_login_user'


class _BearerChallenge(WWWAuthenticate):
    """The challenge as we write it: with all values in quotes, as RFC 6750 and many a client have them."""

    def __init__(self, error):
        super().__init__('bearer')
        self._header = challenge(error)

    def to_header(self):
        return self._header


class _Insufficient(Unauthorized):
    """A 403 with a challenge (RFC 6750 §3.1), which werkzeug's own has no place for."""
    code = 403


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    @classmethod
    def _authenticate_explicit(cls, auth):
        """Remember when the user of a session logged in: Odoo's own time is overwritten every few hours."""
        result = super()._authenticate_explicit(auth)
        session = request.session
        # Somebody else may have logged in since, without a logout before.
        if session.uid is not None and session.get(LOGIN_USER) != session.uid:
            session[LOGIN_TIME], session[LOGIN_USER] = session['create_time'], session.uid
        return result

    @classmethod
    def _auth_method_bearer(cls, *args, **kwargs):
        """Let a request pass that carries an access token, as the user of its authorization.

        API keys, and sessions where Odoo lets them, go on working.
        """
        scheme, token = scheme_and_credentials(request.httprequest.headers.get('Authorization', ''))
        try:
            if scheme != 'bearer' or not jwt.looks_like_jwt(token):
                return super()._auth_method_bearer(*args, **kwargs)
            authorizations = request.env['oauth2.authorization'].sudo()
            access_token = authorizations._verify_access_token(token, cls._oauth2_audiences())
        except (InvalidToken, Unauthorized) as error:
            raise cls._challenged(error, sent_a_token=scheme == 'bearer') from None
        if EVERYTHING not in access_token.scope:
            error = InsufficientScope(EVERYTHING)
            raise _Insufficient(error.description, www_authenticate=_BearerChallenge(error))
        uid = access_token.user_id
        if request.env.uid and request.env.uid != uid:
            raise AccessDenied(request.env._('The user of the session is not the user of the access token.'))
        request.update_env(user=uid)
        request.session.can_save = False  # a token makes no session
        return cls._auth_method_user()

    @classmethod
    def _oauth2_audiences(cls):
        """What a token may be for that is presented here: the server, or the one API that lies at this address."""
        resources = request.env['oauth2.configuration'].sudo()._resources()
        return [resource for resource, path in resources.items() if request.httprequest.path.startswith(path)]

    @classmethod
    def _challenged(cls, error, sent_a_token):
        """The 401 that tells how to come back (RFC 6750 §3): why the token is no good, if there was one."""
        if isinstance(error, InvalidToken):
            _logger.info('OAuth2: access token from %s refused: %s', request.httprequest.remote_addr, error.detail)
        public = InvalidToken(jwt.REFUSED) if sent_a_token else NoToken()
        return Unauthorized(error.description, www_authenticate=_BearerChallenge(public))

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        # Keep the body as it came. Odoo's dispatcher reads forms before our endpoints do, and
        # leaves of them neither the bytes nor what was doubled or badly encoded.
        if rule.endpoint.routing.get('oauth2_endpoint'):
            request.httprequest.get_data()
            request.oauth2_path_parameters = dict(args)
        return result

    @classmethod
    def _dispatch(cls, endpoint):
        # Our endpoints read their parameters themselves: a doubled one must be seen, and one named
        # `self` must not reach a Python signature.
        if endpoint.routing.get('oauth2_endpoint'):
            request.params = request.oauth2_path_parameters
        return super()._dispatch(endpoint)

    @classmethod
    def _handle_error(cls, exception):
        """What fails outside of our controllers, but at our addresses, is answered in the protocol's words."""
        # A session that has to be renewed or confirmed is Odoo's affair: it knows the pages for that.
        if not is_ours(request.httprequest.path) or isinstance(exception, SessionExpiredException):
            return super()._handle_error(exception)
        return refuse(cls._oauth2_error(exception))

    @classmethod
    def _oauth2_error(cls, exception):
        # Others were faster too often, or took away what this request was about.
        if isinstance(exception, (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, UserError)):
            return TemporarilyUnavailable('the server is busy; try again', retry_after=1)
        if isinstance(exception, HTTPException) and exception.code == 413:
            return RequestTooLarge('the request is larger than 64 KiB')
        if isinstance(exception, HTTPException) and exception.code == 404:
            return NotFound('there is no such address')
        if isinstance(exception, HTTPException) and 400 <= (exception.code or 500) < 500:
            return InvalidRequest('the request cannot be read')
        return OAuthError('the server failed; its log says why')
