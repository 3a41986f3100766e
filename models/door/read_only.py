"""Transactions in which nothing can be written, by nobody: for tokens that only read."""
from contextlib import contextmanager

from psycopg2.errors import ReadOnlySqlTransaction
from psycopg2.extensions import STATUS_READY

from odoo.exceptions import AccessError

from .refusals import reasons


def make_read_only(cursor, is_part=False):
    """Let nothing be written by this cursor any more, by nobody.

    :param is_part: within a savepoint, and only until that is released.

    PostgreSQL takes that back in no transaction that has begun; and those that follow, after a commit or a rollback in
    the middle of a request, begin so. The connection is asked anew when it is used for something else.
    """
    cursor.execute('SET TRANSACTION READ ONLY')  # in a savepoint it ends with that
    if is_part:
        return
    connection = cursor.connection

    def stay_read_only():
        if connection.status == STATUS_READY:  # not so in tests, which have one transaction for many cursors
            connection.set_session(readonly=True)

    cursor.postcommit.add(stay_read_only)
    cursor.postrollback.add(stay_read_only)


@contextmanager
def telling_who_may_only_read(refusals):
    """Have what fails in the block because nothing may be written fail as an error that says so.

    It may come in other words: code of an administrator (`safe_eval`) makes a ValueError of every error.

    :param refusals: the :class:`~.refusals.Refusals` of the call.
    """
    try:
        yield
    except AccessError:
        raise
    except Exception as error:
        if not any(isinstance(reason, ReadOnlySqlTransaction) for reason in reasons(error)):
            raise
        raise refusals.of_writing() from None
