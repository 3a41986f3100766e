"""A user's subject identifier, for administrators who link accounts of both sides."""
from odoo import api, fields, models


class ResUsers(models.Model):
    _inherit = 'res.users'

    oauth2_subject = fields.Char(
        'OAuth2 Subject', groups='base.group_system',
        compute='_compute_oauth2_subject', search='_search_oauth2_subject',
        help='The claim sub, by which applications identify the user. It never changes, and no other user ever gets '
             'it.')

    def _compute_oauth2_subject(self):
        subjects = self.env['oauth2.subject'].sudo().search_fetch([('user_id', 'in', self.ids)], ['user_id', 'name'])
        names = {subject.user_id.id: subject.name for subject in subjects}
        for user in self:
            user.oauth2_subject = names.get(user.id, False)

    def _search_oauth2_subject(self, operator, value):
        # Odoo checks the right to read a field only if it has a column.
        self._check_field_access(self._fields['oauth2_subject'], 'read')
        subjects = self.env['oauth2.subject'].sudo()._search([('name', operator, value)])
        return [('id', 'in', subjects.subselect('user_id'))]

    @api.model_create_multi
    def create(self, vals_list):
        """Each user gets a subject identifier at once."""
        users = super().create(vals_list)
        self.env['oauth2.subject']._name_new(users.ids)
        return users
