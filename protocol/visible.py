"""Texts that others wrote, as a page may show them and a log may hold them."""
from __future__ import annotations

import unicodedata

# Controls, formats (direction and zero-width characters among them), parts of characters, private use, line breaks.
_UNSEEN = frozenset({'Cc', 'Cf', 'Cs', 'Co', 'Cn', 'Zl', 'Zp'})


def visible(text: str | None) -> str:
    """What of a name is seen. What is not could turn the words around it, or make two different names look alike; a
    line break would begin a line of a log that nobody wrote.
    """
    return ''.join(character for character in text or '' if unicodedata.category(character) not in _UNSEEN)
