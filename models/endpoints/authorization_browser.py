"""Browser mode: a person logs in, is asked, and is sent back to the application."""
import base64
import hashlib
import json
from typing import NamedTuple

from odoo import api, models

from ...protocol import redirect_uri
from ...protocol.errors import AccessDenied, ConsentRequired, LoginRequired, OAuthError
from ...protocol.scope import parse
from .authorization_endpoint import Wish


class Pending(NamedTuple):
    """A request that waits for a person. The browser keeps it, sealed. It holds no decision.

    :ivar parameters: as the client sent them: they are checked again at every step, because client, user and settings
        may have changed.
    :ivar asked_at: when, in seconds since 1970.
    :ivar login_before: the :attr:`~..protocol.visitor.Visitor.login` at the time of the client's request.
    :ivar user_id: the user who was shown the page.
    :ivar shown: a digest of the consent page that was shown, so that the answer allows nothing else. A user who was
        shown it has chosen the account, if that was asked first.
    """
    parameters: dict
    asked_at: float
    login_before: str | None = None
    user_id: int | None = None
    shown: str | None = None

    def has_chosen(self, user_id):
        """Whether the user has reached the consent page."""
        return self.shown is not None and self.user_id == user_id


class Question(NamedTuple):
    """What to ask a person.

    :ivar missing: the :class:`~...protocol.errors.OAuthError` that says what is missing.
    :ivar wish: what the client asks for.
    :ivar pending: the request, bound to this question.
    :ivar companies: the `res.company` to choose from; empty if there is no choice.
    :ivar chosen: those that were chosen last, or are proposed.
    """
    missing: OAuthError
    wish: Wish
    pending: Pending
    companies: models.Model | None = None
    chosen: models.Model | None = None


class OAuth2AuthorizationEndpoint(models.AbstractModel):
    _inherit = 'oauth2.authorization.endpoint'

    @api.model
    def _ask(self, parameters, visitor, pending, has_chosen=False):
        """The next step of a request from a browser.

        :param parameters: the :class:`~...protocol.parameters.Parameters` of the request.
        :param visitor: the :class:`~...protocol.visitor.Visitor`.
        :param pending: the :class:`Pending` so far.
        :param has_chosen: the user has chosen this account.
        :return: a :class:`~.authorization_endpoint.Redirection` to the client, or a :class:`Question`.
        :raises OAuthError: an error that must be shown, not redirected.
        """
        def step(wish):
            missing = self._missing(
                wish, visitor, pending.login_before, has_chosen or pending.has_chosen(visitor.user_id))
            if isinstance(missing, ConsentRequired) and self._needs_no_consent(wish, visitor):
                self._presume_consent(wish, visitor)
                missing = None
            if missing is None:
                return self._allowed(wish, visitor)
            if 'none' in wish.request.prompt:
                raise missing
            return self._question(missing, wish, visitor, pending)
        return self._to_client(parameters, visitor, step)

    @api.model
    def _answer_consent(self, parameters, visitor, pending, is_allowed, company_ids=frozenset()):
        """The next step after a user has answered the consent page.

        :param is_allowed: the user said yes.
        :param company_ids: the companies that the user has ticked.
        :return: a :class:`~.authorization_endpoint.Redirection`, or a :class:`Question` if the page that was answered
            is not the one that would be shown now.
        :raises OAuthError: see :meth:`_ask`.
        """
        def step(wish):
            if not is_allowed:
                raise AccessDenied('the user said no')
            missing = self._missing(wish, visitor, pending.login_before, pending.has_chosen(visitor.user_id))
            was_asked = visitor.user_id == pending.user_id and _shown(wish) == pending.shown
            if not was_asked or not isinstance(missing, (ConsentRequired, type(None))):
                return self._question(missing or ConsentRequired('this was not asked'), wish, visitor, pending)
            consents = self.env['oauth2.consent']
            companies, chosen = consents._companies_to_choose(wish.client, visitor.user_id, wish.scope)
            if len(companies) > 1:
                chosen = companies.browse(company_ids)
                if not chosen or chosen - companies:
                    question = self._question(ConsentRequired('no company was chosen'), wish, visitor, pending)
                    return question._replace(chosen=chosen & companies)
            consents._record(wish.client, visitor.user_id, wish.scope, wish.audience, wish.uri, chosen.ids)
            return self._allowed(wish, visitor)
        return self._to_client(parameters, visitor, step, has_answered=True)

    @api.model
    def _presume_consent(self, wish, visitor):
        """Record a consent for a trusted client, as if its user had allowed what the page proposes: so the user sees
        it, and can disconnect the client.
        """
        consents = self.env['oauth2.consent']
        _companies, chosen = consents._companies_to_choose(wish.client, visitor.user_id, wish.scope)
        consents._record(wish.client, visitor.user_id, wish.scope, wish.audience, wish.uri, chosen.ids, was_asked=False)

    @api.model
    def _to_client(self, parameters, visitor, step, has_answered=False):
        """Take a step whose errors the client is told, once it is known where the client is.

        :param step: gets the :class:`~.authorization_endpoint.Wish`, gives a code or something else to return.
        :param has_answered: the user has seen where the answer goes, and has answered.
        :raises OAuthError: what the client is not told.
        """
        client = self._client(parameters)
        destination = self._destination(client, parameters)
        try:
            with self.env['oauth2.event']._recording_refusals(client):
                wish = self._wish(client, destination.uri, parameters)
                if 'openid' in parse(parameters.get('scope', '')):
                    parameters.require('redirect_uri')  # OpenID Connect Core §3.1.2.1
                result = step(wish)
        except OAuthError as error:
            if not has_answered and not client._may_send_away(visitor.user_id, destination.uri):
                error.client = client
                raise
            return destination.redirection(error.members())
        return destination.redirection({'code': result}) if isinstance(result, str) else result

    @api.model
    def _question(self, missing, wish, visitor, pending):
        if not isinstance(missing, ConsentRequired):
            return Question(missing, wish, pending._replace(user_id=visitor.user_id, shown=None))
        companies, chosen = self.env['oauth2.consent']._companies_to_choose(wish.client, visitor.user_id, wish.scope)
        return Question(
            missing, wish, pending._replace(user_id=visitor.user_id, shown=_shown(wish)), companies, chosen)

    @api.model
    def _allowed(self, wish, visitor):
        code = self._code(wish, visitor.user_id, visitor)
        if code is None:
            raise LoginRequired('this user can allow nothing')
        return code


def _shown(wish):
    """A digest of what the consent page says, of fixed length."""
    client, configuration = wish.client, wish.client.env['oauth2.configuration']
    lasts = (configuration._authorization_lifetime(client) if client.grant_refresh_token
             else configuration._access_token_lifetime(client))
    words = json.dumps([client.id, wish.scope, wish.audience, redirect_uri.host(wish.uri),
                        bool(client.grant_refresh_token), lasts])
    return base64.urlsafe_b64encode(hashlib.sha256(words.encode()).digest()).decode()
