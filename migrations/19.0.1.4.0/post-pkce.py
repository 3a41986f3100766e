"""PKCE was required of every client that was not exempt. Now it is required of those that have used it."""


def migrate(cr, _version):
    """Leave exempt clients alone. Require PKCE if somebody has signed in, because that was possible only with PKCE."""
    # 19.0.1.0.0 did not have it.
    cr.execute('ALTER TABLE oauth2_client ADD COLUMN IF NOT EXISTS is_exempt_from_pkce boolean')
    cr.execute("UPDATE oauth2_client SET pkce = 'never' WHERE is_exempt_from_pkce AND is_public IS NOT TRUE")
    cr.execute(""" UPDATE oauth2_client client SET pkce_used_at = now() AT TIME ZONE 'UTC'
                    WHERE client.is_exempt_from_pkce IS NOT TRUE AND client.is_public IS NOT TRUE
                      AND (EXISTS (SELECT FROM oauth2_consent consent WHERE consent.client_id = client.id)
                           OR EXISTS (SELECT FROM oauth2_authorization granted
                                       WHERE granted.client_id = client.id AND granted.is_direct IS NOT TRUE
                                         AND granted.grant_type = 'authorization_code')) """)
    cr.execute('ALTER TABLE oauth2_client DROP COLUMN is_exempt_from_pkce CASCADE')
