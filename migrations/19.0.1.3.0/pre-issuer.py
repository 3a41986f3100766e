"""An issuer is valid only in the database for which it was set. A database that is updated is no copy."""


def migrate(cr, _version):
    """Bind the present issuer to this database."""
    cr.execute(""" INSERT INTO ir_config_parameter (key, value, create_uid, create_date)
                        SELECT 'restapi_oauth2.issuer_database', value, 1, now() AT TIME ZONE 'UTC'
                          FROM ir_config_parameter WHERE key = 'database.uuid'
                   ON CONFLICT (key) DO NOTHING """)
