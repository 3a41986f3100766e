"""What an API may use in Odoo, in the name of its callers."""
from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..scopes.oauth2_scope import OPENID_CONNECT


class OAuth2Resource(models.Model):
    """An application asks for these scopes along with those of the API, and its users are asked for both on one page.
    The token has both, but opens nothing in Odoo: the API exchanges it for one that does (RFC 8693).
    """
    _inherit = 'oauth2.resource'

    exchange_scope_ids = fields.Many2many(
        'oauth2.scope', 'oauth2_resource_exchange_scope_rel', 'resource_id', 'scope_id', 'May use in Odoo',
        help='What it may do in Odoo for its users, as far as they allow it: it exchanges the token that it was given '
             'for one of Odoo (RFC 8693). Empty: it exchanges nothing.')

    @api.constrains('exchange_scope_ids')
    def _check_exchange_scopes(self):
        for resource in self:
            if refused := resource.exchange_scope_ids.filtered(lambda scope: not scope._may_be_exchanged()):
                raise ValidationError(self.env._(
                    'An API cannot use these scopes in Odoo: %s. Choose scopes that name what it needs: not all that a '
                    'user may do, nor who the user is, nor what is another API\'s.', ' '.join(refused.mapped('name'))))

    @api.model
    @tools.ormcache()
    def _exchanged(self):
        """The names of the scopes that APIs may use in Odoo, by the API's address."""
        return {resource.uri: frozenset(resource.exchange_scope_ids.mapped('name'))
                for resource in self.sudo().search([('exchange_scope_ids', '!=', False)])}

    @api.model
    def _exchangeable(self, uri):
        """The names of the scopes that an API may use in Odoo.

        :param uri: its address, or anything else.
        :return: a frozenset.
        """
        return self._exchanged().get(uri, frozenset()) if uri in self._by_uri() else frozenset()


class OAuth2Scope(models.Model):
    _inherit = 'oauth2.scope'

    @api.constrains('name', 'opens', 'resource_id')
    def _check_exchange(self):
        """Changing a scope also changes what an API may use in Odoo."""
        self.env['oauth2.resource'].sudo().with_context(active_test=False).search(
            [('exchange_scope_ids', 'in', self.ids)])._check_exchange_scopes()

    def _may_be_exchanged(self):
        self.ensure_one()
        return not self.resource_id and self.name not in OPENID_CONNECT and self.opens != 'everything'


class OAuth2Client(models.Model):
    _inherit = 'oauth2.client'

    grant_token_exchange = fields.Boolean(
        'Token exchange', help='Only for an API: exchange the tokens that it is given for tokens of Odoo, as far as '
                               'the API may use Odoo.')

    _public_exchanges_nothing = models.Constraint(
        'CHECK (NOT (is_public AND grant_token_exchange))',
        'A public application has no secret, and cannot exchange tokens.')
