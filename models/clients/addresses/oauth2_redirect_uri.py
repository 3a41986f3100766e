"""The redirect URIs of clients."""
from odoo import fields, models


class OAuth2RedirectURI(models.Model):
    """A redirection endpoint of a client (RFC 6749 §3.1.2)."""
    _name = 'oauth2.redirect.uri'
    _inherit = 'oauth2.registered.uri'
    _description = 'OAuth2 Redirect URI'

    uri = fields.Char('Redirect URI')


class OAuth2PostLogoutRedirectURI(models.Model):
    """An address to which users return after logout (OpenID Connect RP-Initiated Logout §3.1)."""
    _name = 'oauth2.post.logout.redirect.uri'
    _inherit = 'oauth2.registered.uri'
    _description = 'OAuth2 Post-Logout Redirect URI'

    uri = fields.Char('Post-logout redirect URI')
