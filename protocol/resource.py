"""The `resource` parameter (RFC 8707)."""
from __future__ import annotations

import re

_SCHEME_AND_HOST = re.compile(r'[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*', re.ASCII)


def normalized(uri: str) -> str:
    """The spelling by which a resource is known: scheme and host in lower case, and no slash at its end.

    Libraries of clients spell addresses differently in these points (RFC 3986 §6.2.2.1, §6.2.3). Nothing else is
    normalized: it could make two resources one.
    """
    match = _SCHEME_AND_HOST.match(uri)
    head = match[0] if match else ''
    return (head.lower() if head.isascii() else head) + uri[len(head):].removesuffix('/')
