"""The client configuration endpoint (RFC 7592)."""
from odoo import api, fields, models

from ....protocol.client_registration import check_update, read_members, read_registration
from ....protocol.errors import InvalidClientMetadata
from ...clients.oauth2_client_secret import hashed, random_token


class OAuth2ClientConfigurationEndpoint(models.AbstractModel):
    """A client reads, changes and deletes its own registration, with a token for that alone. The token stays
    the same.
    """
    _name = 'oauth2.client.configuration.endpoint'
    _inherit = 'oauth2.client.registration.endpoint'
    _description = 'OAuth2 Client Configuration Endpoint'

    @api.model
    def _read_registration(self, client_id, token, address):
        """The registration of a client (§2.1).

        :param token: the registration access token, or None.
        :return: the members of the answer (§3).
        :raises OAuthError: registration is switched off, or the token is invalid.
        """
        return self._information(self._client(client_id, token, address), token)

    @api.model
    def _update_registration(self, client_id, body, media_type, token, address):
        """Replace a registration (§2.2).

        Scopes are only removed: an administrator may have removed others. An approval ends, because it was for the
        former registration. What people allowed for some minutes does not continue for months.

        :return: the members of the answer (§3), with a secret if the client now needs one for the first time.
        :raises OAuthError: by the steps below, in their order.
        """
        client = self._client(client_id, token, address)
        with self._recording_refusals(address, client):
            members = read_members(body, media_type)
            check_update(members, client_id)
            self._check_secret(client, members.get('client_secret'))
            registration = read_registration(
                members, self.env['oauth2.configuration']._registration_auth_methods())
            with self._whole():
                return self._information(client, token, self._change(client, registration, address))

    @api.model
    def _delete_registration(self, client_id, token, address):
        """Delete the client. All its authorizations end at once (§2.3).

        :raises OAuthError: as above.
        """
        client = self._client(client_id, token, address)
        self.env['oauth2.event']._record('client_deleted', client, address=address)
        client.unlink()

    @api.model
    def _client(self, client_id, token, address):
        self._check_is_on()
        return self.env['oauth2.client']._with_registration_token(client_id, token, address)

    @api.model
    def _check_secret(self, client, secret):
        """Refuse a secret that is not the client's (§2.2).

        :raises InvalidClientMetadata: see above.
        """
        if secret:
            _client, known = client._read_for_authentication(client.client_id)
            if not self.env['oauth2.client.secret']._verifies(secret, known):
                raise InvalidClientMetadata('client_secret is not the one of this client')

    @api.model
    def _change(self, client, registration, address):
        """Store the client's new metadata.

        :return: a new secret, or None.
        """
        secret, former = None, client._information()
        addresses = client.redirect_uri_ids
        known = set(addresses.mapped('uri'))
        scopes = client._dynamic_scopes(
            registration, client.scope_ids & self.env['oauth2.scope']._for_unregistered())
        values = client._dynamic_values(registration)
        client.write({
            **values,
            'grant_refresh_token': client.grant_refresh_token and values['grant_refresh_token'],
            'scope_ids': [fields.Command.set(scopes.ids)],
            'redirect_uri_ids': [
                *(fields.Command.delete(each.id) for each in addresses if each.uri not in registration.redirect_uris),
                *(fields.Command.create({'uri': uri}) for uri in registration.redirect_uris if uri not in known)]})
        if not client.is_public and not client._valid_secrets():
            secret = random_token()
            self.env['oauth2.client.secret']._store_hash(client, hashed(secret), secret[-4:])
        if client._information() != former:
            client._check_may_change_itself()
            client.is_approved = False
            self.env['oauth2.event']._record(
                'client_updated', client, address=address, old_value=self._told(former),
                new_value=self._told(client._information()))
        return secret
