"""The call by XML-RPC or JSON-RPC that is being made: Odoo does not tell it to whoever looks at the password."""
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from .limit import held_to

_current = ContextVar('restapi_oauth2_rpc_call', default=None)

# The :class:`Call` that is being made, or None. Elsewhere an access token is no password.
current_call = _current.get


class Call(NamedTuple):
    """What is called.

    :ivar model: the name of a model; None where none is called, as to find out a user's number.
    """
    model: str | None
    method: str | None


@contextmanager
def made(service, parameters):
    """Have a call made while the block runs. The limit of its token, if it has one, ends with it.

    :param service: `object`, `common` or `db`.
    :param parameters: for the first of these: database, user's number, password, model, method, and what it takes.
    """
    model, method = (*parameters, None, None)[3:5] if service == 'object' and len(parameters) > 4 else (None, None)
    token = _current.set(Call(model, method) if service in ('object', 'common') else None)
    try:
        with held_to(None):
            yield
    finally:
        _current.reset(token)
