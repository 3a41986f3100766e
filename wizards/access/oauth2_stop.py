"""The dialog that ends all access of an application, or of a user."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError


class OAuth2Stop(models.TransientModel):
    """Says what it will do, and asks for a reason, which the event keeps."""
    _name = 'oauth2.stop'
    _description = 'Stop OAuth2 Access'

    client_id = fields.Many2one('oauth2.client', 'Application', readonly=True, ondelete='cascade')
    user_id = fields.Many2one('res.users', readonly=True, ondelete='cascade')
    reason = fields.Char(required=True)
    asks_again = fields.Boolean(
        'Ask again', default=True, help='Forget what people have allowed: the application asks them anew.')
    archives = fields.Boolean(
        'Archive the application', help='It gets no new tokens, neither by signing in nor by its secret.')
    kind = fields.Selection(related='client_id.kind')
    sentence = fields.Text('What happens', compute='_compute_sentence')

    _one = models.Constraint('CHECK (num_nonnulls(client_id, user_id) = 1)', 'An application is stopped, or a user.')

    @api.model
    def _dialog(self, client=None, user=None):
        """The action that opens it, for one of the two."""
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('Stop access'),
            'res_model': self._name,
            'views': [(False, 'form')],
            'target': 'new',
            'context': {'default_client_id': client.id if client else False,
                        'default_user_id': user.id if user else False},
        }

    @api.depends('client_id', 'user_id')
    def _compute_sentence(self):
        for stop in self:
            domain = stop._domain()
            count = self.env['oauth2.access'].search_count(domain)
            if stop.client_id:
                first = self.env._('All tokens of %(application)s stop working at once. Users: %(count)s.',
                                   application=stop.client_id.name, count=count)
            else:
                first = self.env._(
                    'All tokens in the name of %(user)s stop working at once. Applications: %(count)s.',
                    user=stop.user_id.sudo().name, count=count)
            by_themselves = self.env['oauth2.access'].search([*domain, ('kind', '!=', 'consent')]).client_id
            stop.sentence = '\n'.join([first, *(self.env._(
                '%s runs by itself: it gets new tokens with its secret, unless you archive it.', client.name)
                for client in by_themselves)])

    def _domain(self):
        return [('client_id', '=', self.client_id.id)] if self.client_id else [('user_id', '=', self.user_id.id)]

    def action_stop(self):
        """Stop the access.

        :raises ValidationError: the reason is missing.
        """
        self.ensure_one()
        self.check_access('write')
        if not self.reason.strip():
            raise ValidationError(self.env._('Enter a reason: an auditor will read it.'))
        if self.client_id:
            self.client_id._end_all(self.reason)
            if self.archives:
                self.client_id.action_archive()
        else:
            self.user_id.sudo()._oauth2_end(self.reason)
        if self.asks_again:
            self.env['oauth2.consent'].sudo().search(self._domain())._withdraw()
        return {'type': 'ir.actions.client', 'tag': 'soft_reload'}
