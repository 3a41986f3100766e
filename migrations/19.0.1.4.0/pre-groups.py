"""Now there is a scope `groups`, for a claim. An administrator's scope with that name becomes it."""
from odoo.tools.sql import table_exists


def migrate(cr, _version):
    """Give such a scope our external ID, so that no second one is made."""
    if table_exists(cr, 'oauth2_scope'):
        cr.execute(""" INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
                            SELECT 'restapi_oauth2', 'scope_groups', 'oauth2.scope', id, false
                              FROM oauth2_scope WHERE name = 'groups'
                       ON CONFLICT (module, name) DO NOTHING """)
