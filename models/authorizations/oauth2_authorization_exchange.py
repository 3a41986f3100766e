"""Tokens that an API gets by exchange (RFC 8693). They belong to the authorization of the token that is exchanged."""
from odoo import api, models
from odoo.tools import SQL

from .oauth2_authorization import GRANTED, Grant
from .oauth2_authorization_token import Exchange


class OAuth2Authorization(models.Model):
    """Nothing is stored. Such a token ends with its authorization. It also names the client that exchanged it, and that
    client's epoch: so it ends with that client, too.
    """
    _inherit = 'oauth2.authorization'

    @api.model
    def _exchange(self, client, subject_token):
        """What the token rests on that a client gets by exchange.

        :param client: an application of the API.
        :param subject_token: the :class:`~.oauth2_authorization_token.AccessToken` that the API received.
        :return: the :class:`~.oauth2_authorization.Grant`, and the :class:`~.oauth2_authorization_token.Exchange`; None
            if the client may not exchange it.
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
        """The SQL condition that the client which a token names got it by exchange, and could still get it. The
        authorization `granted` is checked apart.

        :param claims: of the token.
        """
        return SQL(
            """ (NOT granted.is_direct AND EXISTS (
                    SELECT FROM %s actor WHERE actor.client_id = %s AND actor.epoch = %s::uuid)) """,
            self._actors(SQL('granted')), claims['client_id'], claims['client_epoch'])

    @api.model
    def _actors(self, row):
        """The SQL of the applications that may exchange tokens of an authorization: those of its API that its user may
        use.

        :param row: the alias of the authorization. The same FROM holds `res_users`, its user.
        """
        return SQL(
            """ (SELECT actor.id, actor.client_id, actor.epoch
                   FROM oauth2_resource api
                   JOIN oauth2_client actor ON actor.resource_id = api.id
                  WHERE api.uri = %(row)s.resource AND api.active
                    AND actor.active AND actor.grant_token_exchange AND %(admits)s) """,
            row=row, admits=self.env['oauth2.client']._admits(SQL('actor'), SQL('res_users')))
