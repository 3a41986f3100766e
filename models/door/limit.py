"""What the requests of a token are held to, and which token acts."""
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from ...protocol.opening import Opening, WholeOpening

_acting = ContextVar('restapi_oauth2_acting', default=None)

# The :class:`Limit` of the token whose call is being made, or None. Nothing asks it but the one guard that has to know
# it in the middle of Odoo's work: what is worth a password. Everything else is judged at the door, before a call runs.
acting = _acting.get


@contextmanager
def acts(limit):
    """Have a token act while the block runs, until what it left to be stored is stored."""
    token = _acting.set(limit)
    try:
        yield
    finally:
        _acting.reset(token)


class Limit(NamedTuple):
    """What one request may do, at the most: the user's own rights are looked at beside it.

    :ivar opening: an :class:`~...protocol.opening.Opening`.
    :ivar scopes: the names of the token's scopes, as far as they open something.
    :ivar companies: the IDs of the companies that it may see, the first one being the current one; None for all
        companies of the user.
    :ivar client_id: the ID of the `oauth2.client`.
    """
    opening: Opening
    scopes: tuple[str, ...]
    companies: tuple[int, ...] | None = None
    client_id: int | None = None

    @property
    def is_whole(self):
        """Whether nothing but companies is closed."""
        return isinstance(self.opening, WholeOpening)
