"""Making records."""
from odoo import api, models

from ....protocol.opening import READ
from ..arguments.context import proposed
from ..arguments.copied import copied


class OAuth2Door(models.AbstractModel):
    _inherit = 'oauth2.door'

    @api.model
    def _call_create(self, call):
        """Every value is open to creating, and names only records that may be read. What was stored is looked at again:
        the record is one that is open, and so is what was made along with it.
        """
        call.take('vals_list')
        given = call.arguments['vals_list']
        several = [given] if isinstance(given, dict) else given or []
        if not isinstance(several, (list, tuple)):
            raise call.refusals.wrong('a list of values is wanted')
        several, names = self._oauth2_check_new(call, several)
        call.arguments['vals_list'] = several
        made = call.run()
        call.values.check_made(made, names)
        return made

    @api.model
    def _call_name_create(self, call):
        """As for `create`, with the name alone. The lines that open creating have no list of fields."""
        call.text('name')
        name = call.model._rec_name
        if not any(line.fields is None for line in call.opened.opening.lines(call.model._name, 'create')):
            call.values.check_records(call.model, 'create')
            raise call.refusals.of_field(call.model._name, 'create', name or 'display_name')
        if not name:
            raise call.refusals.wrong(f'{call.model._name} has no name by which a record is made')
        [vals], names = self._oauth2_check_new(call, [{name: call.arguments.get('name')}])
        proposals = {f'default_{other}': value for other, value in vals.items() if other != name}
        made = call.run(call.model.with_context(**proposals))
        if made:
            call.values.check_made(call.model.browse(made[0]), names)
        return made

    @api.model
    def _call_copy(self, call):
        """The records may be read. A copy holds what may be read there and created here; the rest is as in any new
        record. It is made by `create`: what a model does beside that when it is copied is not done.
        """
        default = call.values_of('default')
        call.values.check_records(call.model, 'create')
        call.on_open_records()
        call.ready()
        sources = call.records.with_context(active_test=False)
        several = [
            {**copied(call.values, source, {name: vals[name] for name in vals if name not in default}), **default}
            for source in sources for vals in source.copy_data(dict(default))]
        for vals in several:
            call.values.check(call.model, vals, 'create')
        names = {name for vals in several for name in vals}
        # Odoo would copy all translations of the lines.
        closed = {name for name, field in call.model._fields.items()
                  if field.type == 'one2many' or name not in names or name in default}
        made = call.model.create(several)
        for source, copy in zip(call.records, made, strict=True):
            source.copy_translations(copy, excluded=closed)
        call.values.check_made(made, names)
        return made

    @api.model
    def _call_web_save(self, call):
        """As for `create` or `write`, and then for `web_read`. `next_id` is another record: it is read in its place.
        What a model does beside that when it is saved in this way is not done.
        """
        next_id = self._numbered(call.opened, call.take('next_id'))
        vals = call.values_of('vals')
        if call.records:
            call.values.check_records(call.records, 'write')
            call.values.check(call.records, vals, 'write')
        else:
            [vals], names = self._oauth2_check_new(call, [vals])
        specification = call.specification()
        call.ready()
        saved = call.records
        if saved:
            saved.write(dict(vals))
            call.values.check_stored(saved, vals)
        else:
            saved = call.model.create([vals])
            call.values.check_made(saved, names)
        shown = call.model.browse(next_id) or saved
        call.refusals.argument = 'next_id' if next_id else None
        call.opened.check_records(shown, READ, call.search.used)
        return call.names.of_specification(
            call.model, shown.with_context(bin_size=True).web_read(specification), specification)

    @api.model
    def _oauth2_check_new(self, call, several):
        """Judge values for new records, together with those that the context proposes: the caller sends them, too.

        :return: copies of all values, to which Odoo may add, and the names of the fields.
        """
        call.values.check_records(call.model, 'create')
        from_context = proposed(call.context, call.model)
        argument, judged = call.refusals.argument, []
        for vals in several:
            call.values.check(call.model, vals, 'create')
            if more := {name: value for name, value in from_context.items() if name not in vals}:
                call.refusals.argument = 'context'
                call.values.check(call.model, more, 'create')
                call.values.check(call.model, {**more, **vals}, 'create')  # all of them together
                call.refusals.argument = argument
            judged.append({**more, **vals})
        call.refusals.argument = None
        return judged, {name for vals in judged for name in vals}
