"""The scope `user.write` no longer writes the email address, to which a new password is sent."""

_BEFORE = 'Change your own language, time zone, email address, phone number and signature'
_NOW = 'Change your own language, time zone, phone number and signature'


def migrate(cr, _version):
    """Remove it from the shipped line, and from the scope's sentence, unless somebody has changed these."""
    cr.execute(""" SELECT res_id FROM ir_model_data
                    WHERE module = 'restapi_oauth2' AND name = 'scope_user_write' AND model = 'oauth2.scope' """)
    for (scope,) in cr.fetchall():
        cr.execute(""" UPDATE oauth2_scope_line SET field_names = 'lang tz phone signature'
                        WHERE scope_id = %s AND model = 'res.users'
                          AND field_names = 'lang tz email phone signature' """, [scope])
        cr.execute(""" UPDATE oauth2_scope SET description = jsonb_set(description, '{en_US}', to_jsonb(%s::text))
                        WHERE id = %s AND description ->> 'en_US' = %s """, [_NOW, scope, _BEFORE])
