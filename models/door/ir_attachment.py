"""Attachments, within what a token opens: they follow the records that they belong to."""
from odoo import models

from ...protocol.opening import READ
from .limit import current


class IrAttachment(models.Model):
    _inherit = 'ir.attachment'

    def _check_access(self, operation):
        """The file of a field is as closed as the field, for administrators too, whom Odoo does not ask about that."""
        result = super()._check_access(operation)
        limit = current()
        if limit is None or not self:
            return result
        forbidden, error = result or (self.browse(), None)
        closed = (self - forbidden).filtered(lambda attachment: attachment._is_of_closed_field(operation))
        if not closed:
            return result
        return forbidden | closed, error or (lambda: limit.lacking(self.env, self._name, operation, records=True))

    def _is_of_closed_field(self, operation):
        attachment = self.sudo()
        if not attachment.res_field or (attachment.public and operation == READ):
            return False
        model = self.env.get(attachment.res_model)
        field = model is not None and model._fields.get(attachment.res_field)
        return not field or not current().opens_field(
            model.browse(attachment.res_id), field, READ if operation == READ else 'write')

    def _inaccessible_comodel_records(self, model_and_ids, operation):
        """Odoo lets users have files on their own user records, whatever rights they have there."""
        yield from super()._inaccessible_comodel_records(model_and_ids, operation)
        limit, uid = current(), self.env.uid
        if (limit is not None and not self.env.su and uid in model_and_ids.get('res.users', ())
                and not limit.opened(self.env.user, operation)):
            yield 'res.users', uid
