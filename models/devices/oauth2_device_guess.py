"""Limits on guessing user codes (RFC 8628 §5.1)."""
from odoo import api, fields, models
from odoo.tools import SQL

from ...protocol.caller import network
from ...protocol.errors import TooManyRequests
from ..oauth2_configuration import MINUTE, VACUUM_BATCH

# This many wrong codes are free: of a user, and of all users at one address. Each further one doubles the wait.
FREE_OF_USER = 5
FREE_OF_CALLER = 20
_FIRST_WAIT = 15  # seconds
_LONGEST_WAIT = 16 * MINUTE
# After this time without a wrong code, all are forgotten.
_FORGOTTEN_AFTER = 60 * MINUTE
NOW = SQL("now() AT TIME ZONE 'UTC'")


class OAuth2DeviceGuess(models.Model):
    """Users and addresses that have typed codes that no device shows. Only users who are logged in may try.

    Right codes leave no row, however many.
    """
    _name = 'oauth2.device.guess'
    _description = 'Wrong User Codes'
    _log_access = False
    _allow_sudo_commands = False

    who = fields.Char(required=True, help='A user, or an address.')
    wrong = fields.Integer('How many', required=True)
    wrong_at = fields.Datetime('The last one', required=True, index=True)

    _who_unique = models.Constraint('UNIQUE (who)', 'There is one row for each.')

    @api.model
    def _counted(self, user_id, address, look):
        """Look up something that can be guessed.

        A guess is counted first, and rolled back if it is right: so simultaneous guesses wait for each other.

        :param look: a function; it returns something true if the guess is right.
        :return: its result.
        :raises TooManyRequests: this user, or all users at this address together, have guessed too often.
        """
        with self.env.cr.savepoint(flush=False) as savepoint:
            self._count(f'user {user_id}', FREE_OF_USER)
            self._count(f'address {network(address)}', FREE_OF_CALLER)
            found = look()
            if found:
                savepoint.rollback()
        return found

    @api.model
    def _count(self, who, free):
        wait = SQL(
            "make_interval(secs => CASE WHEN guess.wrong < %(free)s THEN 0 "
            "ELSE LEAST(%(first)s * 2 ^ LEAST(guess.wrong - %(free)s, 20), %(longest)s) END)",
            free=free, first=_FIRST_WAIT, longest=_LONGEST_WAIT)
        self.env.cr.execute(SQL(
            """ INSERT INTO oauth2_device_guess AS guess (who, wrong, wrong_at) VALUES (%(who)s, 1, %(now)s)
                    ON CONFLICT (who) DO UPDATE
                   SET wrong = CASE WHEN guess.wrong_at < %(now)s - make_interval(secs => %(forgotten)s) THEN 1
                                    ELSE guess.wrong + 1 END,
                       wrong_at = EXCLUDED.wrong_at
                 WHERE guess.wrong_at + %(wait)s <= %(now)s
             RETURNING id """,
            who=who, now=NOW, forgotten=_FORGOTTEN_AFTER, wait=wait), log_exceptions=False)
        if self.env.cr.fetchone() is None:
            raise TooManyRequests('too many wrong codes; try again later', retry_after=self._seconds(who, wait))

    @api.model
    def _seconds(self, who, wait):
        self.env.cr.execute(SQL(
            """ SELECT ceil(extract(epoch FROM guess.wrong_at + %s - %s))::int
                  FROM oauth2_device_guess guess WHERE who = %s """,
            wait, NOW, who))
        row = self.env.cr.fetchone()
        return max(1, row[0] if row else _FIRST_WAIT)

    @api.autovacuum
    def _gc_guesses(self):
        """Remove rows that no longer count."""
        self.env.cr.execute(SQL(
            """ DELETE FROM oauth2_device_guess WHERE id IN (
                       SELECT id FROM oauth2_device_guess WHERE wrong_at < %s - make_interval(secs => %s) LIMIT %s) """,
            NOW, _FORGOTTEN_AFTER, VACUUM_BATCH))
        return self.env.cr.rowcount, self.env.cr.rowcount == VACUUM_BATCH
