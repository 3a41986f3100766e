"""`access_token_validity`, a member of this interface that no RFC defines."""
from __future__ import annotations

from datetime import datetime


def as_date(expires_at: datetime) -> str:
    """The time at which a token expires, in the interface's format.

    :param expires_at: in UTC.
    :return: like `7/20/2017 12:00:05`: month and day without leading zeros, 24-hour clock.
    """
    return f'{expires_at.month}/{expires_at.day}/{expires_at.year} {expires_at:%H:%M:%S}'
