"""Origins of web pages, as browsers send them (RFC 6454 §6.2, Fetch §3.2)."""
from __future__ import annotations

from urllib.parse import urlsplit

from . import issuer

_DEFAULT_PORTS = {'http': ':80', 'https': ':443'}


def is_origin(text: str) -> bool:
    """Whether a browser could send this as the origin of a page: scheme, host, and a port that goes without saying not.

    Plain http only for a page on this machine.
    """
    if issuer.problem(text) is not None or issuer.path(text):
        return False
    parts = urlsplit(text)
    return not parts.netloc.endswith(_DEFAULT_PORTS[parts.scheme]) or parts.netloc.endswith(']')
