"""The scopes that unregistered clients may ask for."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError

# Who the user is, and narrow reading of common data.
_SHIPPED = ('openid', 'profile', 'email', 'user.read', 'contacts.read', 'products.read', 'orders.read', 'tasks.read',
            'calendar.read')


class OAuth2Scope(models.Model):
    _inherit = 'oauth2.scope'

    is_for_unregistered = fields.Boolean(
        'For applications that came by themselves',
        help='Applications that no administrator has registered may ask for it, if the general settings let them come.')

    @api.constrains('is_for_unregistered', 'opens')
    def _check_for_unregistered(self):
        """No unknown program may do or see everything that its user may."""
        for scope in self:
            if scope.is_for_unregistered and scope.opens != 'lines':
                raise ValidationError(self.env._(
                    '%s opens all of Odoo: applications that came by themselves cannot ask for it.', scope.name))

    @api.model
    def _for_unregistered(self):
        """The scopes that unregistered clients may ask for."""
        return self.sudo().search([('is_for_unregistered', '=', True)])

    @api.model
    def _open_to_unregistered(self):
        """Called once, at installation: the proposal for administrators."""
        self.search([('name', 'in', _SHIPPED), ('opens', '=', 'lines')]).is_for_unregistered = True

    @api.model_create_multi
    def create(self, vals_list):
        scopes = super().create(vals_list)
        scopes.filtered('is_for_unregistered')._give_to_documents()
        return scopes

    def write(self, vals):
        """A change applies to existing clients, too: a scope that is taken away ends at once."""
        former = self.filtered('is_for_unregistered')
        result = super().write(vals)
        now = self.filtered('is_for_unregistered')
        (now - former)._give_to_documents()
        (former - now)._take_from_unregistered()
        return result

    def _give_to_documents(self):
        """Let the clients with metadata documents ask for these: their documents do not limit them."""
        if self:
            self._unregistered(('registration', '=', 'metadata_document')).write(
                {'scope_ids': [fields.Command.link(scope.id) for scope in self]})

    def _take_from_unregistered(self):
        if self:
            self._unregistered(('registration', '!=', 'administrator'), ('scope_ids', 'in', self.ids)).write(
                {'scope_ids': [fields.Command.unlink(scope.id) for scope in self]})

    @api.model
    def _unregistered(self, *condition):
        return self.env['oauth2.client'].sudo().with_context(active_test=False).search([*condition])
