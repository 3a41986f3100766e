"""Issuer identifiers (RFC 8414 §2)."""
from __future__ import annotations

import re
from enum import Enum
from urllib.parse import urlsplit

from . import redirect_uri
from .redirect_uri import Problem as URIProblem

# The path of the endpoints, below the issuer.
PATH = '/restapi/1.0/common/oauth2'

LIMIT = 255  # characters
# Paths that no program and no proxy rewrites.
_PATH = re.compile(r'(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)*')


class Problem(Enum):
    """Why an address cannot be the issuer."""
    NOT_AN_ADDRESS = 'not an address'
    PLAIN_HTTP = 'http, and not to this machine'
    QUERY_OR_FRAGMENT = 'a query or a fragment'
    SLASH = 'a slash at its end'
    PATH = 'a path that is read in more than one way'


def problem(uri: str) -> Problem | None:
    """Why this cannot be the issuer, or None if it can.

    Every client compares an issuer exactly (RFC 8414 §3.3). So whatever can be written in two ways is refused: a slash
    at the end, a query, dots, percent-encoding, capitals in the host.
    """
    if '?' in uri or '#' in uri:
        return Problem.QUERY_OR_FRAGMENT
    found = redirect_uri.problem(uri)
    if found == URIProblem.PLAIN_HTTP:
        return Problem.PLAIN_HTTP
    if found == URIProblem.DOT_SEGMENTS:
        return Problem.PATH
    parts = urlsplit(uri) if found is None and len(uri) <= LIMIT else None
    if parts is None or parts.scheme not in ('http', 'https') or parts.netloc != parts.netloc.lower():
        return Problem.NOT_AN_ADDRESS
    if uri.endswith('/'):
        return Problem.SLASH
    return None if _PATH.fullmatch(parts.path) else Problem.PATH


def path(uri: str) -> str:
    """The issuer's path, with its leading slash; an empty string if it has none."""
    return urlsplit(uri).path
