"""Redirect URIs: which ones may be registered, and which ones a request may name.

A presented URI is compared exactly with the registered ones (RFC 9700 §4.1.3): no prefix, no pattern, no normalising.
So the rules apply at registration, where they can be explained to a person.
"""
from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Iterable, Mapping
from enum import Enum
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

LIMIT = 2048  # characters, as for the parameter

# Parameters that an authorization answer adds to the query. A registered one would occur twice.
_ANSWER_PARAMETERS = frozenset({'code', 'state', 'iss', 'error', 'error_description', 'error_uri'})
_LOCAL_NAMES = frozenset({'localhost', 'localdomain', 'ip6-localhost', 'ip6-loopback'})
_IPV4_AT_THE_END = (ipaddress.IPv6Network('::/96'), ipaddress.IPv6Network('64:ff9b::/96'))
_LOOPBACK_HOSTS = frozenset({'127.0.0.1', '::1', 'localhost'})
# RFC 3986 §2: unreserved, reserved, percent. A backslash, which browsers take for a slash, is none of these.
_CHARACTERS = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_BAD_PERCENT = re.compile(r'%(?![0-9A-Fa-f]{2})')
_USER_INFO = re.compile(r'(?<=//)[^/?#@]*@')
_VALUE = re.compile(r'([?&][^=&]*=)[^&]+')
_SCHEME = re.compile(r'[a-z][a-z0-9+.-]*')
# A name (or IPv4 address), or an IPv6 literal: RFC 3986 §3.2.2 without what programs read differently.
_HOST_AND_PORT = re.compile(r'([A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*\.?|\[(?P<v6>[0-9A-Fa-f:.]+)\])(:0*[1-9][0-9]*)?')
# RFC 8252 §7.1: a private-use scheme is a domain name in reverse, so it has a dot.
_PRIVATE_USE_SCHEME = re.compile(r'[a-z][a-z0-9+-]*(\.[a-z0-9+-]+)+')
# Schemes of known programs that break this rule. An administrator may add others.
PROGRAM_SCHEMES = frozenset({
    'claude', 'cursor', 'obsidian', 'raycast', 'vscode', 'vscode-insiders', 'vscodium', 'windsurf', 'zed',
})
# Never allowed: schemes that run, show or send what the address says, or that have a meaning by a specification.
_NEVER = (
    'about', 'blob', 'callto', 'chrome', 'chrome-extension', 'cid', 'content', 'data', 'facetime', 'feed', 'file',
    'filesystem', 'ftp', 'ftps', 'geo', 'gopher', 'http', 'https', 'imap', 'intent', 'irc', 'jar', 'javascript', 'ldap',
    'ldaps', 'livescript', 'magnet', 'mailto', 'market', 'mhtml', 'mid', 'moz-extension', 'news', 'nfs', 'res',
    'resource', 'rtsp', 'search', 'search-ms', 'sftp', 'shell', 'sip', 'sips', 'skype', 'smb', 'sms', 'smsto', 'ssh',
    'tel', 'telnet', 'urn', 'vbscript', 'view-source', 'webcal', 'ws', 'wss', 'wyciwyg', 'xmpp',
)
NEVER_SCHEME = '(ms-[a-z0-9+.-]*|' + '|'.join(_NEVER) + ')'
_NEVER_SCHEME = re.compile(NEVER_SCHEME)
# RFC 8252 §7.3 names the IP literals. Many programs register `localhost`. Each host matches only itself.
_LOOPBACK = re.compile(r'http://(127\.0\.0\.1|\[::1\]|localhost)(?::([1-9][0-9]{0,4}))?([/?].*)?')


class Problem(Enum):
    """Why a URI cannot be registered as a redirect URI."""
    TOO_LONG = 'too long'
    CHARACTERS = 'characters that a URI may not hold'
    NOT_ABSOLUTE = 'not absolute'
    WILDCARD = 'a wildcard'
    FRAGMENT = 'a fragment'
    USER_INFO = 'user information'
    HOST = 'no host, or one that cannot be read'
    PLAIN_HTTP = 'http, and not to this machine'
    SCHEME = 'a scheme that is neither https nor private-use'
    NEVER_SCHEME = 'a scheme that no program has for itself'
    DOT_SEGMENTS = 'dots or slashes that a server may resolve'
    ANSWER_PARAMETER = 'a query parameter that answers add'


def problem(uri: str, program_schemes: Iterable[str] = ()) -> Problem | None:
    """Why this URI cannot be registered, or None if it can.

    Sources: RFC 6749 §3.1.2, RFC 8252 §7, RFC 9700 §2.1 and §4.1.

    :param program_schemes: schemes of programs, beside :data:`PROGRAM_SCHEMES`.
    """
    checks = (_problem_of_text, _problem_of_authority, _problem_of_path, _problem_of_query)
    found = next((found for check in checks if (found := check(uri))), None)
    if found is Problem.SCHEME and uri.partition(':')[0] in program_schemes:
        return _problem_of_path(uri) or _problem_of_query(uri)
    return found


def problem_of_scheme(scheme: str) -> Problem | None:
    """Why this cannot be the scheme of a program, or None if it can."""
    if not _SCHEME.fullmatch(scheme):
        return Problem.NOT_ABSOLUTE
    return Problem.NEVER_SCHEME if _NEVER_SCHEME.fullmatch(scheme) else None


def _problem_of_text(uri: str) -> Problem | None:
    if len(uri) > LIMIT:
        return Problem.TOO_LONG
    if not _CHARACTERS.fullmatch(uri) or _BAD_PERCENT.search(uri):
        return Problem.CHARACTERS
    if '*' in uri:
        return Problem.WILDCARD
    if '#' in uri:  # also a bare one
        return Problem.FRAGMENT
    return None


def _problem_of_authority(uri: str) -> Problem | None:
    scheme, colon, _rest = uri.partition(':')
    if not colon or not _SCHEME.fullmatch(scheme):
        return Problem.NOT_ABSOLUTE
    try:
        parts = urlsplit(uri)
        host, _port = parts.hostname, parts.port
    except ValueError:
        return Problem.HOST
    if '@' in parts.netloc:
        return Problem.USER_INFO
    if scheme in ('http', 'https'):
        if not _is_host_and_port(parts.netloc):
            return Problem.HOST
        if scheme == 'http' and host not in _LOOPBACK_HOSTS:
            return Problem.PLAIN_HTTP
        return None
    if _NEVER_SCHEME.fullmatch(scheme):
        return Problem.NEVER_SCHEME
    if not _PRIVATE_USE_SCHEME.fullmatch(scheme) and scheme not in PROGRAM_SCHEMES:
        return Problem.SCHEME
    return None


def _is_host_and_port(netloc: str) -> bool:
    match = _HOST_AND_PORT.fullmatch(netloc)
    try:
        return bool(match and (match['v6'] is None or ipaddress.IPv6Address(match['v6'])))
    except ValueError:
        return False


def _problem_of_path(uri: str) -> Problem | None:
    path = unquote(urlsplit(uri).path)
    encoded = re.search(r'%(2e|2f|5c|25)', urlsplit(uri).path, re.IGNORECASE)
    segments = (segment.partition(';')[0] for segment in path.split('/'))
    return Problem.DOT_SEGMENTS if encoded or any(segment in ('.', '..') for segment in segments) else None


def _problem_of_query(uri: str) -> Problem | None:
    names = {name for name, _value in parse_qsl(urlsplit(uri).query, keep_blank_values=True)}
    return Problem.ANSWER_PARAMETER if names & _ANSWER_PARAMETERS else None


def is_registered(presented: str, registered: Iterable[str]) -> bool:
    """Whether a request may name this URI.

    Only the port of a loopback address may differ: an application on its user's machine cannot know it in advance (RFC
    8252 §7.3).
    """
    registered = list(registered)
    if presented in registered:
        return True
    loopback = _without_port(presented)
    return loopback is not None and loopback in map(_without_port, registered)


def is_only(uri: str | None, registered: Iterable[str]) -> bool:
    """Whether all registered URIs are this one, except for the port of a loopback address."""
    addresses = {_without_port(each) or each for each in registered}
    return uri is not None and addresses == {_without_port(uri) or uri}


def _without_port(uri: str) -> tuple[str, str] | None:
    match = _LOOPBACK.fullmatch(uri)
    if match is None or int(match[2] or 80) > 65535:
        return None
    return match[1], match[3] or ''


def with_parameters(uri: str, parameters: Mapping[str, str]) -> str:
    """The redirect URI with the parameters of an answer. Its own query is kept (RFC 6749 §3.1.2)."""
    if not parameters:
        return uri
    _before, mark, query = uri.partition('?')
    separator = '?' if not mark else '&' if query and not query.endswith('&') else ''
    return uri + separator + urlencode(parameters)


def host(uri: str) -> str:
    """A short name for where a person is sent: the host with its port, or an application's own scheme.

    The port of a loopback address is left out, because it changes each time.
    """
    parts = urlsplit(uri)
    if parts.scheme not in ('http', 'https'):
        return parts.scheme
    return parts.hostname or '' if parts.hostname in _LOOPBACK_HOSTS else parts.netloc


def is_claimed(uri: str) -> bool:
    """Whether only the owner of a host name receives what is sent there (RFC 8252 §7.2, §8.6).

    Any program on a machine can listen on a loopback port or register a private-use scheme.
    """
    return uri.startswith('https://') and not _is_local(urlsplit(uri).hostname or '')


def _is_local(hostname: str) -> bool:
    """Whether a host is this machine, in any spelling: nobody owns such a name."""
    name = hostname.rstrip('.')
    if name in _LOCAL_NAMES or name.endswith(('.localhost', '.localdomain')):  # RFC 6761 §6.3, /etc/hosts
        return True
    try:
        address = ipaddress.IPv6Address(name) if ':' in name else ipaddress.IPv4Address(socket.inet_aton(name))
    except (OSError, ValueError):
        return False
    return any(each.is_loopback or each.is_unspecified or each.is_link_local for each in (address, *_held(address)))


def _held(address):
    """The IPv4 addresses that an IPv6 address holds: mapped, compatible (RFC 4291 §2.5.5), 6to4 (RFC 3056), and
    translated (RFC 6052 §2.1).
    """
    if address.version == 4:
        return []
    last = ipaddress.IPv4Address(int(address) & 0xffffffff)
    is_last = any(address in network for network in _IPV4_AT_THE_END)
    return [held for held in (address.ipv4_mapped, address.sixtofour, last if is_last else None) if held is not None]


def without_values(uri: str) -> str:
    """An address as an event shows it. User information, values in the query and a fragment may be secrets: an ellipsis
    replaces each.
    """
    head, mark, _fragment = _USER_INFO.sub('…@', uri, count=1).partition('#')
    return _VALUE.sub(r'\1…', head) + (mark and '#…')
