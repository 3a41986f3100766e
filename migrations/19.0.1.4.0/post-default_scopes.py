"""What an application gets that names no scope was decided by the scopes alone; now it is the application's own."""


def migrate(cr, _version):
    """Let each application go on with what it got. Who got nothing, and was refused, learns who the user is."""
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
