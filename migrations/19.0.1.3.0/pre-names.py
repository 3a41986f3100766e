"""Authorizations get names, and users keep the identifiers that applications know."""
from odoo.tools.sql import column_exists


def migrate(cr, _version):
    """Fill required columns before the database refuses empty ones.

    Older tokens refer to an authorization by the number of its row: that becomes its name. Applications know a user by
    a number: that stays the user's identifier for ever.
    """
    cr.execute('ALTER TABLE oauth2_authorization ADD COLUMN name varchar')
    cr.execute('UPDATE oauth2_authorization SET name = id::text')
    cr.execute(""" CREATE TABLE oauth2_subject (
                       id serial PRIMARY KEY, user_id integer NOT NULL, name varchar NOT NULL) """)
    cr.execute('INSERT INTO oauth2_subject (user_id, name) SELECT id, id::text FROM res_users')
    # Rows may now outlive their application or user for a while.
    for table in ('oauth2_authorization', 'oauth2_authorization_code', 'oauth2_consent'):
        for column in ('client_id', 'user_id'):
            cr.execute(f'ALTER TABLE IF EXISTS {table} DROP CONSTRAINT IF EXISTS {table}_{column}_fkey')
    # From now on an application has one authorization of its own, even if that has ended.
    if column_exists(cr, 'oauth2_authorization', 'grant_type'):
        cr.execute("""
            DELETE FROM oauth2_authorization old USING oauth2_authorization newer
             WHERE old.grant_type = 'client_credentials' AND newer.grant_type = 'client_credentials'
               AND old.client_id = newer.client_id AND old.id < newer.id""")
