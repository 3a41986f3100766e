"""The authorization endpoint (RFC 6749 §3.1): the steps that browser mode and direct mode share."""
from contextlib import contextmanager
from typing import NamedTuple

from odoo import api, models

from ...protocol import authorization_request, redirect_uri
from ...protocol.authorization_request import AuthorizationRequest
from ...protocol.errors import InvalidRequest, OAuthError


class Destination(NamedTuple):
    """Where the answer to a request goes, once client and redirect URI are checked.

    :ivar uri: the redirect URI.
    :ivar mode: one of :data:`~...protocol.authorization_request.RESPONSE_MODES`.
    """
    uri: str
    mode: str
    state: str | None
    issuer: str

    def redirection(self, members):
        """An answer by redirection. `iss` names the issuer, in errors too (RFC 9207 §2)."""
        state = {} if self.state is None else {'state': self.state}
        return Redirection(self.uri, self.mode, {**members, **state, 'iss': self.issuer})


class Redirection(NamedTuple):
    """The browser is sent to a client, with these parameters."""
    uri: str
    mode: str
    members: dict

    @property
    def location(self):
        """The address for the response mode `query`."""
        return redirect_uri.with_parameters(self.uri, self.members)


class Wish(NamedTuple):
    """What a client asks for, limited to what it may have.

    :ivar client: the `oauth2.client`.
    :ivar uri: the redirect URI of the answer.
    :ivar presented_uri: the redirect URI in the request, or None.
    """
    client: models.Model
    uri: str
    presented_uri: str | None
    scope: str
    resource: str | None
    audience: str
    request: AuthorizationRequest


@contextmanager
def naming(client):
    """Add the client to the errors of the block, which are shown and not redirected."""
    try:
        yield
    except OAuthError as error:
        error.client = client
        raise


class OAuth2AuthorizationEndpoint(models.AbstractModel):
    """Steps in the order of the specification. Until the first two are done, no error is redirected."""
    _name = 'oauth2.authorization.endpoint'
    _description = 'OAuth2 Authorization Endpoint'

    @api.model
    def _client(self, parameters):
        """The client that sends the request. It only names itself; it authenticates at the token endpoint.

        :raises InvalidRequest: it does not name itself, or it sends a secret.
        :raises InvalidClient: there is no such client.
        """
        self._check_no_secret(parameters)
        return self.env['oauth2.client']._identify(parameters.require('client_id'))

    @api.model
    def _check_no_secret(self, parameters):
        if 'client_secret' in parameters:
            raise InvalidRequest('the authorization endpoint takes no client secret')

    @api.model
    def _destination(self, client, parameters):
        """Where the browser is sent with the answer.

        :raises UnauthorizedClient: the client is for programs only.
        :raises InvalidRequest: the redirect URI is not registered, or there is no such response mode.
        """
        with naming(client), self.env['oauth2.event']._recording_refusals(client):
            client._check_signs_people_in()
            uri = client._registered(parameters.get('redirect_uri'))
            mode = authorization_request.response_mode(parameters)
        return Destination(uri, mode, parameters.get('state'), self.env['oauth2.configuration']._issuer())

    @api.model
    def _wish(self, client, uri, parameters, is_direct=False):
        """What the client asks for.

        :param uri: the redirect URI of the answer.
        :param is_direct: the answer goes to the caller instead.
        :raises OAuthError: a parameter is malformed, or the client may not have what it asks for.
        """
        request = authorization_request.read(parameters)
        client._check_grant_type(self.env['oauth2.grant.authorization_code'])
        client._check_code_challenge(request.code_challenge, is_direct)
        resource = self.env['oauth2.configuration']._resource(parameters)
        audience = self.env['oauth2.configuration']._target(resource)
        scope = client._scope_for(parameters.get('scope'), audience)
        return Wish(client, uri, parameters.get('redirect_uri'), scope, resource, audience, request)

    @api.model
    def _code(self, wish, user_id, visitor, is_direct=False):
        """A code for what a client asked for, in a user's name.

        :param visitor: the session, for the ID token.
        :return: the code, or None (see `oauth2.authorization.code._issue`).
        """
        return self.env['oauth2.authorization.code']._issue(
            wish.client, user_id, wish.scope, redirect_uri=wish.presented_uri, resource=wish.resource,
            code_challenge=wish.request.code_challenge, nonce=wish.request.nonce, session_id=visitor.session_id,
            auth_time=visitor.login_time, is_direct=is_direct)
