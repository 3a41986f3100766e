"""Direct mode: a program gets the code in the answer itself, not by a redirection."""
from odoo import api, models

from ...protocol.errors import InvalidClient, InvalidRequest, InvalidScope
from ...protocol.scope import parse
from ...protocol.visitor import NOBODY
from ..scopes.oauth2_scope import OPENID_CONNECT
from .authorization_endpoint import naming

# Parameters of an application's sign-in link, which no program sends: the application checks them when it redeems the
# code. If they were ignored, the link of one application would become the request of another.
_FOR_SIGNING_IN = frozenset({'code_challenge', 'code_challenge_method', 'max_age', 'nonce'})


class OAuth2AuthorizationEndpoint(models.AbstractModel):
    _inherit = 'oauth2.authorization.endpoint'

    @api.model
    def _answer_directly(self, parameters, visitor):
        """Answer a request for a code.

        :param parameters: :class:`~...protocol.parameters.Parameters`.
        :param visitor: the :class:`~...protocol.visitor.Visitor` of the request's session.
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
        """A code for the user whom an administrator chose. Nobody is asked, and the session does not matter.

        :raises InvalidRequest: it has parameters of applications that sign people in.
        :raises InvalidScope: it asks for an OpenID Connect scope.
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
        """A code for the user who is logged in, if nothing is left to ask. A program is never sent to a page.

        :raises LoginRequired: nobody is logged in, or not recently enough.
        :raises ConsentRequired: the user has not allowed this.
        """
        missing = self._missing(wish, visitor, login_before=visitor.login)
        if missing:
            raise missing
        return self._allowed(wish, visitor)
