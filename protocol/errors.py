"""The errors of the protocol: one class for each error code of the specifications."""
from __future__ import annotations

import re

# RFC 6749 §5.2: the characters that error_description may hold.
_DESCRIPTION = re.compile(r'[\x20-\x21\x23-\x5B\x5D-\x7E]*')


class OAuthError(Exception):
    """A request was refused.

    :param description: for the developer of the client, in the character set of RFC 6749 §5.2. It never repeats a value
        of the request, nor describes a secret.
    :param detail: for the operator's log only; it never leaves the server.
    :param retry_after: seconds after which the same request may be tried again.
    :ivar client: the client, where a page for people may name it; other answers never do.
    :ivar event: the event that records the error, if the client is known; None for everyday errors.
    """
    error = 'server_error'
    status = 500
    is_stale_page = False
    is_not_let_in = False
    client = None
    event = 'request_refused'

    def __init__(self, description: str, detail: str | None = None, retry_after: int | None = None):
        if not _DESCRIPTION.fullmatch(description):
            raise ValueError('not in the character set of RFC 6749 section 5.2: %r' % description)
        super().__init__(description)
        self.description = description
        self.detail = detail
        self.retry_after = retry_after

    def members(self) -> dict[str, str]:
        """The members of the error answer (RFC 6749 §5.2)."""
        return {'error': self.error, 'error_description': self.description}


class InvalidRequest(OAuthError):
    """A parameter is missing, repeated or malformed (RFC 6749 §4.1.2.1, §5.2)."""
    error = 'invalid_request'
    status = 400


class StalePage(InvalidRequest):
    """A person answered a page that is out of date or already answered. No application made a mistake."""
    is_stale_page = True


class RedirectURIRefused(InvalidRequest):
    """The redirect URI is not one of the client's, so nobody is sent there (RFC 6749 §3.1.2.4).

    :param uri: as in the request, so that an administrator sees what is wrong with it.
    """

    event = 'redirect_uri_refused'

    def __init__(self, uri: str):
        super().__init__('redirect_uri is not registered for this client')
        self.uri = uri


class PKCELeftOut(InvalidRequest):
    """A client that has used PKCE before asks without it: an attacker may have removed it (RFC 9700 §2.1.1)."""
    event = 'pkce_left_out'


class MethodNotAllowed(InvalidRequest):
    """The endpoint does not answer this HTTP method (RFC 9110 §15.5.6).

    :param allowed: the methods that it answers, for the `Allow` header.
    """
    status = 405

    def __init__(self, allowed: tuple[str, ...]):
        super().__init__('this endpoint answers %s only' % ' and '.join(allowed))
        self.allowed = allowed


class RequestTooLarge(InvalidRequest):
    """The request's body is larger than the server reads (RFC 9110 §15.5.14)."""
    status = 413


class InvalidClient(OAuthError):
    """The client did not prove who it is (RFC 6749 §5.2)."""
    error = 'invalid_client'
    status = 401

    def __init__(self, description: str = 'client authentication failed', detail: str | None = None):
        super().__init__(description, detail)


class InvalidGrant(OAuthError):
    """The code or refresh token is invalid, or another client's (RFC 6749 §5.2).

    Unknown, expired, used and foreign grants share one description, so that the answer does not tell them apart.
    `detail` does, in the log.
    """
    error = 'invalid_grant'
    status = 400


class UnknownGrant(InvalidGrant):
    """The server never issued this grant: it is a guess."""
    event = 'authentication_failed'


class UnauthorizedClient(OAuthError):
    """This client may not use this grant type (RFC 6749 §5.2)."""
    error = 'unauthorized_client'
    status = 400


class UnsupportedGrantType(OAuthError):
    """The server does not know this grant type (RFC 6749 §5.2)."""
    error = 'unsupported_grant_type'
    status = 400


class UnsupportedTokenType(OAuthError):
    """The server does not revoke tokens of this kind (RFC 7009 §2.2.1)."""
    error = 'unsupported_token_type'
    status = 400


class UnsupportedResponseType(OAuthError):
    """The server does not know this response type (RFC 6749 §4.1.2.1)."""
    error = 'unsupported_response_type'
    status = 400


class InvalidScope(OAuthError):
    """A scope is unknown, malformed, or more than was granted (RFC 6749 §5.2)."""
    error = 'invalid_scope'
    status = 400


class InvalidTarget(OAuthError):
    """The resource is unknown, malformed, or not the one that was granted (RFC 8707 §2)."""
    error = 'invalid_target'
    status = 400


class AccessDenied(OAuthError):
    """The user said no (RFC 6749 §4.1.2.1)."""
    error = 'access_denied'
    status = 403
    event = None


class ClientNotLetIn(InvalidClient):
    """The administrators do not let a client come that has a metadata document."""
    is_not_let_in = True

    def __init__(self):
        super().__init__('the administrators of this server have not allowed this application to connect')


class NotAdmitted(AccessDenied):
    """The server said no: this user may not use this application (RFC 6749 §4.1.2.1)."""
    event = 'request_refused'


class DeviceDenied(AccessDenied):
    """The user said no, and a device learns it at the token endpoint (RFC 8628 §3.5)."""
    status = 400


class AuthorizationPending(OAuthError):
    """Nobody has answered yet: a device asks again (RFC 8628 §3.5)."""
    error = 'authorization_pending'
    status = 400
    event = None


class SlowDown(OAuthError):
    """A device polls too often: its interval grows by five seconds (RFC 8628 §3.5)."""
    error = 'slow_down'
    status = 400
    event = None


class DeviceCodeExpired(OAuthError):
    """Nobody has answered in time: the device begins again (RFC 8628 §3.5)."""
    error = 'expired_token'
    status = 400
    event = None


class LoginRequired(OAuthError):
    """The user has to log in first, or anew (OpenID Connect Core §3.1.2.6)."""
    error = 'login_required'
    status = 401
    event = None


class AccountSelectionRequired(OAuthError):
    """The user has to choose an account first (OpenID Connect Core §3.1.2.6)."""
    error = 'account_selection_required'
    status = 401
    event = None


class ConsentRequired(OAuthError):
    """The user has not allowed this client yet (OpenID Connect Core §3.1.2.6)."""
    error = 'consent_required'
    status = 401
    event = None


class RequestNotSupported(OAuthError):
    """The server reads no request objects (OpenID Connect Core §3.1.2.6)."""
    error = 'request_not_supported'
    status = 400


class RequestURINotSupported(OAuthError):
    """The server fetches no request objects (OpenID Connect Core §3.1.2.6)."""
    error = 'request_uri_not_supported'
    status = 400


class RegistrationNotSupported(OAuthError):
    """A client cannot register itself within a request (OpenID Connect Core §3.1.2.6)."""
    error = 'registration_not_supported'
    status = 400


class TemporarilyUnavailable(OAuthError):
    """The server cannot answer just now (RFC 6749 §4.1.2.1)."""
    error = 'temporarily_unavailable'
    status = 503


class TooManyRequests(TemporarilyUnavailable):
    """The caller has asked too often (RFC 6585 §4)."""
    status = 429


class IssuerNotSet(TemporarilyUnavailable):
    """The issuer is not set yet: this database may be a copy of another one."""

    def __init__(self):
        super().__init__(
            'this server has no issuer: an administrator sets or confirms it in the general settings, block OAuth2')


class NotFound(OAuthError):
    """There is nothing at this address."""
    error = 'not_found'
    status = 404


class InvalidToken(OAuthError):
    """The access token is malformed, expired, revoked, or not for this server (RFC 6750 §3.1)."""
    error = 'invalid_token'
    status = 401


class NoToken(InvalidToken):
    """The request has no access token: the answer says how to send one, and gives no error code (RFC 6750 §3.1)."""

    def __init__(self):
        super().__init__('send an access token: Authorization: Bearer')


class ExpiredToken(InvalidToken):
    """This server issued the token, but it has expired."""


class InsufficientScope(OAuthError):
    """The access token is valid, but its scope does not suffice (RFC 6750 §3.1).

    :param scope: the scope to ask for.
    """
    error = 'insufficient_scope'
    status = 403

    def __init__(self, scope: str):
        super().__init__('the access token does not suffice: ask for the scope %s' % scope)
        self.scope = scope


class InvalidRedirectURI(OAuthError):
    """A redirect URI cannot be registered (RFC 7591 §3.2.2)."""
    error = 'invalid_redirect_uri'
    status = 400


class InvalidClientMetadata(OAuthError):
    """The client metadata cannot be registered (RFC 7591 §3.2.2)."""
    error = 'invalid_client_metadata'
    status = 400


class InvalidSoftwareStatement(OAuthError):
    """Nobody whom this server trusts has signed the software statement (RFC 7591 §3.2.2)."""
    error = 'invalid_software_statement'
    status = 400
