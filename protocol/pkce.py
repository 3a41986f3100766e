"""Proof Key for Code Exchange (RFC 7636), with the method S256 only."""
from __future__ import annotations

import base64
import hashlib
import hmac
import re

METHOD = 'S256'

_VERIFIER = re.compile(r'[A-Za-z0-9._~-]{43,128}')  # RFC 7636 §4.1
_CHALLENGE = re.compile(r'[A-Za-z0-9_-]{43}')  # 256 bits in base64url, RFC 7636 §4.2


def is_challenge(text: str) -> bool:
    """Whether the text can be an S256 code challenge (RFC 7636 §4.2)."""
    return bool(_CHALLENGE.fullmatch(text))


def is_verifier(text: str) -> bool:
    """Whether the text is a code verifier (RFC 7636 §4.1)."""
    return bool(_VERIFIER.fullmatch(text))


def challenge_of(verifier: str) -> str:
    """The S256 code challenge of a verifier (RFC 7636 §4.2)."""
    digest = hashlib.sha256(verifier.encode('ascii')).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b'=').decode('ascii')


def verifies(verifier: str, challenge: str) -> bool:
    """Whether the challenge was made from this verifier (RFC 7636 §4.6)."""
    return is_verifier(verifier) and is_challenge(challenge) and hmac.compare_digest(challenge_of(verifier), challenge)
