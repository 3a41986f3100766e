"""Requests that lose a race for a row, and are run again at once."""
from odoo.http import request
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

WAITING = 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED'


def run(step):
    """Run a step. If another transaction was faster, run it again in one that waits for the other, and sees its
    changes.

    Odoo's transactions fail instead of waiting (REPEATABLE READ), and Odoo repeats a request after a random time of up
    to two seconds. A client that sends two requests at once would wait as long.

    :param step: must have no effect outside of the database.
    :return: what the step returns.
    """
    cr = request.env.cr
    try:
        result = step()
        cr.flush()
        return result
    except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
        start_again()
        cr.execute(WAITING)
        return step()


def start_again():
    """Undo what the request has done until now."""
    request.env.cr.rollback()
    request.env.transaction.reset()
    request.env.registry.reset_changes()
