"""Whether an email address is verified is a setting now."""


def migrate(cr, _version):
    """Go on telling what was told: that it is not."""
    cr.execute(""" INSERT INTO ir_config_parameter (key, value, create_uid, create_date)
                        VALUES ('restapi_oauth2.email_verified', 'false', 1, now() AT TIME ZONE 'UTC')
                   ON CONFLICT (key) DO NOTHING """)
