"""Where a request comes from, as its connection or a proxy says."""
from __future__ import annotations

import ipaddress


def ip_address(text: str | None) -> str | None:
    """An IP address as it is written; None for anything else, which a proxy passed on or a caller made up
    (`X-Forwarded-For`).
    """
    try:
        return str(ipaddress.ip_address(text or ''))
    except ValueError:
        return None
