"""The errors of calls that the user may make, but not this token."""
import logging
from contextlib import contextmanager

import psycopg2

from odoo.exceptions import AccessError, UserError

from ..scopes.oauth2_scope import EVERYTHING

_logger = logging.getLogger(__name__)

# The errors of Odoo and PostgreSQL for a domain, a group or a value that they cannot read.
_UNREADABLE = ValueError, TypeError, RecursionError, psycopg2.DataError, psycopg2.ProgrammingError
# These, too; but they may also come from a mistake of ours.
_DOUBTFUL = ArithmeticError, LookupError, AttributeError, AssertionError, NotImplementedError


class Refusals:
    """Makes the errors of one call.

    A refusal is a plain :class:`AccessError`, so it looks as usual in every protocol. Its attribute `oauth2_scope`
    names what would suffice, if a scope would. An argument that makes no sense is a :class:`UserError`.

    :param env: the user's environment.
    :param limit: the :class:`~.limit.Limit`.
    """

    def __init__(self, env, limit):
        self._env = env
        self._limit = limit
        self.argument = None  # the one that is being judged

    def of_model(self, model_name, operation):
        """A model is closed to an operation."""
        return self._lacking(model_name, operation, self._env._(
            'The access token may not %(operation)s %(model)s', operation=operation, model=self._described(model_name)))

    def of_records(self, model_name, operation):
        """The model is open, but not these records of it."""
        return self._lacking(model_name, operation, self._env._(
            'The access token may not %(operation)s these records of %(model)s',
            operation=operation, model=self._described(model_name)), all_records=True)

    def of_field(self, model_name, operation, field_name):
        """A field is closed."""
        return self._lacking(model_name, operation, self._env._(
            'The access token may not %(operation)s the field "%(field)s" of %(model)s',
            operation=operation, field=field_name, model=self._described(model_name)), field_name=field_name)

    def of_method(self, model_name, operation, method_name):
        """A method that only this model has is closed."""
        return self._lacking(model_name, operation, self._not_to_call(model_name, method_name), method_name=method_name)

    def not_their_company(self):
        """The token may not see these companies, and no scope would help."""
        return AccessError(self._env._('Access to unauthorized or invalid companies.'))

    def wrong(self, message):
        """A mistake of the caller, for which no scope would help.

        :param message: a sentence without its full stop.
        """
        return UserError(f'{self.argument}: {message}.' if self.argument else f'{message}.')

    def of_any_method(self, model_name, method_name):
        """A method that every model has, and that has no policy."""
        return self.of_everything(self._not_to_call(model_name, method_name))

    def of_writing(self):
        """A method that looked like reading tried to write."""
        return self.of_everything(self._env._('The access token may only read, and this was to change something'))

    def of_everything(self, message):
        """Only the scope for everything would suffice."""
        return self.lacking(EVERYTHING, message)

    def _not_to_call(self, model_name, method_name):
        return self._env._(
            'The access token may not call %(method)s of %(model)s', method=method_name, model=model_name)

    def _described(self, model_name):
        name = self._env['ir.model'].sudo()._get(model_name).name if model_name in self._env else ''
        return f'{name} ({model_name})' if name else model_name

    def _lacking(self, model_name, operation, message, **what):
        if model_name not in self._env:
            return self.of_everything(message)
        client = self._env['oauth2.client'].sudo().browse(self._limit.client_id)
        scope = self._env['oauth2.scope'].sudo()._sufficient(
            model_name, operation, may_ask=client.scope_ids.mapped('name'), **what)
        return self.lacking(scope, message)

    def lacking(self, scope, message):
        """An error that names the scopes that a token needs to do what this one may, and this.

        :param message: a sentence without its full stop.
        """
        message = self._env._('%(message)s: it lacks the scope %(scope)s.', message=message, scope=scope)
        error = AccessError(f'{self.argument}: {message}' if self.argument else message)
        error.oauth2_scope = ' '.join(dict.fromkeys([*self._limit.scopes, scope]))
        return error


@contextmanager
def telling_what_is_wrong(refusals, blames_caller):
    """Raise the true cause of an error in the block: some of Odoo's code replaces every error by its own, refusals
    included.

    :param refusals: the :class:`Refusals` of the call.
    :param blames_caller: all arguments were judged, so an error of reading them is the caller's.
    """
    try:
        yield
    except Exception as error:
        if refusal := next((reason for reason in reasons(error) if hasattr(reason, 'oauth2_scope')), None):
            raise refusal from None
        if not blames_caller or isinstance(error, UserError) or not isinstance(error, (*_UNREADABLE, *_DOUBTFUL)):
            raise
        level = logging.WARNING if isinstance(error, _DOUBTFUL) else logging.INFO
        _logger.log(level, 'OAuth2: a call has something in it that cannot be read', exc_info=True)
        text = error.diag.message_primary if isinstance(error, psycopg2.Error) else str(error)
        raise refusals.wrong((text or 'another value is wanted').partition('\n')[0].rstrip('.')) from None


def reasons(error):
    """An error, and its causes, back to the first."""
    while error:
        yield error
        error = error.__cause__ or error.__context__
