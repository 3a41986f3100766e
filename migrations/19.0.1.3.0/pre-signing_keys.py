"""Before, the signing key was computed from the existing keys; now it is stored, and so is the public part."""
from cryptography.hazmat.primitives import serialization


def migrate(cr, _version):
    """Retire each key at the time when its successor began to sign. Delete private parts that no longer sign."""
    cr.execute(""" ALTER TABLE oauth2_signing_key DROP CONSTRAINT IF EXISTS oauth2_signing_key_private_key_check,
                                                  ADD COLUMN IF NOT EXISTS activates_at timestamp,
                                                  ADD COLUMN retires_at timestamp, ADD COLUMN public_key text """)
    # 19.0.1.0.0 did not store it.
    cr.execute('UPDATE oauth2_signing_key SET activates_at = create_date WHERE activates_at IS NULL')
    cr.execute(""" UPDATE oauth2_signing_key SET retires_at = successor.activates_at
                     FROM (SELECT id, lead(activates_at) OVER (PARTITION BY purpose, database_uuid
                                                                   ORDER BY activates_at, id DESC) AS activates_at
                             FROM oauth2_signing_key) successor
                    WHERE successor.id = oauth2_signing_key.id """)
    cr.execute("SELECT id, private_key FROM oauth2_signing_key WHERE algorithm <> 'HS256'")
    for key_id, private_key in cr.fetchall():
        public = serialization.load_pem_private_key(private_key.encode(), password=None).public_key()
        public_key = public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        cr.execute('UPDATE oauth2_signing_key SET public_key = %s WHERE id = %s', [public_key.decode(), key_id])
    cr.execute(""" UPDATE oauth2_signing_key SET private_key = NULL
                    WHERE public_key IS NOT NULL AND retires_at < now() AT TIME ZONE 'UTC' """)
    cr.execute(""" ALTER TABLE oauth2_signing_key
                   ADD CHECK (coalesce(private_key, public_key) IS NOT NULL) """)
