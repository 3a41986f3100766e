"""Scopes had only a name; now they say what they open."""


def migrate(cr, _version):
    """Let no scope but the shipped ones open anything that it did not open before."""
    cr.execute(""" UPDATE oauth2_scope SET opens = CASE WHEN name = 'odoo' THEN 'everything' ELSE opens END """)
