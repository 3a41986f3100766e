"""Whatever gives or takes rights is recorded, with what it was and what it is."""
import hashlib

from odoo import api, models
from odoo.models import MAGIC_COLUMNS


class OAuth2Recorded(models.AbstractModel):
    """A model whose records an auditor asks about: who made, changed and deleted them, and how.

    What is stored is compared before and after a change, however it came about. What the addon brings along when it is
    installed or updated is nobody's change.
    """
    _name = 'oauth2.recorded'
    _description = 'What is recorded when it changes'

    # What the names of its events begin with: `<this>_made`, `_changed`, `_deleted`.
    _recorded_as = ''

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create(vals_list)
        for record in records:
            record._record_change('made', '', record._in_words())
        return records

    def write(self, vals):
        self.check_access('write')  # before anything is read with all rights
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
        """The `oauth2.client` that this record is about; empty where it is about none."""
        return self.env['oauth2.client']

    def _recorded(self):
        """What each field holds that is stored with the record: a dictionary of texts, by the fields' names."""
        record = self.sudo().with_context(active_test=False, bin_size=False)
        return {name: _words(field, record[name]) for name, field in self._fields.items()
                if field.store and field.type != 'one2many' and name not in MAGIC_COLUMNS
                and not (field.compute and field.readonly)}  # what follows from the others

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
    """What a field holds, as a text; '' for nothing."""
    if field.type == 'boolean':
        return str(bool(value))
    if isinstance(value, models.BaseModel):
        return ', '.join(value.mapped('display_name'))
    if isinstance(value, bytes):  # an image
        return hashlib.sha256(value).hexdigest()[:16]
    return '' if value is False or value is None else str(value)
