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
    """What counts as one caller: an IPv4 address; of IPv6 the 64 bits that a household is given. Empty where there is
    no address.
    """
    address = ip_address(text)
    if address is None:
        return ''
    parsed = ipaddress.ip_address(address)
    if parsed.version == 6 and parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((address, 64), strict=False)) if parsed.version == 6 else address
