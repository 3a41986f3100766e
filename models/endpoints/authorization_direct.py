"""Direct mode: a program is answered with the code itself, not by a redirection."""
from odoo import api, models

from ...protocol.errors import InvalidClient, InvalidRequest, InvalidScope
from ...protocol.scope import parse
from ...protocol.visitor import NOBODY
from ..scopes.oauth2_scope import OPENID_CONNECT
from .authorization_endpoint import naming

# What an application's sign-in link carries, and no program's request: the application checks it when the code is
# redeemed. Trimmed instead of refused, the link of one application would become the request of another.
_FOR_SIGNING_IN = frozenset({'code_challenge', 'code_challenge_method', 'max_age', 'nonce'})


class OAuth2AuthorizationEndpoint(models.AbstractModel):
    _inherit = 'oauth2.authorization.endpoint'

    @api.model
    def _answer_directly(self, parameters, visitor):
        """Answer a request for a code.

        :param parameters: :class:`~...protocol.parameters.Parameters`.
        :param visitor: the :class:`~...protocol.visitor.Visitor` whose session the request came with.
        :return: the members of the answer: `code`, and `state` as it was sent.
        :raises OAuthError: by the steps below, in their order.
        """
        client = self._client(parameters)
        with self.env['oauth2.event']._recording_refusals(client):
            with naming(client):
                uri = client._registered(parameters.get('redirect_uri'))
            if client.has_direct_authorization:
                code = self._code_of_service_user(client, uri, parameters)
            else:
                code = self._code_of_visitor(self._wish(client, uri, parameters, is_direct=True), visitor)
        state = {'state': parameters['state']} if 'state' in parameters else {}
        return {'code': code, **state}

    @api.model
    def _code_of_service_user(self, client, uri, parameters):
        """A code of the user whom an administrator chose: nobody is asked, nobody's session matters.

        :raises InvalidRequest: it asks for what an application checks that signs people in.
        :raises InvalidScope: the same, by an OpenID Connect scope.
        :raises InvalidClient: the user is archived.
        """
        if asked := _FOR_SIGNING_IN & parameters.keys():
            raise InvalidRequest('nobody signs in to this client: it may not send %s' % ', '.join(sorted(asked)))
        wish = self._wish(client, uri, parameters, is_direct=True)
        if OPENID_CONNECT & {*parse(parameters.get('scope', '')), *wish.scope.split()}:
            raise InvalidScope('nobody signs in to this client: OpenID Connect scopes cannot be had')
        code = self._code(wish, client.user_id.id, NOBODY, is_direct=True)
        if code is None:
            raise InvalidClient('there is no such client', detail='its service user is archived')
        return code

    @api.model
    def _code_of_visitor(self, wish, visitor):
        """A code of whoever is logged in, if there is nothing left to ask. A program is never sent to a page.

        :raises LoginRequired: nobody is, or not recently enough.
        :raises ConsentRequired: the user has not allowed this.
        """
        missing = self._missing(wish, visitor, login_before=visitor.login)
        if missing:
            raise missing
        return self._allowed(wish, visitor)
