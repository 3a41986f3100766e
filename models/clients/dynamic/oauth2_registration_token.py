"""Registration access tokens, with which a client manages its own registration (RFC 7592 §1.2)."""
import hashlib
from hmac import compare_digest

from odoo import api, models
from odoo.tools import SQL

from ....protocol.errors import InvalidRequest, InvalidToken, NoToken
from ....protocol.parameters import check


def digest(token):
    """What is stored of a token. It has 190 random bits, so nobody can guess it, however fast the hash is."""
    return hashlib.sha256(token.encode('utf-8', 'surrogatepass')).hexdigest()


_NO_TOKEN = digest('')


class OAuth2Client(models.Model):
    """The digest of the token is in an SQL column that the ORM does not know."""
    _inherit = 'oauth2.client'

    def init(self):
        super().init()
        self.env.cr.execute(SQL('ALTER TABLE oauth2_client ADD COLUMN IF NOT EXISTS registration_token varchar'))

    def _store_registration_token(self, token_digest):
        self.env.cr.execute(SQL(
            'UPDATE oauth2_client SET registration_token = %s WHERE id = %s', token_digest, self.id),
            log_exceptions=False)

    @api.model
    def _with_registration_token(self, client_id, token, address):
        """The client that a token is for.

        :param address: the caller's, for the event of a failure.
        :raises NoToken: the request has none.
        :raises InvalidToken: it is not this client's token, or the client is deleted or blocked (RFC 7592 §2.1). One
            answer for all, after the same work.
        """
        if not token:
            raise NoToken
        try:
            check('client_id', client_id)
        except InvalidRequest:
            client_id = None  # the database would refuse it as a text
        rows = self.env.execute_query(SQL(
            """ SELECT id, COALESCE(registration_token, '') FROM oauth2_client
                 WHERE client_id = %s AND active AND registration = 'dynamic' """, client_id))
        [(number, stored)] = rows or [(None, _NO_TOKEN)]
        is_right = compare_digest(stored, digest(token))
        client = self.browse(number)
        if not (is_right and number):
            self.env['oauth2.event']._record_seldom('authentication_failed', client, address=address)
            raise InvalidToken('the registration access token is not good')
        return client
