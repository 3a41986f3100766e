"""Transactions in which nobody can write anything: for tokens that only read."""
from contextlib import contextmanager

from psycopg2.errors import ReadOnlySqlTransaction
from psycopg2.extensions import STATUS_READY

from odoo.exceptions import AccessError

from .refusals import reasons


def make_read_only(cursor, is_part=False):
    """Prevent all further writing by this cursor.

    PostgreSQL does not undo that in a transaction that has begun, and transactions that follow a commit or rollback in
    the middle of a request begin read-only, too. The connection is reset when it is used for something else.

    :param is_part: within a savepoint, and only until that is released.
    """
    cursor.execute('SET TRANSACTION READ ONLY')  # it ends with the savepoint, if there is one
    if is_part:
        return
    connection = cursor.connection

    def stay_read_only():
        if connection.status == STATUS_READY:  # not in tests, where many cursors share a transaction
            connection.set_session(readonly=True)

    cursor.postcommit.add(stay_read_only)
    cursor.postrollback.add(stay_read_only)


@contextmanager
def telling_who_may_only_read(refusals):
    """Turn an error in the block that comes from writing into one that says so.

    It may be hidden: code of an administrator (`safe_eval`) turns every error into a ValueError.

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
