"""What a client sends to register itself (RFC 7591 §2, §3.1; RFC 7592 §2.2)."""
from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from . import client_metadata, redirect_uri
from .errors import InvalidClientMetadata, InvalidRedirectURI, InvalidRequest, InvalidSoftwareStatement
from .parameters import check

GRANT_TYPES = ('authorization_code', 'refresh_token')
RESPONSE_TYPES = ('code',)
SECRET_METHODS = ('client_secret_basic', 'client_secret_post')
APPLICATION_TYPES = ('web', 'native')
# What only the server says: a client that changes its registration does not send it back (RFC 7592 §2.2).
_SERVER_SAYS = (
    'registration_access_token', 'registration_client_uri', 'client_secret_expires_at', 'client_id_issued_at')


class Registration(NamedTuple):
    """What is registered of what a client says, and answered to it (RFC 7591 §3.2.1).

    :ivar name: it may be empty.
    :ivar grant_types: those of :data:`GRANT_TYPES` that it asks for.
    :ivar scope: None where it names none.
    """
    redirect_uris: tuple[str, ...]
    name: str
    client_uri: str
    policy_uri: str
    tos_uri: str
    auth_method: str
    application_type: str
    grant_types: tuple[str, ...]
    scope: str | None


def read_members(body: bytes, media_type: str) -> dict[str, Any]:
    """The members of a request (RFC 7591 §3.1).

    :raises InvalidClientMetadata: it is no JSON object.
    """
    if media_type != 'application/json':
        raise InvalidClientMetadata('send the metadata of the client as application/json')
    try:
        members = json.loads(body.decode('utf-8'), object_pairs_hook=client_metadata.each_once)
    except (ValueError, RecursionError):
        raise InvalidClientMetadata('the body is no JSON in UTF-8, or has a member twice') from None
    if not isinstance(members, dict):
        raise InvalidClientMetadata('the body is no JSON object')
    return members


def read_registration(members: Mapping[str, Any], auth_methods: Collection[str]) -> Registration:
    """What a client asks to have registered. What is not known is passed over, and what cannot be had is left out
    where something remains (RFC 7591 §2): the answer says what was registered.

    :param auth_methods: how a client may authenticate.
    :raises InvalidSoftwareStatement: it has one: nobody is trusted here who signs them.
    :raises InvalidRedirectURI: an address cannot be registered, or not for this type of application.
    :raises InvalidClientMetadata: another member cannot be used.
    """
    if members.get('software_statement') is not None:
        raise InvalidSoftwareStatement('this server trusts nobody who signs software statements: leave it out')
    uris = _redirect_uris(members)
    try:
        metadata = client_metadata.read(members)
    except client_metadata.NotUsable as error:
        raise InvalidClientMetadata(str(error)) from None
    # RFC 7591 §2 has the defaults.
    method = 'client_secret_basic' if members.get('token_endpoint_auth_method') is None else metadata.auth_methods[0]
    if method not in auth_methods:
        raise InvalidClientMetadata('token_endpoint_auth_method may be: %s' % ', '.join(auth_methods))
    asked = GRANT_TYPES[:1] if metadata.grant_types is None else metadata.grant_types
    # RFC 7591 §5: a link that leads elsewhere than to where people are sent may claim to be somebody else.
    hosts = {urlsplit(uri).netloc for uri in uris if redirect_uri.is_claimed(uri)}
    links = (uri if urlsplit(uri).netloc in hosts else ''
             for uri in (metadata.client_uri, metadata.policy_uri, metadata.tos_uri))
    return Registration(
        uris, metadata.name, *links, method, _application_type(members, uris),
        tuple(name for name in GRANT_TYPES if name in asked), metadata.scope)


def check_update(members: Mapping[str, Any], client_id: str) -> None:
    """Refuse a change that names another client, or says what only the server says (RFC 7592 §2.2).

    :raises InvalidClientMetadata: see above.
    """
    if members.get('client_id') != client_id:
        raise InvalidClientMetadata('client_id is not the one of this address')
    if named := [name for name in _SERVER_SAYS if name in members]:
        raise InvalidClientMetadata('leave out %s: the server alone says it' % named[0])
    secret = members.get('client_secret') or ''
    if not isinstance(secret, str):
        raise InvalidClientMetadata('client_secret is no text')
    try:
        check('client_secret', secret)
    except InvalidRequest as error:
        raise InvalidClientMetadata(str(error)) from None


def _redirect_uris(members):
    uris = members.get('redirect_uris')
    most = client_metadata.MOST_REDIRECT_URIS
    if not (isinstance(uris, list) and 0 < len(uris) <= most and all(isinstance(uri, str) for uri in uris)):
        raise InvalidRedirectURI('redirect_uris is to be a list of 1 to %d addresses' % most)
    if not all(map(client_metadata.is_for_unregistered, uris)):
        raise InvalidRedirectURI(
            'redirect_uris may have addresses with https, of this machine (127.0.0.1, [::1], localhost), or with the '
            'scheme of a program that is known here')
    return tuple(dict.fromkeys(uris))


def _application_type(members, uris):
    """OpenID Connect Dynamic Client Registration 1.0 §2: a web application has https and no localhost, a native one a
    scheme of its own or this machine; or https that it has claimed (RFC 8252 §7.2). Many native ones do not say that
    they are native: where nothing is said, the addresses say it.
    """
    is_web = all(map(redirect_uri.is_claimed, uris))
    kind = members.get('application_type')
    if kind is None:
        return 'web' if is_web else 'native'
    if kind not in APPLICATION_TYPES:
        raise InvalidClientMetadata('application_type may be: %s' % ', '.join(APPLICATION_TYPES))
    if kind == 'web' and not is_web:
        raise InvalidRedirectURI('redirect_uris of a web application are addresses with https, and not of this '
                                 'machine; application_type of others is native')
    return kind
