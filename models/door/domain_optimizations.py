"""Conditions of domains that Odoo answers without looking at rights, as far as a token asks them.

They are written anew before Odoo works them out, by Odoo's own mechanism for that.
"""
from odoo.fields import Domain
from odoo.orm.domains import OptimizationLevel, field_type_optimization, operator_optimization

from .limit import current


@field_type_optimization(
    [
        'binary',
        'boolean',
        'char',
        'date',
        'datetime',
        'float',
        'html',
        'integer',
        'json',
        'many2many',
        'many2one',
        'many2one_reference',
        'monetary',
        'one2many',
        'properties',
        'properties_definition',
        'reference',
        'selection',
        'text',
    ]
)
def check_field(condition, model):
    """Whoever asks for records by a field reads it, also where another method of the field finds them.

    :raises AccessError: it is closed.
    """
    if current() is not None and not model.env.su:
        model._check_field_access(condition._field(model), 'read')
    return condition


@operator_optimization(['child_of', 'parent_of'])
def check_hierarchy(condition, model):
    """Whoever asks for what is below or above a record asks for the field that says so.

    :raises AccessError: it is closed.
    """
    if current() is not None and not model.env.su:
        field = condition._field(model)
        comodel = model.env[field.comodel_name] if field.relational else model
        if parent := comodel._fields.get(comodel._parent_name):
            comodel._check_field_access(parent, 'read')
    return condition


@field_type_optimization(['one2many', 'many2many'], level=OptimizationLevel.FULL)
def look_at_records(condition, model):
    """Whether certain records are among those of a relation, or any at all: only those count that the token may read.

    Odoo looks into the relation alone, where the numbers of records are given.
    """
    limit = current()
    if limit is None or model.env.su or condition.operator not in ('in', 'not in'):
        return condition
    field = condition._field(model)
    if not isinstance(condition.value, (set, frozenset)) and not hasattr(condition.value, 'isdisjoint'):
        return condition
    if not limit.holds_back(model.env, field.comodel_name):
        return condition
    ids = [id_ for id_ in condition.value if id_]
    is_among = Domain(field.name, 'any', Domain('id', 'in', ids)) if ids else Domain.FALSE
    if len(ids) < len(condition.value):
        is_among |= Domain(field.name, 'not any', Domain.TRUE)
    return is_among if condition.operator == 'in' else ~is_among
