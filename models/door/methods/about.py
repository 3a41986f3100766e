"""What a model is like, and what may be done there."""
from odoo import api, models

from ....protocol.opening import OPERATIONS, READ


class OAuth2Door(models.AbstractModel):
    _inherit = 'oauth2.door'

    @api.model
    def _call_fields_get(self, call):
        """It tells of the fields that are open on all open records: programs read whatever it names."""
        call.texts('allfields')
        call.texts('attributes')
        opened, model = call.opened, call.model
        shown = call.run()
        told = {}
        for name, description in shown.items():
            field = model._fields[name]
            if not (opened.lines_of(field, READ) and opened.opens_everywhere(model, name, READ)):
                continue
            if 'readonly' in description:
                description['readonly'] = description['readonly'] or not opened.lines_of(field, 'write')
            told[name] = description
        return told

    @api.model
    def _call_has_access(self, call):
        """The answer is the token's: what is closed to it, it has no access to."""
        operation = call.text('operation')
        return self._oauth2_is_open(call, operation) and call.run()

    @api.model
    def _call_check_access_rights(self, call):
        """As for `has_access`."""
        operation = call.text('operation')
        call.plain('raise_exception')
        if operation in OPERATIONS and call.arguments.get('raise_exception', True):
            call.opened.check_model(call.model._name, operation)
        return self._oauth2_is_open(call, operation) and call.run()

    @api.model
    def _oauth2_is_open(self, call, operation):
        if operation not in OPERATIONS:
            raise call.refusals.wrong(f'one of {", ".join(OPERATIONS)} is wanted')
        return call.opened.allows(call.model._name, operation) and (
            call.opened.records(call.records, operation) == call.records)

    @api.model
    def _call_get_property_definition(self, call):
        """The field is open on all records: any of them may be the one whose properties these are."""
        name = call.text('full_name').partition('.')[0]
        call.opened.check_model(call.model._name, READ)
        if call.opened.check_field(call.model, name, READ).type != 'properties':
            raise call.refusals.wrong(f'{name} has no properties')
        call.opened.check_whole(call.model._name, [name])
        return call.run()

    @api.model
    def _call_res_users__context_get(self, call):
        """Nothing, but the token opens something of Odoo. Many a library asks first for the user's number, language and
        time zone.
        """
        return call.run()

    @api.model
    def _call_default_get(self, call):
        """Defaults tell of what they are taken from, so the scope has to open creating. Those are told that were asked
        for, and that a new record may be given.
        """
        call.opened.check_model(call.model._name, 'create')
        asked = [name for name in call.texts('fields') if name in call.model._fields
                 and call.opened.lines_of(call.model._fields[name], 'create')]
        call.arguments['fields'] = asked
        return {name: value for name, value in call.run().items() if name in asked}
