"""The parameters of a request, from all places that may hold them."""
from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from . import client_assertion
from .authorization_header import Pairs, parse_basic, parse_oauth, scheme_and_credentials
from .errors import InvalidClient, InvalidRequest
from .printable import printable
from .redirect_uri import without_values

# A body larger than this is not read: 413.
BODY_LIMIT = 64 * 1024
DEFAULT_LIMIT = 2048
LIMITS = {  # in characters
    'access_token': 8192,
    'actor_token': 8192,
    'client_assertion': 8192,
    'client_id': 255,
    'client_secret': 255,
    'code': 255,
    'code_verifier': 1024,
    'device_code': 255,
    'refresh_token': 4096,
    'id_token_hint': 8192,
    'scope': 4096,
    'state': 4096,
    'subject_token': 8192,
    'token': 8192,
}
# What a log or a browser's history must never hold (RFC 9700 §4.3, RFC 6749 §2.3.1).
CREDENTIALS = frozenset({
    'access_token', 'actor_token', 'client_assertion', 'client_secret', 'code', 'code_verifier', 'device_code',
    'password', 'refresh_token', 'subject_token', 'token',
})
# Parameters by which a client authenticates, at every endpoint that asks for it (RFC 6749 §2.3.1, RFC 7521 §4.2).
CLIENT_AUTHENTICATION = frozenset({'client_id', 'client_secret', 'client_assertion', 'client_assertion_type'})
# Parameters whose values an event shows of a refused request. Not client_id: some clients send their secret in its
# place.
TOLD = ('response_type', 'response_mode', 'grant_type', 'redirect_uri', 'scope', 'resource', 'audience', 'prompt',
        'max_age', 'code_challenge_method', 'token_type_hint', 'subject_token_type', 'requested_token_type')
_LONGEST_TOLD = 300

# RFC 8707 §2, RFC 8693 §2.1: these may be repeated; their values are joined by spaces.
_REPEATABLE = frozenset({'resource', 'audience'})
# RFC 6749 appendix A: param-name.
_NAME = re.compile(r'[A-Za-z0-9._-]+')
# Control characters and surrogates (categories Cc and Cs of Unicode). U+FFFD stands for bytes that are not UTF-8; the
# other two are no characters of XML.
_REFUSED = re.compile('[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffd\ufffe\uffff]')


@dataclass(frozen=True)
class Credentials:
    """The credentials that a client presents.

    :param client_id: None if the request names no client.
    :param client_secret: None if the request has no secret.
    :param scheme: `oauth` or `basic` (the scheme of the `Authorization` header), or an empty string.
    :param client_assertion: a JWT (RFC 7523 §2.2), not verified yet, or None.
    """
    client_id: str | None
    client_secret: str | None = field(repr=False)  # a repr ends up in logs
    scheme: str
    client_assertion: str | None = field(default=None, repr=False)


class Parameters(Mapping):
    """The parameters of one request: names to values, none empty, none twice.

    :ivar in_query: the names in the URL's query.
    """

    def __init__(self, header: str | None = None, body: Iterable = (), query: Iterable = (),
                 known: Callable[[str], object] | None = None):
        """Read a request.

        :param header: the value of the `Authorization` header, if there is one.
        :param body: the pairs of the body.
        :param query: the pairs of the query.
        :param known: tells whether the endpoint knows a parameter. Others are ignored, whatever they hold (RFC 6749
            §3.1, §3.2). By default, all are known.
        :raises InvalidRequest: for a repeated, over-long or malformed parameter.
        :raises InvalidClient: for an `Authorization` header of another scheme.
        """
        scheme, text = scheme_and_credentials(header or '')
        if scheme not in ('', 'oauth', 'basic'):
            raise InvalidClient('the Authorization header is neither OAuth nor Basic')
        basic = parse_basic(text) if scheme == 'basic' else None
        in_header = parse_oauth(text) if scheme == 'oauth' else []
        body, query = list(body), list(query)
        self._values = _each_once((name, value) for name, value in [*in_header, *body, *query]
                                  if known is None or known(name))
        self.in_query = frozenset(name for name, _value in query)
        self._presented = self._read_credentials(scheme, basic)

    def _read_credentials(self, scheme: str, basic: tuple[str, str] | None) -> Credentials:
        client_id, client_secret = self.get('client_id'), self.get('client_secret')
        if basic is None:
            return Credentials(client_id, client_secret, scheme)
        # RFC 6749 §2.3: no more than one authentication method in each request.
        if client_secret is not None:
            raise InvalidRequest('two client authentication methods: HTTP Basic and client_secret')
        # Common clients repeat client_id beside HTTP Basic; it must then be the same.
        if client_id not in (None, basic[0]):
            raise InvalidRequest('client_id is not the one of the Authorization header')
        for name, value in zip(('client_id', 'client_secret'), basic, strict=True):
            check(name, value)
        return Credentials(basic[0], basic[1] or None, scheme)

    @property
    def credentials(self) -> Credentials:
        """The client's credentials, from wherever they were sent.

        :raises InvalidRequest: beside an assertion, there is a secret or another client ID (RFC 7521 §4.2).
        :raises InvalidClient: the assertion is of another type, or names no client.
        """
        if 'client_assertion' not in self and 'client_assertion_type' not in self:
            return self._presented
        if self._presented.client_secret is not None or self._presented.scheme == 'basic':
            raise InvalidRequest('two client authentication methods: client_assertion and a secret')
        assertion = self.require('client_assertion')
        if self.require('client_assertion_type') != client_assertion.TYPE:
            raise InvalidClient('client_assertion_type has to be %s' % client_assertion.TYPE)
        subject = client_assertion.subject(assertion)
        if self._presented.client_id not in (None, subject):
            raise InvalidRequest('client_id is not the one of client_assertion')
        check('client_id', subject)
        return Credentials(subject, None, self._presented.scheme, assertion)

    def __getitem__(self, name: str) -> str:
        return self._values[name]

    def __iter__(self):
        return iter(self._values)

    def __len__(self):
        return len(self._values)

    def __repr__(self):
        return 'Parameters(%s)' % ', '.join(self)  # names only: a repr ends up in logs

    def require(self, name: str) -> str:
        """The value of a parameter.

        :raises InvalidRequest: the request does not have it.
        """
        try:
            return self[name]
        except KeyError:
            raise InvalidRequest('%s is missing' % name) from None

    def told(self) -> str:
        """The request as an event shows it: a line for each parameter.

        Values that may be secret or private are left out, such as a code, a secret, a state.
        """
        def value(name):
            shown = printable(self[name], _LONGEST_TOLD) if name in TOLD else '…'
            return without_values(shown) if name in ('redirect_uri', 'resource', 'audience') else shown

        return '\n'.join(f'{name}={value(name)}'
                         for name in (*(name for name in TOLD if name in self), *sorted(self.keys() - {*TOLD})))

    def refuse_credentials_in_query(self) -> None:
        """Refuse credentials in the URL: URLs are logged and stored (RFC 6749 §2.3.1).

        :raises InvalidRequest: naming the parameter, and where it belongs.
        """
        misplaced = sorted(self.in_query & CREDENTIALS)
        if misplaced:
            raise InvalidRequest(
                '%s must not be sent in the URL; send it in the body or in the Authorization header'
                % ', '.join(misplaced))


def _each_once(pairs: Iterable) -> dict[str, str]:
    """Each parameter's value; empty ones count as not sent (RFC 6749 §3.1), but must not be repeated either."""
    values: dict[str, str] = {}
    for name, value in pairs:
        if value is None:  # null in JSON
            continue
        if not isinstance(value, str):
            raise InvalidRequest('%s must be a string' % name)
        if len(name) > 64 or not _NAME.fullmatch(name):
            raise InvalidRequest('a parameter name may hold letters, digits, and any of . _ - only')
        if name in values and name not in _REPEATABLE:
            raise InvalidRequest('%s was sent more than once' % name)  # RFC 6749 §3.1, §3.2
        check(name, value)
        # A valid value holds no space.
        values[name] = ' '.join(dict.fromkeys([*values[name].split(), value])) if name in values else value
    return {name: value for name, value in values.items() if value}


def check(name: str, value: str) -> None:
    """Refuse a value that is too long, or holds control characters.

    :raises InvalidRequest: naming the parameter.
    """
    if len(value) > LIMITS.get(name, DEFAULT_LIMIT):
        raise InvalidRequest('%s is too long' % name)
    if _REFUSED.search(value):
        raise InvalidRequest('%s holds a control character, or bytes that are not UTF-8' % name)


def form_pairs(form: bytes) -> Pairs:
    """Read `application/x-www-form-urlencoded`: a body, or the query of a URL.

    Bytes that are not UTF-8 become U+FFFD, which no known parameter may hold.
    """
    return parse_qsl(form.decode(errors='replace'), keep_blank_values=True, errors='replace')


def json_pairs(body: bytes) -> Pairs:
    """Read a JSON body: one object. Known members must be strings; null counts as not sent.

    :raises InvalidRequest: for anything else.
    """
    try:
        # RFC 8259 §8.1: UTF-8; a byte order mark may be ignored. json.loads() would guess other encodings.
        pairs = json.loads(body.decode('utf-8-sig'), object_pairs_hook=_JsonObject)
    except (ValueError, RecursionError):
        raise InvalidRequest('the body is not JSON in UTF-8') from None
    if not isinstance(pairs, _JsonObject):
        raise InvalidRequest('the JSON body is not one object with strings for members')
    return list(pairs)


class _JsonObject(list):
    """An object's members in their order, so that a repeated one is noticed."""
