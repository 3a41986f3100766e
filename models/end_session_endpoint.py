"""The logout endpoint (OpenID Connect RP-Initiated Logout 1.0)."""
from typing import NamedTuple

from odoo import api, models

from ..protocol import redirect_uri
from ..protocol.errors import InvalidRequest, InvalidToken, NotFound


class LogoutRequest(NamedTuple):
    """What a client asks for when its user signs out.

    :ivar client: the `oauth2.client`; empty where it is not known.
    :ivar location: where the browser goes afterwards, or None.
    :ivar claims: of the ID token that the client sent as a hint, or an empty dictionary.
    """
    client: models.Model
    location: str | None
    claims: dict


class OAuth2EndSessionEndpoint(models.AbstractModel):
    """Signs a user out at a client's request. Nobody is signed out unasked (OWASP ASVS 10.6.2)."""
    _name = 'oauth2.end.session.endpoint'
    _description = 'OpenID Connect Logout Endpoint'

    @api.model
    def _read(self, parameters):
        """Read a request for logout (§2).

        :param parameters: :class:`~..protocol.parameters.Parameters`.
        :return: the :class:`LogoutRequest`.
        :raises NotFound: OpenID Connect is switched off.
        :raises InvalidRequest: it names two clients, or an address that is not registered (§3).
        """
        if not self.env['oauth2.configuration']._allows('openid_connect'):
            raise NotFound('there is no such address')
        hint = parameters.get('id_token_hint')
        claims = self._claims(hint)
        client = self._client(parameters.get('client_id'), claims.get('aud'))
        uri = parameters.get('post_logout_redirect_uri')
        if uri is not None:
            self._check_redirect_uri(client, uri)
        # §4: without redirection, where something about the request is wrong.
        is_trusted = uri is not None and (hint is None or claims)
        state = {'state': parameters['state']} if 'state' in parameters else {}
        return LogoutRequest(client, redirect_uri.with_parameters(uri, state) if is_trusted else None, claims)

    @api.model
    def _is_about(self, logout_request, visitor):
        """Whether the hint names the session of this visitor: then nobody but its own client can have sent it."""
        claims = logout_request.claims
        subject = self.env['oauth2.subject']._name_of(visitor.user_id)
        return subject is not None and (claims.get('sub'), claims.get('sid')) == (subject, visitor.session_id)

    @api.model
    def _claims(self, hint):
        try:
            return self.env['oauth2.authorization']._read_id_token(hint) if hint is not None else {}
        except InvalidToken:
            return {}

    @api.model
    def _client(self, named, hinted):
        if named and hinted and named != hinted:
            raise InvalidRequest('client_id is not the one that id_token_hint was made for')
        return self.env['oauth2.client'].search([('client_id', '=', named or hinted)], limit=1)

    @api.model
    def _check_redirect_uri(self, client, uri):
        if not client:
            raise InvalidRequest('post_logout_redirect_uri needs an id_token_hint or a client_id')
        registered = client.post_logout_redirect_uri_ids.mapped('uri')
        if not redirect_uri.is_registered(uri, registered):
            raise InvalidRequest('post_logout_redirect_uri is not registered for this client')

    @api.model
    def _end(self, client, visitor):
        """End what the client was given in this session, but for what was to go on without it (`offline_access`)."""
        given = self.env['oauth2.authorization'].search([
            ('client_id', '=', client.id), ('user_id', '=', visitor.user_id),
            ('session_id', '=', visitor.session_id), ('is_active', '=', True)])
        given.filtered(lambda authorization: 'offline_access' not in authorization.scope.split())._revoke('logout')
