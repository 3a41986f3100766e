"""Clients that have registered themselves (RFC 7591)."""
from odoo import api, fields, models

from ....protocol import redirect_uri
from ....protocol.client_metadata import LONGEST_NAME
from ....protocol.client_registration import SECRET_METHODS
from ....protocol.errors import InvalidClientMetadata

# A longer list of hosts would tell people nothing.
_MOST_HOSTS = 3


class OAuth2Configuration(models.AbstractModel):
    _inherit = 'oauth2.configuration'

    @api.model
    def _dynamic_registration(self):
        """Who may register a client: `token` (holders of an initial access token), `open` (everybody), or None."""
        who = self._parameter('dynamic_registration')
        return who if who in ('token', 'open') else None

    @api.model
    def _registration_auth_methods(self):
        """How a client that registers itself may authenticate (RFC 7591 §2, `token_endpoint_auth_method`)."""
        return (*SECRET_METHODS, *(['none'] if self._allows('public_clients') else []))


class OAuth2Client(models.Model):
    """It has the limits of all unregistered clients (:mod:`..unregistered`). It is identified by the hosts of its
    redirect URIs: everything else is its own claim.
    """
    _inherit = 'oauth2.client'

    application_type = fields.Selection(
        [('web', 'Web'), ('native', 'Native')], 'Application type', readonly=True, copy=False,
        help='As it has registered itself: native is what runs on the devices of its users.')
    token_endpoint_auth_method = fields.Selection(
        [('none', 'None'), ('client_secret_basic', 'HTTP Basic'), ('client_secret_post', 'In the body')],
        'Client authentication', readonly=True, copy=False, help='As it has registered itself.')

    def _is_let_in(self):
        if self.registration == 'dynamic':
            return self.env['oauth2.configuration']._dynamic_registration() is not None
        return super()._is_let_in()

    def _known_as(self):
        if self.registration != 'dynamic':
            return super()._known_as()
        return (_hosts(self._registered_redirect_uris())
                or self.env._('An application with several addresses'))

    @api.model
    def _dynamic_scopes(self, registration, allowed):
        """The scopes that a client names, as far as it may have them; all that it may have if it names none.

        :param registration: a :class:`~....protocol.client_registration.Registration`.
        :param allowed: the scopes that it may have at most.
        :raises InvalidClientMetadata: it names scopes, and may have none of them.
        """
        if registration.scope is None or not (names := registration.scope.replace(',', ' ').split()):
            return allowed
        scopes = allowed.filtered(lambda scope: scope.name in names)
        if not scopes:
            offered = self.env['oauth2.scope']._names()
            raise InvalidClientMetadata('scope may be: %s' % ' '.join(
                name for name in allowed.mapped('name') if name in offered))
        return scopes

    @api.model
    def _dynamic_values(self, registration):
        """The values of a client, from its registration.

        :param registration: a :class:`~....protocol.client_registration.Registration`.
        """
        hosts = _hosts(registration.redirect_uris)
        return {
            'name': registration.name or (hosts or redirect_uri.host(registration.redirect_uris[0]))[:LONGEST_NAME],
            'publisher': hosts,
            **{name: getattr(registration, name) or False for name in ('client_uri', 'policy_uri', 'tos_uri')},
            'is_public': registration.auth_method == 'none',
            'token_endpoint_auth_method': registration.auth_method,
            'application_type': registration.application_type,
            'grant_refresh_token': 'refresh_token' in registration.grant_types,
        }

    def _information(self):
        """The registered metadata of this client, without secrets (RFC 7591 §3.2.1)."""
        offered = self.env['oauth2.scope']._names()
        names = {'client_name': self.name, 'client_uri': self.client_uri, 'policy_uri': self.policy_uri,
                 'tos_uri': self.tos_uri}
        return {
            'redirect_uris': self.redirect_uri_ids.sorted('id').mapped('uri'),
            'token_endpoint_auth_method': self.token_endpoint_auth_method,
            'grant_types': ['authorization_code', *(['refresh_token'] if self.grant_refresh_token else [])],
            'response_types': ['code'],
            'application_type': self.application_type,
            'scope': ' '.join(name for name in (self.scope or '').split() if name in offered),
            **{name: value for name, value in names.items() if value},
        }


def _hosts(uris):
    """The hosts of addresses, in a line; empty if there are so many that people would overlook one."""
    hosts = sorted({redirect_uri.host(uri) for uri in uris})
    return ', '.join(hosts) if len(hosts) <= _MOST_HOSTS else ''
