"""Whether an email address is verified is now a setting."""


def migrate(cr, _version):
    """Keep the former value: not verified."""
    cr.execute(""" INSERT INTO ir_config_parameter (key, value, create_uid, create_date)
                        VALUES ('restapi_oauth2.email_verified', 'false', 1, now() AT TIME ZONE 'UTC')
                   ON CONFLICT (key) DO NOTHING """)
