"""What users are shown about an application."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...protocol.client_metadata import is_link
from ...protocol.redirect_uri import LIMIT

LINKS = ('client_uri', 'policy_uri', 'tos_uri')


class OAuth2Client(models.Model):
    """The members of RFC 7591 §2 that are for people."""
    _inherit = 'oauth2.client'

    publisher = fields.Char(help='Who is behind this application. The consent page names it.')
    client_uri = fields.Char('Website', help="The application's own page.")
    policy_uri = fields.Char('Privacy policy', help='What the application does with the data that it gets.')
    tos_uri = fields.Char('Terms of service')
    # Shown as an <img>, in which even a picture with a script runs nothing.
    logo = fields.Image(max_width=256, max_height=256)

    @api.constrains(*LINKS)
    def _check_links(self):
        """A link on the consent page must lead to a web page, and run nothing."""
        for client in self:
            for name in LINKS:
                uri = client[name]
                if uri and not is_link(uri, LIMIT):
                    raise ValidationError(self.env._(
                        '%(link)s has to be an address that begins with https://, not: %(uri)s',
                        link=self._fields[name]._description_string(self.env), uri=uri))

    def _links(self):
        """The links that are set: their labels and addresses."""
        return [(self._fields[name]._description_string(self.env), self[name]) for name in LINKS if self[name]]
