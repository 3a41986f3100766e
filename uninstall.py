"""What Odoo does not take away with the addon."""


def uninstall_hook(env):
    """Delete the system parameters: a later installation must not take the issuer of this one for its own."""
    env['ir.config_parameter'].search([('key', '=like', 'restapi_oauth2.%')]).unlink()
