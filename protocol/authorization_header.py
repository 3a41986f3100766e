"""The `Authorization` header as this server reads it: the schemes `OAuth` and `Basic`."""
from __future__ import annotations

import base64
import binascii
import re
from urllib.parse import unquote_plus, unquote_to_bytes

from .errors import InvalidClient, InvalidRequest

Pairs = list[tuple[str, str]]

_SPACE = ' \t\r\n'
_QUOTES = '\'"'
# It matches one escape at a time, so it runs in linear time.
_BAD_PERCENT = re.compile(r'%(?![0-9A-Fa-f]{2})')


def scheme_and_credentials(header: str) -> tuple[str, str]:
    """Split a header's value: the scheme in lower case, and what follows it (RFC 9110 §11.4)."""
    header = header.strip(_SPACE)
    scheme_end = next((at for at, character in enumerate(header) if character in _SPACE), len(header))
    return header[:scheme_end].lower(), header[scheme_end:].strip(_SPACE)


def parse_oauth(credentials: str) -> Pairs:
    """Read the name=value pairs that follow the scheme `OAuth`.

    A value is in single quotes, in double quotes, or bare. A comma, white space (a folded line included) or both
    separate the pairs; extra commas are ignored. A value is percent-decoded once, as UTF-8; `+` stays `+`.

    :param credentials: the header's value after the scheme.
    :return: the pairs in the order of the header, repeated names included.
    :raises InvalidRequest: for a pair without a name or without `=`, an unclosed quote, text after a closing quote, and
        bad percent-encoding.
    """
    pairs, at, end = [], 0, len(credentials)
    while (at := _skip(credentials, at, _SPACE + ',')) < end:
        name_start = at
        while at < end and credentials[at] not in _SPACE + ',=':
            at += 1
        name = credentials[name_start:at]
        at = _skip(credentials, at, _SPACE)
        if not name or _has_quote(name):
            raise InvalidRequest('Authorization header: a pair has no name; write name=value')
        if at == end or credentials[at] != '=':
            raise InvalidRequest('Authorization header: a name is not followed by =; write name=value')
        value, at = _value(credentials, _skip(credentials, at + 1, _SPACE))
        pairs.append((name, _percent_decoded(value)))
    return pairs


def _skip(text: str, at: int, characters: str) -> int:
    while at < len(text) and text[at] in characters:
        at += 1
    return at


def _has_quote(text: str) -> bool:
    return any(quote in text for quote in _QUOTES)


def _value(text: str, at: int) -> tuple[str, int]:
    """The value that begins at `at`, and where the next pair may begin."""
    if at < len(text) and text[at] in _QUOTES:
        closing = text.find(text[at], at + 1)
        if closing < 0:
            raise InvalidRequest('Authorization header: a quote is not closed')
        after = closing + 1
        if after < len(text) and text[after] not in _SPACE + ',':
            raise InvalidRequest('Authorization header: a comma or a space is missing after a quoted value')
        return text[at + 1:closing], after
    start = at
    while at < len(text) and text[at] not in _SPACE + ',':
        at += 1
    if _has_quote(text[start:at]):
        raise InvalidRequest('Authorization header: a quote stands inside of a bare value')
    return text[start:at], at


def _percent_decoded(value: str) -> str:
    if not value.isascii():
        raise InvalidRequest('Authorization header: percent-encode what is not ASCII')
    if _BAD_PERCENT.search(value):
        raise InvalidRequest('Authorization header: a percent sign is not followed by two hexadecimal digits')
    try:
        return unquote_to_bytes(value).decode()
    except UnicodeDecodeError:
        raise InvalidRequest('Authorization header: a value is not UTF-8') from None


def parse_basic(credentials: str) -> tuple[str, str]:
    """Read the client's credentials from HTTP Basic (RFC 7617).

    RFC 6749 §2.3.1: both halves are form-encoded (Appendix B) before they are joined by a colon.

    :param credentials: the header's value after the scheme: base64 of UTF-8.
    :return: the client identifier and the secret.
    :raises InvalidClient: the credentials cannot be read.
    """
    try:
        text = base64.b64decode(credentials, validate=True).decode()
    except (binascii.Error, ValueError):
        raise InvalidClient('the Basic credentials are not base64 of UTF-8') from None
    identifier, colon, secret = text.partition(':')
    if not colon or not identifier:
        raise InvalidClient('the Basic credentials are not client_id:client_secret')
    try:
        return unquote_plus(identifier, errors='strict'), unquote_plus(secret, errors='strict')
    except UnicodeDecodeError:
        raise InvalidClient('the Basic credentials are not form-encoded UTF-8') from None
