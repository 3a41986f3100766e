"""What is valid at the update stays valid; what has ended stays ended."""
from odoo.tools import SQL


def migrate(cr, _version):
    """Give codes and authorizations the current epochs, and move endings to their own table."""
    for table in ('oauth2_authorization', 'oauth2_authorization_code'):
        cr.execute(SQL(""" UPDATE %s granted
               SET client_epoch = client.epoch, user_epoch = subject.epoch,
                   consent_epoch = CASE WHEN granted.is_direct THEN client.service_epoch ELSE (
                       SELECT epoch FROM oauth2_consent consent
                        WHERE consent.client_id = client.id AND consent.user_id = granted.user_id) END
              FROM oauth2_client client, oauth2_subject subject
             WHERE client.id = granted.client_id AND subject.user_id = granted.user_id """, SQL.identifier(table)))
    cr.execute(""" INSERT INTO oauth2_authorization_end (authorization_name, ended_at, because)
                        SELECT name, revoked_at, revoked_because FROM oauth2_authorization
                         WHERE revoked_at IS NOT NULL
                   ON CONFLICT (authorization_name) DO NOTHING """)
    cr.execute(""" UPDATE oauth2_authorization_code code SET authorization_name = granted.name
                     FROM oauth2_authorization granted WHERE granted.code_id = code.id """)
    for column in ('revoked_at', 'revoked_because', 'code_id'):
        cr.execute(f'ALTER TABLE oauth2_authorization DROP COLUMN {column} CASCADE')
