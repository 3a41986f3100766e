"""A token in use: from a valid access token to what its request may do."""
from typing import NamedTuple

from odoo import api, models

from ...protocol import jwt
from ...protocol.errors import InvalidToken
from ...protocol.opening import WholeOpening
from ..door.limit import Limit


class RequestToken(NamedTuple):
    """The value of `request.oauth2` in a request with an access token; in others it is None.

    :ivar user_id: the user in whose name the request is made.
    :ivar client: the `oauth2.client`, with superuser rights.
    :ivar authorization: the `oauth2.authorization`, with superuser rights.
    :ivar scopes: the names of the token's scopes that its client still may have; a frozenset.
    :ivar limit: the :class:`~..door.limit.Limit` of the request; None if the token may do all that its user may.
    """
    user_id: int
    client: models.Model
    authorization: models.Model
    scopes: frozenset
    limit: Limit | None

    def call(self, model_name, method_name, ids=(), context=None, **arguments):
        """Call a method of a model for the token, through the door: for routes that do only what its scopes open.

        A call that fails is rolled back: a route may catch the error, and go on.

        :param ids: of the records; nothing for the model itself.
        :return: what the method returned, limited to what is open; records as they are.
        :raises AccessError: the token does not open it, or the user may not do it.
        :raises UserError: an argument is wrong.
        :raises LookupError: there is no such model or method.
        :raises TypeError: the arguments do not fit.
        """
        limit = self.limit or Limit(WholeOpening(), ())
        door = self.client.with_user(self.user_id).env['oauth2.door']
        return door._enter(limit, model_name, method_name, ids=ids, kwargs=arguments, context=context, is_part=True)

    @property
    def context(self):
        """The initial context of the request: the companies that the token may see, if it is limited to some."""
        companies = self.limit and self.limit.companies
        return {'allowed_company_ids': list(companies)} if companies else {}


class OAuth2Authorization(models.Model):
    _inherit = 'oauth2.authorization'

    @api.model
    def _use(self, token, audiences):
        """Accept an access token for a request.

        :param audiences: the token must be for one of these.
        :return: the :class:`RequestToken`.
        :raises InvalidToken: it is invalid, or its user has lost all companies that it was for.
        """
        access_token = self._verify_access_token(token, audiences)
        return RequestToken(
            access_token.user_id, self.env['oauth2.client'].browse(access_token.client_id),
            self.browse(access_token.authorization_id), access_token.scope, self._limit(access_token))

    @api.model
    def _limit(self, access_token):
        opening = self.env['oauth2.scope']._opening(access_token.scope)
        user = self.env['res.users'].browse(access_token.user_id)
        companies = None
        if access_token.companies is not None:
            of_user = user._get_company_ids()
            companies = tuple(company for company in of_user if company in access_token.companies)
            if not companies:
                raise InvalidToken(jwt.REFUSED, detail='its user has left the companies that it was for')
            if companies == of_user:
                companies = None
            elif user.company_id.id in companies:  # Odoo's current company is the first one
                companies = (user.company_id.id, *(id_ for id_ in companies if id_ != user.company_id.id))
        if isinstance(opening, WholeOpening) and companies is None:
            return None
        scopes = [name for name in self.env['oauth2.scope']._all_names()
                  if name in access_token.scope and not self.env['oauth2.scope']._opens_nothing({name})]
        return Limit(opening, tuple(scopes), companies, access_token.client_id)
