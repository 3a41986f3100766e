"""The `scope` parameter (RFC 6749 §3.3)."""
from __future__ import annotations

import re

from .errors import InvalidScope

_TOKEN = re.compile(r'[\x21\x23-\x5B\x5D-\x7E]+')


def parse(text: str) -> list[str]:
    """Read a space-separated list of scopes.

    :return: the scopes in the order of the text, each once.
    :raises InvalidScope: for a character that a scope may not hold.
    """
    scopes = text.split(' ')
    if not all(_TOKEN.fullmatch(scope) for scope in scopes):
        raise InvalidScope('scope is a list of names with one space between them')
    return list(dict.fromkeys(scopes))


def join(*texts: str | None) -> str:
    """One list of all scopes in several lists, each once, in the order in which they come."""
    return ' '.join(dict.fromkeys(scope for text in texts for scope in (text or '').split()))


def covers(granted: str | None, asked: str) -> bool:
    """Whether all of what is asked for was granted."""
    return set(asked.split()) <= set((granted or '').split())
