"""What a new database gets at its installation, and what applications had before scopes could be chosen."""
from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Switch on what is new, and let applications keep what they had: only the scope `odoo`."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env['oauth2.configuration']._initialize()
    env['oauth2.client'].with_context(active_test=False).search([]).scope_ids = env.ref('restapi_oauth2.scope_odoo')
