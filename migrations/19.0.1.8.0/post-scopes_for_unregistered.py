"""Which scopes applications may ask for that came by themselves. None may come until an administrator says so."""
from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Propose what a new database proposes, where nothing is chosen yet."""
    scopes = api.Environment(cr, SUPERUSER_ID, {})['oauth2.scope']
    if not scopes._for_unregistered():
        scopes._open_to_unregistered()
