"""Records that give or take rights: changes are recorded with the old and the new value."""
import hashlib

from odoo import api, models
from odoo.models import MAGIC_COLUMNS


class OAuth2Recorded(models.AbstractModel):
    """A model for auditors: who made, changed and deleted its records, and how.

    Stored values are compared before and after a change, whatever caused it. Changes by installing or updating the
    addon are not recorded.
    """
    _name = 'oauth2.recorded'
    _description = 'What is recorded when it changes'

    # The beginning of the names of its events: `<this>_made`, `_changed`, `_deleted`.
    _recorded_as = ''

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        for record in records:
            record._record_change('made', '', record._in_words())
        return records

    def write(self, vals):
        self.check_access('write')  # before sudo() reads anything
        former = [record._recorded() for record in self]
        result = super().write(vals)
        for record, before in zip(self, former, strict=True):
            for name, now in record._recorded().items():
                if now != before[name]:
                    record._record_change('changed', before[name], now, self._fields[name])
        return result

    def unlink(self):
        self.check_access('unlink')
        for record in self:
            record._record_change('deleted', record._in_words(), '')
        return super().unlink()

    def _recorded_client(self):
        """The `oauth2.client` that this record is about; empty if there is none."""
        return self.env['oauth2.client']

    def _recorded(self):
        """The values of all fields that are stored with the record: a dictionary of texts, by the fields' names."""
        record = self.sudo().with_context(active_test=False, bin_size=False)
        return {name: _words(field, record[name]) for name, field in self._fields.items()
                if field.store and field.type != 'one2many' and name not in MAGIC_COLUMNS
                and not (field.compute and field.readonly)}  # computed from the others

    def _record_change(self, what, old, new, field=None):
        if not self.env.registry.ready:
            return
        label = field and field._description_string(self.env)
        self.env['oauth2.event']._record(
            f'{self._recorded_as}_{what}', self._recorded_client(), old_value=old, new_value=new,
            detail=': '.join(filter(None, [self.sudo().display_name, label])))

    def _in_words(self):
        return '\n'.join(f'{self._fields[name]._description_string(self.env)}: {text}'
                         for name, text in self._recorded().items() if text)


def _words(field, value):
    """A field's value as a text; '' for nothing."""
    if field.type == 'boolean':
        return str(bool(value))
    if isinstance(value, models.BaseModel):
        return ', '.join(value.mapped('display_name'))
    if isinstance(value, bytes):  # an image
        return hashlib.sha256(value).hexdigest()[:16]
    return '' if value is False or value is None else str(value)
