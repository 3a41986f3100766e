"""Now all users have a subject identifier from the beginning, so that administrators can read it."""
from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Give one to users who have none yet."""
    api.Environment(cr, SUPERUSER_ID, {})['oauth2.subject']._name_all()
