"""An issuer is good in the database for which it was set. Whatever is updated stands where it is."""


def migrate(cr, _version):
    """Say so of the present issuer."""
    cr.execute(""" INSERT INTO ir_config_parameter (key, value, create_uid, create_date)
                        SELECT 'restapi_oauth2.issuer_database', value, 1, now() AT TIME ZONE 'UTC'
                          FROM ir_config_parameter WHERE key = 'database.uuid'
                   ON CONFLICT (key) DO NOTHING """)
