"""Origins of web pages, as browsers send them (RFC 6454 §6.2, Fetch §3.2)."""
from __future__ import annotations

from urllib.parse import urlsplit

from . import issuer

_DEFAULT_PORTS = {'http': ':80', 'https': ':443'}


def is_origin(text: str) -> bool:
    """Whether a browser could send this as a page's origin: scheme, host, and no port that is the default.

    Plain http only for a page on this machine.
    """
    if issuer.problem(text) is not None or issuer.path(text):
        return False
    parts = urlsplit(text)
    return not parts.netloc.endswith(_DEFAULT_PORTS[parts.scheme]) or parts.netloc.endswith(']')


def same_origin(url: str, other: str) -> bool:
    """Whether two addresses belong to one host and port (RFC 6454 §5). One that is no address belongs to none."""
    first, second = _origin(url), _origin(other)
    return first is not None and first == second


def _origin(url):
    parts = urlsplit(url)
    try:
        port = parts.port or int(_DEFAULT_PORTS[parts.scheme][1:])
    except (KeyError, ValueError):
        return None
    return parts.scheme, parts.hostname, port
