"""The requests of clients that register themselves (RFC 7591 §2, §3.1; RFC 7592 §2.2)."""
from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from . import client_metadata, redirect_uri
from .errors import InvalidClientMetadata, InvalidRedirectURI, InvalidRequest, InvalidSoftwareStatement
from .parameters import check

GRANT_TYPES = ('authorization_code', 'refresh_token')
RESPONSE_TYPES = ('code',)
SECRET_METHODS = ('client_secret_basic', 'client_secret_post')
APPLICATION_TYPES = ('web', 'native')
# Members that only the server sets: a client that changes its registration does not send them (RFC 7592 §2.2).
_SERVER_SAYS = (
    'registration_access_token', 'registration_client_uri', 'client_secret_expires_at', 'client_id_issued_at')


class Registration(NamedTuple):
    """What the server registers of a client's request, and returns in its answer (RFC 7591 §3.2.1).

    :ivar name: it may be empty.
    :ivar grant_types: those of :data:`GRANT_TYPES` that it asks for.
    :ivar scope: None if the client names none.
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
    """Read what a client asks to register. Unknown members are ignored, and unsupported values are dropped where others
    remain (RFC 7591 §2): the answer says what was registered.

    :param auth_methods: the authentication methods that are allowed.
    :raises InvalidSoftwareStatement: the client sent one, and this server trusts nobody who signs them.
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
    links = map(metadata.own_link, ('client_uri', 'policy_uri', 'tos_uri'))
    return Registration(
        uris, metadata.name, *links, method, _application_type(members, uris),
        tuple(name for name in GRANT_TYPES if name in asked), metadata.scope)


def check_update(members: Mapping[str, Any], client_id: str) -> None:
    """Refuse a change that names another client, or sets what only the server sets (RFC 7592 §2.2).

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
    """OpenID Connect Dynamic Client Registration 1.0 §2: a web application uses https, and not this machine. A native
    one uses its own scheme, this machine, or https that it has claimed (RFC 8252 §7.2). Many native clients leave
    `application_type` out: then the addresses decide.
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
