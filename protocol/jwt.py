"""JSON Web Tokens, as this server writes and reads them (RFC 7519, RFC 8725, RFC 9068)."""
from __future__ import annotations

import base64
import hashlib
import re
import secrets
import time
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

import jwt

from .errors import ExpiredToken, InvalidToken

ACCESS_TOKEN_TYPE = 'at+jwt'  # RFC 9068 §2.1
REFRESH_TOKEN_TYPE = 'rt+jwt'
ID_TOKEN_TYPE = 'JWT'  # OpenID Connect Core §2 requires no `typ`; it keeps the token from passing for another kind
USERINFO_TYPE = 'userinfo+jwt'

LIMIT = 8192  # characters
_COMPACT = re.compile(r'[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+')
_CLOCK_SKEW = 60  # seconds: how far the clocks of a server's hosts may differ
_LAST_TIME = 2 ** 53  # RFC 7493 §2.2: beyond it, programs may read different numbers
REFUSED = 'the token is malformed, expired, revoked, or not for this server'


class Key(NamedTuple):
    """A parsed key: what `cryptography` made of it, or the bytes of a symmetric one.

    Parsing costs a hundred times as much as signing, so callers keep the result.
    """
    kid: str
    algorithm: str
    private: Any
    public: Any

    def __repr__(self):
        return f'Key({self.kid!r}, {self.algorithm!r})'  # a repr ends up in logs


def looks_like_jwt(token: str) -> bool:
    """Whether the text has the shape of a JWT, unlike Odoo's API keys."""
    return token.count('.') == 2


def is_compact_jwt(text: str) -> bool:
    """Whether the text can only be a JWT, for places that also accept passwords, which may have two dots.

    The header is a JSON object, which begins with `eyJ` in base64url.
    """
    return text.startswith('eyJ') and bool(_COMPACT.fullmatch(text))


def is_well_formed(token: str) -> bool:
    """Whether the text is a compact JWT of reasonable length, in its canonical spelling."""
    return len(token) <= LIMIT and bool(_COMPACT.fullmatch(token)) and _is_canonical(token)


def new_id() -> str:
    """A value for `jti` (RFC 7519 §4.1.7): 128 random bits."""
    return secrets.token_urlsafe(16)


def encode(claims: Mapping[str, Any], key: Key, token_type: str) -> str:
    """Sign claims.

    :param token_type: the header's `typ`, which keeps one kind of token from passing for another
        (RFC 8725 §3.11).
    """
    # `sort_headers` and the order of `claims` make equal claims equal tokens, byte for byte.
    return jwt.encode(
        dict(claims), key.private, algorithm=key.algorithm,
        headers={'typ': token_type, 'kid': key.kid}, sort_headers=True)


# RFC 7518 §6.2.1, §6.3.1, RFC 8037 §2: only these members are published, so a secret never is.
_PUBLIC_MEMBERS = ('kty', 'n', 'e', 'crv', 'x', 'y')


# Ed25519 hashes with SHA-512 inside (RFC 8032 §5.1).
_HASHES = {'RS256': hashlib.sha256, 'ES256': hashlib.sha256, 'EdDSA': hashlib.sha512}


def half_hash(text: str, key: Key) -> str:
    """The value of `at_hash` (OpenID Connect Core §3.1.3.6): the left half of the hash that the signature uses."""
    digest = _HASHES[key.algorithm](text.encode('ascii')).digest()
    return base64.urlsafe_b64encode(digest[:len(digest) // 2]).rstrip(b'=').decode()


def public_jwk(key: Key) -> dict[str, str]:
    """The public part of a key pair as a JSON Web Key for signatures (RFC 7517 §4)."""
    members = jwt.get_algorithm_by_name(key.algorithm).to_jwk(key.public, as_dict=True)
    public = {name: members[name] for name in _PUBLIC_MEMBERS if name in members}
    return {**public, 'kid': key.kid, 'use': 'sig', 'alg': key.algorithm}


def decode(token: str, keys: Mapping[str, Key], token_type: str, issuer: str, audiences: Collection[str] | None,
           required: Mapping[str, type | tuple[type, ...]], may_be_expired: bool = False) -> dict[str, Any]:
    """Verify a token and give its claims: see :func:`verify`."""
    return verify(token, keys, token_type, issuer, audiences, required, may_be_expired)[1]


def verify(token: str, keys: Mapping[str, Key], token_type: str, issuer: str, audiences: Collection[str] | None,
           required: Mapping[str, type | tuple[type, ...]], may_be_expired: bool = False) -> tuple[Key, dict[str, Any]]:
    """Verify a token, and give the key that signed it and its claims.

    The header's `kid` selects the key from `keys`, and the key decides the algorithm: nothing else in a token decides
    how it is verified (RFC 8725 §3.1, §3.10).

    :param keys: the keys that may have signed it, by `kid`.
    :param audiences: `aud` must be one of these, as a string, not a list; None if the caller checks it.
    :param required: claims that must be there beside `iss`, `aud`, `iat` and `exp`, with their type or types.
    :param may_be_expired: for a token that only identifies a user (`id_token_hint`).
    :raises InvalidToken: always with one public description; `detail` says what was wrong.
    :raises ExpiredToken: a subclass, for a token that was valid before.
    """
    if not is_well_formed(token):
        raise InvalidToken(REFUSED, detail='not a compact JWT in its canonical form')
    try:
        key = _key_of(token, keys, token_type)
        claims = jwt.decode(
            token, key.public, algorithms=[key.algorithm], issuer=issuer,
            options={'require': ['iss', 'aud', 'iat', 'exp', *required], 'verify_aud': False, 'verify_iat': False,
                     'verify_exp': not may_be_expired})
    except jwt.ExpiredSignatureError:
        raise ExpiredToken(REFUSED, detail='expired') from None
    except (jwt.PyJWTError, RecursionError, ValueError, TypeError, OverflowError) as error:
        raise InvalidToken(REFUSED, detail=type(error).__name__) from None
    # `type(…)` excludes booleans and other subclasses.
    kinds = {'aud': str, 'iat': int, 'exp': int, **required}
    wrong = [name for name, kind in kinds.items()
             if type(claims[name]) not in (kind if isinstance(kind, tuple) else (kind,))]
    if not wrong and audiences is not None and claims['aud'] not in audiences:
        raise InvalidToken(REFUSED, detail='for another audience')
    if wrong or not 0 <= claims['iat'] <= time.time() + _CLOCK_SKEW or claims['exp'] > _LAST_TIME:
        raise InvalidToken(REFUSED, detail='a claim has the wrong type, or is no possible time')
    return key, claims


def _key_of(token: str, keys: Mapping[str, Key], token_type: str) -> Key:
    """The key that the header names.

    The header must have exactly the members that `encode` writes. So `jwk`, `jku`, `x5c`, `crit`, `b64` and future ones
    have no effect.
    """
    header = jwt.get_unverified_header(token)
    if set(header) != {'alg', 'kid', 'typ'} or header['typ'] != token_type or not isinstance(header['kid'], str):
        raise InvalidToken(REFUSED, detail='header is not one of ours, or the token is of another type')
    key = keys.get(header['kid'])
    if key is None or header['alg'] != key.algorithm:
        raise InvalidToken(REFUSED, detail='unknown key, or not its algorithm')
    return key


def _is_canonical(token: str) -> bool:
    """Whether the signature's last character holds no bits that decoding would drop (RFC 4648 §3.5)."""
    signature = token.rpartition('.')[2]
    try:
        decoded = base64.urlsafe_b64decode(signature + '=' * (-len(signature) % 4))
    except ValueError:
        return False
    return base64.urlsafe_b64encode(decoded).rstrip(b'=').decode() == signature
