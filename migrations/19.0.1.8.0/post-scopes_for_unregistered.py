"""The scopes that unregistered applications may ask for. None may connect until an administrator allows it."""
from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Choose the proposal of a new database, if nothing is chosen yet."""
    scopes = api.Environment(cr, SUPERUSER_ID, {})['oauth2.scope']
    if not scopes._for_unregistered():
        scopes._open_to_unregistered()
