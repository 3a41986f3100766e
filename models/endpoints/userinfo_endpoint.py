"""The userinfo endpoint (OpenID Connect Core §5.3)."""
from odoo import api, models

from ...protocol import jwt
from ...protocol.errors import InsufficientScope, NotFound, NoToken
from ..keys.oauth2_signing_key import ACCESS_TOKEN


class OAuth2UserinfoEndpoint(models.AbstractModel):
    """The claims about a token's user that its scopes allow."""
    _name = 'oauth2.userinfo.endpoint'
    _description = 'OpenID Connect Userinfo Endpoint'

    @api.model
    def _answer(self, token, as_jwt):
        """The claims about the user of an access token.

        :param token: an access token, for any resource of this server; None where the request has none.
        :param as_jwt: the client asks for a signed answer (§5.3.2).
        :return: claim names to JSON values, `sub` first; or the JWT.
        :raises NotFound: OpenID Connect is switched off.
        :raises InvalidToken: the token is invalid.
        :raises InsufficientScope: no user signed in with it.
        """
        configuration = self.env['oauth2.configuration']
        if not configuration._allows('openid_connect'):
            raise NotFound('there is no such address')
        if token is None:
            raise NoToken
        access_token = self.env['oauth2.authorization']._verify_access_token(token, configuration._resources())
        if 'openid' not in access_token.scope:
            raise InsufficientScope('openid')
        user = self.env['res.users'].browse(access_token.user_id)
        client = self.env['oauth2.client'].browse(access_token.client_id)
        claims = self._claims(client, user, access_token.claims['sub'], access_token.scope)
        if not as_jwt:
            return claims
        return jwt.encode(
            {'iss': configuration._issuer(), 'aud': access_token.claims['client_id'], **claims},
            self.env['oauth2.signing.key']._current(ACCESS_TOKEN), jwt.USERINFO_TYPE)

    @api.model
    def _claims(self, client, user, subject, scopes):
        """The claims about a user that these scopes give a client.

        :param subject: the user's `sub`.
        """
        claims = {'sub': subject, **user._oauth2_claims(scopes)}
        if 'profile' in scopes and (picture := user._oauth2_picture()):
            claims['picture'] = picture
        if 'groups' in scopes:
            claims['groups'] = user._oauth2_groups(client)
        return claims
