"""The scopes of an application were also stored as text, which everybody who could change applications could write."""


def migrate(cr, _version):
    """Drop the text: the names are those of its scopes."""
    cr.execute('ALTER TABLE oauth2_client DROP COLUMN IF EXISTS scope')
