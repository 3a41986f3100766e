"""The logout endpoint (OpenID Connect RP-Initiated Logout 1.0)."""
from typing import NamedTuple

from odoo import api, models

from ...protocol import redirect_uri
from ...protocol.errors import InvalidToken, NotFound


class LogoutRequest(NamedTuple):
    """A client's request to log its user out.

    :ivar client: the `oauth2.client`; empty if it is unknown.
    :ivar location: where the browser goes afterwards, or None.
    :ivar problem: for the client's developer: why the browser does not go to the requested address; or None.
    :ivar claims: of the ID token that the client sent as a hint, or an empty dictionary.
    """
    client: models.Model
    location: str | None
    problem: str | None
    claims: dict


class OAuth2EndSessionEndpoint(models.AbstractModel):
    """Logs a user out at a client's request, but never without asking (OWASP ASVS 10.6.2).

    A mistake in the request prevents no logout: the wrong parameter is ignored, the user is asked, and the browser
    stays here (§4).
    """
    _name = 'oauth2.end.session.endpoint'
    _description = 'OpenID Connect Logout Endpoint'

    @api.model
    def _read(self, parameters):
        """Read a request for logout (§2).

        :param parameters: :class:`~...protocol.parameters.Parameters`.
        :return: the :class:`LogoutRequest`.
        :raises NotFound: OpenID Connect is switched off.
        """
        if not self.env['oauth2.configuration']._allows('openid_connect'):
            raise NotFound('there is no such address')
        hint, named = parameters.get('id_token_hint'), parameters.get('client_id')
        claims = self._claims(hint)
        is_contradictory = bool(named and claims and named != claims['aud'])
        if is_contradictory:
            named, claims = None, {}
        client = self.env['oauth2.client'].search([('client_id', '=', named or claims.get('aud'))], limit=1)
        uri, problem = parameters.get('post_logout_redirect_uri'), None
        if uri is not None:
            problem = self._problem(client, uri, hint is not None and not claims, is_contradictory)
        state = {'state': parameters['state']} if 'state' in parameters else {}
        is_followed = uri is not None and problem is None
        return LogoutRequest(client, redirect_uri.with_parameters(uri, state) if is_followed else None, problem, claims)

    @api.model
    def _needs_no_question(self, logout_request, visitor):
        """Whether the hint names this visitor's session: then only its own client can have sent the request."""
        if logout_request.problem is not None:
            return False
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
    def _problem(self, client, uri, has_bad_hint, is_contradictory):
        """Why the browser is not sent to an address (§3), or None."""
        if is_contradictory:
            return 'client_id is not the one that id_token_hint was made for'
        if has_bad_hint:
            return 'id_token_hint is no ID token of this server, or its key was taken away'
        if not client:
            return 'post_logout_redirect_uri needs an id_token_hint or a client_id'
        if not redirect_uri.is_registered(uri, client.post_logout_redirect_uri_ids.mapped('uri')):
            return 'post_logout_redirect_uri is not registered for this client'
        return None

    @api.model
    def _end(self, client, visitor):
        """Revoke the client's authorizations of this session, except those with `offline_access`."""
        given = self.env['oauth2.authorization'].search([
            ('client_id', '=', client.id), ('user_id', '=', visitor.user_id),
            ('session_id', '=', visitor.session_id), ('is_active', '=', True)])
        given.filtered(lambda authorization: 'offline_access' not in authorization.scope.split())._revoke('logout')
