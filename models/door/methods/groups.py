"""Grouping records."""
from odoo import api, models
from odoo.fields import Domain


class OAuth2Door(models.AbstractModel):
    _inherit = 'oauth2.door'

    @api.model
    def _call_formatted_read_group(self, call):
        """Every field of domain, groups, aggregates and order is open. Only records are counted on which they are."""
        call.numbers('offset', 'limit')
        call.domain()
        groups = call.groups()
        call.aggregates()
        call.having()
        call.order_of_groups(groups)
        call.find()
        return call.names.of_groups(call.model, call.run(), groups)

    @api.model
    def _call_formatted_read_grouping_sets(self, call):
        """As for `formatted_read_group`."""
        call.domain()
        sets = call.take('grouping_sets', [])
        if not isinstance(sets, (list, tuple)) or not all(isinstance(specs, (list, tuple)) for specs in sets):
            raise call.refusals.wrong('a list of lists of groups is wanted')
        groups = [spec for specs in sets for spec in specs]
        for spec in groups:
            call.group(spec)
        call.aggregates()
        call.order_of_groups(groups)
        call.find()
        return [call.names.of_groups(call.model, result, specs) for specs, result in zip(sets, call.run(), strict=True)]

    @api.model
    def _call_read_group(self, call):
        """As for `formatted_read_group`."""
        call.numbers('offset', 'limit')
        call.plain('lazy')
        asked = call.take('domain', [])
        call.domain()
        groups = call.groups()
        call.aggregates('fields')
        lazy = groups[:1] if call.arguments.get('lazy', True) else groups
        call.order_of_groups(lazy, 'orderby')
        # Each group shows its domain, which contains that of the call. The caller must not see this addon's changes to
        # it.
        call.find()
        found = Domain('id', 'in', call.model._search(call.arguments['domain']))
        call.arguments['domain'] = found
        rows = call.names.without_empty_groups(call.model, call.run(), lazy)
        for row in rows:
            if '__domain' in row:
                row['__domain'] = list(Domain(row['__domain']).map_conditions(
                    lambda condition: Domain(asked) if condition.value is found.value else condition))
        return call.names.of_groups(call.model, rows, lazy)
