"""The `scope` parameter (RFC 6749 §3.3)."""
from __future__ import annotations


def parse(text: str) -> list[str]:
    """Read a list of scopes, parted by white space.

    RFC 6749 has one space between two of them. Programs also send several, some at the ends, and commas, which no scope
    of this server holds. What a scope may not hold is a name that nobody knows.

    :return: the scopes in the order of the text, each once.
    """
    return list(dict.fromkeys(text.replace(',', ' ').split()))


def covers(granted: str | None, asked: str) -> bool:
    """Whether all of what is asked for was granted."""
    return set(asked.split()) <= set((granted or '').split())
