"""Text from a stranger, shown to an administrator who compares it with other text."""
from __future__ import annotations

import re

# Outside of printable ASCII, characters may be invisible, reorder letters, or look like other letters.
_HIDDEN = re.compile(r'[^\x20-\x7e]')


def printable(text: str, most: int | None = None) -> str:
    r"""Text in which every character is visible: others than printable ASCII are escaped, as in `\u202e`.

    :param most: the greatest length; a shortened text ends with an ellipsis.
    """
    shown = _HIDDEN.sub(lambda found: found[0].encode('ascii', 'backslashreplace').decode()
                        if ord(found[0]) > 0x7f else '\\x%02x' % ord(found[0]), text[:most])
    return shown if most is None or len(text) <= most >= len(shown) else shown[:most - 1] + '…'
