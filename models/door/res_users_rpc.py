"""Access tokens in place of passwords, for XML-RPC and JSON-RPC."""
from odoo import api, models
from odoo.exceptions import AccessDenied

from ...protocol import jwt
from ...protocol.errors import InvalidToken, IssuerNotSet
from .limit import hold
from .rpc_call import current_call


class ResUsers(models.Model):
    _inherit = 'res.users'

    @api.model
    def _check_uid_passwd(self, uid, passwd):
        """Let a call be made with an access token, within its limit.

        Each time it is looked up anew: Odoo keeps passwords that were right in a cache, and a token that was revoked
        would go on working there.
        """
        if not jwt.is_compact_jwt(passwd or ''):
            return super()._check_uid_passwd(uid, passwd)
        call = current_call()
        if call is None or call.model is None:
            raise AccessDenied
        token = self._oauth2_token_of(uid, passwd)
        if token.limit is not None:
            hold(token.limit)
            token.limit.check_call(self.with_user(uid).env, call.model, call.method)
        return None

    def _check_credentials(self, credential, env):
        """Tell a user's number to whoever has a token of that user (`authenticate`). It opens no session."""
        password = credential.get('password') or ''
        call = current_call()
        if (credential.get('type') != 'password' or not jwt.is_compact_jwt(password)
                or call is None or call.model is not None or (env or {}).get('interactive', True)):
            return super()._check_credentials(credential, env)
        self._oauth2_token_of(self.env.uid, password)
        return {'uid': self.env.uid, 'auth_method': 'oauth2', 'mfa': 'skip'}

    @api.model
    def _oauth2_token_of(self, uid, token):
        """The :class:`~..authorizations.oauth2_request_token.RequestToken` of a token that is for the whole server.

        :raises AccessDenied: it is no good, or of another user.
        """
        authorizations = self.env['oauth2.authorization'].sudo()
        try:
            found = authorizations._use(token, [self.env['oauth2.configuration']._issuer()])
        except (InvalidToken, IssuerNotSet):
            raise AccessDenied from None
        if found.user_id != uid:
            raise AccessDenied
        return found
