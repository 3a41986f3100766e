"""Who sits at the browser, as far as the authorization endpoint has to know."""
from __future__ import annotations

from datetime import datetime, timezone
from typing import NamedTuple


class Visitor(NamedTuple):
    """A session of the server, seen by the protocol.

    :ivar user_id: who is logged in, second factor and all; None where nobody is.
    :ivar session_id: names the session to clients (`sid`); it opens nothing.
    :ivar auth_time: when the user logged in, in seconds since 1970.
    """
    user_id: int | None = None
    session_id: str | None = None
    auth_time: float | None = None

    @property
    def login(self) -> str | None:
        """Names this login. Whoever logs in anew has another one: a login makes another session."""
        return None if self.user_id is None else f'{self.user_id} {self.session_id}'

    @property
    def login_time(self) -> datetime | None:
        """The same in UTC, in whole seconds and without a time zone, as a database keeps it."""
        if self.auth_time is None:
            return None
        return datetime.fromtimestamp(int(self.auth_time), timezone.utc).replace(tzinfo=None)


NOBODY = Visitor()
