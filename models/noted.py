"""How uses are noted: after the request's transaction, in one of its own, at most every five minutes."""
import logging
from functools import partial
from time import monotonic

from odoo import SUPERUSER_ID, api
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tools.lru import LRU

_logger = logging.getLogger(__name__)

INTERVAL = 300  # seconds between two notes of the same
# When this process has noted a use, or tried to, by database and key. Uses that drop out of the cache are noted again.
_noted = LRU(10_000)


def note(env, key, statement, first=None):
    """Note a use, unless this process has just done so. A request never fails, or runs again, because of it.

    :param key: a tuple: what is used.
    :param statement: a function that gives the SQL that writes it. Of several processes, the first in `INTERVAL`
        seconds writes.
    :param first: called with an environment, in the same transaction, if the statement returns that it made a new row.
    """
    key = env.cr.dbname, *key
    if monotonic() - _noted.get(key, -INTERVAL) >= INTERVAL:
        env.cr.postcommit.add(partial(_store, env.registry, key, statement(), first))


def _store(registry, key, statement, first):
    try:
        with registry.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '1s'")  # the request waits for this
            cursor.execute(statement, log_exceptions=False)
            if first and cursor.fetchone() == (True,):
                first(api.Environment(cursor, SUPERUSER_ID, {}))
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        _logger.debug('OAuth2: another process has noted the last use of %s', key)
    except Exception:  # such as an exhausted pool. The request is done, and must not fail
        _logger.warning('OAuth2: the last use of %s could not be noted', key, exc_info=True)
    _noted[key] = monotonic()  # after a failure, too: the next request should not repeat it
