"""The claims about a user for clients (OpenID Connect Core §5.1)."""
from datetime import timezone

from odoo import models
from odoo.tools import email_normalize
from odoo.tools.misc import limited_field_access_token

from ...protocol.email import is_address


class ResUsers(models.Model):
    _inherit = 'res.users'

    def _oauth2_claims(self, scopes):
        """The claims about this user that these scopes allow (§5.4), without `sub`.

        Another addon inherits this method to add claims of its own, under a scope of its own.

        :param scopes: the names of the access token's scopes.
        :return: claim names to JSON values. Unknown values are left out.
        """
        self.ensure_one()
        by_scope = {
            'profile': self._oauth2_profile_claims,
            'email': self._oauth2_email_claims,
            'phone': self._oauth2_phone_claims,
            'address': self._oauth2_address_claims,
        }
        return {name: value for scope, read in by_scope.items() if scope in scopes for name, value in read().items()}

    def _oauth2_profile_claims(self):
        changed = max(self.write_date, self.partner_id.write_date)
        return _known(
            name=self.name,
            given_name=self._oauth2_value('firstname'),
            family_name=self._oauth2_value('lastname'),
            preferred_username=self.login,
            # Users enter it themselves, and applications turn it into a link.
            website=(self.website or '').startswith(('https://', 'http://')) and self.website,
            zoneinfo=self.tz,
            locale=self.lang and self.lang.partition('@')[0].replace('_', '-'),
            updated_at=int(changed.replace(tzinfo=timezone.utc).timestamp()),
        )

    def _oauth2_value(self, name):
        """A field of another addon, such as the community's `partner_firstname`; None if it does not exist."""
        return self[name] if name in self._fields else None

    def _oauth2_picture(self):
        """The address of the user's picture, or None. It needs no login, and expires after two to six weeks.

        Only userinfo returns it. In an ID token it would outlive the permission.
        """
        self.ensure_one()
        if not self.with_context(bin_size=True).image_128:
            return None
        token = limited_field_access_token(self, 'image_128', scope='binary')
        issuer = self.env['oauth2.configuration']._issuer()
        return f'{issuer}/web/image/res.users/{self.id}/image_128?access_token={token}'

    def _oauth2_groups(self, client):
        """The external IDs of the user's groups that the application may learn of, sorted."""
        self.ensure_one()
        groups = self.all_group_ids & client.claimed_group_ids
        return sorted(name for name in groups.get_external_id().values() if name)

    def _oauth2_email_claims(self):
        address = email_normalize(self.email or '', strict=True)
        if not is_address(address or ''):  # Odoo also normalises text that is no address
            return {}
        verified = self._oauth2_email_verified(address)
        return {'email': address, **({} if verified is None else {'email_verified': verified})}

    def _oauth2_email_verified(self, address):
        """Whether the address is known to be the user's, according to the settings.

        Odoo lets users change their address without a check, so nobody has proven that it is theirs. An administrator
        assigns the login of an internal user.

        :param address: normalised.
        :return: True, False, or None if the claim is left out.
        """
        told = self.env['oauth2.configuration']._parameter('email_verified')
        if told == 'login':
            return True if self._is_internal() and email_normalize(self.login, strict=True) == address else None
        return False if told == 'false' else None

    def _oauth2_phone_claims(self):
        return _known(phone_number=self.phone)

    def _oauth2_address_claims(self):
        partner = self.partner_id
        address = _known(
            street_address='\n'.join(line for line in (partner.street, partner.street2) if line),
            locality=partner.city,
            region=partner.state_id.name,
            postal_code=partner.zip,
            country=partner.country_id.name,
        )
        if not address:
            return {}
        return {'address': {'formatted': partner._display_address(without_company=True).strip(), **address}}


def _known(**claims):
    """The claims that have a value."""
    return {name: value for name, value in claims.items() if value}
