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


def network(text: str | None) -> str:
    """What counts as one caller: an IPv4 address; of IPv6 the 64 bits that a household or server is given. Whoever
    has no address that can be read is one caller.
    """
    address = ip_address(text)
    if address is None:
        return 'unknown'
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return address
    return str(parsed.ipv4_mapped or ipaddress.IPv6Network((int(parsed), 64), strict=False))
