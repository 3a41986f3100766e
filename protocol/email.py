"""Email addresses, as clients may receive them."""
from __future__ import annotations

import re

# Dot-atoms on both sides (RFC 5322 §3.2.3, §3.4.1), without comments, quoted strings and literals, which programs read
# differently. ASCII only, so that no address looks like another.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf'{_ATOM}(\.{_ATOM})*@{_ATOM}(\.{_ATOM})*')
_LONGEST = 254  # characters: RFC 5321 §4.5.3.1.3


def is_address(text: str) -> bool:
    """Whether the text is one address and nothing else: an addr-spec (OpenID Connect Core §5.1)."""
    return len(text) <= _LONGEST and bool(_ADDRESS.fullmatch(text))
