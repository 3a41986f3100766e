"""Values that the server gives to others to keep: they cannot read or change them."""
from __future__ import annotations

import base64
import json
from collections.abc import Iterable
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


def seal(key: bytes, name: str, value: Any, since: float) -> str:
    """Encrypt and sign a value, as URL-safe text.

    :param key: 32 random bytes.
    :param name: the value's name. It cannot be unsealed under another name.
    :param value: what JSON can hold.
    :param since: when its lifetime begins, in seconds since 1970.
    """
    text = json.dumps([name, value], ensure_ascii=False, separators=(',', ':')).encode()
    return _fernet(key).encrypt_at_time(text, int(since)).decode().rstrip('=')


def unseal(keys: Iterable[bytes], name: str, sealed: str, seconds: int) -> Any:
    """The value, if one of these keys sealed it under this name at most `seconds` ago; otherwise None."""
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
