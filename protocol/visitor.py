"""The person at the browser, as far as the authorization endpoint needs it."""
from __future__ import annotations

from datetime import datetime, timezone
from typing import NamedTuple


class Visitor(NamedTuple):
    """A session of the server, seen by the protocol.

    :ivar user_id: the user who is logged in, second factor included; None if nobody is.
    :ivar session_id: identifies the session to clients (`sid`); it gives no access.
    :ivar auth_time: when the user logged in, in seconds since 1970.
    """
    user_id: int | None = None
    session_id: str | None = None
    auth_time: float | None = None

    @property
    def login(self) -> str | None:
        """Identifies this login. A new login makes a new session, and so a new value."""
        return None if self.user_id is None else f'{self.user_id} {self.session_id}'

    @property
    def login_time(self) -> datetime | None:
        """When the user logged in: in UTC, in whole seconds and without a time zone, as a database keeps it."""
        if self.auth_time is None:
            return None
        return datetime.fromtimestamp(int(self.auth_time), timezone.utc).replace(tzinfo=None)


NOBODY = Visitor()
