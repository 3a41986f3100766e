"""What a token's request is held to: an :class:`Opening`, and companies.

The limit is bound to what runs, not to records: it holds for every environment and every cursor, whatever their context
or user, until the request ends. That is why it does not travel in a context, which callers set.
"""
from contextlib import contextmanager
from contextvars import ContextVar

from psycopg2.errors import ReadOnlySqlTransaction
from psycopg2.extensions import STATUS_READY

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from ...protocol.opening import READ
from ..scopes.field_opening import lines_that_open
from ..scopes.oauth2_scope_opening import EVERYTHING

_current = ContextVar('restapi_oauth2_limit', default=None)

# The :class:`Limit` that holds here and now, or None. It is asked at every access to a field, so it is the bare method.
current = _current.get


@contextmanager
def held_to(limit):
    """Have a limit hold while the block runs, or none where `limit` is None."""
    token = _current.set(limit)
    try:
        yield
    finally:
        _current.reset(token)


def suspended():
    """Have none hold while the block runs: for what is worked out of the user's own rights."""
    return held_to(None)


def hold(limit):
    """Have a limit hold until the end of the :func:`held_to` around this."""
    _current.set(limit)


@contextmanager
def telling_who_may_only_read(env):
    """Have what fails in the block because nothing may be written fail as an error that says so.

    It may come in other words: code of an administrator (`safe_eval`) makes a ValueError of every error.

    :raises AccessError: as :meth:`Limit.lacking_to_write` says.
    """
    try:
        yield
    except AccessError:
        raise
    except Exception as error:
        limit = current()
        if limit is None or not limit.is_read_only or not _comes_of_writing(error):
            raise
        raise limit.lacking_to_write(env) from None


def _comes_of_writing(error):
    while error and not isinstance(error, ReadOnlySqlTransaction):
        error = error.__cause__ or error.__context__
    return bool(error)


class Limit:
    """What one request may do, at the most: the user's own rights are looked at beside it.

    :param opening: an :class:`~...protocol.opening.Opening`.
    :param scopes: the names of the token's scopes.
    :param companies: the IDs of the companies that it may see, the first one being the current one; None for all
        companies of the user.
    """

    def __init__(self, opening, scopes, companies=None):
        self.opening = opening
        self.scopes = scopes
        self.companies = companies
        self.allows = opening.allows
        self._domains = {}
        self.is_read_only = False

    @property
    def cache_key(self):
        """What tells results apart that this limit may have had a part in from those of other limits."""
        return self.opening, self.companies

    def check_companies(self, env):
        """Refuse companies of the context that the token may not see, as Odoo refuses those that the user may not see.

        Odoo looks when it needs them; that may be within a :func:`suspended` block, where they would pass.

        :raises AccessError: see above.
        """
        chosen = env.context.get('allowed_company_ids')
        if self.companies is not None and not env.su and chosen and not (
                isinstance(chosen, (list, tuple)) and all(company in self.companies for company in chosen)):
            raise AccessError(env._('Access to unauthorized or invalid companies.'))

    # ------------------------------------------------------------------
    # Records
    # ------------------------------------------------------------------

    def domain(self, env, model_name, operation):
        """The records of a model that are open to an operation, as a domain for a superuser to evaluate.

        A record that is part of another one (`_inherits`) has to be open, too, if it is open at all.
        """
        domain = self._domain_of_lines(env, self.opening.lines(model_name, operation))
        if model_name == 'res.company' and self.companies is not None:
            domain &= Domain('id', 'in', self.companies)
        for parent_name, field_name in env[model_name]._inherits.items():
            if self.allows(parent_name, operation):
                parents = self.domain(env, parent_name, operation)
                if not parents.is_true():
                    domain &= Domain(field_name, 'any', parents)
        return domain

    def holds_back(self, env, model_name, operation=READ):
        """Whether some records of a model are closed, or all of them."""
        lines = self.opening.lines(model_name, operation)
        return not lines or not self._domain_of_lines(env, lines).is_true()

    def opened(self, records, operation, lines=None):
        """Those of some records that are open to an operation.

        :param lines: those that open it, where not all lines of the model do.
        """
        domain = (self.domain(records.env, records._name, operation) if lines is None
                  else self._domain_of_lines(records.env, lines))
        if domain.is_true():
            return records
        opened = records.sudo().with_context(active_test=False).filtered_domain(domain)
        return records.browse(opened.ids)

    def _domain_of_lines(self, env, lines):
        if not lines:
            return Domain.FALSE
        if not all(line.domain for line in lines):
            return Domain.TRUE
        # What a domain may name is what record rules may: the user, and the companies of the context.
        key = lines, env.uid, repr(env.context.get('allowed_company_ids'))
        if key not in self._domains:
            with suspended():
                values = env['ir.rule']._eval_context()
                self._domains[key] = Domain.OR(Domain(safe_eval(line.domain, values)) for line in lines)
        return self._domains[key]

    # ------------------------------------------------------------------
    # Fields
    # ------------------------------------------------------------------

    def opens_field(self, records, field, operation):
        """Whether a field is open, on all of some records.

        :param records: of the field's model, or of another one where the field itself is meant.
        :param operation: `read`, `write` or `create`.
        """
        lines = lines_that_open(self.opening, records.pool, field, operation)
        if not lines or lines is self.opening.lines(field.model_name, operation) or field.model_name != records._name:
            return bool(lines)
        records = records._origin
        return self.opened(records, operation, lines) == records

    def opens_all(self, model_name):
        """Whether everything that the user may read of a model is open."""
        return any(line.is_whole for line in self.opening.lines(model_name, READ))

    def domain_of_field(self, env, field):
        """The records on which a field may be read, as a domain for a superuser to evaluate."""
        return self._domain_of_lines(env, lines_that_open(self.opening, env.registry, field, READ))

    def vouches_for(self, pool, field):
        """Whether a field is named by a line: its value is shown, whatever it is computed of."""
        lines = lines_that_open(self.opening, pool, field, READ)
        return any(line.fields is not None for line in lines)

    def named(self, records):
        """The IDs of those records whose names may be told beside others' references to them."""
        field = records._fields['display_name']
        lines = lines_that_open(self.opening, records.pool, field, READ)
        return set(self.opened(records, READ, lines)._ids) if lines else set()

    # ------------------------------------------------------------------
    # Calls
    # ------------------------------------------------------------------

    def check_call(self, env, model_name, method_name):
        """Let a method of a model be called from outside only if the model is open to something, and, where it is no
        method that every model has, if the method itself is.

        Where it is open to reading alone, the call does not write, not even by `sudo()`.

        :raises AccessError: it is closed.
        """
        if model_name not in env:
            if self.opening.is_empty:
                raise self.lacking_to(EVERYTHING, env._('The access token opens nothing of Odoo.'))
            return  # the caller is told so by whoever looks for it
        if not self.opening.opens(model_name):
            raise self.lacking(env, model_name, _operation_of(env[model_name], method_name))
        is_its_own = callable(getattr(env.registry[model_name], method_name, None)) and not hasattr(
            env.registry['base'], method_name)
        if is_its_own and not self.opening.opens_method(model_name, method_name):
            raise self.lacking(env, model_name, _operation_of(env[model_name], method_name), method_name=method_name)
        if self.opening.only_reads(model_name):
            self.make_read_only(env.cr)

    def make_read_only(self, cursor):
        """Let this request write nothing by this cursor."""
        if not self.is_read_only:
            self.is_read_only = True
            make_read_only(cursor)

    def lacking_to_write(self, env):
        """The error where something was to be written and nothing may be: by a method that looked like reading."""
        return self.lacking_to(EVERYTHING, env._('The access token may only read, and this was to change something.'))

    def lacking(self, env, model_name, operation, field_name=None, records=False, method_name=None):
        """The error for what the user may do, but not this token.

        It is an :class:`AccessError` and nothing else, so it looks as ever in every protocol. Its attribute
        `oauth2_scope` names what would have sufficed.

        :param records: the model is open, but not these records of it.
        """
        with suspended():
            scope = env['oauth2.scope'].sudo()._sufficient(model_name, operation, field_name, records, method_name)
            description = env['ir.model']._get(model_name).name or model_name
        if method_name:
            return self.lacking_to(scope, env._(
                'The access token may not call %(method)s of %(model)s: it lacks the scope %(scope)s.',
                method=method_name, model=model_name, scope=scope))
        values = {'scope': scope, 'model': f'{description} ({model_name})', 'operation': operation, 'field': field_name}
        if field_name:
            message = env._('The access token may not %(operation)s the field "%(field)s" of %(model)s: '
                            'it lacks the scope %(scope)s.', **values)
        elif records:
            message = env._('The access token may not %(operation)s these records of %(model)s: '
                            'it lacks the scope %(scope)s.', **values)
        else:
            message = env._('The access token may not %(operation)s %(model)s: it lacks the scope %(scope)s.', **values)
        return self.lacking_to(scope, message)

    def lacking_to(self, scope, message):
        """An error that says which scopes a token needs to do what this one may, and one thing more."""
        error = AccessError(message)
        error.oauth2_scope = ' '.join(dict.fromkeys([*self.scopes, scope]))
        return error


def _operation_of(model, method_name):
    """What a method of a model does, as far as that can be known."""
    known = {'create': 'create', 'name_create': 'create', 'copy': 'create', 'unlink': 'unlink'}
    reads = any(getattr(getattr(cls, method_name, None), '_readonly', False) for cls in type(model).mro())
    return known.get(method_name) or (READ if reads else 'write')


def make_read_only(cursor):
    """Let nothing be written by this cursor any more, by nobody.

    PostgreSQL takes that back in no transaction that has begun; and those that follow, after a commit or a rollback in
    the middle of a request, begin so. The connection is asked anew when it is used for something else.
    """
    cursor.execute('SET TRANSACTION READ ONLY')
    connection = cursor.connection

    def stay_read_only():
        if connection.status == STATUS_READY:  # not so in tests, which have one transaction for many cursors
            connection.set_session(readonly=True)

    cursor.postcommit.add(stay_read_only)
    cursor.postrollback.add(stay_read_only)
