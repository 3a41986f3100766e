"""Client authentication by a key: private_key_jwt (RFC 7523 §2.2 and §3, OpenID Connect Core §9)."""
from __future__ import annotations

import json
import time
from collections.abc import Iterable
from typing import Any, NamedTuple

import jwt
from jwt.algorithms import OKPAlgorithm

from .errors import InvalidClient, TemporarilyUnavailable
from .jwt import is_well_formed
from .key_set import ALGORITHMS, PublicKey

TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
LIFETIME = 600  # seconds: the longest that an assertion is valid, whatever its claims say
CLOCK_SKEW = 30  # seconds: how far a client's clock may be wrong
_LONGEST_JTI = 255
_LAST_TIME = 2 ** 53  # RFC 7493 §2.2
# A JWT with the `typ` of another kind is no assertion (RFC 8725 §3.11). Most libraries write `JWT`.
_MEDIA_TYPES = frozenset({'jwt', 'client-authentication+jwt'})

# Only these algorithms: neither `none` nor one with a shared secret.
_SIGNATURES = jwt.PyJWS(algorithms=[name for name in ALGORITHMS if name != 'Ed25519'])
_SIGNATURES.register_algorithm('Ed25519', OKPAlgorithm())  # RFC 9864: the other name of EdDSA with this curve


class Assertion(NamedTuple):
    """What is stored of an assertion, so that it works only once.

    :param jti: its identifier.
    :param ends: when it expires, in seconds since 1970.
    """
    jti: str
    ends: float


class UnknownKey(InvalidClient):
    """The assertion matches no single key of the client. The client may have published a new one."""


class KeysWanted(TemporarilyUnavailable):
    """A client proves itself by a key that is not known: its keys are to be fetched, then the request runs again. It is
    raised within a transaction, and caught where none is open.

    :param url: where the keys lie.
    :param brought_by: the user who brought the client along, 0 where that one is gone; None for a client of an
        administrator.
    """

    def __init__(self, url: str, brought_by: int | None):
        super().__init__('the keys of this client are being fetched: try again in a moment', retry_after=1)
        self.url = url
        self.brought_by = brought_by


def subject(assertion: str) -> str:
    """The client ID that an assertion names. Nothing is verified yet.

    :raises InvalidClient: it is no JWT with a `sub`.
    """
    if not is_well_formed(assertion):
        raise InvalidClient(detail='client_assertion is not a compact JWT in its canonical form')
    try:
        claims = jwt.decode(assertion, options={'verify_signature': False})
    except (jwt.PyJWTError, RecursionError, ValueError, TypeError, OverflowError):
        raise InvalidClient(detail='client_assertion cannot be read') from None
    if not isinstance(claims.get('sub'), str):
        raise InvalidClient(detail='client_assertion has no sub')
    return claims['sub']


def verify(assertion: str, keys: Iterable[PublicKey], client_id: str, issuer: str) -> Assertion:
    """Verify an assertion: first its signature, by one of the client's keys, then its claims.

    :param issuer: this server's issuer identifier, which has to be the only audience. RFC 7523 also allowed the address
        of an endpoint. Another server could name our endpoint as its own, and use the assertions that it receives here
        (RFC 10070 §4).
    :raises UnknownKey: no single key matches.
    :raises InvalidClient: its description says what is wrong only once the signature is verified.
    """
    header = _header(assertion)
    key = _key_for(header, keys)
    try:
        payload = _SIGNATURES.decode(assertion, key.public, algorithms=[header['alg']])
        claims = json.loads(payload)
    except (jwt.PyJWTError, RecursionError, ValueError, TypeError, OverflowError) as error:
        raise InvalidClient(detail=f'client_assertion: {type(error).__name__}') from None
    if not isinstance(claims, dict):
        raise InvalidClient(detail='client_assertion: its payload is no object')
    return _checked(claims, client_id, issuer, time.time())


def _header(assertion: str) -> dict[str, Any]:
    if not is_well_formed(assertion):
        raise InvalidClient(detail='client_assertion is not a compact JWT in its canonical form')
    try:
        header = jwt.get_unverified_header(assertion)
    except (jwt.PyJWTError, RecursionError, ValueError, TypeError):
        raise InvalidClient(detail='client_assertion: its header cannot be read') from None
    if not isinstance(header.get('alg'), str) or header['alg'] not in ALGORITHMS:
        raise InvalidClient(detail='client_assertion: alg is none of those in the metadata')
    # Extensions that must be understood are refused (RFC 7515 §4.1.11). `jwk`, `jku`, `x5c` and the like are ignored.
    if {'crit', 'b64'} & header.keys():
        raise InvalidClient(detail='client_assertion: its header demands what is not known here')
    kind = header.get('typ', 'JWT')
    if not isinstance(kind, str) or kind.lower().removeprefix('application/') not in _MEDIA_TYPES:
        raise InvalidClient(detail='client_assertion: typ is that of another kind of token')
    return header


def _key_for(header: dict[str, Any], keys: Iterable[PublicKey]) -> PublicKey:
    """The one key that the header means. Only the algorithms of that key are allowed."""
    kid = header.get('kid')
    if kid is not None and not isinstance(kid, str):
        raise InvalidClient(detail='client_assertion: kid is no text')
    fitting = [key for key in keys if header['alg'] in key.algorithms and (kid is None or key.is_named(kid))]
    if len(fitting) != 1:
        raise UnknownKey(detail='client_assertion: several keys of the client fit, and no kid says which'
                         if fitting else 'client_assertion: the client has no such key')
    return fitting[0]


def _checked(claims: dict[str, Any], client_id: str, issuer: str, now: float) -> Assertion:
    """Check the claims (RFC 7523 §3). The caller has the key, so errors may say what is wrong."""
    if claims.get('iss') != client_id or claims.get('sub') != client_id:
        raise _wrong('iss and sub have to be the client ID')
    if claims.get('aud') not in (issuer, [issuer]):
        raise _wrong('aud has to be the issuer, and nothing else')
    times = {name: claims[name] for name in ('exp', 'nbf', 'iat') if name in claims}
    # `type(…)` excludes booleans, which are integers to `isinstance`.
    if not all(type(value) in (int, float) and 0 <= value <= _LAST_TIME for value in times.values()):
        raise _wrong('exp, nbf and iat have to be times, in seconds since 1970')
    if 'exp' not in times:
        raise _wrong('exp is missing')
    if max(times.get('nbf', 0), times.get('iat', 0)) > now + CLOCK_SKEW:
        raise _wrong('it is from the future: look at the clock')
    ends = min(times['exp'], times['iat'] + LIFETIME) if 'iat' in times else times['exp']
    if ends + CLOCK_SKEW <= now:
        raise _wrong('it has expired')
    if ends > now + LIFETIME + CLOCK_SKEW:
        raise _wrong('exp is too far ahead')
    jti = claims.get('jti')
    if not isinstance(jti, str) or not 0 < len(jti) <= _LONGEST_JTI or not jti.isprintable():
        raise _wrong('jti has to be a text of 1 to %d visible characters' % _LONGEST_JTI)
    return Assertion(jti, ends + CLOCK_SKEW)


def _wrong(what: str) -> InvalidClient:
    return InvalidClient(f'client_assertion: {what}', detail=f'client_assertion: {what}')
