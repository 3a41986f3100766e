"""The authorization endpoint (RFC 6749 §3.1), where a program asks for a code in place."""
from odoo import api, models

from ..protocol import pkce
from ..protocol.errors import ConsentRequired, InvalidClient, InvalidRequest, LoginRequired, UnsupportedResponseType


class OAuth2AuthorizationEndpoint(models.AbstractModel):
    """Direct mode: a program is answered with the code itself, not by a redirection."""
    _name = 'oauth2.authorization.endpoint'
    _description = 'OAuth2 Authorization Endpoint'

    @api.model
    def _answer_directly(self, parameters, session_user_id):
        """Answer a request for a code.

        :param parameters: :class:`~..protocol.parameters.Parameters`.
        :param session_user_id: who is logged in, or None.
        :return: the members of the answer: `code`, and `state` as it was sent.
        :raises OAuthError: by the steps below, in their order.
        """
        client = self.env['oauth2.client']._identify(self._client_id(parameters))
        redirect_uri = parameters.get('redirect_uri')
        client._check_redirect_uri(redirect_uri)
        self._check_response_type(parameters.require('response_type'))
        client._check_grant_type('authorization_code')
        scope = client._scope_for(parameters.get('scope'))
        code_challenge = self._code_challenge(parameters)
        user = self._resource_owner(client, session_user_id)
        code = self.env['oauth2.authorization.code']._issue(
            client, user, redirect_uri, scope, code_challenge, is_direct=True)
        if code is None:
            raise InvalidClient('there is no such client', detail='the user that it acts for is archived')
        state = {'state': parameters['state']} if 'state' in parameters else {}
        return {'code': code, **state}

    @api.model
    def _client_id(self, parameters):
        # A code is asked for by name; what proves the client is for the token endpoint.
        if parameters.credentials.scheme == 'basic' or 'client_secret' in parameters:
            raise InvalidRequest('the authorization endpoint takes no client secret')
        return parameters.require('client_id')

    @api.model
    def _check_response_type(self, response_type):
        if response_type != 'code':  # RFC 9700 §2.1.2: no token leaves this endpoint
            raise UnsupportedResponseType('response_type must be code')

    @api.model
    def _code_challenge(self, parameters):
        """The PKCE challenge (RFC 7636 §4.3), or None: here the code goes straight to the caller."""
        challenge, method = parameters.get('code_challenge'), parameters.get('code_challenge_method')
        if challenge is None and method is None:
            return None
        if method != pkce.METHOD:  # RFC 9700 §2.1.1: `plain`, also by default, protects nothing
            raise InvalidRequest('code_challenge_method must be S256')
        if challenge is None or not pkce.is_challenge(challenge):
            raise InvalidRequest('code_challenge must be 43 characters of base64url')
        return challenge

    @api.model
    def _resource_owner(self, client, session_user_id):
        """Whose code it is: the user whom an administrator has chosen for this client.

        :raises LoginRequired: there is none, and nobody is logged in.
        :raises ConsentRequired: there is none, and whoever is logged in has not been asked.
        """
        if client.user_id:
            return client.user_id
        if session_user_id is None:
            raise LoginRequired('nobody is logged in, and no user is set on the client')
        raise ConsentRequired('the user has not allowed this client')
