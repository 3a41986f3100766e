"""Authentication by access tokens: where Odoo takes API keys, and on routes that require tokens."""
from psycopg2.errors import ReadOnlySqlTransaction
from werkzeug.exceptions import Unauthorized

from odoo import models
from odoo.exceptions import AccessDenied
from odoo.http import request

from ..protocol import jwt
from ..protocol.authorization_header import scheme_and_credentials
from ..protocol.errors import InvalidToken, IssuerNotSet, NoToken
from .door.read_only import make_read_only
from .scopes.oauth2_scope import EVERYTHING

# In the session, under names that Odoo does not use: when its user logged in, and who that is.
LOGIN_TIME = 'oauth2_login_time'
LOGIN_USER = 'oauth2_login_user'


class _KnownToPrimary(AccessDenied):
    """A replica refuses a token that the primary accepts. As this error it passes through Odoo's authentication."""


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    @classmethod
    def _authenticate_explicit(cls, auth):
        """Store when the user of a session logged in: Odoo overwrites its own time every few hours."""
        try:
            result = super()._authenticate_explicit(auth)
        except _KnownToPrimary as error:
            raise error.__cause__ from None
        session = request.session
        # Another user may have logged in since, without a logout before.
        if session.uid is not None and session.get(LOGIN_USER) != session.uid:
            session[LOGIN_TIME], session[LOGIN_USER] = session['create_time'], session.uid
        return result

    @classmethod
    def _auth_method_bearer(cls, *args, **kwargs):
        """Accept a request with an access token, as the user of its authorization.

        API keys, and sessions where Odoo accepts them, still work.
        """
        scheme, token = cls._oauth2_credentials()
        if scheme == 'bearer' and jwt.looks_like_jwt(token):
            return cls._oauth2_begin(cls._oauth2_token(token))
        try:
            return super()._auth_method_bearer(*args, **kwargs)
        except Unauthorized as error:
            if not request.env['oauth2.client'].sudo().search_count([], limit=1):
                raise  # without applications there are no tokens, and Odoo answers as usual
            if scheme == 'bearer':  # Odoo's own sentence names only API keys
                no_token = InvalidToken(jwt.REFUSED, detail='neither an access token nor an API key')
                raise cls._challenged(no_token, sent_a_token=True) from None
            raise cls._challenged(error, sent_a_token=False) from None

    @classmethod
    def _auth_method_oauth2(cls, *_args, **_kwargs):
        """`@route(auth='oauth2', oauth2_scopes=[…])`: accept only a request with an access token that has all of these
        scopes, as the user of its authorization; no session and no API key.
        """
        scheme, token = cls._oauth2_credentials()
        if scheme != 'bearer':
            raise cls._challenged(NoToken(), sent_a_token=False)
        access_token = cls._oauth2_token(token)
        needed = request.oauth2_routing.get('oauth2_scopes') or ()
        if set(needed) - access_token.scopes:
            raise cls._insufficient(access_token, needed)
        return cls._oauth2_begin(access_token)

    @classmethod
    def _oauth2_credentials(cls):
        return scheme_and_credentials(request.httprequest.headers.get('Authorization', ''))

    @classmethod
    def _oauth2_token(cls, token):
        """The :class:`~.authorizations.oauth2_request_token.RequestToken` of this request.

        :raises Unauthorized: the token is invalid.
        """
        try:
            return request.env['oauth2.authorization'].sudo()._use(token, cls._oauth2_audiences())
        except ReadOnlySqlTransaction as error:
            raise _KnownToPrimary from error
        except (InvalidToken, IssuerNotSet) as error:
            raise cls._challenged(error, sent_a_token=True) from None

    @classmethod
    def _oauth2_begin(cls, token):
        """Continue as the user of a token, within its limit.

        :raises HTTPException: the route names no scopes, and the token is not for everything.
        :raises AccessDenied: the session is another user's.
        """
        routing = request.oauth2_routing
        # No scope says what such a route reads; calls of methods go through the door.
        if (routing['auth'] == 'bearer' and not routing.get('oauth2_looks_at_model')
                and token.limit is not None and not token.limit.is_whole):
            raise cls._insufficient(token, [EVERYTHING])
        if request.env.uid and request.env.uid != token.user_id:
            raise AccessDenied(request.env._('The user of the session is not the user of the access token.'))
        request.update_env(user=token.user_id, context={**request.env.context, **token.context})
        request.session.can_save = False  # a token makes no session
        request.oauth2 = token
        if cls._oauth2_only_reads(token):
            make_read_only(request.env.cr)
        return cls._auth_method_user()

    @classmethod
    def _oauth2_only_reads(cls, token):
        """Whether nothing may be written in this request, not even by the server itself.

        Only the route that requires a scope knows what it means, if it opens nothing of Odoo's.
        """
        if token.limit is None or token.limit.opening.is_empty or not token.limit.opening.only_reads():
            return False
        routing = request.oauth2_routing
        if routing['auth'] == 'bearer':
            return False  # the door does that
        return set(routing.get('oauth2_scopes') or ()) <= set(token.limit.scopes)

    @classmethod
    def _oauth2_audiences(cls):
        """The audiences that are accepted here: the server, or the one API at this address."""
        resources = request.env['oauth2.configuration'].sudo()._resources()
        return [resource for resource, path in resources.items() if request.httprequest.path.startswith(path)]
