"""Users have their subject identifiers from the beginning now, so that administrators can read them."""
from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Name those whom no application has been told of yet."""
    api.Environment(cr, SUPERUSER_ID, {})['oauth2.subject']._name_all()
