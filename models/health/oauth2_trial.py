"""A trial of a sign-in: what a user would be asked, and what an application would learn."""
import secrets
import time

from odoo import api, models

from ...protocol.parameters import Parameters
from ..authorizations.oauth2_authorization import seconds
from ..endpoints.authorization_browser import Pending


class OAuth2Trial(models.AbstractModel):
    """It only reads, and makes no consent, code or token. So there is nothing to undo, to count, or to steal. The rules
    of redirect URIs apply: the application could send the same request itself.
    """
    _name = 'oauth2.trial'
    _description = 'Trial of an OAuth2 Sign-In'

    @api.model
    def _ask(self, client, visitor):
        """What the authorization endpoint answers to a request of this application for all its scopes; if it has scopes
        of an API, for those of the first.

        :param visitor: the :class:`~...protocol.visitor.Visitor`, who is logged in.
        :return: a :class:`~..endpoints.authorization_browser.Question`; or, if the request is refused, the
            :class:`~..endpoints.authorization_endpoint.Redirection` that would tell the application why.
        :raises OAuthError: an error that would be shown, not redirected.
        """
        parameters = {
            'client_id': client.client_id,
            'redirect_uri': client.redirect_uri_ids[:1].uri or None,
            'response_type': 'code',
            'scope': client.scope or '',
            'resource': client._asked_apis()[:1].uri or None,
            'prompt': 'consent',  # even if it was allowed before, so no code is made
            'code_challenge': secrets.token_urlsafe(32),
            'code_challenge_method': 'S256',
        }
        parameters = {name: value for name, value in parameters.items() if value is not None}
        pending = Pending(parameters, asked_at=time.time(), login_before=visitor.login)
        savepoint = self.env.cr.savepoint()  # otherwise a refusal would be recorded for the application
        try:
            return self.env['oauth2.authorization.endpoint']._ask(
                Parameters(body=parameters.items()), visitor, pending)
        finally:
            savepoint.close(rollback=True)

    @api.model
    def _outcome(self, wish, visitor):
        """What the application would learn if its user allowed its request.

        :param wish: the :class:`~..endpoints.authorization_endpoint.Wish` of the question.
        :return: a dictionary: the `oauth2.scope` records, and the claims of ID token and userinfo; None if there is no
            such token, or no userinfo.
        """
        user = self.env['res.users'].browse(visitor.user_id)
        scopes = wish.scope.split()
        known = self.env['oauth2.scope'].search([('name', 'in', scopes)])
        id_token = userinfo = None
        if 'openid' in scopes:
            subject = self.env['oauth2.subject']._name_of(user.id)
            id_token = {
                **self.env['oauth2.authorization']._told_in_id_token(wish.client, user, scopes),
                'iss': self.env['oauth2.configuration']._issuer(), 'sub': subject, 'aud': wish.client.client_id,
                'auth_time': visitor.login_time and seconds(visitor.login_time), 'sid': visitor.session_id,
            }
            userinfo = self.env['oauth2.userinfo.endpoint']._claims(wish.client, user, subject, scopes)
            if 'picture' in userinfo:  # without the token that opens it
                userinfo['picture'] = userinfo['picture'].partition('?')[0]
        return {'scopes': known, 'id_token': id_token, 'userinfo': userinfo}
