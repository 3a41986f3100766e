"""The code that a person reads on a device and types elsewhere (RFC 8628 §6.1)."""
from __future__ import annotations

import re
import secrets
import unicodedata

# No vowels: so no words come about, and nothing is taken for a digit.
ALPHABET = 'BCDFGHJKLMNPQRSTVWXZ'
LENGTH = 8  # of 20 letters: 34 bits, guarded by limits
_CODE = re.compile(rf'[{ALPHABET}]{{{LENGTH}}}')
_LONGEST = 64
# What people put between, or a keyboard does: spaces, dashes, dots, and what cannot be seen.
_BETWEEN = ('Z', 'P', 'C')


def new() -> str:
    """A new code, from a CSPRNG: its letters alone."""
    return ''.join(secrets.choice(ALPHABET) for _at in range(LENGTH))


def read(text: str) -> str | None:
    """The code that somebody has typed, however it is written; None where it cannot be one."""
    letters = unicodedata.normalize('NFKC', text[:_LONGEST]).upper()
    code = ''.join(letter for letter in letters if not unicodedata.category(letter).startswith(_BETWEEN))
    return code if _CODE.fullmatch(code) else None


def shown(code: str) -> str:
    """The code as a device shows it: in two halves."""
    return f'{code[:LENGTH // 2]}-{code[LENGTH // 2:]}'
