"""What an administrator may decide for the whole database, and what is decided here."""
from odoo import api, models


class OAuth2Configuration(models.AbstractModel):
    """One method for each value that the server works with; another addon changes it by inheriting.

    Durations are in seconds.
    """
    _name = 'oauth2.configuration'
    _description = 'OAuth2 Configuration'

    CODE_LIFETIME = 60
    ACCESS_TOKEN_LIFETIME = 30 * 60
    REFRESH_TOKEN_IDLE_LIFETIME = 30 * 24 * 3600
    AUTHORIZATION_LIFETIME = 180 * 24 * 3600
    REFRESH_TOKEN_GRACE = 30

    @api.model
    def _parameter(self, name):
        """A system parameter of this addon, from Odoo's cache."""
        return self.env['ir.config_parameter'].sudo().get_param('restapi_oauth2.' + name)

    @api.model
    def _issuer(self):
        """The issuer identifier (RFC 8414 §2): the public address of this database, without a slash at its end.

        It is a setting of its own. The `Host` header is the caller's word, and `web.base.url`
        follows whatever address an administrator last signed in at.

        :raises RuntimeError: it is not set. That is the server's fault, so it is no answer of the
            protocol: what the request has done so far is rolled back.
        """
        issuer = self._parameter('issuer')
        if not issuer:
            raise RuntimeError('set the system parameter restapi_oauth2.issuer')
        return issuer

    @api.model
    def _audience(self):
        """What an access token is good for (RFC 9068 §3): this database's own API."""
        return self._issuer()

    @api.model
    def _admits_credentials_in_query(self):
        """Whether the token endpoint reads secrets from the URL. Unsafe: URLs end up in logs."""
        return self._parameter('credentials_in_query') in ('True', 'true', '1')

    @api.model
    def _initialize(self):
        """Called once, at installation: what a new server needs before its first request."""
        parameters = self.env['ir.config_parameter'].sudo()
        if not self._parameter('issuer'):
            parameters.set_param('restapi_oauth2.issuer', parameters.get_param('web.base.url').rstrip('/'))
        self.env['oauth2.signing.key']._ensure()
