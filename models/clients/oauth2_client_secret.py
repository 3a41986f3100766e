"""The secrets by which confidential clients authenticate."""
import secrets
import string
from datetime import datetime
from itertools import pairwise

from passlib.context import CryptContext

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL

from ..noted import INTERVAL, note

ALPHABET = string.ascii_letters + string.digits
LENGTH = 32  # of 62 letters and digits: 190 bits

# One round is enough: a secret has 190 random bits, so nobody can guess it, and refusing a wrong secret must cost
# little. Hashes of earlier versions have more rounds; each is replaced when its secret is used.
_HASHES = CryptContext(['pbkdf2_sha512'], pbkdf2_sha512__default_rounds=1, pbkdf2_sha512__max_rounds=1)
# Stands in for an unknown client, so that refusing it takes as long as refusing a known one.
_NO_SECRET = _HASHES.hash(secrets.token_hex(16))


def hashed(secret):
    """The hash that is stored of a secret."""
    return _HASHES.hash(secret)


def random_token():
    """A new identifier or secret: 32 letters and digits from a CSPRNG."""
    return ''.join(secrets.choice(ALPHABET) for _at in range(LENGTH))


def _ends(expires_at):
    """When a secret expires: at the end of time if it does not."""
    return expires_at or datetime.max


class OAuth2ClientSecret(models.Model):
    """A secret of a client: its hash, in an SQL column that the ORM does not know.

    Two may be valid at once, so that a secret can be changed without an outage: make the second, give it to the
    application, delete the first.
    """
    _name = 'oauth2.client.secret'
    _description = 'OAuth2 Client Secret'
    _order = 'id desc'
    _rec_name = 'last_characters'
    _allow_sudo_commands = False

    MOST = 2

    client_id = fields.Many2one(
        'oauth2.client', 'Application', required=True, readonly=True, ondelete='cascade', index=True)
    last_characters = fields.Char('Ends with', size=4, required=True, readonly=True)
    label = fields.Char(help='What tells it from others, such as "production" or "from May on".')
    used_at = fields.Datetime('Last used', readonly=True, help='Noted at most once every five minutes.')
    expires_at = fields.Datetime('Valid until', help='The secret stops working at this time. Empty: it does not.')

    def init(self):
        # A check, because Odoo drops NOT NULL from columns that are no fields.
        self.env.cr.execute(SQL(
            "ALTER TABLE oauth2_client_secret ADD COLUMN IF NOT EXISTS hash varchar CHECK (hash IS NOT NULL)"))

    @api.model
    def _store(self, client, secret):
        """Add a secret to a client; only its hash is stored."""
        self._store_hash(client, hashed(secret), secret[-4:])

    @api.model
    def _store_hash(self, client, hash_, last_characters, how=''):
        if not hash_:
            raise UserError(self.env._('Enter the secret.'))
        # If this fails, the hash must not be logged.
        self.env.cr.execute(SQL(
            """ INSERT INTO oauth2_client_secret (client_id, last_characters, hash, create_uid, create_date)
                     VALUES (%s, %s, %s, %s, now() AT TIME ZONE 'UTC') """,
            client.id, last_characters, hash_, self.env.uid), log_exceptions=False)
        client.invalidate_recordset(['secret_ids'])
        self.env['oauth2.event']._record(
            'secret_made', client, detail=' '.join(filter(None, (f'…{last_characters}', how))))

    # ------------------------------------------------------------------
    # From another provider
    # ------------------------------------------------------------------

    @api.model
    def _bring_along(self, client, secret):
        """Give a client the secret that it had at another provider.

        :raises ValidationError: it does not look random.
        """
        self._check_looks_random(secret)
        self._store_hash(client, hashed(secret), secret[-4:], 'brought along')

    @api.model
    def _check_looks_random(self, secret):
        """Refuse a secret that could be guessed: one round of hashing is enough only for random secrets.

        :raises ValidationError: see above.
        """
        # Of 32 random digits and letters a to f, fewer than one in a million has so few different steps.
        steps = {ord(later) - ord(earlier) for earlier, later in pairwise(secret)}
        if not (LENGTH <= len(secret) <= 255 and len(steps) >= 12 and secret.isascii() and secret.isprintable()
                and ' ' not in secret):
            raise ValidationError(self.env._(
                'This secret could be guessed: it needs at least %s characters that look random. Generate one here '
                'instead.', LENGTH))

    @api.model
    def _check_may_bring(self):
        if not self.env.user._is_system():
            raise AccessError(self.env._('Only an administrator of Odoo may bring a secret or a client ID along.'))

    @api.model
    def _verifies(self, secret, known):
        """Whether a presented secret is one of the known ones. If it is, its use is noted.

        A wrong secret costs the same work for every client, whether it exists or not, and however many secrets it has.

        :param known: pairs of an ID, as a text, and a hash.
        """
        padding = [(None, _NO_SECRET)] * (self.MOST - len(known))
        for number, stored_hash in [*known, *padding]:
            is_right, new_hash = _HASHES.verify_and_update(secret, stored_hash)
            if is_right:
                if new_hash:
                    self._replace_hash(stored_hash, new_hash)
                self._note_use(int(number))
                return True
        return False

    @api.model
    def _note_use(self, number):
        note(self.env, ('secret', number), lambda: SQL(
            """ UPDATE oauth2_client_secret SET used_at = now() AT TIME ZONE 'UTC'
                 WHERE id = %(number)s AND (used_at IS NULL
                       OR used_at < (now() AT TIME ZONE 'UTC') - make_interval(secs => %(interval)s)) """,
            number=number, interval=INTERVAL))

    @api.model
    def _replace_hash(self, stored_hash, new_hash):
        """Replace a hash of an earlier version by a current one. Skip it if another transaction holds the row."""
        self.env.cr.execute(SQL(
            """ UPDATE oauth2_client_secret SET hash = %s WHERE id = (
                       SELECT id FROM oauth2_client_secret WHERE hash = %s FOR UPDATE SKIP LOCKED) """,
            new_hash, stored_hash), log_exceptions=False)

    def action_delete(self):
        """Delete a secret at once. Like everything that takes power away, it asks for no password."""
        self._check_may_change()
        self.unlink()
        return {'type': 'ir.actions.act_window_close'}

    def write(self, vals):
        """Change only the label or the expiry of secrets. A secret that moved to another application, or became valid
        again, would be one that nobody confirmed with a password.

        :raises AccessError: another field would be changed.
        :raises UserError: a secret has expired already.
        """
        if vals.keys() - {'expires_at', 'label'}:
            raise AccessError(self.env._('Only the label and the expiry of a secret can be changed.'))
        now = fields.Datetime.now()
        former = {secret: secret.expires_at for secret in self}
        result = super().write(vals)
        # A later expiry is worth as much as a new secret. An earlier one takes power away, so any administrator here
        # may set it.
        longer = self.filtered(lambda secret: _ends(secret.expires_at) > _ends(former[secret]))
        if dead := longer.filtered(lambda secret: _ends(former[secret]) <= now):
            raise UserError(self.env._(
                'The secret …%s has expired and cannot become valid again. Generate another one.',
                dead[0].last_characters))
        self.env['oauth2.client']._check_may_act_for(longer.client_id.user_id)
        longer.client_id.filtered('is_trusted')._check_may_trust()
        for secret in self:
            if secret.expires_at != former[secret]:
                self.env['oauth2.event']._record(
                    'secret_changed', secret.client_id, detail=f'…{secret.last_characters}',
                    old_value=str(former[secret] or ''), new_value=str(secret.expires_at or ''))
        return result

    def unlink(self):
        for secret in self:
            self.env['oauth2.event']._record('secret_deleted', secret.client_id, detail=f'…{secret.last_characters}')
        return super().unlink()

    @api.model
    def _check_may_change(self):
        if not self.env.user.has_group('restapi_oauth2.group_oauth2_administrator'):
            raise AccessError(self.env._('Only an OAuth2 administrator may change the secrets of applications.'))

    @api.model
    def _check_room(self, client):
        """Refuse another secret if the client cannot use it.

        :raises UserError: see above.
        """
        if client.is_public:
            raise UserError(self.env._(
                'A public application has no secret: whoever has the application could read it there.'))
        # Counting writes the application's row. Of two simultaneous transactions, one waits and fails; Odoo runs it
        # again, and then it sees the secret that the other one has stored.
        self.env.cr.execute(
            SQL('UPDATE oauth2_client SET write_date = write_date WHERE id = %s', client.id), log_exceptions=False)
        if len(client._valid_secrets()) >= self.MOST:
            raise UserError(self.env._(
                'This application has %s valid secrets. Delete the one that it no longer uses, then make another.',
                self.MOST))
