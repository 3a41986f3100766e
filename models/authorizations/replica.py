"""Questions that a replica of the database may not yet answer rightly."""
from psycopg2.errors import ReadOnlySqlTransaction

from odoo.sql_db import db_connect

from ...protocol.errors import OAuthError


def ask(model, question):
    """Ask the database. If that is a replica and refuses, ask the primary before refusing.

    A replica is behind: it may miss what was granted a moment ago. A replica's yes is final.

    :param model: the model to ask.
    :param question: takes the model, and raises an :class:`OAuthError` to refuse.
    :return: what the question returns.
    :raises OAuthError: the primary refuses, too.
    :raises ReadOnlySqlTransaction: the primary accepts. Odoo takes this for an attempt to write, and runs the request
        again on the primary, where the rest of the request also finds what it needs.
    """
    try:
        return question(model)
    except OAuthError:
        if not model.env.cr.readonly:
            raise
        # Not by the registry, which in a test would give another view of the test's own transaction.
        with db_connect(model.env.cr.dbname).cursor() as primary:
            question(model.with_env(model.env(cr=primary)))
    raise ReadOnlySqlTransaction('a replica does not know this access token yet')
