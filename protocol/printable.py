"""Text from a stranger, to be shown to an administrator who compares it with another one."""
from __future__ import annotations

import re

# What is invisible, changes the order of letters, or looks like another letter is not ASCII.
_HIDDEN = re.compile(r'[^\x20-\x7e]')


def printable(text: str, most: int | None = None) -> str:
    r"""Text in which every character can be seen: those that are not printable ASCII stand there as `\u202e`.

    :param most: how many characters are left; where some are cut off, the last one is an ellipsis.
    """
    shown = _HIDDEN.sub(lambda found: found[0].encode('ascii', 'backslashreplace').decode()
                        if ord(found[0]) > 0x7f else '\\x%02x' % ord(found[0]), text[:most])
    return shown if most is None or len(text) <= most >= len(shown) else shown[:most - 1] + '…'
