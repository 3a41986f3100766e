"""The address at which a client publishes its keys."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....protocol.client_assertion import KeysWanted, UnknownKey
from ....protocol.client_metadata import LONGEST_URL
from ....protocol.fetch import is_fetchable
from ....protocol.key_set import described


class OAuth2Client(models.Model):
    """Whoever writes there says by which keys the application proves itself, as with the keys themselves."""
    _inherit = 'oauth2.client'

    key_set_url = fields.Char(
        'Address of its keys', size=LONGEST_URL, copy=False, index='btree_not_null',
        help='The address at which the application publishes its JSON Web Key Set (jwks_uri). It is fetched when an '
             'unknown key is used, and when its time is over, so the application can change its keys by itself.')

    @api.constrains('key_set', 'key_set_url', 'proof')
    def _check_key_set(self):
        super()._check_key_set()
        for client in self.filtered('key_set_url'):
            if not is_fetchable(client.key_set_url):
                raise ValidationError(self.env._(
                    'The address of the keys begins with https:// and the name of a host; it has no user name and no '
                    'fragment (#).'))
            if client.key_set:
                raise ValidationError(self.env._(
                    'Enter the public keys of %s or their address, not both.', client.name))

    @api.depends('key_set_url')
    def _compute_keys_read(self):
        with_address = self.filtered('key_set_url')
        super(OAuth2Client, self - with_address)._compute_keys_read()
        fetched = self.env['oauth2.fetched.keys'].sudo()
        for client in with_address:
            keys, _may_come = fetched._read(client.key_set_url)
            client.keys_read = '\n'.join(filter(None, [
                described(keys), fetched._problem(client.key_set_url)])) or self.env._(
                    'They will be fetched when the application next proves itself.')

    def action_fetch_keys_again(self):
        """The administrator's button: the keys are fetched at the next use, even if that has just failed."""
        self.check_access('write')
        self.env['oauth2.fetched.keys']._forget(self.filtered('key_set_url').mapped('key_set_url'))

    def _has_keys(self):
        return super()._has_keys() or bool(self.key_set_url)

    def _keys(self):
        if not self.key_set_url:
            return super()._keys()
        keys, _may_come = self.env['oauth2.fetched.keys']._read(self.key_set_url)
        return keys

    def _verify_assertion(self, assertion):
        """The same for keys that are fetched.

        :raises KeysWanted: it may be signed by a key that was published meanwhile.
        """
        try:
            super()._verify_assertion(assertion)
        except UnknownKey as error:
            if not self.key_set_url:
                raise
            fetched = self.env['oauth2.fetched.keys']
            _keys, may_come = fetched._read(self.key_set_url)
            if may_come:
                # Nobody here chose the address of one that came by itself: such fetches are counted by who brought it.
                raise KeysWanted(self.key_set_url, (self.brought_by_id.id or 0) if self._is_unregistered() else None
                                 ) from None
            if problem := fetched._problem(self.key_set_url):
                error.detail += f'; its keys could not be fetched: {problem}'
            raise

    @api.model
    def _fields_for_requests(self):
        return [*super()._fields_for_requests(), 'key_set_url']

    def _proven_by(self):
        addresses = {('key_set_url', self.key_set_url)} if self.key_set_url else set()
        return super()._proven_by() | addresses
