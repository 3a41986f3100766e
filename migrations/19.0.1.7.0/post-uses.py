"""The last use of an application is noted from now on."""


def migrate(cr, _version):
    """Begin with what is known: when its tokens were last refreshed."""
    cr.execute("""
        INSERT INTO oauth2_use (client_id, user_id, is_direct, used_at)
             SELECT client_id, user_id, is_direct, max(rotated_at) FROM oauth2_authorization
           GROUP BY client_id, user_id, is_direct
        ON CONFLICT DO NOTHING """)
