"""What is open to one call: models, records, fields. Here the lines of an opening become domains."""
import logging

from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from ...protocol.opening import READ, ReadingOpening
from ...protocol.visible import visible
from .owners import of_open_owners
from .refusals import Refusals

_logger = logging.getLogger(__name__)


class Opened:
    """What a token's limit opens to this user in this database.

    :param env: the user's environment, with the context of the call.
    :param limit: the :class:`~.limit.Limit`.
    """

    def __init__(self, env, limit):
        self.env = env
        self.limit = limit
        self.opening = limit.opening
        self.allows = limit.opening.allows
        self.refusals = Refusals(env, limit)
        self.reads_everything = isinstance(limit.opening, ReadingOpening) or limit.is_whole
        self._domains = {}

    # ------------------------------------------------------------------
    # Models
    # ------------------------------------------------------------------

    def check_model(self, model_name, operation):
        """Refuse a model that is closed to an operation."""
        if not self.allows(model_name, operation):
            raise self.refusals.of_model(model_name, operation)

    # ------------------------------------------------------------------
    # Fields
    # ------------------------------------------------------------------

    def lines_of(self, field, operation):
        """The lines that open an Odoo field to an operation; none where it is closed."""
        key = field, operation
        memo = self.opening.memo
        lines = memo.get(key)
        if lines is None:
            facts = self.env['oauth2.scope']._field(field)
            lines = memo[key] = self.opening.lines_of(facts, operation)
        return lines

    def opens_everywhere(self, model, name, operation):
        """Whether a field is open on all open records of a model."""
        return self.domain(model._name, operation, [name]) == self.domain(model._name, operation)

    def is_named(self, field):
        """Whether a line names a field, so that it is shown in full."""
        return self.reads_everything or self.is_named_to(field, READ)

    def is_named_to(self, field, operation):
        """Whether a line that is for an operation names a field."""
        return self.limit.is_whole or any(line.names(field.name) for line in self.lines_of(field, operation))

    def check_field(self, model, name, operation):
        """Refuse a field that is closed to an operation, or does not exist.

        :raises UserError: there is no such field.
        """
        field = self.field(model, name)
        if not self.lines_of(field, operation):
            raise self.refusals.of_field(model._name, operation, name)
        return field

    def field(self, model, name):
        """The field of a model.

        :raises UserError: there is none.
        """
        field = model._fields.get(name) if isinstance(name, str) else None
        if field is None:
            raise self.refusals.wrong(f'{model._name} has no field {name}')
        return field

    def check_whole(self, model_name, names=()):
        """Refuse a model if some records, or some fields on some records, are closed.

        :param names: of fields.
        """
        self.check_model(model_name, READ)
        for name in names:
            self.check_field(self.env[model_name], name, READ)
        if not self.domain(model_name, READ, names).is_true():
            raise self.refusals.of_records(model_name, READ)

    def check_property(self, model, path):
        """Refuse a property that refers to records some of whose names are closed: it contains their names.

        :param path: `field.property`.
        """
        if '.' not in path:
            raise self.refusals.wrong(f'one of the {path} has to be named')
        comodel = model.sudo().get_property_definition(path).get('comodel')
        if comodel in self.env:
            self.check_whole(comodel, ['display_name'])

    def names_are_odoos(self, model):
        """Whether Odoo's own search by name reveals nothing that is closed."""
        return self.limit.is_whole or (
            any(not line.domain and (line.fields is None or line.names('display_name'))
                for line in self.lines_of(model._fields['display_name'], READ))
            and all(self._is_path_open(model, path) for path in self.paths_of_names(model)))

    def paths_of_names(self, model):
        """The fields by which records of a model are found by name, as paths."""
        declared = self.env['oauth2.door']._names_of(model._name)
        return declared or model._rec_names_search or ([model._rec_name] if model._rec_name else [])

    def _is_path_open(self, model, path):
        """Whether each field on a path is open on all records."""
        name, _dot, rest = path.partition('.')
        field = model._fields[name]
        if not self.domain(model._name, READ, [name]).is_true():
            return False
        if not field.relational:
            return True
        comodel = self.env[field.comodel_name]
        return self._is_path_open(comodel, rest) if rest else self.names_are_odoos(comodel)

    # ------------------------------------------------------------------
    # Records
    # ------------------------------------------------------------------

    def domain(self, model_name, operation=READ, names=()):
        """The records of a model on which some fields are open to an operation, as a domain for a superuser.

        :param names: of fields; without any, the records that are open at all.
        """
        fields = self.env[model_name]._fields
        domains = [self._domain_of_field(fields[name], operation) for name in names] or [
            self._domain_of_lines(self.opening.lines(model_name, operation))]
        domains.append(self._domain_of_model(model_name, operation))
        return Domain.AND(domain for domain in domains if not domain.is_true())

    def subquery(self, model_name, operation=READ, names=()):
        """The same as a condition on the ID alone, or TRUE if all records are open.

        Joined plainly, the domain would change what Odoo does: a condition on `active` shows archived records, one on
        `res_field` the files of fields.
        """
        domain = self.domain(model_name, operation, names)
        if domain.is_true():
            return domain
        superuser = self.env[model_name].sudo().with_context(active_test=False, skip_res_field_check=True)
        return Domain('id', 'in', superuser._search(domain))

    def records(self, records, operation=READ, names=()):
        """Those of some records on which fields are open to an operation.

        If only some records of the model are open, a missing record counts as closed; otherwise Odoo reports it.
        """
        if not records:
            return records
        domain = self.domain(records._name, operation, names)
        return records if domain.is_true() else self._found(records, domain)

    def open_on(self, records, names, operation):
        """Those of some fields that are open to an operation on all of some records.

        Fields that the same lines open share one query.

        :param names: of fields.
        :return: names, one after another.
        """
        asked = []
        for name in names:
            domain = self.domain(records._name, operation, [name])
            is_open = next((known for other, known in asked if other == domain), None)
            if is_open is None:
                is_open = domain.is_true() or self._found(records, domain) == records
                asked.append((domain, is_open))
            if is_open:
                yield name

    def _found(self, records, domain):
        found = records.sudo().with_context(active_test=False).search(
            Domain('id', 'in', records.ids) & domain, order='id')
        ids = set(found._ids)
        return records.browse(id_ for id_ in records._ids if id_ in ids)

    def check_records(self, records, operation, names=()):
        """Refuse records that are closed to an operation.

        :raises AccessError: they are closed to the token. Odoo checks the user's rights.
        """
        self.check_model(records._name, operation)
        if self.records(records, operation, names) != records:
            raise self.refusals.of_records(records._name, operation)

    def check_owners(self, records):
        """Refuse records whose owners may not be changed.

        :raises AccessError: they may not.
        """
        owned = self._domain_of_model(records._name, 'write')
        if not owned.is_true() and self._found(records, owned) != records:
            raise self.refusals.of_records(records._name, 'write')

    def _domain_of_model(self, model_name, operation):
        """The domain that applies whichever lines open a model."""
        operation = READ if operation == READ else 'write'  # anything but reading changes the owner
        key = 'model', model_name, operation
        if key not in self._domains:
            domain = of_open_owners(self, model_name, operation)
            if model_name == 'res.company' and self.limit.companies is not None:
                domain &= Domain('id', 'in', self.limit.companies)
            self._domains[key] = domain
        return self._domains[key]

    def _domain_of_field(self, field, operation):
        lines = self.lines_of(field, operation)
        if any(not line.domain and (not field.inherited or line.is_whole or line.fields is not None) for line in lines):
            return Domain.TRUE
        of_parent = [line for line in lines if field.inherited and line.fields is None and not line.is_whole]
        others = [line for line in lines if line not in of_parent]
        domain = self._domain_of_lines(others)
        if of_parent:
            # Part of a parent record: it is open where the parent's field is.
            parent = Domain(field.related.split('.')[0], 'any', self.domain(
                field.related_field.model_name, operation, [field.related_field.name]))
            domain |= self._domain_of_lines(of_parent) & parent
        return domain

    def are_open(self, records, lines):
        """Whether some lines of their model open all of some records; without records, all of the model."""
        domain = self._domain_of_lines(lines) & self._domain_of_model(records._name, READ)
        return domain.is_true() or (bool(records) and self._found(records, domain) == records)

    def _domain_of_lines(self, lines):
        if any(not line.domain for line in lines):
            return Domain.TRUE
        return Domain.OR(self._evaluated(line.domain) for line in lines)

    def _evaluated(self, text):
        """A line's domain. It may use what record rules may: the user, and the companies of the context."""
        if text not in self._domains:
            try:
                self._domains[text] = Domain(safe_eval(text, self.env['ir.rule']._eval_context()))
            except (ValueError, TypeError):
                # It was evaluated when it was stored, but fails with this user, or at this time.
                _logger.exception(
                    'OAuth2: the domain of a line of a scope opens nothing, because it fails: %s', visible(text))
                self._domains[text] = Domain.FALSE
        return self._domains[text]
