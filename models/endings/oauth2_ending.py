"""The end of all access at once: after an incident, and after a backup was restored."""
from odoo import api, models
from odoo.exceptions import AccessError
from odoo.tools import SQL


class OAuth2Ending(models.AbstractModel):
    """A restored backup brings back withdrawn consents and revoked tokens."""
    _name = 'oauth2.ending'
    _description = 'End of All OAuth2 Access'

    @api.model
    def _end_everything(self):
        """End every code and token of every application and user, and ask people again.

        Applications stay registered, and their secrets valid. All epochs are replaced (:mod:`.oauth2_client_user`); a
        consent is deleted with its own.

        :raises AccessError: for anybody but an administrator of Odoo.
        """
        if not (self.env.su or self.env.user._is_system()):
            raise AccessError(self.env._('Only an administrator of Odoo can end all access.'))
        self.env.cr.execute(SQL(
            'UPDATE oauth2_client SET epoch = gen_random_uuid(), service_epoch = gen_random_uuid()'))
        self.env.cr.execute(SQL('UPDATE oauth2_subject SET epoch = gen_random_uuid()'))
        self.env['oauth2.withdrawal']._record(SQL('oauth2_consent'))  # nobody knows which were withdrawn
        self.env.cr.execute(SQL('DELETE FROM oauth2_consent'))
        self.env.invalidate_all()
        self.env['oauth2.event']._record('everything_ended')
