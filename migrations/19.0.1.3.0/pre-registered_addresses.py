"""Defaults could register addresses that no administrator may register, such as javascript:alert(1)."""
import logging

from odoo.addons.restapi_oauth2.protocol.redirect_uri import problem
from odoo.tools.sql import table_exists

_logger = logging.getLogger(__name__)


def migrate(cr, _version):
    """Remove them, and name them in the log."""
    for table in ('oauth2_redirect_uri', 'oauth2_post_logout_redirect_uri'):
        if not table_exists(cr, table):  # 19.0.1.0.0
            continue
        cr.execute(f'SELECT id, client_id, uri FROM {table}')  # noqa: S608 (one of the two above)
        for row_id, client_id, uri in cr.fetchall():
            if problem(uri):
                cr.execute(f'DELETE FROM {table} WHERE id = %s', [row_id])  # noqa: S608
                _logger.warning('OAuth2 application %s: removed the address %r, which may not be registered.',
                                client_id, uri)
