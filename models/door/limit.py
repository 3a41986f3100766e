"""The limits of a token's requests, and which token acts."""
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from ...protocol.opening import Opening, WholeOpening

_acting = ContextVar('restapi_oauth2_acting', default=None)

# The :class:`Limit` of the token whose call is running, or None. Only one guard reads it, which has to know it during
# Odoo's work: the one for changes that are worth a password. Everything else is judged at the door, before a call runs.
acting = _acting.get


@contextmanager
def acts(limit):
    """Let a token act while the block runs."""
    token = _acting.set(limit)
    try:
        yield
    finally:
        _acting.reset(token)


class Limit(NamedTuple):
    """What one request may do at most; the user's own rights apply as well.

    :ivar opening: an :class:`~...protocol.opening.Opening`.
    :ivar scopes: the names of the token's scopes that open something.
    :ivar companies: the IDs of the companies that it may see, the current one first; None for all companies of the
        user.
    :ivar client_id: the ID of the `oauth2.client`.
    """
    opening: Opening
    scopes: tuple[str, ...]
    companies: tuple[int, ...] | None = None
    client_id: int | None = None

    @property
    def is_whole(self):
        """Whether only companies are limited."""
        return isinstance(self.opening, WholeOpening)
