"""What the server hands out to keep, and takes back: nobody reads or changes it meanwhile."""
from __future__ import annotations

import base64
import json
from collections.abc import Iterable

from cryptography.fernet import Fernet, InvalidToken, MultiFernet


def seal(key: bytes, name: str, value: dict) -> str:
    """Encrypt and sign a value, as URL-safe text.

    :param key: 32 random bytes.
    :param name: what it is called. Under another name it is not opened.
    :param value: what JSON can hold.
    """
    return _fernet(key).encrypt(json.dumps([name, value], separators=(',', ':')).encode()).decode().rstrip('=')


def unseal(keys: Iterable[bytes], name: str, sealed: str, seconds: int) -> dict | None:
    """The value that was sealed by one of these keys under this name, not longer ago; None where it was not."""
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
