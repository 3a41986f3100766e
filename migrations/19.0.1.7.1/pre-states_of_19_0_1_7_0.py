"""What 19.0.1.7.0 stored in another form: uses without their kind of access, cards without a section, findings without
what identifies them.
"""
from odoo.tools.sql import column_exists, table_exists


def migrate(cr, _version):
    """Fill what new rows require. Findings are found again. What was accepted has to be accepted again, because the
    acceptance did not say for which fact.
    """
    cr.execute("UPDATE oauth2_client SET name = client_id WHERE name !~ '[^[:space:]]'")
    if table_exists(cr, 'oauth2_use') and not column_exists(cr, 'oauth2_use', 'is_direct'):
        cr.execute("""
            ALTER TABLE oauth2_use ADD COLUMN is_direct boolean;
            UPDATE oauth2_use used SET is_direct = EXISTS (
                   SELECT FROM oauth2_client client
                    WHERE client.id = used.client_id AND client.user_id = used.user_id
                      AND (client.has_direct_authorization OR client.grant_client_credentials)) """)
    if column_exists(cr, 'oauth2_client_template', 'is_product'):
        cr.execute("""
            ALTER TABLE oauth2_client_template ADD COLUMN IF NOT EXISTS section varchar;
            UPDATE oauth2_client_template SET section = CASE WHEN is_product THEN 'product' ELSE 'kind' END """)
    if table_exists(cr, 'oauth2_finding'):
        cr.execute('DELETE FROM oauth2_finding')
