"""Scopes had only a name; now they say what they open."""


def migrate(cr, _version):
    """Let the scope `odoo` open what it has always opened; from now on the administrator may change it."""
    cr.execute("UPDATE oauth2_scope SET opens = 'everything' WHERE name = 'odoo'")
    cr.execute(""" UPDATE ir_model_data SET noupdate = TRUE
                     WHERE module = 'restapi_oauth2' AND name = 'scope_odoo' """)
