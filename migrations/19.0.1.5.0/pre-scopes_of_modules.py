"""There are shipped scopes for Odoo's business modules now. They replace no scope that somebody has made before."""
import re
from pathlib import Path

from odoo.tools.sql import table_exists

_DATA = Path(__file__).parents[2] / 'data' / 'oauth2_scope_business.xml'
_RECORD = re.compile(r'<record id="(scope_\w+)".*?<field name="name">([\w.]+)</field>', re.DOTALL)


def migrate(cr, _version):
    """Give a scope with such a name the external ID of the shipped one, so that it stays as it is."""
    if not table_exists(cr, 'oauth2_scope'):
        return  # a version without scopes
    for record, name in _RECORD.findall(_DATA.read_text()):
        cr.execute(""" INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
                            SELECT 'restapi_oauth2', %s, 'oauth2.scope', id, TRUE FROM oauth2_scope WHERE name = %s
                       ON CONFLICT DO NOTHING """, [record, name])
