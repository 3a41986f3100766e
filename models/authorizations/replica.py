"""What a replica of the database does not know yet."""
from psycopg2.errors import ReadOnlySqlTransaction

from odoo.sql_db import db_connect

from ...protocol.errors import OAuthError


def ask(model, question):
    """Ask the database; where that is a replica and says no, ask the primary before anybody is refused.

    A replica is behind: it does not know what was given a moment ago. What it does know, it answers alone.

    :param model: the one that is asked.
    :param question: gets the model, and raises an :class:`OAuthError` for a no.
    :return: what the question returns.
    :raises OAuthError: the primary says no, too.
    :raises ReadOnlySqlTransaction: the primary says yes. Odoo takes it for an attempt to write, and runs the request
        again at the primary, where it finds the rest of what it needs.
    """
    try:
        return question(model)
    except OAuthError:
        if not model.env.cr.readonly:
            raise
        # Not by the registry: in a test, that would be another view of the test's own transaction.
        with db_connect(model.env.cr.dbname).cursor() as primary:
            question(model.with_env(model.env(cr=primary)))
    raise ReadOnlySqlTransaction('a replica does not know this access token yet')
