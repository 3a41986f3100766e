"""What the endpoints ask of a client: whether a request is its own, and what it may ask for."""
from odoo import api, models
from odoo.tools import SQL

from ..protocol import redirect_uri
from ..protocol.errors import InvalidClient, InvalidRequest, InvalidScope, TooManyAttempts, UnauthorizedClient
from ..protocol.scope import parse

# The whole power of the user. It is what every client may have, and the only scope there is.
EVERYTHING = 'odoo'


class OAuth2Client(models.Model):
    _inherit = 'oauth2.client'

    @api.model
    def _authenticate(self, credentials, address):
        """The client that a request proves to come from (RFC 6749 §2.3).

        :param credentials: :class:`~..protocol.parameters.Credentials`.
        :param address: the caller's, for counting failures.
        :raises InvalidClient: unknown, archived, without secret, with a wrong one: one answer for all,
            after the same work.
        :raises TooManyAttempts: the right secret too is not looked at then.
        """
        if credentials.client_id is None:
            raise InvalidClient('no client authentication: send client_id and client_secret')
        attempts = self.env['oauth2.failed.attempt']
        digest = attempts._digest(credentials.client_id)
        client, hashes, of_client, of_address = self._read_for_authentication(credentials.client_id, digest, address)
        if attempts._are_too_many(of_client, of_address):
            raise TooManyAttempts('too many failed attempts; wait', retry_after=attempts.WINDOW)
        if not self.env['oauth2.client.secret']._verifies(credentials.client_secret or '', hashes):
            attempts._record(digest, address)
            raise InvalidClient(detail='unknown client, or wrong secret')
        return client

    @api.model
    def _read_for_authentication(self, client_id, digest, address):
        """All that authentication needs, in one statement: who it is, what proves it, how often it went wrong.

        The client's own fields go to the ORM's cache, so that asking them costs nothing more.

        :return: the client (empty where there is none), the hashes of its valid secrets, and the
            failures of the last minute, of this client and of everybody, at this address.
        """
        fields = [self._fields[name] for name in self._fields_for_requests()]
        self.env.cr.execute(SQL(
            """ SELECT failed.of_client, failed.of_address,
                       ARRAY(SELECT hash FROM oauth2_client_secret secret
                              WHERE secret.client_id = client.id
                                AND (expires_at IS NULL OR expires_at > now() AT TIME ZONE 'UTC')
                           ORDER BY id DESC LIMIT %(most)s),
                       client.id, %(columns)s
                  FROM (%(failed)s) failed
             LEFT JOIN oauth2_client client ON client.client_id = %(client_id)s AND client.active """,
            most=self.env['oauth2.client.secret'].MOST,
            columns=SQL(', ').join(SQL.identifier('client', field.name) for field in fields),
            failed=self.env['oauth2.failed.attempt']._count(digest, address), client_id=client_id))
        of_client, of_address, hashes, row_id, *values = self.env.cr.fetchone()
        client = self.browse(row_id)
        for field, value in zip(fields, values, strict=True):
            field._insert_cache(client, [value])
        return client, hashes, of_client, of_address

    @api.model
    def _fields_for_requests(self):
        """The stored fields that the endpoints ask."""
        return ['client_id', 'user_id', 'access_token_validity', *self._grant_fields()]

    @api.model
    def _identify(self, client_id):
        """The client that a request names, without proof: for the authorization endpoint.

        :raises InvalidClient: where there is none, or it is archived.
        """
        client = self.search_fetch([('client_id', '=', client_id)], self._fields_for_requests(), limit=1)
        if not client:
            raise InvalidClient('there is no such client', detail='unknown or archived client_id')
        return client

    def _check_redirect_uri(self, presented):
        """Refuse a redirect URI that is not registered, letter by letter (RFC 6749 §3.1.2.3).

        :param presented: None where the request leaves it out: then the client must have just one.
        :raises InvalidRequest: see above.
        """
        if presented is None:
            self._only_redirect_uri()
        elif not redirect_uri.is_registered(presented, self._registered_redirect_uris()):
            raise InvalidRequest('redirect_uri is not registered for this client')

    def _only_redirect_uri(self):
        """The redirect URI of a client that has just one.

        :raises InvalidRequest: it has none, or several: then a request has to name it.
        """
        registered = self._registered_redirect_uris()
        if len(registered) != 1:
            raise InvalidRequest('redirect_uri is missing')
        return registered[0]

    def _registered_redirect_uris(self):
        """The registered addresses: one statement, where the relation would take two."""
        return self.env['oauth2.redirect.uri'].search_fetch([('client_id', '=', self.id)], ['uri']).mapped('uri')

    def _check_grant_type(self, grant_type):
        """Refuse a grant type that an administrator has not given this client.

        :raises UnauthorizedClient: see above.
        """
        if not self['grant_' + grant_type]:
            raise UnauthorizedClient('this client may not use the grant type %s' % grant_type)

    def _scope_for(self, requested):
        """The scope that this client gets when it asks for this one (RFC 6749 §3.3).

        :param requested: None where the request does not name one: then all that it may have.
        :raises InvalidScope: it may not have all of what it asks for.
        """
        allowed = [EVERYTHING]
        scopes = allowed if requested is None else parse(requested)
        if set(scopes) - set(allowed):
            raise InvalidScope('this client may ask for: %s' % ' '.join(allowed))
        return ' '.join(scopes)
