"""The client registration endpoint (RFC 7591 §3)."""
from contextlib import contextmanager

from psycopg2 import IntegrityError

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....protocol.caller import network
from ....protocol.client_registration import read_members, read_registration
from ....protocol.errors import InvalidClientMetadata, NotFound, NoToken, OAuthError
from ....protocol.issuer import PATH
from ....protocol.printable import printable
from ....protocol.redirect_uri import without_values
from ...clients.dynamic.oauth2_registration_token import digest
from ...clients.oauth2_client_secret import hashed, random_token

_LONGEST_DETAIL = 500


class OAuth2ClientRegistrationEndpoint(models.AbstractModel):
    """A client registers itself, as far as the settings allow, with the limits of all unregistered clients."""
    _name = 'oauth2.client.registration.endpoint'
    _description = 'OAuth2 Client Registration Endpoint'

    @api.model
    def _answer(self, body, media_type, token, address):
        """Answer a registration request. A refusal stores only an event: one of each kind per hour.

        :param body: the bytes of the request.
        :param media_type: of the body, according to the request.
        :param token: the initial access token, or None.
        :param address: the caller's.
        :return: the members of the answer (§3.2.1).
        :raises OAuthError: by the steps below, in their order.
        """
        self._check_is_on()
        with self._recording_refusals(address):
            initial = self._initial_access_token(token)
            registration = read_registration(
                read_members(body, media_type), self.env['oauth2.configuration']._registration_auth_methods())
            if not initial:
                self.env['oauth2.client']._check_room_to_register(address)
            with self._whole():
                return self._make(registration, initial, address)

    @api.model
    def _check_is_on(self):
        """Refuse if nobody may register a client.

        :raises NotFound: see above.
        """
        if self.env['oauth2.configuration']._dynamic_registration() is None:
            raise NotFound('there is no such address')

    @api.model
    def _initial_access_token(self, token):
        """The initial access token of the request; empty if there is none and everybody may register.

        :raises NoToken: there is none, and one is required.
        :raises InvalidToken: it is invalid.
        """
        tokens = self.env['oauth2.initial.access.token']
        if token:
            return tokens._find(token)
        if self.env['oauth2.configuration']._dynamic_registration() != 'open':
            raise NoToken
        return tokens

    @api.model
    def _make(self, registration, initial, address):
        # Slow work comes first, before others have to wait for a lock.
        token, secret = random_token(), None if registration.auth_method == 'none' else random_token()
        secret_hash = secret and hashed(secret)
        clients = self.env['oauth2.client']
        # It gets all that it may have: SDKs of MCP register with the scope of the first challenge, and want more later.
        clients._dynamic_scopes(registration, self.env['oauth2.scope']._for_unregistered())
        values = {
            **clients._unregistered_values('dynamic'),
            **clients._dynamic_values(registration),
            'redirect_uri_ids': [fields.Command.create({'uri': uri}) for uri in registration.redirect_uris]}
        if initial:
            initial._use()
        else:
            clients._take_turns()
            clients._check_room_to_register(address)
        client = clients.create(values)
        client._store_registration_token(digest(token))
        # The quota of an address counts events whose detail is its network alone.
        self.env['oauth2.event']._record(
            'client_registered', client, address=address, new_value=self._told(client._information()),
            detail=f'{network(address)}: {initial.name}' if initial else network(address))
        if secret:
            self.env['oauth2.client.secret']._store_hash(client, secret_hash, secret[-4:])
        return self._information(client, token, secret)

    @api.model
    def _information(self, client, token, secret=None):
        """The client information response (§3.2.1, RFC 7592 §3).

        :param secret: a new one. Older ones are stored only as hashes, so they are not repeated.
        """
        return {
            'client_id': client.client_id,
            'client_id_issued_at': int(client.create_date.timestamp()),
            # 0: it does not expire.
            **({'client_secret': secret, 'client_secret_expires_at': 0} if secret else {}),
            'registration_client_uri':
                f'{self.env["oauth2.configuration"]._issuer()}{PATH}/register/{client.client_id}',
            'registration_access_token': token,
            **client._information(),
        }

    @api.model
    def _told(self, information):
        """What an event says of a client that registered itself, shortened for an auditor."""
        return printable('; '.join(
            f'{name}: {" ".join(map(without_values, value)) if isinstance(value, list) else value}'
            for name, value in information.items()), _LONGEST_DETAIL)

    @api.model
    @contextmanager
    def _whole(self):
        """Roll the whole block back on an error: the error is returned as an answer, and what came before it is
        committed.

        :raises InvalidClientMetadata: a rule of the models or of the database refuses it.
        """
        try:
            with self.env.cr.savepoint():
                yield
        except (ValidationError, IntegrityError) as error:
            raise InvalidClientMetadata('this metadata cannot be registered', detail=str(error)) from None

    @api.model
    @contextmanager
    def _recording_refusals(self, address, client=None):
        try:
            yield
        except OAuthError as error:
            kind = f'{error.error}:'
            self.env['oauth2.event']._record_seldom(
                'registration_refused', self.env['oauth2.client'] if client is None else client, kind=kind,
                address=address, detail=printable(f'{kind} {error.detail or error.description}', _LONGEST_DETAIL))
            raise


class OAuth2MetadataEndpoint(models.AbstractModel):
    _inherit = 'oauth2.metadata.endpoint'

    @api.model
    def _of_authorization_server(self, endpoints):
        """Name the registration endpoint if clients may register themselves (RFC 8414 §2)."""
        members = super()._of_authorization_server(endpoints)
        if self.env['oauth2.configuration']._dynamic_registration():
            members['registration_endpoint'] = f'{endpoints}/register'
        return members

