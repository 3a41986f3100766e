"""What the server hands out to keep, and takes back: nobody reads or changes it meanwhile."""
from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


def seal(key: bytes, name: str, value: Any, since: float) -> str:
    """Encrypt and sign a value, as URL-safe text.

    :param key: 32 random bytes.
    :param name: what it is called. Under another name it is not opened.
    :param value: what JSON can hold.
    :param since: from then on its time counts, in seconds since 1970.
    """
    text = json.dumps([name, value], ensure_ascii=False, separators=(',', ':')).encode()
    return _fernet(key).encrypt_at_time(text, int(since)).decode().rstrip('=')


def unseal(keys: Iterable[bytes], name: str, sealed: str, seconds: int) -> Any:
    """The value that was sealed by one of these keys under this name, since not longer ago; None where it was not."""
    fernets = [_fernet(key) for key in keys]
    if not fernets:
        return None
    padded = sealed + '=' * (-len(sealed) % 4)
    try:
        sealed_name, value = json.loads(MultiFernet(fernets).decrypt(padded, ttl=seconds))
    except (InvalidToken, ValueError):
        return None
    return value if sealed_name == name else None


def _fernet(key: bytes) -> Fernet:
    return Fernet(base64.urlsafe_b64encode(key))
