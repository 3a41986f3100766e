"""Where a request comes from, according to its connection or a proxy."""
from __future__ import annotations

import ipaddress


def ip_address(text: str | None) -> str | None:
    """The IP address that the text names. None for other text, which a proxy may pass on or a caller may make up
    (`X-Forwarded-For`).
    """
    try:
        return str(ipaddress.ip_address(text or ''))
    except ValueError:
        return None


def network(text: str | None) -> str:
    """The network that counts as one caller: an IPv4 address, or the 64 bits of IPv6 that a household or server gets.
    All callers without a readable address count as one.
    """
    address = ip_address(text)
    if address is None:
        return 'unknown'
    parsed = ipaddress.ip_address(address)
    if parsed.version == 4:
        return address
    return str(parsed.ipv4_mapped or ipaddress.IPv6Network((int(parsed), 64), strict=False))
