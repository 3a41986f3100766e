"""The code that a person reads on a device and types elsewhere (RFC 8628 §6.1)."""
from __future__ import annotations

import re
import secrets
import unicodedata

# No vowels, so that no words arise, and no letter looks like a digit.
ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ'
LENGTH = 8  # of 20 letters: 34 bits; limits prevent guessing
_CODE = re.compile(rf'[{ALPHABET}]{{{LENGTH}}}')
_LONGEST = 64
# Unicode categories that people or keyboards put between: spaces, dashes, dots, invisible characters.
_BETWEEN = ('Z', 'P', 'C')


def new() -> str:
    """A new code from a CSPRNG, without the dash."""
    return ''.join(secrets.choice(ALPHABET) for _at in range(LENGTH))


def read(text: str) -> str | None:
    """The code that somebody has typed, in any spelling; None if it cannot be a code."""
    letters = unicodedata.normalize('NFKC', text[:_LONGEST]).upper()
    code = ''.join(letter for letter in letters if not unicodedata.category(letter).startswith(_BETWEEN))
    return code if _CODE.fullmatch(code) else None


def shown(code: str) -> str:
    """The code as a device shows it: in two halves."""
    return f'{code[:LENGTH // 2]}-{code[LENGTH // 2:]}'
