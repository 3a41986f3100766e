"""Tokens whose signatures this process has verified, so that the next request need not verify them again."""
from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Collection, Mapping
from typing import Any

from . import jwt
from .errors import ExpiredToken, InvalidToken


class RememberedTokens:
    """The claims of verified tokens of one type. A signature never changes; all else is checked each time: the key, the
    issuer, the audience, the expiry. Nothing that can be revoked is remembered.

    Tokens are kept by their digests, so that the memory of a process holds none for longer than their requests.

    :param token_type: see :func:`~.jwt.decode`.
    :param required: see there.
    :param most: how many are kept; the oldest go first.
    """

    def __init__(self, token_type: str, required: Mapping[str, type | tuple[type, ...]], most: int = 2000):
        self._token_type, self._required, self._most = token_type, required, most
        self._tokens: dict[bytes, tuple[jwt.Key, dict[str, Any]]] = {}
        self._lock = threading.Lock()

    def decode(self, token: str, keys: Mapping[str, jwt.Key], issuer: str,
               audiences: Collection[str] | None) -> dict[str, Any]:
        """The claims of a token: see :func:`~.jwt.decode`, also for the errors.

        :param keys: a key is compared by identity, so that the caller may replace one.
        """
        digest = hashlib.sha256(token.encode('utf-8', 'surrogatepass')).digest()
        key, claims = self._tokens.get(digest, (None, {}))
        if key is None or keys.get(key.kid) is not key or claims['iss'] != issuer:
            key, claims = jwt.verify(token, keys, self._token_type, issuer, audiences, self._required)
            self._keep(digest, key, claims)
        elif claims['exp'] <= time.time():
            raise ExpiredToken(jwt.REFUSED, detail='expired')
        elif audiences is not None and claims['aud'] not in audiences:
            raise InvalidToken(jwt.REFUSED, detail='for another audience')
        return dict(claims)

    def _keep(self, digest, key, claims):
        with self._lock:
            self._tokens.pop(digest, None)
            self._tokens[digest] = key, claims
            while len(self._tokens) > self._most:
                del self._tokens[next(iter(self._tokens))]
