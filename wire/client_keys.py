"""Fetching the keys of a client, between two transactions."""
from odoo import SUPERUSER_ID
from odoo.http import request

from ..protocol.client_assertion import KeysWanted
from . import lost_race


def run(step):
    """Run a step; if a client proves itself by a key that has to be fetched, fetch it, and run the step again.

    :param step: must have no effect outside of the database.
    :return: what the step returns.
    :raises TemporarilyUnavailable: the keys of another client are being fetched for the same user.
    """
    try:
        return step()
    except KeysWanted as wanted:
        lost_race.start_again()
        environment = request.env(user=SUPERUSER_ID, su=True)
        also = environment['oauth2.configuration']._fetch_networks()
        request.env.cr.rollback()  # no transaction is open while the network is waited for
        environment['oauth2.fetched.keys']._fetch(wanted, also)
        return step()
