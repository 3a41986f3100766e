"""Access tokens where Odoo takes API keys."""
import logging

from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException, Unauthorized

from odoo import models
from odoo.exceptions import AccessDenied, UserError
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..controllers.answer import PATH, refuse
from ..protocol import jwt
from ..protocol.authorization_header import scheme_and_credentials
from ..protocol.errors import (
    InvalidRequest,
    InvalidToken,
    NotFound,
    OAuthError,
    RequestTooLarge,
    TemporarilyUnavailable,
)

_logger = logging.getLogger(__name__)


class _BearerChallenge(WWWAuthenticate):
    """RFC 6750 §3 with all values in quotes, as its examples and many a client have them."""

    def to_header(self):
        return 'Bearer' + ','.join(f' {name}="{value}"' for name, value in self.parameters.items())


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    @classmethod
    def _auth_method_bearer(cls, *args, **kwargs):
        """Let a request pass that carries an access token, as the user of its authorization.

        API keys, and sessions where Odoo lets them, go on working.
        """
        scheme, token = scheme_and_credentials(request.httprequest.headers.get('Authorization', ''))
        try:
            if scheme != 'bearer' or not jwt.looks_like_jwt(token):
                return super()._auth_method_bearer(*args, **kwargs)
            uid = request.env['oauth2.authorization'].sudo()._verify_access_token(token)
        except (InvalidToken, Unauthorized) as error:
            raise cls._challenged(error, sent_a_token=scheme == 'bearer') from None
        if request.env.uid and request.env.uid != uid:
            raise AccessDenied(request.env._('The user of the session is not the user of the access token.'))
        request.update_env(user=uid)
        request.session.can_save = False  # a token makes no session
        return cls._auth_method_user()

    @classmethod
    def _challenged(cls, error, sent_a_token):
        """The 401 that tells how to come back (RFC 6750 §3): why the token is no good, if there was one."""
        parameters = {}
        if isinstance(error, InvalidToken):
            _logger.info('OAuth2: access token from %s refused: %s', request.httprequest.remote_addr, error.detail)
        if sent_a_token:
            parameters = {'error': InvalidToken.error, 'error_description': jwt.REFUSED}
        return Unauthorized(error.description, www_authenticate=_BearerChallenge('bearer', parameters))

    @classmethod
    def _pre_dispatch(cls, rule, args):
        result = super()._pre_dispatch(rule, args)
        # Keep the body as it came. Odoo's dispatcher reads forms before our endpoints do, and
        # leaves of them neither the bytes nor what was doubled or badly encoded.
        if rule.endpoint.routing.get('oauth2_endpoint'):
            request.httprequest.get_data()
        return result

    @classmethod
    def _dispatch(cls, endpoint):
        # Our endpoints read their parameters themselves: a doubled one must be seen, and one named
        # `self` must not reach a Python signature.
        if endpoint.routing.get('oauth2_endpoint'):
            request.params = {}
        return super()._dispatch(endpoint)

    @classmethod
    def _handle_error(cls, exception):
        """What fails outside of our controllers, but at our addresses, is answered in the protocol's words."""
        if not request.httprequest.path.startswith(PATH + '/'):
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
