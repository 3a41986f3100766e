"""The scope `groups` is about the user, so direct authorization must not have it."""


def migrate(cr, _version):
    """Take it from applications that have direct authorization."""
    cr.execute(""" DELETE FROM oauth2_client_oauth2_scope_rel given
                    USING oauth2_client client, oauth2_scope scope
                    WHERE client.id = given.oauth2_client_id AND client.has_direct_authorization
                      AND scope.id = given.oauth2_scope_id AND scope.name = 'groups' """)
