"""Trusted applications, whose users are not asked."""
from odoo import api, fields, models
from odoo.exceptions import AccessError, ValidationError

from ....protocol import redirect_uri

_LISTS = ('allowed_group_ids', 'allowed_user_ids')
# Fields that its users would be told of, or that protect them: only administrators of Odoo change them.
_AS_TOLD = ('pkce', 'access_token_lifetime', 'refresh_token_idle_lifetime', 'authorization_lifetime',
            'refresh_rotation', 'has_claims_in_id_token', 'is_resource_server', 'resource_id', 'cors_origins')
_EVERYBODY = ('open_to', 'everybody')


class OAuth2Client(models.Model):
    """An administrator of Odoo agrees in place of the users. So nobody else may trust an application, or give more to a
    trusted one. A client that cannot authenticate is never trusted (RFC 8252 §8.6).
    """
    _inherit = 'oauth2.client'

    is_trusted = fields.Boolean(
        'Trusted', copy=False,
        help='For applications of your own. Their users are not asked whether they allow what the application asks '
             'for, until they have disconnected it once. They see it under Connected apps.')

    _trusted_proves_itself = models.Constraint(
        'CHECK (NOT (is_trusted AND is_public))',
        'A public application cannot be trusted: it has no secret to prove itself with, so its users are asked.')

    @api.constrains('is_trusted', 'redirect_uri_ids')
    def _check_trusted_addresses(self):
        for client in self.sudo().filtered('is_trusted'):
            for uri in client.redirect_uri_ids.mapped('uri'):
                if not redirect_uri.is_claimed(uri):
                    raise ValidationError(self.env._(
                        'Any program on a machine may get what is sent to %(uri)s. A trusted application has no '
                        'redirect URIs but those with https and a host name: take this one away, or do not trust '
                        '%(application)s.', uri=uri, application=client.name))

    @api.model_create_multi
    def create(self, vals_list):
        clients = super().create(vals_list)
        clients.filtered('is_trusted')._check_may_trust()
        return clients

    def write(self, vals):
        """Compare what is stored before and after."""
        former = {client: client._given_unasked() for client in self}
        result = super().write(vals)
        for client, given in former.items():
            gained = client._given_unasked() - given
            # If everybody could use it, a list restricts it.
            if any(name not in _LISTS or _EVERYBODY not in given for name, _value in gained):
                client._check_may_trust()
        return result

    def _given_unasked(self):
        """What a trusted application gets without asking, and from whom: a set of pairs of a field and a value, which
        grows when it gets more. Redirect URIs are checked below.
        """
        if not self.is_trusted:
            return set()
        client = self.sudo()
        return {
            *((name, True) for name in ('is_trusted', 'active', *self._grant_fields()) if client[name]),
            *((name, record.id) for name in ('scope_ids', 'claimed_group_ids', *_LISTS) for record in client[name]),
            *((name, client[name]) for name in _AS_TOLD),
            *([_EVERYBODY] if client.open_to == 'everybody' else []),
        }

    def _check_may_trust(self):
        """Only an administrator of Odoo may decide what users would be asked about.

        :raises AccessError: see above.
        """
        if self and not self.env.su and not self.env.user._is_system():
            raise AccessError(self.env._(
                'Only an administrator of Odoo may trust an application, or give more rights to one that is '
                'trusted: its users are not asked.'))


class OAuth2RedirectURI(models.Model):
    _inherit = 'oauth2.redirect.uri'

    @api.constrains('client_id', 'uri')
    def _check_trusted(self):
        self.client_id._check_trusted_addresses()

    @api.model_create_multi
    def create(self, vals_list):
        """Not everybody may decide where the codes of a trusted application are sent."""
        addresses = super().create(vals_list)
        addresses.client_id.filtered('is_trusted')._check_may_trust()
        return addresses

    def write(self, vals):
        """The same."""
        former = {address: (address.client_id, address.uri) for address in self}
        result = super().write(vals)
        for address, before in former.items():
            if (address.client_id, address.uri) != before:
                address.client_id.filtered('is_trusted')._check_may_trust()
        return result
