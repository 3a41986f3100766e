"""Records that belong to others by the name of a model and a number: they are as open as what they belong to."""
from odoo.fields import Domain

from ...protocol.opening import READ

# For models, the field that holds the number, or the one that leads to such a record.
OWNED = {
    'ir.attachment': 'res_id', 'mail.activity': 'res_id', 'mail.followers': 'res_id', 'mail.message': 'res_id',
    'rating.rating': 'res_id', 'mail.scheduled.message': 'res_id',
    'mail.notification': 'mail_message_id', 'mail.tracking.value': 'mail_message_id',
    'mail.message.reaction': 'message_id', 'mail.message.translation': 'message_id',
}


def of_open_owners(opened, model_name, operation):
    """The records of a model whose owners are open, as a domain for a superuser to evaluate.

    :param opened: the :class:`~.opened.Opened`.
    :param operation: what is to be done with them. Whatever is not reading changes the owner.
    """
    name = OWNED.get(model_name)
    field = opened.env[model_name]._fields.get(name) if name else None
    if field is None or opened.limit.is_whole:
        return Domain.TRUE
    if field.type == 'many2one':
        return Domain(name, 'any', of_open_owners(opened, field.comodel_name, operation))
    of_none = Domain(field.model_field, '=', False) | Domain(name, 'in', [False, 0])
    return of_none | _owned(opened, opened.env[model_name], field, READ if operation == READ else 'write')


def _owned(opened, model, field, operation):
    """Those that have an owner, and one that is open to an operation."""
    owners = [name for name in opened.env.registry if not opened.env[name]._abstract]
    partly = Domain.FALSE
    whole, closed = [], []
    for owner in owners:
        if not opened.allows(owner, operation):
            closed.append(owner)
            continue
        confined = Domain.TRUE if owner in OWNED else opened.subquery(owner, operation)
        if confined.is_true():
            whole.append(owner)
        else:
            closed.append(owner)
            partly |= Domain(field.model_field, '=', owner) & Domain(field.name, 'in', confined.value)
    # Whichever is told in fewer words.
    domain = (Domain(field.model_field, 'in', whole) if len(whole) < len(closed)
              else Domain(field.model_field, 'not in', closed)) | partly
    return domain & _of_open_fields(opened, owners, operation) if model._name == 'ir.attachment' else domain


def _of_open_fields(opened, owners, operation):
    """The files that are attached as such, and the files of fields that are open."""
    is_open, is_closed = Domain.FALSE, Domain.FALSE
    for owner in owners:
        if not opened.allows(owner, operation):
            continue
        files = [field for field in opened.env[owner]._fields.values()
                 if field.type == 'binary' and field.store and not field.column_type]
        of_owner = Domain('res_model', '=', owner)
        if names := [field.name for field in files if opened.lines_of(field, operation)]:
            is_open |= of_owner & Domain('res_field', 'in', names)
        if names := [field.name for field in files if not opened.lines_of(field, operation)]:
            is_closed |= of_owner & Domain('res_field', 'in', names)
    if opened.reads_everything and operation == READ:
        return ~is_closed
    return Domain('res_field', '=', False) | is_open
