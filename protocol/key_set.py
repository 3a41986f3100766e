"""The public keys by which a client authenticates (RFC 7517)."""
from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key

LIMIT = 32 * 1024  # characters
MOST_KEYS = 20

# By `kty` and `crv`: the members that make the key, in the order of RFC 7638 §3.2, and the algorithms it may sign with,
# the best known first. None of them is symmetric, and there is no `none` (RFC 8725 §3.1, §3.2).
_KINDS = {
    ('RSA', None): (('e', 'kty', 'n'), ('RS256', 'PS256')),
    ('EC', 'P-256'): (('crv', 'kty', 'x', 'y'), ('ES256',)),
    ('EC', 'P-384'): (('crv', 'kty', 'x', 'y'), ('ES384',)),
    ('EC', 'P-521'): (('crv', 'kty', 'x', 'y'), ('ES512',)),
    ('OKP', 'Ed25519'): (('crv', 'kty', 'x'), ('EdDSA', 'Ed25519')),  # RFC 8037 §3.1, RFC 9864 §2.2
}
ALGORITHMS = tuple(dict.fromkeys(name for _members, names in _KINDS.values() for name in names))
_OF_PEM = ((RSAPublicKey, 'RS256'), (EllipticCurvePublicKey, 'ES256'), (Ed25519PublicKey, 'EdDSA'))
_RSA_BITS = range(2048, 8192 + 1)  # RFC 7518 §3.3; longer ones take long to check
# RFC 7518 §6.2.2, §6.3.2, RFC 8037 §2.
_PRIVATE = frozenset({'d', 'p', 'q', 'dp', 'dq', 'qi', 'oth'})
_PEM = re.compile('-----BEGIN [^-]+-----[^-]*-----END [^-]+-----')
_BASE64URL = re.compile(r'[A-Za-z0-9_-]+')
_LONGEST_KID = 255


class Problem(Enum):
    """Why a client cannot authenticate with a key set."""
    TOO_LONG = 'too long'
    NOT_READ = 'neither JSON nor PEM'
    EMPTY = 'no key to verify signatures with'
    TOO_MANY = 'too many keys'
    PRIVATE = 'a private key'
    SYMMETRIC = 'a symmetric key'
    KIND = 'a kind of key, or an algorithm, that is not known'
    SIZE = 'an RSA key that is too short or too long'
    UNREADABLE = 'a key that cannot be read'
    SAME_KID = 'two keys with one kid'


class UnusableKeySet(ValueError):
    """A text is no usable key set. The error repeats nothing of it.

    :ivar problem: a :class:`Problem`.
    """

    def __init__(self, problem: Problem):
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class PublicKey:
    """A key that signatures are verified with.

    :param kid: the client's name for the key, or None.
    :param algorithms: the names that `alg` may have for it.
    :param thumbprint: of RFC 7638, with SHA-256.
    """
    kid: str | None
    algorithms: tuple[str, ...]
    thumbprint: str
    public: Any = field(repr=False, compare=False)

    def is_named(self, kid: str) -> bool:
        """Whether a header's `kid` means this key. A key without a name may be called by its thumbprint."""
        return kid == (self.thumbprint if self.kid is None else self.kid)


def parse(text: str, *, skips_others: bool = False) -> tuple[PublicKey, ...]:
    """The keys of a JSON Web Key Set, of one JSON Web Key, or of public keys in PEM.

    A key for encryption is skipped (RFC 7517 §4.2).

    :param skips_others: whether a key that cannot be used is skipped, too (RFC 7517 §5). Otherwise it is refused, so
        that the person who enters it notices.
    :raises UnusableKeySet: see :class:`Problem`. Also for a set with a private key in it: whoever made that public has
        to make other keys.
    """
    if len(text) > LIMIT:
        raise UnusableKeySet(Problem.TOO_LONG)
    members = _members(text.strip())
    if len(members) > MOST_KEYS:
        raise UnusableKeySet(Problem.TOO_MANY)
    for member in members:
        _check_is_public(member)
    signing = filter(_is_for_signatures, members)
    keys = tuple(_known(signing)) if skips_others else tuple(map(_key, signing))
    if not keys:
        raise UnusableKeySet(Problem.EMPTY)
    kids = [key.kid for key in keys if key.kid is not None]
    if len(kids) != len(set(kids)):
        raise UnusableKeySet(Problem.SAME_KID)
    return keys


def read_published(body: bytes) -> str:
    """What is stored of the key set at an address: a JSON Web Key Set, or the one in a client's metadata document
    (RFC 7591 §2, `jwks`).

    :raises UnusableKeySet: see :class:`Problem`.
    """
    try:
        members = json.loads(body.decode('utf-8'))
    except (ValueError, RecursionError):
        raise UnusableKeySet(Problem.NOT_READ) from None
    if isinstance(members, dict) and 'client_id' in members:
        members = members.get('jwks')
    text = json.dumps(members)
    parse(text, skips_others=True)
    return text


def described(keys: Iterable[PublicKey]) -> str:
    """A line for each key, by which people tell them apart."""
    return '\n'.join(f"{key.kid or ''} ({key.algorithms[0]}): {key.thumbprint}".lstrip() for key in keys)


def _members(text: str) -> list[Any]:
    if text.startswith('-----BEGIN'):
        if 'PRIVATE KEY' in text:
            raise UnusableKeySet(Problem.PRIVATE)
        if _PEM.sub('', text).strip():
            raise UnusableKeySet(Problem.UNREADABLE)
        return [_of_pem(block[0]) for block in _PEM.finditer(text)]
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise UnusableKeySet(Problem.NOT_READ) from None
    if isinstance(content, dict) and isinstance(content.get('keys'), list):
        return content['keys']
    if isinstance(content, dict) and 'kty' in content:
        return [content]
    raise UnusableKeySet(Problem.NOT_READ)


def _of_pem(text: str) -> dict[str, Any]:
    try:
        public = load_pem_public_key(text.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise UnusableKeySet(Problem.UNREADABLE) from None
    for kind, algorithm in _OF_PEM:
        if isinstance(public, kind):
            try:
                return jwt.get_algorithm_by_name(algorithm).to_jwk(public, as_dict=True)
            except jwt.PyJWTError:  # another curve
                break
    raise UnusableKeySet(Problem.KIND)


def _check_is_public(member: Any) -> None:
    if not isinstance(member, dict):
        raise UnusableKeySet(Problem.UNREADABLE)
    if member.get('kty') == 'oct' or 'k' in member:
        raise UnusableKeySet(Problem.SYMMETRIC)
    if _PRIVATE & member.keys():
        raise UnusableKeySet(Problem.PRIVATE)


def _is_for_signatures(member: dict[str, Any]) -> bool:
    operations = member.get('key_ops')
    return member.get('use', 'sig') == 'sig' and (not isinstance(operations, list) or 'verify' in operations)


def _known(members: Iterable[dict[str, Any]]) -> Iterator[PublicKey]:
    for member in members:
        with suppress(UnusableKeySet):
            yield _key(member)


def _key(member: dict[str, Any]) -> PublicKey:
    kind = member.get('kty'), member.get('crv') if member.get('kty') != 'RSA' else None
    try:
        names, algorithms = _KINDS[kind]
    except (KeyError, TypeError):
        raise UnusableKeySet(Problem.KIND) from None
    if 'alg' in member:
        if member['alg'] not in algorithms:
            raise UnusableKeySet(Problem.KIND)
        if kind[0] == 'RSA':  # the others have one algorithm, which may have two names
            algorithms = (member['alg'],)
    kid = member.get('kid')
    if kid is not None and not (isinstance(kid, str) and 0 < len(kid) <= _LONGEST_KID and kid.isprintable()):
        raise UnusableKeySet(Problem.UNREADABLE)
    needed = {name: member.get(name) for name in names}
    public = _load(needed, algorithms[0])
    if kind[0] == 'RSA' and public.key_size not in _RSA_BITS:
        raise UnusableKeySet(Problem.SIZE)
    return PublicKey(kid, algorithms, _thumbprint(needed), public)


def _load(members: dict[str, Any], algorithm: str) -> Any:
    values = (value for name, value in members.items() if name not in ('kty', 'crv'))
    if not all(isinstance(value, str) and _BASE64URL.fullmatch(value) for value in values):
        raise UnusableKeySet(Problem.UNREADABLE)
    try:
        return jwt.PyJWK(members, 'EdDSA' if algorithm == 'Ed25519' else algorithm).key
    except (jwt.PyJWTError, UnsupportedAlgorithm, ValueError, TypeError):
        raise UnusableKeySet(Problem.UNREADABLE) from None


def _thumbprint(members: dict[str, str]) -> str:
    """RFC 7638 §3."""
    text = json.dumps(members, sort_keys=True, separators=(',', ':'))
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b'=').decode()
