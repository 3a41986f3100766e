"""The lines of a scope, which say what it opens."""
from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from ...protocol.opening import OPERATIONS, Line


class OAuth2ScopeLine(models.Model):
    """A model, the operations on its records, and which records and fields they apply to.

    Model and fields are stored by name: a scope may name those of another addon, and those that do not exist open
    nothing. A list of fields that are all gone stays a list: it does not come to mean all fields.
    """
    _name = 'oauth2.scope.line'
    _inherit = 'oauth2.recorded'
    _description = 'OAuth2 Scope Line'
    _order = 'scope_id, model, id'
    _allow_sudo_commands = False
    _recorded_as = 'scope_line'

    scope_id = fields.Many2one('oauth2.scope', required=True, ondelete='cascade', index=True)
    model = fields.Char('Model name', required=True)
    model_id = fields.Many2one(
        'ir.model', compute='_compute_model_id', inverse='_inverse_model_id', compute_sudo=True,
        domain=[('abstract', '=', False)])
    perm_read = fields.Boolean('Read', default=True)
    perm_write = fields.Boolean('Write')
    perm_create = fields.Boolean('Create')
    perm_unlink = fields.Boolean('Delete')
    domain = fields.Char(
        help='Which records, as in a record rule: user, company_id and company_ids may be named. Empty: all of them.')
    field_names = fields.Char(
        'Field names', help='With spaces between them. Empty: what is stored with a record.')
    field_ids = fields.Many2many(
        'ir.model.fields', string='Fields', compute='_compute_field_ids', inverse='_inverse_field_ids',
        compute_sudo=True, domain="[('model_id', '=', model_id)]",
        help='Empty: what is stored with a record, but no keys, and nothing that Odoo shows to some users only. '
             'Relations to many records are open where the scope opens their model, too. A field that is named here is '
             'shown as it is.')
    method_names = fields.Char(
        'Other methods',
        help='The methods of this model alone that may be called, with spaces between them; * stands for all. The '
             'scope does not limit what such a method does.',
    )

    _opens_something = models.Constraint(
        # A box that was never ticked is NULL, which a CHECK accepts.
        'CHECK (perm_read IS TRUE OR perm_write IS TRUE OR perm_create IS TRUE OR perm_unlink IS TRUE)',
        'A line opens something: tick an operation.')

    @api.depends('model')
    def _compute_model_id(self):
        for line in self:
            line.model_id = line.model and self.env['ir.model']._get(line.model)

    def _inverse_model_id(self):
        for line in self:
            line.model = line.model_id.model

    @api.onchange('model_id')
    def _onchange_model_id(self):
        self.model = self.model_id.model
        self.field_names = False
        self.method_names = False

    @api.depends('model', 'field_names')
    def _compute_field_ids(self):
        for line in self:
            line.field_ids = self.env['ir.model.fields'].search([
                ('model', '=', line.model), ('name', 'in', (line.field_names or '').split())])

    def _inverse_field_ids(self):
        for line in self:
            line.field_names = ' '.join(line.field_ids.mapped('name'))

    @api.depends('model')
    def _compute_display_name(self):
        for line in self:
            # Readers of scopes may not read Odoo's list of models.
            line.display_name = line.sudo().model_id.name or line.model

    @api.constrains('model', 'domain', 'field_names', 'method_names')
    def _check_line(self):
        """Report misspelt names. Names of an addon that is not installed cannot be checked."""
        values = self.env['ir.rule']._eval_context()
        for line in self.filtered(lambda line: line.model in self.env):
            model = self.env[line.model]
            unknown = set((line.field_names or '').split()) - set(model._fields)
            if unknown:
                raise ValidationError(self.env._(
                    '%(model)s has no field: %(fields)s', model=line.model, fields=', '.join(sorted(unknown))))
            unknown = {name for name in line._methods() - {'*'}
                       if name.startswith('_') or not callable(getattr(type(model), name, None))}
            if unknown:
                raise ValidationError(self.env._(
                    '%(model)s has no method for others to call: %(methods)s', model=line.model,
                    methods=', '.join(sorted(unknown))))
            try:
                Domain(safe_eval(line.domain or '[]', dict(values))).validate(model.sudo())
            except (ValueError, TypeError, SyntaxError, AttributeError, NameError, ZeroDivisionError) as error:
                raise ValidationError(
                    self.env._(
                        'The domain on %(model)s cannot be understood: %(reason)s', model=line.model, reason=error
                    )
                ) from None

    @api.model_create_multi
    def create(self, vals_list):
        self.env['oauth2.scope']._forget_what_is_opened()
        for vals in vals_list:
            if not vals.get('model') and vals.get('model_id'):
                vals['model'] = self.env['ir.model'].sudo().browse(vals['model_id']).model
        return super().create(vals_list)

    def write(self, vals):
        self.env['oauth2.scope']._forget_what_is_opened()
        return super().write(vals)

    def unlink(self):
        self.env['oauth2.scope']._forget_what_is_opened()
        return super().unlink()

    def _line(self):
        """This line as the protocol's :class:`~...protocol.opening.Line`."""
        self.ensure_one()
        return Line(
            self.model, frozenset(operation for operation in OPERATIONS if self['perm_' + operation]),
            self.domain or '', frozenset(self.field_names.split()) if self.field_names else None,
            None if '*' in self._methods() else self._methods())

    def _methods(self):
        """The names of other methods; `*` among them stands for all."""
        return frozenset((self.method_names or '').split())
