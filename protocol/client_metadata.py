"""Client metadata (RFC 7591 §2), and the document at the address that a client uses as its `client_id`
(draft-ietf-oauth-client-id-metadata-document-02).
"""
from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from . import key_set, redirect_uri
from .fetch import is_fetchable
from .visible import visible

LONGEST_DOCUMENT = 5 * 1024  # bytes: what the draft recommends, §8.7
LONGEST_CLIENT_ID = 255  # characters
LONGEST_URL = 512
LONGEST_NAME = 80
MOST_REDIRECT_URIS = 20

# Methods with a shared secret: a public document cannot hold one (§4.1).
_SYMMETRIC = frozenset({'client_secret_basic', 'client_secret_post', 'client_secret_jwt'})
_SECRETS = ('client_secret', 'client_secret_expires_at')
_LINKS = ('client_uri', 'logo_uri', 'policy_uri', 'tos_uri')
_TEXTS = ('client_name', *_LINKS, 'scope', 'jwks_uri', 'token_endpoint_auth_method')
_DOCUMENT_URL = re.compile(r"https://[A-Za-z0-9._-]+(:[0-9]{1,5})?/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*(\?[^#]*)?")
_FRAGMENT = re.compile(r"([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*")  # RFC 3986 §3.5


class NotUsable(Exception):
    """Why metadata cannot be used: for the client's developer, and for an administrator. It repeats no value."""


class ClientMetadata(NamedTuple):
    """The part of a client's metadata that is used. Unknown members are ignored (RFC 7591 §2).

    :ivar name: what the client calls itself, as far as it can be seen; it may be empty.
    :ivar auth_methods: how the client says that it can authenticate, the one that it prefers first.
    :ivar scope: what it says it may ask for, or None where it says nothing.
    :ivar grant_types: None where it says nothing.
    :ivar jwks: a JWK Set of public keys, as JSON; empty where there is none.
    :ivar jwks_uri: where a document says that its keys lie. That of a client which registers itself is never fetched.
    """
    redirect_uris: tuple[str, ...]
    name: str = ''
    client_uri: str = ''
    logo_uri: str = ''
    policy_uri: str = ''
    tos_uri: str = ''
    auth_methods: tuple[str, ...] = ('none',)
    scope: str | None = None
    grant_types: tuple[str, ...] | None = None
    jwks: str = ''
    jwks_uri: str = ''

    def own_link(self, name: str, *addresses: str) -> str:
        """A link of the client's, if it leads to a host of its own; nothing otherwise: it could pretend to be somebody
        else (RFC 7591 §5).

        :param name: of the member.
        :param addresses: that are the client's, beside its redirect URIs.
        """
        claimed = filter(redirect_uri.is_claimed, self.redirect_uris)
        link = getattr(self, name)
        return link if host(link) in {host(address) for address in (*addresses, *claimed)} else ''

    def auth_method(self, may_be_public: bool) -> str:
        """How the client of a document authenticates: by the first method of those that it names and that are known
        here, `none` and `private_key_jwt`.

        :param may_be_public: whether clients may come that prove nothing.
        :raises NotUsable: there is no such method, or there are no keys for it.
        """
        known = ['private_key_jwt', *(['none'] if may_be_public else [])]
        method = next((method for method in self.auth_methods if method in known), None)
        if method is None:
            raise NotUsable('token_endpoint_auth_method may be: %s' % ', '.join(known))
        if method == 'private_key_jwt' and not (self.jwks or self.jwks_uri):
            raise NotUsable('the document has neither jwks nor jwks_uri with the keys for private_key_jwt')
        return method


def is_document_url(client_id: str) -> bool:
    """Whether a `client_id` may be the address of a metadata document (draft §3)."""
    return bool(len(client_id) <= LONGEST_CLIENT_ID and _DOCUMENT_URL.fullmatch(client_id)
                and redirect_uri.problem(client_id) is None)


def host(client_id: str) -> str:
    """The host of a document, and its port if there is one. Users recognise the client by it (draft §8.5)."""
    return urlsplit(client_id).netloc


def read_document(client_id: str, body: bytes) -> ClientMetadata:
    """The metadata of a document.

    :param client_id: the address that it was fetched from.
    :raises NotUsable: the body is no metadata, or breaks a rule of the draft (§4, §4.1).
    """
    try:
        members = json.loads(body.decode('utf-8'), object_pairs_hook=each_once)
    except (ValueError, RecursionError):
        raise NotUsable('the document is no JSON in UTF-8, or has a member twice') from None
    if not isinstance(members, dict):
        raise NotUsable('the document is no JSON object')
    if members.get('client_id') != client_id:
        raise NotUsable('client_id in the document is not the address of the document')
    if named := [name for name in _SECRETS if name in members]:
        raise NotUsable('the document has the member %s: a document that everybody can read has no secret' % named[0])
    metadata = read(members)._replace(jwks_uri=_keys_address(members))
    if _SYMMETRIC & set(metadata.auth_methods[:1]):
        raise NotUsable('token_endpoint_auth_method is one with a secret: there is none that both sides know')
    return metadata


def read(members: Mapping[str, Any]) -> ClientMetadata:
    """Metadata from the members of a JSON object.

    :raises NotUsable: a member has the wrong type (RFC 7591 §2), or a value that cannot be used.
    """
    texts = {name: _text(members, name) for name in _TEXTS}
    uris = tuple(dict.fromkeys(_list(members, 'redirect_uris') or ()))
    if not 0 < len(uris) <= MOST_REDIRECT_URIS:
        raise NotUsable('redirect_uris is to be a list of 1 to %d addresses' % MOST_REDIRECT_URIS)
    if not all(map(is_for_unregistered, uris)):
        raise NotUsable('redirect_uris may have addresses with https, of this machine (127.0.0.1, [::1], localhost), '
                        'or with the scheme of a program that is known here')
    grant_types = _list(members, 'grant_types')
    if grant_types is not None and 'authorization_code' not in grant_types:
        raise NotUsable('grant_types is without authorization_code')
    response_types = _list(members, 'response_types')
    if response_types is not None and 'code' not in response_types:
        raise NotUsable('response_types is without code')
    preferred = texts['token_endpoint_auth_method'] or 'none'
    methods = (preferred, *(_list(members, 'token_endpoint_auth_methods_supported') or ()))
    return ClientMetadata(
        uris, ' '.join(visible(texts['client_name']).split())[:LONGEST_NAME],
        *(uri if is_link(uri) else '' for uri in (texts[name] or '' for name in _LINKS)),
        tuple(dict.fromkeys(methods)), texts['scope'], grant_types and tuple(grant_types), _keys(members))


def is_for_unregistered(uri: str) -> bool:
    """Whether a client that nobody registered here may use a redirect URI: one with https, of this machine, or with the
    scheme of a known program (:data:`~.redirect_uri.PROGRAM_SCHEMES`).
    """
    scheme = uri.partition(':')[0]
    return scheme in {'https', 'http', *redirect_uri.PROGRAM_SCHEMES} and redirect_uri.problem(uri) is None


def each_once(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """The members of a JSON object, for :func:`json.loads`.

    :raises ValueError: a name occurs twice.
    """
    members = dict(pairs := list(pairs))
    if len(members) != len(pairs):
        raise ValueError
    return members


def is_link(uri: str, most: int = LONGEST_URL) -> bool:
    """Whether an address leads to a web page or a picture, runs nothing, and may be stored: of the fragment, which
    redirect URIs have not, the characters are checked, too.

    :param most: how many characters it has at the most.
    """
    address, _mark, fragment = uri.partition('#')
    return (len(uri) <= most and uri.startswith('https://') and redirect_uri.problem(address) is None
            and _FRAGMENT.fullmatch(fragment) is not None)


def _text(members, name):
    value = members.get(name)
    if value is not None and not isinstance(value, str):
        raise NotUsable('%s is no text' % name)
    return value


def _list(members, name):
    value = members.get(name)
    if value is not None and not (isinstance(value, list) and all(isinstance(each, str) for each in value)):
        raise NotUsable('%s is no list of texts' % name)
    return value


def _keys_address(members):
    address = members.get('jwks_uri') or ''
    if address and members.get('jwks') is not None:
        raise NotUsable('jwks and jwks_uri exclude each other')  # RFC 7591 §2
    if address and (len(address) > LONGEST_URL or not is_fetchable(address)):
        raise NotUsable('jwks_uri is to be an address with https of at most %d characters' % LONGEST_URL)
    return address


def _keys(members):
    """The public keys of a client, as JSON; nothing where none of them can verify signatures (RFC 7517 §5).

    :raises NotUsable: it is no set of keys, or has a private or a symmetric one, which a document never has
        (draft §4.1).
    """
    if members.get('jwks') is None:
        return ''
    text = json.dumps(members['jwks'])
    try:
        key_set.parse(text, skips_others=True)
    except key_set.UnusableKeySet as error:
        if error.problem is key_set.Problem.EMPTY:
            return ''
        raise NotUsable('jwks cannot be used: %s' % error) from None
    return text
