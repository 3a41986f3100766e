"""What the endpoints check of a client: whether a request is its own, and what it may ask for."""
from typing import NoReturn

from odoo import api, models, tools
from odoo.tools import SQL

from ...protocol import redirect_uri
from ...protocol.errors import InvalidClient, InvalidRequest, InvalidScope, RedirectURIRefused, UnauthorizedClient
from ...protocol.scope import parse
from ..scopes.oauth2_scope import OPENID_CONNECT
from .oauth2_client_scope import NAMES


class OAuth2Client(models.Model):
    _inherit = 'oauth2.client'

    @api.model
    def _authenticate(self, credentials, address):
        """The client that a request is proven to come from (RFC 6749 §2.3).

        A public client only names itself; the code or token that it presents still has to be its own.

        The right secret is accepted however many failures came before: nobody guesses 190 random bits, so a lock-out
        would only help attackers.

        :param credentials: :class:`~...protocol.parameters.Credentials`.
        :param address: the caller's, for the event of a failure.
        :raises InvalidClient: unknown, archived, without secret, with a wrong one, public and with a secret: one answer
            for all, after the same work. A caller that has the client's key is told what else is wrong.
        """
        if credentials.client_id is None:
            raise InvalidClient('no client authentication: send client_id and client_secret')
        client, known = self._read_for_authentication(credentials.client_id)
        reason = None  # for a wrong secret, the event's name says it all
        try:
            if self._proves(client, credentials, known):
                return client
            refusal = InvalidClient(detail='unknown client, or wrong secret')
        except InvalidClient as error:
            refusal, reason = error, error.detail
        self.env['oauth2.event']._record_seldom('authentication_failed', client, address=address, detail=reason)
        raise refusal

    @api.model
    def _proves(self, client, credentials, known):
        """Whether credentials prove that a request comes from a client.

        :param known: the client's secrets, from :meth:`_read_for_authentication`.
        :raises InvalidClient: they do not, with a reason that an administrator finds in the event.
        """
        if client.is_public:
            # RFC 6749 §3.2.1. A client that sends a secret, even an empty one by HTTP Basic, believes that it is
            # confidential.
            return (credentials.client_secret is None and credentials.scheme != 'basic'
                    and self.env['oauth2.configuration']._allows('public_clients'))
        return self.env['oauth2.client.secret']._verifies(credentials.client_secret or '', known)

    @api.model
    def _authenticate_confidential(self, credentials, address):
        """The same, for endpoints that only a confidential client may use.

        :raises InvalidClient: also for a public client.
        """
        client = self._authenticate(credentials, address)
        if client.is_public:
            raise InvalidClient(detail='a public client')
        return client

    @api.model
    def _read_for_authentication(self, client_id):
        """Read all that authentication needs, in one statement: the client and its secrets.

        The client's own fields go to the ORM's cache, so that reading them costs nothing more.

        :return: the client (empty if there is none), and pairs of its valid secrets: the row's ID, as a text, and the
            hash.
        """
        self.env.cr.execute(SQL(
            """ SELECT ARRAY(SELECT ARRAY[id::text, hash] FROM oauth2_client_secret secret
                              WHERE secret.client_id = client.id
                                AND (expires_at IS NULL OR expires_at > now() AT TIME ZONE 'UTC')
                           ORDER BY id DESC LIMIT %(most)s),
                       client.id, %(columns)s
                  FROM oauth2_client client WHERE client.client_id = %(client_id)s AND client.active """,
            most=self.env['oauth2.client.secret'].MOST, columns=self._columns_for_requests(), client_id=client_id))
        row = self.env.cr.fetchone()
        if row is None:
            return self.browse(), []
        known, row_id, *values = row
        return self._with_columns(row_id, values), known

    @api.model
    @tools.ormcache(cache='stable')
    def _columns_for_requests(self):
        """The SQL of the fields that the endpoints read, for the table or alias `client`."""
        worked_out = {'has_used_pkce': self._has_used_pkce_sql(),
                      **{name: self._scope_sql(SQL('client'), name) for name in NAMES}}
        return SQL(', ').join(
            worked_out.get(name) or SQL.identifier('client', name) for name in self._fields_for_requests())

    @api.model
    def _with_columns(self, row_id, values):
        """A client whose fields are put into the ORM's cache.

        :param values: of the columns for requests.
        """
        client = self.browse(row_id)
        for name, value in zip(self._fields_for_requests(), values, strict=True):
            self._fields[name]._insert_cache(client, [value])
        return client

    @api.model
    def _fields_for_requests(self):
        """The fields that the endpoints read: those with a column, and some computed ones."""
        return ['client_id', 'user_id', 'has_direct_authorization', 'is_public', 'pkce', 'has_used_pkce',
                'is_resource_server', 'open_to', 'is_trusted', 'scope', 'default_scope', 'refresh_rotation',
                'has_claims_in_id_token', 'access_token_validity', 'access_token_lifetime',
                'refresh_token_idle_lifetime', 'authorization_lifetime', *self._grant_fields()]

    @api.model
    def _identify(self, client_id):
        """The client that a request names, without proof: for the authorization endpoint.

        :raises InvalidClient: there is none, or it is archived.
        """
        self.env.cr.execute(SQL(
            'SELECT id, %s FROM oauth2_client client WHERE client_id = %s AND active',
            self._columns_for_requests(), client_id))
        row_id, *values = self.env.cr.fetchone() or [None] * (1 + len(self._fields_for_requests()))
        client = self._with_columns(row_id, values)
        if not client or (client.is_public and not self.env['oauth2.configuration']._allows('public_clients')):
            raise InvalidClient('there is no such client', detail='unknown or archived client_id')
        return client

    def _registered(self, presented):
        """The redirect URI of the answer: the one in the request, if exactly that one is registered (RFC 6749
        §3.1.2.3).

        :param presented: None if the request has none: then the client must have just one.
        :raises RedirectURIRefused: it is not registered.
        :raises InvalidRequest: the request has none, and there is not just one.
        """
        if presented is None:
            return self._only_redirect_uri()
        if not redirect_uri.is_registered(presented, self._registered_redirect_uris()):
            raise RedirectURIRefused(presented)
        return presented

    def _only_redirect_uri(self):
        """The redirect URI of a client that has just one.

        :raises InvalidRequest: it has none, or several: then a request has to name it.
        """
        registered = self._registered_redirect_uris()
        if len(registered) != 1:
            raise InvalidRequest('redirect_uri is missing')
        return registered[0]

    def _has_one_address(self, uri):
        """Whether this client has no other redirect URI, except for the ports of loopback addresses."""
        return redirect_uri.is_only(uri, self._registered_redirect_uris())

    def _registered_redirect_uris(self):
        """The registered addresses, in one statement; the relation would take two."""
        return self.env['oauth2.redirect.uri'].search_fetch([('client_id', '=', self.id)], ['uri']).mapped('uri')

    def _check_grant_type(self, grant_type):
        """Refuse a grant type that an administrator has not given this client.

        :param grant_type: its model.
        :raises UnauthorizedClient: see above.
        """
        if not self[grant_type._switch()]:
            raise UnauthorizedClient('this client may not use the grant type %s' % grant_type._grant_type)

    def _keeps_refresh_token(self):
        """Whether this client always gets the same refresh token. A public one never does."""
        return self.refresh_rotation == 'keep' and not self.is_public

    def _check_signs_people_in(self):
        """Refuse a browser for a client that is for programs only.

        :raises UnauthorizedClient: see above (RFC 6749 §4.1.2.1).
        """
        if self.has_direct_authorization:
            raise UnauthorizedClient('nobody signs in to this client: it has direct authorization, for programs alone')

    def _scopes(self, audience=None):
        """What this client may ask for; for an audience, if one is given."""
        names = (self.scope or '').split()
        if not self.env['oauth2.configuration']._allows('openid_connect'):
            names = [name for name in names if name not in OPENID_CONNECT]
        return names if audience is None else self.env['oauth2.scope']._for(names, audience)

    def _scope_for(self, requested, audience=None):
        """The scope that this client gets for its request (RFC 6749 §3.3, OpenID Connect Core §3.1.2.1).

        :param requested: None if the request names no scope: then the client's default scopes.
        :param audience: of the token; scopes for others are left out.
        :raises InvalidScope: it may have nothing of what it asks for.
        """
        allowed = self._scopes(audience)
        scopes = [scope for scope in parse(self.default_scope or '' if requested is None else requested)
                  if scope in allowed]
        if not self.grant_refresh_token:  # OpenID Connect Core §11: ignored without refresh tokens
            scopes = [scope for scope in scopes if scope != 'offline_access']
        return self._some_of(scopes, allowed)

    def _scope_within(self, granted, requested, audience):
        """The scope of a new access token: never more than was granted, nor than this client may have now.

        :param granted: what the user allowed.
        :param requested: the scope in this request (RFC 6749 §6), or None for all of it.
        :param audience: of the token.
        :raises InvalidScope: it asks for a scope that it may have but that was not granted, or nothing is left.
        """
        allowed = self._scopes(audience)
        scopes = [scope for scope in parse(granted if requested is None else requested) if scope in allowed]
        if set(scopes) - set(granted.split()):
            self._refuse_scope(set(granted.split()) & set(allowed))
        return self._some_of(scopes, allowed)

    def _some_of(self, scopes, allowed):
        if not scopes:
            self._refuse_scope(allowed)
        return ' '.join(scopes)

    def _refuse_scope(self, allowed) -> NoReturn:
        raise InvalidScope('scope may be, for this client: %s' % ' '.join(sorted(allowed)))
