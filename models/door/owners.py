"""Records that belong to others by a model's name and a number: they are open if their owner is."""
from odoo.fields import Domain

from ...protocol.opening import READ

# By model, the field that holds the owner's number, or leads to such a record.
OWNED = {
    'ir.attachment': 'res_id', 'mail.activity': 'res_id', 'mail.followers': 'res_id', 'mail.message': 'res_id',
    'rating.rating': 'res_id', 'mail.scheduled.message': 'res_id',
    'mail.notification': 'mail_message_id', 'mail.tracking.value': 'mail_message_id',
    'mail.message.reaction': 'message_id', 'mail.message.translation': 'message_id',
}

# Models whose messages contain links that sign in anybody who has them.
_UNSEEN = {'mail.message': ('res.users', 'portal.wizard.user', 'survey.user_input')}


def of_open_owners(opened, model_name, operation):
    """The records of a model whose owners are open, as a domain for a superuser to evaluate.

    :param opened: the :class:`~.opened.Opened`.
    :param operation: `read`, or `write` for anything else.
    """
    name = OWNED.get(model_name)
    field = opened.env[model_name]._fields.get(name) if name else None
    if field is None or opened.limit.is_whole:
        return Domain.TRUE
    if model_name == 'mail.tracking.value' and not opened.reads_everything:
        return Domain.FALSE  # it shows values of any field
    if field.type == 'many2one':
        return Domain(name, 'any', of_open_owners(opened, field.comodel_name, operation))
    of_none = Domain(field.model_field, '=', False) | Domain(name, 'in', [False, 0])
    found = of_none | _owned(opened, opened.env[model_name], field, operation)
    if model_name == 'mail.message' and operation == READ and not opened.is_named_to(
            opened.env[model_name]._fields['body'], READ):
        found &= ~Domain('body', 'like', 'token=')  # anybody who has such a link acts as somebody
    if model_name == 'ir.attachment' and operation != READ:
        url = opened.env[model_name]._fields['url']
        if not opened.is_named_to(url, operation):
            found &= Domain('url', '=', False)  # a file with an address is served there, perhaps in every page
    return found


def _owned(opened, model, field, operation):
    """Those that have an owner which is open to an operation."""
    owners = [name for name in opened.env.registry if not opened.env[name]._abstract]
    partly = Domain.FALSE
    whole, closed = [], []
    for owner in owners:
        # A record whose owner belongs to another is closed: only one step is checked, not two.
        if owner in OWNED or owner in _UNSEEN.get(model._name, ()) or not opened.allows(owner, operation):
            closed.append(owner)
            continue
        confined = opened.subquery(owner, operation)
        if confined.is_true():
            whole.append(owner)
        else:
            closed.append(owner)
            partly |= Domain(field.model_field, '=', owner) & Domain(field.name, 'in', confined.value)
    # Whichever is shorter.
    domain = (Domain(field.model_field, 'in', whole) if len(whole) < len(closed)
              else Domain(field.model_field, 'not in', closed)) | partly
    return domain & _of_open_fields(opened, owners, operation) if model._name == 'ir.attachment' else domain


def _of_open_fields(opened, owners, operation):
    """The files that are attachments, and the files of fields that are open on their record."""
    is_open, is_closed = Domain.FALSE, Domain.FALSE
    for owner in owners:
        if owner in OWNED or not opened.allows(owner, operation):
            continue
        by_lines = {}  # the same lines open their fields on the same records
        for field in opened.env[owner]._fields.values():
            if field.type == 'binary' and field.store and not field.column_type:
                by_lines.setdefault(opened.lines_of(field, operation), []).append(field.name)
        for lines, names in by_lines.items():
            files = Domain('res_model', '=', owner) & Domain('res_field', 'in', names)
            if not lines:
                is_closed |= files
            elif opened.opens_everywhere(opened.env[owner], names[0], operation):
                is_open |= files
            else:
                is_closed |= files
                is_open |= files & Domain('res_id', 'in', opened.subquery(owner, operation, names[:1]).value)
    if opened.reads_everything and operation == READ:
        return ~is_closed | is_open
    return Domain('res_field', '=', False) | is_open
