"""The challenge of a refusal, which says how to get access (RFC 6750 §3)."""
import logging

from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import Unauthorized

from odoo import models
from odoo.exceptions import AccessError
from odoo.http import request

from ..protocol import jwt
from ..protocol.bearer import challenge
from ..protocol.errors import InsufficientScope, InvalidToken, IssuerNotSet, NoToken
from ..protocol.visible import visible
from .scopes.oauth2_scope import OPENID_CONNECT

_logger = logging.getLogger(__name__)


class _BearerChallenge(WWWAuthenticate):
    """The challenge in our spelling: with all values in quotes, as RFC 6750 and many clients have them."""

    def __init__(self, error, resource_metadata, scope):
        super().__init__('bearer')
        self._header = challenge(error, resource_metadata, scope)

    def to_header(self):
        return self._header


class _Insufficient(Unauthorized):
    """A 403 with a challenge (RFC 6750 §3.1), which werkzeug's own 403 cannot have."""
    code = 403


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    @classmethod
    def _challenged(cls, error, sent_a_token):
        """The 401 that says how to get access (RFC 6750 §3), and, if there was a token, that it is invalid."""
        if isinstance(error, (InvalidToken, IssuerNotSet)):
            _logger.info('OAuth2: access token from %s refused: %s', cls._oauth2_caller(),
                         visible(error.detail or error.description))
        public = InvalidToken(jwt.REFUSED) if sent_a_token else NoToken()
        return Unauthorized(error.description, www_authenticate=cls._bearer_challenge(public, cls._modest_scope()))

    @classmethod
    def _insufficient(cls, token, needed):
        """The 403 for a token that lacks one of the required scopes."""
        error = InsufficientScope(cls._with_held(token, needed))
        return _Insufficient(error.description, www_authenticate=cls._bearer_challenge(error))

    @classmethod
    def _bearer_challenge(cls, error, scope=None):
        """The challenge, which names the metadata of the requested API (RFC 9728 §5.1)."""
        metadata = request.env['oauth2.resource.metadata.endpoint'].sudo()
        return _BearerChallenge(error, metadata._address(request.httprequest.path), scope)

    @classmethod
    def _modest_scope(cls):
        """The scope that a client without a token should ask for: the one that the route requires, or, for a call of a
        method, one that reads a little. A client that is told none asks for all. None if the route names no scope.
        """
        routing = request.oauth2_routing
        if routing.get('oauth2_scopes'):
            return ' '.join(routing['oauth2_scopes'])
        if not routing.get('oauth2_looks_at_model'):
            return None
        *_before, model_name, _method = ['', *request.httprequest.path.split('/')]
        return request.env['oauth2.scope'].sudo()._to_begin_with(model_name)

    @classmethod
    def _with_held(cls, token, needed):
        """All scopes to ask for: a client that asks for less than its token has would lose that. Scopes about the user
        and `offline_access` are left out, because no call needs them and the client knows them itself.

        :param needed: names of scopes.
        """
        asked = (token.scopes - OPENID_CONNECT).union(needed)
        known = [name for name in request.env['oauth2.scope'].sudo()._all_names() if name in asked]
        return ' '.join(dict.fromkeys([*known, *needed]))  # a route may require one that does not exist

    @classmethod
    def _oauth2_challenge(cls, exception):
        """The status and the challenge of an error about the token; None and None for others."""
        if isinstance(exception, Unauthorized) and isinstance(exception.www_authenticate[:1], (list, tuple)):
            for one in exception.www_authenticate:
                if isinstance(one, _BearerChallenge):
                    return exception.code, one
        # With XML-RPC and JSON-RPC the token is in the body, and programs do not expect such an answer there.
        if getattr(request, 'oauth2', None) is not None and (scope := _lacking_scope(exception)):
            return 403, cls._bearer_challenge(InsufficientScope(cls._with_held(request.oauth2, scope.split())))
        return None, None


def _lacking_scope(exception):
    """The scope whose lack caused an error, directly or as an earlier cause; or None."""
    while isinstance(exception, AccessError):
        if scope := getattr(exception, 'oauth2_scope', None):
            return scope
        exception = exception.__cause__ or exception.__context__
    return None
