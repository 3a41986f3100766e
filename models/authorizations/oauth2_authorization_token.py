"""Tokens: how an authorization issues them, and recognises them."""
import time
from datetime import datetime, timezone
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ...protocol import jwt, validity
from ...protocol.errors import InvalidToken
from ...protocol.remembered import RememberedTokens
from ..keys.oauth2_signing_key import ACCESS_TOKEN, REFRESH_TOKEN
from . import replica
from .oauth2_authorization import Grant, seconds

# The claims of our tokens beside the registered ones. A token names its authorization; older ones give its number.
_AUTHORIZATION = (str, int)
_ACCESS_TOKEN_CLAIMS = {'sub': str, 'client_id': str, 'jti': str, 'scope': str, 'authorization': _AUTHORIZATION}
_REFRESH_TOKEN_CLAIMS = {'authorization': _AUTHORIZATION, 'generation': int}
_access_tokens = RememberedTokens(jwt.ACCESS_TOKEN_TYPE, _ACCESS_TOKEN_CLAIMS)


# RFC 8693 §3.
ISSUED_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:access_token'


class Exchange(NamedTuple):
    """What a token that an API gets by exchange rests on, beside the authorization (RFC 8693).

    :ivar expires_at: when the exchanged token expires: the new one expires no later.
    :ivar client_id: the row of the client that sent its token to the API.
    :ivar resource: the API.
    :ivar epoch: of the client that exchanges the token: the new one is valid only while the epoch stays the same
        (:mod:`..endings.oauth2_client_user`).
    """
    expires_at: int
    client_id: int
    resource: str
    epoch: str


class Issuance(NamedTuple):
    """The result of a token request, from which tokens are made.

    :ivar scope: of the access token; not more than the authorization's.
    :ivar audience: of the access token.
    :ivar nonce: for the ID token, if a code is redeemed.
    :ivar exchange: the :class:`Exchange` that it results from, or None.
    """
    grant: Grant
    scope: str
    audience: str
    nonce: str | None = None
    exchange: Exchange | None = None

    @property
    def has_user(self):
        """Whether it is for a user, not for the client alone."""
        return self.grant.grant_type != 'client_credentials'


class AccessToken(NamedTuple):
    """A valid access token.

    :ivar authorization_id: the row of its authorization.
    :ivar user_id: the user in whose name it acts.
    :ivar client_id: the row of its client.
    :ivar is_direct: whether it was issued without asking anybody.
    :ivar scope: the part of its scope that the client may still have.
    :ivar companies: the IDs of the companies that the user has chosen for the client; None for all of the user's.
    :ivar through: the API that got it by exchange; None if the client itself got it.
    :ivar claims: all of them, as signed.
    """
    authorization_id: int
    user_id: int
    client_id: int
    is_direct: bool
    scope: frozenset
    companies: frozenset | None
    through: str | None
    claims: dict


class OAuth2Authorization(models.Model):
    _inherit = 'oauth2.authorization'

    @api.model
    def _answer(self, client, issuance):
        """The members of a successful token answer (RFC 6749 §5.1). It counts as a use of the client."""
        user_id, is_direct, exchange = issuance.grant.user_id, issuance.grant.is_direct, issuance.exchange
        used = (exchange.client_id, user_id, is_direct, exchange.resource) if exchange else (
            client.id, user_id, is_direct)
        self.env['oauth2.use']._note(*used)
        return self._members(client, issuance)

    @api.model
    def _members(self, client, issuance):
        """The same, documented members first. It counts as no use: an administrator may be testing the client."""
        now = int(time.time())
        lifetime = self.env['oauth2.configuration']._access_token_lifetime(client, issuance.audience)
        expires_at = min(now + lifetime, seconds(issuance.grant.expires_at))
        if issuance.exchange:
            expires_at = min(expires_at, issuance.exchange.expires_at)
        access_token = self._access_token(client, issuance, now, expires_at)
        answer = {
            'access_token': access_token,
            'token_type': 'bearer',
            'access_token_validity': (
                expires_at - now if client.access_token_validity == 'seconds'
                else validity.as_date(datetime.fromtimestamp(expires_at, timezone.utc))),
        }
        if issuance.exchange:
            answer['issued_token_type'] = ISSUED_TOKEN_TYPE
        elif client.grant_refresh_token and issuance.has_user:  # RFC 6749 §4.4.3
            answer['refresh_token'] = self._refresh_token(client, issuance.grant)
        answer.update(expires_in=expires_at - now, scope=issuance.scope)
        if 'openid' in issuance.scope.split():
            answer['id_token'] = self._id_token(client, issuance, access_token, now, expires_at)
        return answer

    @api.model
    def _access_token(self, client, issuance, issued_at, expires_at):
        """A JWT for the API (RFC 9068 §2.2). After an exchange it names the actor (RFC 8693 §4.1)."""
        exchange = issuance.exchange
        acts = {'act': {'sub': client.client_id}, 'client_epoch': exchange.epoch} if exchange else {}
        return jwt.encode({
            'iss': self.env['oauth2.configuration']._issuer(),
            # RFC 9068 §2.2, RFC 9700 §4.15: no user has the `sub` of a client (oauth2.subject).
            'sub': issuance.grant.subject if issuance.has_user else client.client_id,
            'aud': issuance.audience,
            'client_id': client.client_id,
            'iat': issued_at,
            'exp': expires_at,
            'jti': jwt.new_id(),
            'scope': issuance.scope,
            'authorization': issuance.grant.name,
            **acts,
        }, self.env['oauth2.signing.key']._current(ACCESS_TOKEN), jwt.ACCESS_TOKEN_TYPE)

    @api.model
    def _refresh_token(self, client, grant):
        """The refresh token of a generation.

        Everything in it comes from the row, so making it twice gives the same token, byte for byte. That is how a
        repeated request gets the same answer, though no token is stored.
        """
        issuer = self.env['oauth2.configuration']._issuer()
        issued_at, expires_at = grant.times(client._keeps_refresh_token())
        return jwt.encode({
            'iss': issuer,
            'aud': issuer,
            'iat': issued_at,
            'exp': expires_at,
            'authorization': grant.name,
            'generation': grant.generation,
        }, self.env['oauth2.signing.key']._current(REFRESH_TOKEN), jwt.REFRESH_TOKEN_TYPE)

    @api.model
    def _read_refresh_token(self, token):
        """The claims of a refresh token of this server.

        :raises InvalidToken: it is not one, or it has expired.
        """
        issuer = self.env['oauth2.configuration']._issuer()
        return jwt.decode(token, self.env['oauth2.signing.key']._by_kid(REFRESH_TOKEN), jwt.REFRESH_TOKEN_TYPE,
                          issuer, {issuer}, _REFRESH_TOKEN_CLAIMS)

    @api.model
    def _read_access_token(self, token, audiences=None):
        """The claims of an access token of this server.

        :param audiences: the token must be for one of these; None for any.
        :raises InvalidToken: it is not one, or it has expired.
        """
        return _access_tokens.decode(token, self.env['oauth2.signing.key']._by_kid(ACCESS_TOKEN),
                                     self.env['oauth2.configuration']._issuer(), audiences)

    @api.model
    def _verify_access_token(self, token, audiences):
        """Verify an access token by its signature and one indexed read.

        :param audiences: the token must be for one of these.
        :return: the :class:`AccessToken`.
        :raises InvalidToken: malformed, expired, revoked, or not for this database.
        :raises ReadOnlySqlTransaction: see :mod:`.replica`.
        """
        access_token = replica.ask(self, lambda authorizations: authorizations._find_access_token(token, audiences))
        self.env['oauth2.use']._note(
            access_token.client_id, access_token.user_id, access_token.is_direct, access_token.through)
        return access_token

    @api.model
    def _find_access_token(self, token, audiences):
        claims = self._read_access_token(token, audiences)
        self.env.cr.execute(SQL(
            """ SELECT granted.id, granted.user_id, granted.client_id, granted.is_direct, granted.resource, %(scope)s,
                       ground.companies
                  FROM oauth2_authorization granted %(standing)s
                 WHERE granted.name = %(name)s AND %(is_of)s
                   AND expires_at > now() AT TIME ZONE 'UTC' AND NOT %(has_ended)s """,
            scope=self.env['oauth2.client']._scope_sql(SQL('client')),
            standing=self._standing(SQL('granted')), name=str(claims['authorization']), is_of=self._is_of(claims),
            has_ended=self.env['oauth2.authorization.end']._has_ended(SQL('granted'))))
        row = self.env.cr.fetchone()
        if row is None:
            raise InvalidToken(jwt.REFUSED, detail='its authorization has ended')
        authorization_id, user_id, client_id, is_direct, resource, allowed, companies = row
        return AccessToken(
            authorization_id, user_id, client_id, is_direct, frozenset(self._scope_left(claims, allowed, resource)),
            None if companies is None else frozenset(map(int, companies.split())),
            resource if is_exchanged(claims) else None, claims)

    @api.model
    def _is_of(self, claims):
        """The SQL condition that an access token belongs to the authorization `granted`, which is joined with its
        `client` and `subject` (:meth:`_standing`): the same user, and the client that asked for the token.

        :param claims: of the token.
        """
        return SQL(
            """ %s AND CASE granted.grant_type WHEN 'client_credentials' THEN client.client_id
                       ELSE subject.name END = %s """, self._has_asked(claims), claims['sub'])

    @api.model
    def _has_asked(self, claims):
        if is_exchanged(claims):
            return self._has_exchanged(claims)
        return SQL('client.client_id = %s', claims['client_id'])

    @api.model
    def _scope_left(self, claims, allowed, resource):
        """The part of an access token's scope that is still allowed.

        :param claims: of the token.
        :param allowed: the scopes that its client may have now, separated by spaces; None for none.
        :param resource: the resource of its authorization.
        :return: a list.
        """
        allowed = set((allowed or '').split())
        if is_exchanged(claims):
            allowed &= self.env['oauth2.resource']._exchangeable(resource)
        left = [name for name in claims['scope'].split() if name in allowed]
        return self.env['oauth2.scope']._for(left, claims['aud'])


def is_exchanged(claims):
    """Whether an access token results from an exchange: then it names the actor (RFC 8693 §4.1)."""
    return 'act' in claims
