"""What administrators do not change of an application that came by itself."""
from odoo import api, models
from odoo.exceptions import AccessError

# What it says itself: users are told where that comes from.
_SAID = ('name', 'publisher', 'logo', 'client_uri', 'policy_uri', 'tos_uri', 'is_public', 'proof', 'key_set',
         'key_set_url', 'document_fresh_until')
# Who may use it: the general settings say so.
_ADMITS = ('open_to', 'allowed_group_ids', 'allowed_user_ids')


class OAuth2Client(models.Model):
    """Stored values are compared before and after a change. An administrator may block and approve it, and take scopes
    and grant types from it.
    """
    _inherit = 'oauth2.client'

    def write(self, vals):
        """Only the server writes what the application says, and only an administrator of Odoo decides who may use it.

        :raises AccessError: see above.
        """
        held = self.browse() if self.env.su else self.filtered(lambda client: client._is_unregistered())
        former = {client: (client._values_of(_SAID), client._values_of(_ADMITS)) for client in held}
        result = super().write(vals)
        for client, (said, admits) in former.items():
            if client._values_of(_SAID) != said:
                client._refuse_to_speak_for_it()
            if client._values_of(_ADMITS) != admits and not self.env.user._is_system():
                raise AccessError(self.env._(
                    'Only an administrator of Odoo may change who may use applications that came by themselves.'))
        return result

    def _values_of(self, names):
        client = self.with_context(bin_size=False)
        return [client[name] for name in names]

    def _refuse_to_speak_for_it(self):
        if self and not self.env.su:
            raise AccessError(self.env._(
                'An application that came by itself says what it is called, where its users are sent and by which keys '
                'it proves itself. Register another application in its place.'))


class OAuth2RedirectURI(models.Model):
    _inherit = 'oauth2.redirect.uri'

    @api.model_create_multi
    def create(self, vals_list):
        """No administrator sends the users of an unregistered application elsewhere."""
        addresses = super().create(vals_list)
        addresses.client_id.filtered(lambda client: client._is_unregistered())._refuse_to_speak_for_it()
        return addresses

    def write(self, vals):
        """The same."""
        former = {address: (address.client_id, address.uri) for address in self}
        result = super().write(vals)
        changed = self.filtered(lambda address: (address.client_id, address.uri) != former[address])
        changed.client_id.filtered(lambda client: client._is_unregistered())._refuse_to_speak_for_it()
        return result
