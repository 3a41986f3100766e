"""Access tokens where Odoo takes API keys, and where controllers ask for them."""
import logging

from psycopg2.errors import ReadOnlySqlTransaction
from werkzeug.datastructures import WWWAuthenticate
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, Unauthorized, abort

from odoo import models
from odoo.exceptions import AccessDenied, AccessError, UserError
from odoo.http import SessionExpiredException, request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ..wire import cross_origin
from ..wire.answer import is_ours, refuse, wants_page
from ..protocol import jwt
from ..protocol.authorization_header import scheme_and_credentials
from ..protocol.bearer import challenge
from ..protocol.errors import (
    InsufficientScope,
    InvalidRequest,
    InvalidToken,
    IssuerNotSet,
    NotFound,
    NoToken,
    OAuthError,
    RequestTooLarge,
    TemporarilyUnavailable,
)
from ..protocol.parameters import BODY_LIMIT
from .door.limit import held_to, telling_who_may_only_read
from .scopes.oauth2_scope_opening import EVERYTHING

_logger = logging.getLogger(__name__)

# In the session, without a name of Odoo's own: when its user logged in.
LOGIN_TIME = 'oauth2_login_time'
LOGIN_USER = 'oauth2_login_user'


class _BearerChallenge(WWWAuthenticate):
    """The challenge as we write it: with all values in quotes, as RFC 6750 and many a client have them."""

    def __init__(self, error, resource_metadata):
        super().__init__('bearer')
        self._header = challenge(error, resource_metadata)

    def to_header(self):
        return self._header


class _Insufficient(Unauthorized):
    """A 403 with a challenge (RFC 6750 §3.1), which werkzeug's own has no place for."""
    code = 403


class _KnownToPrimary(AccessDenied):
    """A replica refuses a token that the primary knows. In these words it gets through Odoo's authentication."""


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    # ------------------------------------------------------------------
    # Who asks
    # ------------------------------------------------------------------

    @classmethod
    def _authenticate(cls, endpoint):
        """Keep what the route says: Odoo does not pass it on to the methods of authentication."""
        request.oauth2 = None
        request.oauth2_routing = endpoint.routing
        cross_origin.look_up()
        if cross_origin.is_preflight():
            abort(cross_origin.preflight())  # before somebody is asked for a token who sends none yet
        super()._authenticate(endpoint)

    @classmethod
    def _authenticate_explicit(cls, auth):
        """Remember when the user of a session logged in: Odoo's own time is overwritten every few hours."""
        try:
            result = super()._authenticate_explicit(auth)
        except _KnownToPrimary as error:
            raise error.__cause__ from None
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
        scheme, token = cls._oauth2_credentials()
        if scheme == 'bearer' and jwt.looks_like_jwt(token):
            return cls._oauth2_begin(cls._oauth2_token(token))
        try:
            return super()._auth_method_bearer(*args, **kwargs)
        except Unauthorized as error:
            if not request.env['oauth2.client'].sudo().search_count([], limit=1):
                raise  # where no application can have a token, Odoo answers as ever
            raise cls._challenged(error, sent_a_token=scheme == 'bearer') from None

    @classmethod
    def _auth_method_oauth2(cls, *_args, **_kwargs):
        """`@route(auth='oauth2', oauth2_scopes=[…])`: let a request pass that carries an access token with all of these
        scopes, as the user of its authorization; nothing else, neither a session nor an API key.
        """
        scheme, token = cls._oauth2_credentials()
        if scheme != 'bearer':
            raise cls._challenged(NoToken(), sent_a_token=False)
        access_token = cls._oauth2_token(token)
        needed = request.oauth2_routing.get('oauth2_scopes') or ()
        if set(needed) - access_token.scopes:
            raise cls._insufficient(' '.join(needed))
        return cls._oauth2_begin(access_token)

    @classmethod
    def _oauth2_credentials(cls):
        return scheme_and_credentials(request.httprequest.headers.get('Authorization', ''))

    @classmethod
    def _oauth2_token(cls, token):
        """The :class:`~.authorizations.oauth2_request_token.RequestToken` of this request.

        :raises Unauthorized: the token is no good.
        """
        try:
            return request.env['oauth2.authorization'].sudo()._use(token, cls._oauth2_audiences())
        except ReadOnlySqlTransaction as error:
            raise _KnownToPrimary from error
        except (InvalidToken, IssuerNotSet) as error:
            raise cls._challenged(error, sent_a_token=True) from None

    @classmethod
    def _oauth2_begin(cls, token):
        """Go on as the user of a token, within its limit.

        :raises HTTPException: the token is for nothing that a route which knows nothing of scopes may do.
        :raises AccessDenied: the session is of somebody else.
        """
        routing = request.oauth2_routing
        # Calls of methods are looked at more closely, when it is known which model they are for.
        if (routing['auth'] == 'bearer' and not routing.get('oauth2_looks_at_model')
                and token.limit is not None and token.limit.opening.is_empty):
            raise cls._insufficient(EVERYTHING)
        if request.env.uid and request.env.uid != token.user_id:
            raise AccessDenied(request.env._('The user of the session is not the user of the access token.'))
        request.update_env(user=token.user_id, context={**request.env.context, **token.context})
        request.session.can_save = False  # a token makes no session
        request.oauth2 = token
        if cls._oauth2_only_reads(token):
            token.limit.make_read_only(request.env.cr)
        return cls._auth_method_user()

    @classmethod
    def _oauth2_only_reads(cls, token):
        """Whether nothing may be written in this request, not even by the server itself.

        What a scope stands for that opens nothing of Odoo's own, only the route knows that asks for it.
        """
        if token.limit is None or token.limit.opening.is_empty or not token.limit.opening.only_reads():
            return False
        needed = request.oauth2_routing.get('oauth2_scopes') or ()
        return set(needed) <= set(token.limit.scopes)

    @classmethod
    def _oauth2_audiences(cls):
        """What a token may be for that is presented here: the server, or the one API that lies at this address."""
        resources = request.env['oauth2.configuration'].sudo()._resources()
        return [resource for resource, path in resources.items() if request.httprequest.path.startswith(path)]

    # ------------------------------------------------------------------
    # What it may do
    # ------------------------------------------------------------------

    @classmethod
    def _pre_dispatch(cls, rule, args):
        is_ours_ = rule.endpoint.routing.get('oauth2_endpoint')
        try:
            with held_to(request.oauth2 and request.oauth2.limit):
                result = super()._pre_dispatch(rule, args)
        finally:
            if is_ours_:
                cross_origin.widen(request.future_response.headers)
        # Keep the body as it came. Odoo's dispatcher reads forms before our endpoints do, and
        # leaves of them neither the bytes nor what was doubled or badly encoded.
        if is_ours_:
            body = request.httprequest.get_data()
            # A body that comes in chunks says nothing of its length: it is cut where it is too long.
            if request.httprequest.content_length is None and len(body) >= BODY_LIMIT:
                raise RequestEntityTooLarge
            request.oauth2_path_parameters = dict(args)
        return result

    @classmethod
    def _dispatch(cls, endpoint):
        # Our endpoints read their parameters themselves: a doubled one must be seen, and one named
        # `self` must not reach a Python signature.
        if endpoint.routing.get('oauth2_endpoint'):
            request.params = request.oauth2_path_parameters
        if request.oauth2 is None or request.oauth2.limit is None:
            return super()._dispatch(endpoint)
        with held_to(request.oauth2.limit), telling_who_may_only_read(request.env):
            result = super()._dispatch(endpoint)
            if not request.env.cr.closed:
                request.env.cr.flush()  # what is still to be computed is computed within the limit, too
            return result

    # ------------------------------------------------------------------
    # What is answered
    # ------------------------------------------------------------------

    @classmethod
    def _challenged(cls, error, sent_a_token):
        """The 401 that tells how to come back (RFC 6750 §3): why the token is no good, if there was one."""
        if isinstance(error, (InvalidToken, IssuerNotSet)):
            _logger.info('OAuth2: access token from %s refused: %s', request.httprequest.remote_addr,
                         error.detail or error.description)
        public = InvalidToken(jwt.REFUSED) if sent_a_token else NoToken()
        return Unauthorized(error.description, www_authenticate=cls._bearer_challenge(public))

    @classmethod
    def _insufficient(cls, scope):
        error = InsufficientScope(scope)
        return _Insufficient(error.description, www_authenticate=cls._bearer_challenge(error))

    @classmethod
    def _bearer_challenge(cls, error):
        """The challenge, which names the metadata of the API that was asked for (RFC 9728 §5.1)."""
        metadata = request.env['oauth2.resource.metadata.endpoint'].sudo()
        return _BearerChallenge(error, metadata._address(request.httprequest.path))

    @classmethod
    def _post_dispatch(cls, response):
        super()._post_dispatch(response)
        cross_origin.allow(response)

    @classmethod
    def _handle_error(cls, exception):
        """What fails outside of our controllers, but at our addresses, is answered in the protocol's words; and what a
        token may not do anywhere, with the challenge that says what it would take.
        """
        # A session that has to be renewed or confirmed is Odoo's affair: it knows the pages for that.
        if is_ours(request.httprequest.path) and not isinstance(exception, SessionExpiredException):
            has_page = wants_page() and cls._oauth2_has_page()
            if has_page:
                request.env.cr.rollback()  # a page is read from the database, which answers nothing after an error
            return refuse(cls._oauth2_error(exception), has_page)
        response = super()._handle_error(exception)
        status, challenge_ = cls._oauth2_challenge(exception)
        if not challenge_ and not cross_origin.concerns(request):
            return response
        if isinstance(response, HTTPException):
            response = response.get_response(request.httprequest.environ)
        if challenge_:
            # JSON-RPC, too, which tells of all other errors with 200: a client has to see what its token lacks.
            response.status_code = status
            response.headers['WWW-Authenticate'] = challenge_.to_header()
        cross_origin.allow(response)
        return response

    @classmethod
    def _oauth2_has_page(cls):
        """Whether a person may come to this address."""
        try:
            rule, _args = cls._match(request.httprequest.path)
        except HTTPException:  # there is no such address, or not for this method
            return False
        return rule.endpoint.routing.get('oauth2_has_page', False)

    @classmethod
    def _oauth2_challenge(cls, exception):
        """The status and the challenge that an error comes with which is about the token; None and None for others."""
        if isinstance(exception, Unauthorized) and isinstance(exception.www_authenticate[:1], (list, tuple)):
            for one in exception.www_authenticate:
                if isinstance(one, _BearerChallenge):
                    return exception.code, one
        if scope := _lacking_scope(exception):
            return 403, cls._bearer_challenge(InsufficientScope(scope))
        return None, None

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


def _lacking_scope(exception):
    """The scope that an error comes of, also one in other words for an error that came first; or None."""
    while isinstance(exception, AccessError):
        if scope := getattr(exception, 'oauth2_scope', None):
            return scope
        exception = exception.__cause__ or exception.__context__
    return None
