"""Scopes: what an application may ask for."""
import re

from odoo import api, fields, models, tools
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

_NAME = re.compile(r'[a-z0-9_]+([.:-][a-z0-9_]+)*')  # stricter than RFC 6749 §3.3: easy to read and to type

EVERYTHING = 'odoo'  # the scope for everything that the user may do, as shipped


class OAuth2Scope(models.Model):
    """A scope (RFC 6749 §3.3): its name for programs, its sentence for people."""
    _name = 'oauth2.scope'
    _inherit = 'oauth2.recorded'
    _description = 'OAuth2 Scope'
    _order = 'sequence, name'
    _rec_names_search = ['name', 'description']
    _allow_sudo_commands = False
    _recorded_as = 'scope'

    name = fields.Char('Scope', required=True, help='What an application writes in its requests.')
    description = fields.Char(
        required=True, translate=True, help='What the consent page says that the application may do.')
    sequence = fields.Integer(default=50)
    opens = fields.Selection([
        ('lines', 'What its lines say'),
        ('reading', 'All that the user may read, and what its lines say'),
        ('everything', 'All that the user may do'),
    ], required=True, default='lines')
    required_model = fields.Char(
        'Needs the model', help='A scope is offered, and opens something, only where this model is installed.')
    is_offered = fields.Boolean('Offered', compute='_compute_is_offered', search='_search_is_offered')
    is_for_people = fields.Boolean(
        'About people', compute='_compute_is_for_people', search='_search_is_for_people',
        help='OpenID Connect: it tells who signs in, and is of no use for a program that runs by itself.')
    line_ids = fields.One2many('oauth2.scope.line', 'scope_id', 'Lines', copy=True)
    is_default = fields.Boolean(
        'By default', help='New applications may ask for it, and get it if they name no scope. One that opens all '
                           'that the user may do has to be named, unless the application has direct authorization.')

    _name_unique = models.Constraint(
        'UNIQUE (name)', 'There is a scope with this name already: choose another name, such as tools.contacts.')

    @api.constrains('name')
    def _check_name(self):
        for scope in self:
            if not _NAME.fullmatch(scope.name):
                raise ValidationError(self.env._(
                    'Write the scope in lower-case letters, digits and _, with a single . : or - between words, '
                    'such as tools.run, not: %s', scope.name))

    @api.constrains('name')
    def _check_clients(self):
        """Renaming a scope changes what its applications may ask for, too."""
        self.env['oauth2.client'].sudo().with_context(active_test=False).search(
            [('scope_ids', 'in', self.ids)])._check_direct_scopes()

    @api.depends('name', 'description')
    @api.depends_context('oauth2_sentences')
    def _compute_display_name(self):
        """The name; with `oauth2_sentences` in the context also its sentence, for choosing a scope. The name comes
        first, because the end is cut off where space is short.
        """
        for scope in self:
            scope.display_name = (
                f'{scope.name}: {scope.description}' if self.env.context.get('oauth2_sentences') else scope.name)

    @api.model
    def name_search(self, name='', domain=None, operator='ilike', limit=100):
        """With sentences, narrow scopes come first."""
        found = super().name_search(name, domain, operator, limit)
        if not self.env.context.get('oauth2_sentences'):
            return found
        broad = set(self.browse(number for number, _name in found).filtered(lambda scope: scope.opens != 'lines').ids)
        return sorted(found, key=lambda pair: pair[0] in broad)

    @api.depends('name')
    def _compute_is_for_people(self):
        for scope in self:
            scope.is_for_people = scope.name in OPENID_CONNECT

    @api.model
    def _search_is_for_people(self, operator, value):
        if operator != 'in':
            return NotImplemented
        people = Domain('name', 'in', list(OPENID_CONNECT))
        return Domain.OR(people if one else ~people for one in value)

    @api.depends('name', 'required_model')
    def _compute_is_offered(self):
        names = set(self._names())
        for scope in self:
            scope.is_offered = scope.name in names

    @api.model
    def _search_is_offered(self, operator, value):
        if operator != 'in':
            return NotImplemented
        offered = Domain('name', 'in', self._names())
        return Domain.OR(offered if one else ~offered for one in value)

    def copy_data(self, default=None):
        """A copy needs a name of its own."""
        vals_list = super().copy_data(default)
        if 'name' not in (default or {}):
            for scope, vals in zip(self, vals_list, strict=True):
                vals['name'] = f'{scope.name}.copy'
        return vals_list

    @api.model_create_multi
    def create(self, vals_list):
        self._forget_what_is_opened()
        return super().create(vals_list)

    def write(self, vals):
        self._forget_what_is_opened()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_built_in(self):
        """Keep those that the protocol, and refusals, refer to by name."""
        for scope in self:
            if scope.name in {*OPENID_CONNECT, EVERYTHING}:
                raise UserError(self.env._(
                    'The scope %s cannot be deleted: remove it from the applications instead.', scope.name))

    def unlink(self):
        self._forget_what_is_opened()
        return super().unlink()

    @api.model
    def _forget_what_is_opened(self):
        """Clear the cache, now and again after the commit: until then, others may fill it with the old values."""
        clear = self.env.registry.clear_cache
        clear()
        self.env.cr.postcommit.add(clear)

    @api.model
    def _names(self):
        """All scopes that this server offers, in their order."""
        openid_connect = self.env['oauth2.configuration']._allows('openid_connect')
        return [name for name in self._all_names() if openid_connect or name not in OPENID_CONNECT]

    @api.model
    @tools.ormcache()
    def _all_names(self):
        scopes = self.sudo().search_fetch([], ['name', 'required_model'])
        return tuple(scope.name for scope in scopes if scope._is_there())

    def _is_there(self):
        """Whether the model that a scope needs is installed in this database."""
        self.ensure_one()
        return not self.required_model or self.required_model in self.env

    @api.model
    def _for_new_clients(self, is_direct=False):
        """The scopes that a new application may ask for: those about the user, and the default ones.

        :param is_direct: nobody signs in to it.
        """
        names = list(OPENID_CONNECT)
        domain = Domain('is_default', '=', True)
        return self.sudo().search(
            domain & Domain('name', 'not in', names) if is_direct else domain | Domain('name', 'in', names))

    @api.model
    def _by_default(self, is_direct):
        """The scopes that an application gets if it names none, until somebody changes that.

        :param is_direct: nobody signs in to it. Others get the scopes about the user, and never one for everything.
        """
        given = Domain('is_default', '=', True)
        return self.sudo().search(
            given & Domain('name', 'not in', list(OPENID_CONNECT)) if is_direct
            else Domain('name', 'in', list(_WHO)) | given & Domain('name', '!=', 'odoo')
            & Domain('opens', '!=', 'everything'))

    @api.model
    def _sentences(self, scope):
        """The sentences that ask the user: one for each scope of the list that no other one contains.

        :param scope: names, separated by spaces.
        """
        return [sentence for scopes in self._shown(scope) for sentence in scopes.mapped('description')]


# OpenID Connect Core §5.4, §11: about the user, not about what Odoo's API opens.
_WHO = ('openid', 'profile', 'email')
OPENID_CONNECT = frozenset({'openid', 'profile', 'email', 'address', 'phone', 'groups', 'offline_access'})
