"""Texts that others wrote, made safe for pages and logs."""
from __future__ import annotations

import unicodedata

# Controls, formats (direction and zero-width characters among them), parts of characters, private use, line breaks.
_UNSEEN = frozenset({'Cc', 'Cf', 'Cs', 'Co', 'Cn', 'Zl', 'Zp'})


def visible(text: str | None) -> str:
    """The visible characters of a text. Invisible ones could reorder the words around them, or make two different names
    look alike. A line break could forge a line of a log.
    """
    return ''.join(character for character in text or '' if unicodedata.category(character) not in _UNSEEN)
