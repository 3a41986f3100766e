"""Fetch documents, keys and pictures from addresses that strangers name.

Nobody may use this server to reach what only this server reaches (draft-ietf-oauth-client-id-metadata-document §8.6).
So a host name is resolved once, all its addresses must be public, and the connection goes to one of them. Only https is
used, with a valid certificate; redirects are not followed; time and size are limited.
"""
from __future__ import annotations

import functools
import http.client
import io
import ipaddress
import queue
import re
import socket
import ssl
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Collection, Iterable
from fnmatch import fnmatchcase
from typing import NamedTuple
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies, proxy_bypass

from .public_address import Network, is_public, is_within

# The bounds, in seconds, of the lifetime that an answer names (RFC 9111 §4.2).
SHORTEST, LONGEST = 5 * 60, 24 * 3600
# Seconds for which this process remembers a failure, so that nobody can make it ask again and again.
FAILURE = 60
_MOST_FAILURES = 1000

_LOOK_UP = 1  # second: for a name that a proxy resolves anyhow
_HEADERS = 32 * 1024  # bytes, of the answer's head and of TLS
_URL = re.compile(
    r"https://(?P<host>[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:(?P<port>[0-9]{1,5}))?"
    r"(?P<target>(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?(\?[A-Za-z0-9._~!$&'()*+,;=:@%/?-]*)?)")
_SECONDS = re.compile(r'(?:^|,)\s*max-age\s*=\s*"?([0-9]{1,10})"?\s*(?:,|$)', re.IGNORECASE)
_NOT_KEPT = re.compile(r'(?:^|,)\s*no-(?:store|cache)\b', re.IGNORECASE)


class Fetched(NamedTuple):
    """The answer of an address.

    :ivar content_type: in lower case, without parameters.
    :ivar fresh_until: when it should be fetched again, in seconds since 1970.
    """
    body: bytes
    content_type: str
    fresh_until: float


class NotFetched(Exception):
    """The fetch failed. The message tells an administrator why, and repeats nothing that the other side sent."""


def is_fetchable(url: str) -> bool:
    """Whether a text is an address that is fetched from, as far as it can be told without asking its host."""
    match = _URL.fullmatch(url)
    return match is not None and int(match['port'] or 443) in range(1, 65536)


def fetch(url: str, most_bytes: int, seconds: float, kinds: Collection[str], *,
          also: Iterable[Network] = (), resolve: Callable = socket.getaddrinfo) -> Fetched:
    """Fetch an address.

    If the environment names a proxy for https, the connection goes through it. Then the proxy resolves the name, and
    decides what it reaches; addresses that resolve here are checked all the same.

    :param seconds: the time limit, from the name's resolution to the last byte.
    :param kinds: the media types that are accepted, such as `application/json` or `image/*`.
    :param also: networks outside the public Internet that may be reached, such as an intranet.
    :param resolve: as :func:`socket.getaddrinfo`.
    :raises NotFetched: for any reason. For a minute, the same error is raised again without asking.
    """
    also = tuple(also)
    key = url, also
    _raise_remembered(key)
    try:
        return _fetch(url, most_bytes, time.monotonic() + seconds, kinds, also, resolve)
    except NotFetched as error:
        remember_failure(url, str(error), also)
        raise


def _fetch(url, most_bytes, deadline, kinds, also, resolve):
    if not is_fetchable(url):
        raise NotFetched('this is no address that begins with https:// and a host, or it has a user name or a fragment')
    match = _URL.fullmatch(url)
    host, port = match['host'].strip('[]'), int(match['port'] or 443)
    target = match['target'] if match['target'].startswith('/') else '/' + match['target']
    try:
        with _connected(host, port, deadline, also, resolve) as tls:
            connection = http.client.HTTPSConnection(host, port, context=_context())
            connection.sock = tls
            connection.request('GET', target, headers={
                'Accept': ', '.join(kinds), 'Accept-Encoding': 'identity', 'Connection': 'close',
                'User-Agent': 'restapi_oauth2'})
            with http.client.HTTPResponse(_Incoming(tls, deadline, most_bytes + _HEADERS), method='GET') as response:
                response.begin()
                return _read(response, most_bytes, kinds)
    except TimeoutError:
        raise NotFetched('it takes too long') from None
    except ssl.SSLCertVerificationError as error:
        raise NotFetched(f'its certificate is not good: {error.verify_message}') from None
    except OSError as error:
        raise NotFetched(f'there is no connection: {error.strerror or type(error).__name__}') from None
    except (http.client.HTTPException, ValueError) as error:
        raise NotFetched(f'the answer cannot be read ({type(error).__name__})') from None


def _read(response, most_bytes, kinds):
    """The content of an answer, if it is acceptable."""
    if response.status != 200:
        raise NotFetched(f'the status of the answer is {response.status}, not 200; nothing is followed')
    content_type = response.headers.get_content_type()
    if not any(fnmatchcase(content_type, kind) for kind in kinds):
        raise NotFetched(f'the answer is not of the type {" or ".join(kinds)}')
    if response.headers.get('Content-Encoding', 'identity').strip().lower() not in ('', 'identity'):
        raise NotFetched('the answer is compressed, though this was not asked for')
    body = response.read(most_bytes + 1)
    if len(body) > most_bytes:
        raise NotFetched(f'the answer is longer than {most_bytes} bytes')
    if response.length:
        raise NotFetched('the answer ends too early')
    return Fetched(body, content_type, time.time() + _fresh_for(response.headers))


def _fresh_for(headers):
    """For how many seconds an answer stays fresh (RFC 9111 §5.2.2, §5.1)."""
    control = ', '.join(headers.get_all('Cache-Control', []))
    match = _SECONDS.search(control)
    if match is None or _NOT_KEPT.search(control):
        return SHORTEST
    age = headers.get('Age', '').strip()
    said = int(match[1]) - (int(age) if age.isascii() and age.isdecimal() and len(age) <= 10 else 0)
    return max(SHORTEST, min(LONGEST, said))


# ----------------------------------------------------------------------
# The connection
# ----------------------------------------------------------------------

class _Incoming(io.RawIOBase):
    """The bytes that a connection receives, up to a deadline and a size."""

    def __init__(self, connection, deadline, most_bytes):
        super().__init__()
        self._connection, self._deadline, self._room = connection, deadline, most_bytes

    def readable(self):
        """See :class:`io.RawIOBase`."""
        return True

    def readinto(self, buffer):
        """See :class:`io.RawIOBase`."""
        self._connection.settimeout(_left(self._deadline))
        count = self._connection.recv_into(buffer)
        self._room -= count
        if self._room < 0:
            raise NotFetched('the answer is too long')
        return count

    def makefile(self, _mode):
        """:class:`http.client.HTTPResponse` calls this method of a socket."""
        return io.BufferedReader(self)


@functools.lru_cache(maxsize=1)
def _context_for(_certificates):
    return ssl.create_default_context()


def _context():
    """A TLS context that trusts the certificates of this machine, or those that OpenSSL's variables name."""
    return _context_for(ssl.get_default_verify_paths())


def _connected(host, port, deadline, also, resolve):
    """A TLS connection to a checked address of a host.

    :raises NotFetched: the name has an address that is not public.
    """
    proxy = None if proxy_bypass(host) else getproxies().get('https')
    try:
        # Behind a proxy, a machine may have no resolver for names of the Internet, or one that does not answer.
        addresses = _addresses(host, port, min(deadline, time.monotonic() + _LOOK_UP) if proxy else deadline, resolve)
    except (socket.gaierror, TimeoutError) as error:
        if not proxy:
            if isinstance(error, TimeoutError):
                raise
            raise NotFetched(f'the name of its host is not found: {error.strerror}') from None
        addresses = []
    for address in addresses:
        if not is_public(address) and not is_within(address, also):
            raise NotFetched(f'its host is at {address}, which is no address of the public Internet')
    plain = _through(proxy, host, port, deadline) if proxy else _to_one_of(addresses, port, deadline)
    try:
        plain.settimeout(_left(deadline))
        return _context().wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def _addresses(host, port, deadline, resolve):
    """The addresses of a host, resolved once. A resolver cannot be stopped: one that takes too long is left running."""
    answers = queue.SimpleQueue()

    def ask():
        try:
            found = [answer[4][0] for answer in resolve(host, port, type=socket.SOCK_STREAM)]
            answers.put([ipaddress.ip_address(each) for each in dict.fromkeys(found)])
        except (OSError, ValueError) as error:
            answers.put(error)
    threading.Thread(target=ask, daemon=True).start()
    try:
        answer = answers.get(timeout=_left(deadline))
    except queue.Empty:
        raise TimeoutError from None
    if isinstance(answer, Exception):
        raise answer
    return answer


def _to_one_of(addresses, port, deadline):
    """A connection to the first address that answers."""
    failure = NotFetched('the name of its host has no address')
    for address in addresses:
        try:
            return socket.create_connection((str(address), port), timeout=_left(deadline))
        except TimeoutError:
            raise
        except OSError as error:
            failure = error
    raise failure


def _through(proxy, host, port, deadline):
    """A connection through a proxy (RFC 9110 §9.3.6)."""
    parts = urlsplit(proxy if '://' in proxy else f'http://{proxy}')
    if parts.scheme != 'http' or not parts.hostname:
        raise NotFetched('the proxy of this machine is none of those that are spoken to by http')
    headers = {}
    if parts.username is not None:
        credentials = f'{unquote(parts.username)}:{unquote(parts.password or "")}'
        headers['Proxy-Authorization'] = 'Basic ' + b64encode(credentials.encode()).decode()
    connection = http.client.HTTPConnection(parts.hostname, parts.port or 80, timeout=_left(deadline))
    connection.set_tunnel(host, port, headers)
    connection.connect()
    return connection.sock


def _left(deadline):
    """The seconds that are left.

    :raises TimeoutError: there are none.
    """
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


# ----------------------------------------------------------------------
# Failures
# ----------------------------------------------------------------------

_failures: dict[tuple, tuple[float, str]] = {}
_failures_lock = threading.Lock()


def _raise_remembered(key):
    until, reason = _failures.get(key, (0, ''))
    if time.monotonic() < until:
        raise NotFetched(reason)


def remember_failure(url: str, reason: str, also: Iterable[Network] = ()) -> None:
    """Refuse an address for a minute, because its content was unusable."""
    key = url, tuple(also)
    with _failures_lock:
        _failures.pop(key, None)
        _failures[key] = time.monotonic() + FAILURE, reason
        while len(_failures) > _MOST_FAILURES:
            del _failures[next(iter(_failures))]


def forget(url: str) -> None:
    """Allow a new attempt at once, because an administrator asks for it."""
    with _failures_lock:
        for key in [key for key in _failures if key[0] == url]:
            del _failures[key]
