"""The public keys that clients publish at an address of their own (RFC 7591 §2, `jwks_uri`)."""
from odoo import api, fields, models
from odoo.tools import SQL

from ....protocol.fetch import NotFetched, fetch, forget
from ....protocol.key_set import LIMIT, UnusableKeySet, read_published
from .oauth2_client_key_set import parsed

SECONDS = 5  # for fetching a set
PAUSE = 60  # seconds between two fetches from one address
GRACE = 3600  # seconds for which an expired set is still used if it cannot be fetched again
KINDS = ('application/json', 'application/*+json')


class OAuth2FetchedKeys(models.Model):
    """The key set that was last fetched from an address. If a client names another address, these keys are not valid
    for it any more.
    """
    _name = 'oauth2.fetched.keys'
    _description = 'Fetched Keys of OAuth2 Clients'
    _log_access = False
    _allow_sudo_commands = False

    url = fields.Char('Address', required=True, readonly=True)
    key_set = fields.Text('Public keys', readonly=True)
    asked_at = fields.Datetime(required=True, readonly=True)
    answered_at = fields.Datetime(readonly=True)
    fresh_until = fields.Datetime('Fetched again after', readonly=True)
    problem = fields.Char(readonly=True)

    _url_unique = models.UniqueIndex('(url)', 'One set of keys lies at an address.')

    @api.model
    def _read(self, url):
        """What is known of an address, in one statement.

        :return: the keys that count now, and whether others may come: the address may be asked again, or is being
            asked.
        """
        [row] = self.env.execute_query(SQL(
            """ SELECT key_set, fresh_until > now.utc, fresh_until + %(grace)s > now.utc,
                       asked_at + %(pause)s < now.utc
                       OR (answered_at < asked_at IS NOT FALSE AND asked_at + %(longest)s > now.utc)
                  FROM (SELECT now() AT TIME ZONE 'UTC' AS utc) now
             LEFT JOIN oauth2_fetched_keys ON url = %(url)s """,
            url=url, grace=_interval(GRACE), pause=_interval(PAUSE),
            longest=_interval(self.env['oauth2.document.fetch'].LONGEST)))
        text, is_fresh, is_in_grace, may_come = row
        may_come = may_come is not False
        return parsed(text, skips_others=True) if is_fresh or (is_in_grace and not may_come) else (), may_come

    @api.model
    def _problem(self, url):
        """Why the keys could not be fetched the last time; nothing where they were."""
        return self.sudo().search_fetch([('url', '=', url)], ['problem']).problem

    @api.model
    def _fetch(self, wanted, also):
        """Fetch a set of keys, in transactions of its own: the caller has none open.

        :param wanted: a :class:`~....protocol.client_assertion.KeysWanted`.
        :param also: networks to fetch from, beside the public Internet.
        :raises TemporarilyUnavailable: another one is fetched for the same user.
        """
        self.env['oauth2.document.fetch']._alone(
            f'keys {wanted.url}', lambda: self._fetch_now(wanted.url, also), wanted.brought_by)

    @api.model
    def _fetch_now(self, url, also):
        with self.env.registry.cursor() as cr:
            # Before the network is asked: if this process dies meanwhile, the next ones wait all the same.
            cr.execute(SQL(
                """ INSERT INTO oauth2_fetched_keys AS known (url, asked_at) VALUES (%(url)s, now() AT TIME ZONE 'UTC')
                    ON CONFLICT (url) DO UPDATE SET asked_at = EXCLUDED.asked_at
                          WHERE known.asked_at + %(pause)s < EXCLUDED.asked_at """,
                url=url, pause=_interval(PAUSE)))
            if not cr.rowcount:  # another request was faster
                return
        try:
            answer = fetch(url, LIMIT, SECONDS, KINDS, also=also)
            text = read_published(answer.body)
        except (NotFetched, UnusableKeySet) as error:
            change = SQL('problem = %s', str(error))
        else:
            change = SQL("key_set = %s, fresh_until = to_timestamp(%s) AT TIME ZONE 'UTC', problem = NULL",
                         text, answer.fresh_until)
        with self.env.registry.cursor() as cr:
            cr.execute(SQL("UPDATE oauth2_fetched_keys SET answered_at = now() AT TIME ZONE 'UTC', %s WHERE url = %s",
                           change, url))

    @api.model
    def _forget(self, urls):
        """Ask for these the next time that a key is wanted, whenever they were asked for before."""
        self.sudo().search([('url', 'in', urls)]).unlink()
        for url in urls:
            forget(url)

    @api.autovacuum
    def _gc_fetched_keys(self):
        """Remove what no client names any more."""
        self.env.cr.execute(
            """ DELETE FROM oauth2_fetched_keys known
                 WHERE NOT EXISTS (SELECT FROM oauth2_client WHERE key_set_url = known.url) """)


def _interval(seconds):
    return SQL('make_interval(secs => %s)', seconds)
