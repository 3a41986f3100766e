"""Tokens that an API gets by exchange (RFC 8693): they belong to the authorization of the token that it was given."""
from odoo import api, models
from odoo.tools import SQL

from .oauth2_authorization import GRANTED, Grant
from .oauth2_authorization_token import Exchange


class OAuth2Authorization(models.Model):
    """Nothing is stored. Such a token dies with its authorization, as every token of it does. It also names the client
    that has exchanged it, and that client's epoch: so it dies with that one, too.
    """
    _inherit = 'oauth2.authorization'

    @api.model
    def _exchange(self, client, subject_token):
        """What a token rests on that a client gets by exchange.

        :param client: an application of the API.
        :param subject_token: the :class:`~.oauth2_authorization_token.AccessToken` that it was given, for this API.
        :return: the :class:`~.oauth2_authorization.Grant`, and the :class:`~.oauth2_authorization_token.Exchange`; None
            where the client may not exchange it.
        """
        self.env.cr.execute(SQL(
            """ SELECT actor.epoch::text, oauth2_authorization.resource, %(columns)s
                  FROM oauth2_authorization
                  JOIN res_users ON res_users.id = oauth2_authorization.user_id
                  JOIN LATERAL %(actors)s actor ON actor.id = %(client)s
                 WHERE oauth2_authorization.id = %(authorization)s """,
            columns=Grant.columns(), actors=self._actors(GRANTED), client=client.id,
            authorization=subject_token.authorization_id))
        row = self.env.cr.fetchone()
        if row is None:
            return None
        epoch, resource, *columns = row
        return Grant(*columns), Exchange(subject_token.claims['exp'], subject_token.client_id, resource, epoch)

    @api.model
    def _has_exchanged(self, claims):
        """The SQL that holds where the client that a token names got it by exchange, and still might, as far as that is
        up to this client: the counterpart of what is asked of the authorization `granted` itself.

        :param claims: of the token.
        """
        return SQL(
            """ (NOT granted.is_direct AND EXISTS (
                    SELECT FROM %s actor WHERE actor.client_id = %s AND actor.epoch = %s::uuid)) """,
            self._actors(SQL('granted')), claims['client_id'], claims['client_epoch'])

    @api.model
    def _actors(self, row):
        """The SQL of the applications that may exchange tokens of an authorization: those of the API that it is for, as
        far as its user may use them.

        :param row: the alias of the authorization. In the same FROM stands `res_users`, its user.
        """
        return SQL(
            """ (SELECT actor.id, actor.client_id, actor.epoch
                   FROM oauth2_resource api
                   JOIN oauth2_client actor ON actor.resource_id = api.id
                  WHERE api.uri = %(row)s.resource AND api.active
                    AND actor.active AND actor.grant_token_exchange AND %(admits)s) """,
            row=row, admits=self.env['oauth2.client']._admits(SQL('actor'), SQL('res_users')))
