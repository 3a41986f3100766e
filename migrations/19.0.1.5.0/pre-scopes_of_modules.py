"""Scopes come ready-made for Odoo's business modules. Of those that somebody has made before, none is replaced."""
import re
from pathlib import Path

from odoo.tools.sql import table_exists

_DATA = Path(__file__).parents[2] / 'data' / 'oauth2_scope_business.xml'
_RECORD = re.compile(r'<record id="(scope_\w+)".*?<field name="name">([\w.]+)</field>', re.DOTALL)


def migrate(cr, _version):
    """Say that a scope of such a name is the ready-made one, so that it is left as it is."""
    if not table_exists(cr, 'oauth2_scope'):
        return  # from before there were any
    for record, name in _RECORD.findall(_DATA.read_text()):
        cr.execute(""" INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
                            SELECT 'restapi_oauth2', %s, 'oauth2.scope', id, TRUE FROM oauth2_scope WHERE name = %s
                       ON CONFLICT DO NOTHING """, [record, name])
