"""Public IP addresses. Strangers may not make the server fetch from others (RFC 6890)."""
from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Union

Address = Union[ipaddress.IPv4Address, ipaddress.IPv6Address]  # noqa: UP007 - evaluated by Python 3.10, too
Network = Union[ipaddress.IPv4Network, ipaddress.IPv6Network]  # noqa: UP007

# All public IPv6 addresses are in this network. It excludes addresses that hold an IPv4 address: mapped, compatible,
# translated (64:ff9b::/96).
_GLOBAL_UNICAST = ipaddress.IPv6Network('2000::/3')
# Python versions disagree on `is_global` for some of these.
_SPECIAL = tuple(map(ipaddress.ip_network, (
    '0.0.0.0/8',
    '100.64.0.0/10',  # behind a provider's NAT; Alibaba's metadata service
    '168.63.129.16/32',  # Azure's own service for its machines: a public address that leads to the host
    '192.0.0.0/24',
    '192.88.99.0/24',  # relays of 6to4
    '198.18.0.0/15',
    '240.0.0.0/4',
    '2001::/23',  # Teredo, benchmarks, ORCHID
    '2001:db8::/32',
    '2002::/16',  # 6to4: holds an IPv4 address
    '3fff::/20',
)))


def is_public(address: Address) -> bool:
    """Whether this is a unicast address of the public Internet."""
    if not address.is_global or address.is_multicast or address.is_reserved:
        return False
    if address.version == 6 and address not in _GLOBAL_UNICAST:
        return False
    return not is_within(address, _SPECIAL)


def is_within(address: Address, networks: Iterable[Network]) -> bool:
    """Whether an address is in one of the networks."""
    return any(address in network for network in networks if network.version == address.version)


def networks(text: str) -> tuple[Network, ...]:
    """Networks, as an administrator writes them: `10.0.0.0/8 fd00::/8`, or single addresses.

    :raises ValueError: a word is no network; the message names it.
    """
    return tuple(ipaddress.ip_network(word) for word in text.split())
