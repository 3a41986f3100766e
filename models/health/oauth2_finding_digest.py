"""A weekly mail about what is new on the page *Health*."""
from datetime import timedelta

from markupsafe import Markup

from odoo import api, fields, models

_WEEK = timedelta(days=7)


class OAuth2Finding(models.Model):
    _inherit = 'oauth2.finding'

    @api.model
    def _cron_digest(self):
        """Tell OAuth2 administrators what was found since the last mail, the worst first, each in their language.
        Without Odoo's module `mail`, or without news, nothing is sent.
        """
        administrators = self.env.ref('restapi_oauth2.group_oauth2_administrator').all_user_ids.filtered('email')
        if not hasattr(administrators.partner_id, 'message_notify'):
            return
        self._look()
        since = self.env.context.get('lastcall') or fields.Datetime.now() - _WEEK
        found = self.search([('since', '>=', since), ('is_accepted', '=', False)])
        for user in administrators if found else ():
            found.with_user(user).with_context(lang=user.lang)._tell(user)

    def _tell(self, user):
        labels = dict(self._fields['severity']._description_selection(self.env))
        user.partner_id.with_context(lang=user.lang, mail_notify_force_send=False).message_notify(
            partner_ids=user.partner_id.ids, author_id=self.env.ref('base.partner_root').id,
            subject=self.env._('Connected applications: new findings'),
            body=Markup('<p>%s</p><ul>%s</ul><p><a href="%s">%s</a></p>') % (
                self.env._('Since the last mail these were found:'),
                Markup().join(Markup('<li><b>%s</b>: %s</li>') % (labels[finding.severity], finding.sentence)
                              for finding in self),
                self.get_base_url() + '/odoo/oauth2-health', self.env._('See why they matter, and mend them')))
