"""The facts about Odoo's fields that decide which of them a scope opens."""
from odoo import api, models

from ...protocol.opening import Field

# Computed from columns of the same record only. Other computed fields may show other tables, whatever they depend on.
_HARMLESS = frozenset({
    'currency_id', 'company_currency_id', 'company_currency',
    *(f'{name}_{size}' for name in ('avatar', 'image') for size in (128, 256, 512, 1024, 1920)),
    'company_type', 'contact_address', 'contact_address_inline', 'email_formatted', 'lang_code', 'phone_formatted',
    'tz_offset',
})

# Computed fields that stand for a record's own content: a file, and the code that an account has in each company.
_HELD = frozenset({'account.account.code', 'ir.attachment.datas', 'ir.attachment.raw'})

# Lines must name each field of these models, for reading and for writing.
_NEEDS_A_LIST = frozenset({'res.users'})

_FOR_EVERYBODY = frozenset({'base.group_user', 'base.group_portal', 'base.group_public'})


class OAuth2Scope(models.Model):
    _inherit = 'oauth2.scope'

    @api.model
    def _field(self, field):
        """An Odoo field as the protocol's :class:`~...protocol.opening.Field`."""
        relates = field.type in ('one2many', 'many2many')
        is_computed = bool(field.compute) and not field.store
        inverse = None
        if field.type == 'one2many' and not is_computed and field.inverse_name:
            inverse = self.pool[field.comodel_name]._fields.get(field.inverse_name)
            # An ID beside a model's name makes no relation that could be closed separately.
            inverse = inverse if inverse is not None and inverse.type == 'many2one' else None
        inherited = None
        if field.inherited:
            inherited = self._field(field.related_field)
        return Field(
            field.model_name, field.name,
            is_stored=self._is_stored(field) and not relates,
            is_name=field.name == 'display_name',
            is_harmless=self._is_harmless(field),
            is_key=self._is_key(field),
            is_reserved=field.model_name in _NEEDS_A_LIST or self._is_reserved(field),
            comodel=field.comodel_name if relates and not is_computed and not inherited else '',
            inverse=self._field(inverse) if inverse is not None else None,
            inherited=inherited)

    @api.model
    def _is_stored(self, field):
        """Whether a field is a column of the record, or stands for one.

        :param field: an Odoo field.
        """
        return field.store or f'{field.model_name}.{field.name}' in _HELD

    @api.model
    def _is_harmless(self, field):
        """Whether a computed field shows only columns of the same record. Other addons add their own.

        :param field: an Odoo field.
        """
        return field.name in _HARMLESS

    @api.model
    def _is_reserved(self, field):
        """Whether Odoo shows a field only to some internal users: then lines must name it.

        :param field: an Odoo field.
        """
        groups = {group.strip() for group in (field.groups or '').split(',')} - {''}
        return bool(groups) and not groups & _FOR_EVERYBODY
