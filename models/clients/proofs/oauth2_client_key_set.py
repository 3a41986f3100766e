"""The public keys of a client, entered by an administrator."""
from functools import lru_cache

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ....protocol.key_set import ALGORITHMS, LIMIT, MOST_KEYS, Problem, UnusableKeySet, described, parse


class OAuth2Client(models.Model):
    """Only public keys are stored. Private ones are refused, because they would be in backups and events."""
    _inherit = 'oauth2.client'

    key_set = fields.Text(
        'Public keys', copy=False, help='A JSON Web Key Set, one JSON Web Key, or a public key in PEM. Two keys may '
                                        'stand there while the application changes from one to the other.')
    keys_read = fields.Text(
        'Keys in it', compute='_compute_keys_read', help='Name, algorithm and thumbprint (RFC 7638).')

    @api.depends('key_set')
    def _compute_keys_read(self):
        """The keys that were recognised, shown while they are entered."""
        for client in self:
            try:
                client.keys_read = client.key_set and described(parsed(client.key_set))
            except UnusableKeySet as error:
                client.keys_read = self._sentence_about_keys(error.problem)

    @api.constrains('key_set', 'proof')
    def _check_key_set(self):
        for client in self:
            self._check_keys(client.key_set)
            if client.proof == 'key' and not client._has_keys():
                raise ValidationError(self.env._(
                    'Enter a key, or the address of its keys: without them %s could not prove who it is.',
                    client.name))

    @api.model
    def _check_keys(self, text):
        """Refuse a text that is no set of public keys.

        :raises ValidationError: with what is wrong, and the remedy; it repeats nothing of the text.
        """
        try:
            parsed(text if isinstance(text, str) else '')
        except UnusableKeySet as error:
            raise ValidationError(self._sentence_about_keys(error.problem)) from None

    # Check before the statement, because a failed statement is logged, and this may be a private key.

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_keys(vals.get('key_set'))
        return super().create(vals_list)

    def write(self, vals):
        self._check_keys(vals.get('key_set'))
        return super().write(vals)

    def _has_keys(self):
        """Whether it is known by which keys this client proves itself."""
        return bool(self.key_set)

    def _keys(self):
        """The keys by which this client proves itself now."""
        try:
            return parsed(self.key_set or '')
        except UnusableKeySet:  # what another version took
            return ()

    @api.model
    def _fields_for_requests(self):
        return [*super()._fields_for_requests(), 'key_set']

    def _proven_by(self):
        return super()._proven_by() | {('key', name) for name in self._thumbprints()}

    def _thumbprints(self):
        """By these, people tell the keys that stand in the form."""
        return [key.thumbprint for key in parsed(self.key_set or '')]

    def _recorded(self):
        """Events show keys by their thumbprints."""
        recorded = super()._recorded()
        return {**recorded, 'key_set': '\n'.join(self.sudo()._thumbprints())}

    @api.model
    def _sentence_about_keys(self, problem):
        """What is wrong with a key set, and the remedy, for the administrator."""
        return {
            Problem.TOO_LONG: self.env._('The public keys are longer than %s characters.', LIMIT),
            Problem.NOT_READ: self.env._(
                'These are no public keys: enter a JSON Web Key Set {"keys": […]}, one JSON Web Key, or a public key '
                'in PEM (-----BEGIN PUBLIC KEY-----).'),
            Problem.EMPTY: self.env._('There is no key to verify signatures with among these.'),
            Problem.TOO_MANY: self.env._('There are more than %s keys: enter those that are in use.', MOST_KEYS),
            Problem.PRIVATE: self.env._(
                'This is a private key. It was not stored, but whoever has seen it can pretend to be the application: '
                'make another one, and enter the public half.'),
            Problem.SYMMETRIC: self.env._(
                'This is a shared secret (kty "oct"), no public key. Enter the public half of an RSA, EC or Ed25519 '
                'key.'),
            Problem.KIND: self.env._(
                'A key is of a kind, or for an algorithm, that is not accepted. These are: %s.', ', '.join(ALGORITHMS)),
            Problem.SIZE: self.env._('An RSA key has 2048 to 8192 bits. Make another one.'),
            Problem.UNREADABLE: self.env._('A key cannot be read: is it complete?'),
            Problem.SAME_KID: self.env._('Two keys have the same kid: nobody could tell which one is meant.'),
        }[problem]


@lru_cache(maxsize=256)
def parsed(text, **options):
    """The keys of a text: see :func:`~....protocol.key_set.parse`. A text is the same keys for ever, and parsing takes
    longer than verifying.

    :raises UnusableKeySet: see there; not for an empty text.
    """
    return parse(text, **options) if text else ()
