"""The `scope` parameter (RFC 6749 §3.3)."""
from __future__ import annotations


def parse(text: str) -> list[str]:
    """Read a list of scopes, separated by white space.

    RFC 6749 requires single spaces. Clients also send several, leading or trailing ones, and commas, which no scope of
    this server contains. A malformed scope is just an unknown name.

    :return: the scopes in the order of the text, each once.
    """
    return list(dict.fromkeys(text.replace(',', ' ').split()))


def covers(granted: str | None, asked: str) -> bool:
    """Whether all requested scopes were granted."""
    return set(asked.split()) <= set((granted or '').split())
