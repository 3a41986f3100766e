"""Scopes of an API: sentences for the consent page. The API decides what they mean."""
from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ..scopes.oauth2_scope import EVERYTHING, OPENID_CONNECT


class OAuth2Scope(models.Model):
    _inherit = 'oauth2.scope'

    resource_id = fields.Many2one(
        'oauth2.resource', 'API', index='btree_not_null', ondelete='cascade',
        help='The API whose scope this is. It opens nothing in Odoo.')

    @api.constrains('resource_id', 'opens', 'line_ids', 'name', 'is_default')
    def _check_resource(self):
        """A scope of an API opens nothing in Odoo, and is no default scope."""
        for scope in self.filtered('resource_id'):
            if scope.opens != 'lines' or scope.sudo().line_ids or scope.name in {*OPENID_CONNECT, EVERYTHING}:
                raise ValidationError(self.env._(
                    'The scope %s opens something in Odoo: it cannot be a scope of an API.', scope.name))
            if scope.is_default:
                raise ValidationError(self.env._(
                    'The scope %s is of an API: an application has to ask for it by name.', scope.name))

    @api.model
    @tools.ormcache()
    def _uris(self):
        """The addresses of the APIs whose scopes these are, by the scopes' names."""
        scopes = self.sudo().search_fetch([('resource_id', '!=', False)], ['name', 'resource_id'])
        return {scope.name: scope.resource_id.uri for scope in scopes}

    @api.model
    def _for(self, names, audience):
        """The scopes that a token for an audience may have: what tells who the user is, what the audience knows, and
        what it may use in Odoo for the user.

        :param names: of scopes.
        :param audience: an API, or an address of this server. No other one has scopes.
        :return: a list, in the order of the names.
        """
        apis, of, exchangeable = self.env['oauth2.resource'], None, ()
        if audience not in self.env['oauth2.configuration']._resources():
            if audience not in apis._by_uri():
                return []
            of, exchangeable = audience, apis._exchangeable(audience)
        uris = self._uris()
        return [name for name in names if name in OPENID_CONNECT or uris.get(name) == of or name in exchangeable]

    @api.model
    def _of_odoo(self, scope):
        """The names in a scope that are about Odoo's own data.

        :param scope: names, separated by spaces.
        :return: a set.
        """
        return set(scope.split()) - OPENID_CONNECT - self._uris().keys()


class OAuth2ScopeLine(models.Model):
    _inherit = 'oauth2.scope.line'

    @api.constrains('scope_id')
    def _check_resource(self):
        self.scope_id._check_resource()
