"""What a new database gets at its installation, and what applications had before there were scopes to choose."""
from odoo import SUPERUSER_ID, api


def migrate(cr, _version):
    """Switch on what is new, and leave applications what they had: the scope `odoo`, and nothing else."""
    env = api.Environment(cr, SUPERUSER_ID, {})
    env['oauth2.configuration']._initialize()
    env['oauth2.client'].with_context(active_test=False).search([]).scope_ids = env.ref('restapi_oauth2.scope_odoo')
