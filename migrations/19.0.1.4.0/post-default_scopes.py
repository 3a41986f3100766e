"""The scopes alone decided what an application gets that names none. Now the application has a setting."""


def migrate(cr, _version):
    """Let each application keep what it got. Those that got nothing, and were refused, get scopes about the user."""
    cr.execute('DELETE FROM oauth2_client_default_scope_rel')
    cr.execute(""" INSERT INTO oauth2_client_default_scope_rel (oauth2_client_id, oauth2_scope_id)
                        SELECT client_id, scope_id
                          FROM (SELECT listed.oauth2_client_id AS client_id, scope.id AS scope_id, scope.name,
                                       scope.is_default IS TRUE AS is_default,
                                       bool_or(scope.is_default IS TRUE)
                                           OVER (PARTITION BY listed.oauth2_client_id) AS got_some
                                  FROM oauth2_client_oauth2_scope_rel listed
                                  JOIN oauth2_scope scope ON scope.id = listed.oauth2_scope_id) may_have
                         WHERE is_default OR (NOT got_some AND name IN ('openid', 'profile', 'email')) """)
