"""What a user still has to do before a client gets a code (OpenID Connect Core §3.1.2.3, §3.1.2.4)."""
import time

from odoo import SUPERUSER_ID, api, models

from ...protocol import redirect_uri
from ...protocol.errors import (
    AccessDenied,
    AccountSelectionRequired,
    ConsentRequired,
    InvalidToken,
    LoginRequired,
    NotAdmitted,
)


class OAuth2AuthorizationEndpoint(models.AbstractModel):
    _inherit = 'oauth2.authorization.endpoint'

    @api.model
    def _missing(self, wish, visitor, login_before, has_chosen=False):
        """What is missing, as the error for a client whose user cannot be asked.

        :param login_before: the :attr:`~..protocol.visitor.Visitor.login` at the time of the client's request. A
            different login is newer, so no clock is needed.
        :param has_chosen: the user has chosen this account since.
        :return: an :class:`~...protocol.errors.OAuthError`, or None if nothing is missing.
        """
        if visitor.user_id is None:
            return LoginRequired('nobody is logged in')
        if visitor.user_id == SUPERUSER_ID:  # OdooBot may do everything, and is no person
            raise AccessDenied('the superuser of Odoo signs in to no application')
        has_just_logged_in = visitor.login != login_before
        if needed := self._needs_login(wish, visitor, has_just_logged_in):
            return needed
        if not wish.client._may_use(visitor.user_id):
            return NotAdmitted('this user may not use this application')
        if 'select_account' in wish.request.prompt and not has_just_logged_in and not has_chosen:
            return AccountSelectionRequired('the user has to choose an account')
        if 'consent' in wish.request.prompt or not self.env['oauth2.consent']._covers(
                wish.client, visitor.user_id, wish.scope, wish.audience, wish.uri):
            return ConsentRequired('the user has not allowed this client what it asks for')
        return None

    @api.model
    def _needs_no_consent(self, wish, visitor):
        """Whether an administrator of Odoo has agreed in advance: the client is trusted, and its user has not
        disconnected it.
        """
        return (wish.client.is_trusted and 'consent' not in wish.request.prompt
                and redirect_uri.is_claimed(wish.uri)
                and not self.env['oauth2.withdrawal']._has(wish.client, visitor.user_id))

    @api.model
    def _needs_login(self, wish, visitor, has_just_logged_in):
        request = wish.request
        if 'login' in request.prompt and not has_just_logged_in:
            return LoginRequired('the user has to log in again')
        # A login since the request is recent enough, whatever the clock says.
        if not has_just_logged_in and request.max_age is not None and time.time() - visitor.auth_time > request.max_age:
            return LoginRequired('the user logged in too long ago')
        if request.id_token_hint is not None:
            hinted = self._hinted_subject(request.id_token_hint)
            is_visitor = hinted is not None and hinted == self.env['oauth2.subject']._name_of(visitor.user_id)
            # A hint that cannot be read, because its key was removed, names nobody: any new login will do.
            if not is_visitor and not (hinted is None and has_just_logged_in):
                return LoginRequired('another user is logged in')
        return None

    @api.model
    def _hinted_subject(self, id_token):
        try:
            return self.env['oauth2.authorization']._read_id_token(id_token)['sub']
        except InvalidToken:
            return None
