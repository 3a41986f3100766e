"""The token exchange grant (RFC 8693): an API acts in Odoo for the user who called it."""
from odoo import api, models

from ...protocol.errors import InvalidRequest, InvalidScope, InvalidTarget, InvalidToken, UnauthorizedClient
from ...protocol.scope import parse
from ..authorizations.oauth2_authorization_token import ISSUED_TOKEN_TYPE, Issuance

_SUBJECT_TOKEN_TYPES = (ISSUED_TOKEN_TYPE, 'urn:ietf:params:oauth:token-type:jwt')


class OAuth2GrantTokenExchange(models.AbstractModel):
    """Exchanges an access token that an API received for one of Odoo: of the same user and authorization, with no more
    than that user allowed the application to do through this API.
    """
    _name = 'oauth2.grant.token_exchange'
    _inherit = 'oauth2.grant'
    _description = 'OAuth2 Token Exchange Grant'

    _grant_type = 'urn:ietf:params:oauth:grant-type:token-exchange'
    _presented = 'subject_token'
    _parameters = frozenset({
        'actor_token', 'actor_token_type', 'audience', 'requested_token_type', 'resource', 'scope', 'subject_token',
        'subject_token_type'})

    @api.model
    def _is_offered(self):
        """Whether there is an API that may use something in Odoo."""
        return bool(self.env['oauth2.resource']._exchanged())

    @api.model
    def _redeem(self, client, parameters, address):
        self._check_types(parameters)
        target = self._target(parameters)
        api_ = self._api(client)
        authorizations = self.env['oauth2.authorization']
        try:
            subject_token = authorizations._find_access_token(parameters.require('subject_token'), {api_})
        except InvalidToken as error:
            self._refuse(error.detail or error.description, InvalidRequest)  # RFC 8693 §2.2.2
        if subject_token.is_direct or subject_token.through is not None:
            self._refuse('nobody was asked for it, or it comes of an exchange itself', InvalidRequest)
        scope = self._scope(subject_token, api_, parameters.get('scope'))
        exchanged = authorizations._exchange(client, subject_token)
        if exchanged is None:
            self._refuse('the user, or this client, may not use this API any more', InvalidRequest)
        grant, exchange = exchanged
        return Issuance(grant, scope, target, exchange=exchange)

    @api.model
    def _check_types(self, parameters):
        """Accept only an access token, for another access token. The client that asks is the actor: it has
        authenticated, so no actor_token is needed.

        :raises InvalidRequest: see above (RFC 8693 §2.1).
        """
        if parameters.keys() & {'actor_token', 'actor_token_type'}:
            raise InvalidRequest('actor_token is not taken: the client itself is the actor')
        if parameters.require('subject_token_type') not in _SUBJECT_TOKEN_TYPES:
            raise InvalidRequest('subject_token_type may be: %s' % ' '.join(_SUBJECT_TOKEN_TYPES))
        if parameters.get('requested_token_type', ISSUED_TOKEN_TYPE) != ISSUED_TOKEN_TYPE:
            raise InvalidRequest('requested_token_type may be: %s' % ISSUED_TOKEN_TYPE)

    @api.model
    def _target(self, parameters):
        """The audience of the new token: this server, or the API of it that the request names.

        :raises InvalidTarget: it names something else.
        """
        configuration = self.env['oauth2.configuration']
        asked = configuration._resource(parameters, 'resource', 'audience')
        if asked is not None and asked not in configuration._resources():
            raise InvalidTarget('resource may be: %s' % ' or '.join(configuration._resources()))
        return configuration._target(asked)

    @api.model
    def _api(self, client):
        """The address of the client's API.

        :raises UnauthorizedClient: the client belongs to no API.
        """
        for uri, id_ in self.env['oauth2.resource']._by_uri().items():
            if id_ == client.resource_id.id:
                return uri
        raise UnauthorizedClient('this client is no API: there are no tokens for it to exchange')

    @api.model
    def _scope(self, subject_token, api_, requested):
        """The Odoo scopes of the API's token; fewer, if fewer are requested.

        :raises InvalidScope: it has none of them, or not all that are requested: then the application has to request
            them at the authorization endpoint, with the API as its resource.
        """
        scopes = self.env['oauth2.scope']
        allowed = [name for name in scopes._all_names()
                   if name in subject_token.scope and name in self.env['oauth2.resource']._exchangeable(api_)]
        if not allowed:
            raise InvalidScope('the subject_token has no scope of this server that this API may use')
        asked = allowed if requested is None else parse(requested)
        if not asked or set(asked) - set(allowed):
            raise InvalidScope('scope may be, for this subject_token: %s' % ' '.join(allowed))
        return ' '.join(asked)
