"""Removes what Odoo leaves behind when the addon is uninstalled."""


def uninstall_hook(env):
    """Delete the system parameters: a later installation must not take over this issuer."""
    env['ir.config_parameter'].search([('key', '=like', 'restapi_oauth2.%')]).unlink()
