"""Direct mode: a program is answered with the code itself, not by a redirection."""
import time

from odoo import api, models

from ..protocol.errors import InvalidClient
from ..protocol.visitor import NOBODY


class OAuth2AuthorizationEndpoint(models.AbstractModel):
    _inherit = 'oauth2.authorization.endpoint'

    @api.model
    def _answer_directly(self, parameters, visitor):
        """Answer a request for a code.

        :param parameters: :class:`~..protocol.parameters.Parameters`.
        :param visitor: the :class:`~..protocol.visitor.Visitor` whose session the request came with.
        :return: the members of the answer: `code`, and `state` as it was sent.
        :raises OAuthError: by the steps below, in their order.
        """
        client = self._client(parameters)
        wish = self._wish(client, client._registered(parameters.get('redirect_uri')), parameters, is_direct=True)
        if client.user_id:  # chosen by an administrator: nobody is asked, nobody's session matters
            code = self._code(wish, client.user_id.id, NOBODY, is_direct=True)
        else:
            code = self._code_of_visitor(wish, visitor)
        if code is None:
            raise InvalidClient('there is no such client', detail='the user that it acts for is archived')
        state = {'state': parameters['state']} if 'state' in parameters else {}
        return {'code': code, **state}

    @api.model
    def _code_of_visitor(self, wish, visitor):
        """A code of whoever is logged in, if there is nothing left to ask. A program is never sent to a page.

        :raises LoginRequired: nobody is, or not recently enough.
        :raises ConsentRequired: the user has not allowed this.
        """
        missing = self._missing(wish, visitor, asked_at=time.time())
        if missing:
            raise missing
        return self._code(wish, visitor.user_id, visitor)
