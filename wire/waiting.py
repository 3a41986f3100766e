"""Requests that wait for a person: the person's browser keeps them, the server keeps nothing.

Each has a cookie of its own, so that several tabs work at once. It is sealed: only this server can read it, and only
under the request's name.
"""
import json
import secrets

from odoo.http import request

from ..models.endpoints.authorization_browser import Pending
from ..models.keys.oauth2_signing_key import BROWSER
from ..models.oauth2_configuration import LONGEST_THOUGHT
from ..protocol.errors import InvalidRequest, StalePage
from ..protocol.sealed import seal, unseal
from .answer import PATH, as_server

_PREFIX = 'oauth2_request_'
# As JSON, in bytes. Sealed, with everything that is added later and with its name, a cookie then has no more than 4,096
# bytes, which browsers keep. So an accepted request does not become too long after the login.
_LONGEST_PARAMETERS = 2800
_MOST = 6 * 1024  # of all together: proxies refuse longer headers


def pending(request_id):
    """The request that waits under this name.

    :return: a :class:`Pending`.
    :raises StalePage: there is none in this browser, it has waited for too long, or it was answered.
    """
    found = _opened({name: sealed for name, sealed in _cookies().items() if name == request_id}).get(request_id)
    if found is None or as_server()['oauth2.answered.request']._is_answered(request_id):
        raise StalePage('this page is out of date, or was answered before; begin again in the application')
    return found


def keep(waiting, request_id=None):
    """Let a request wait. If there are too many, the oldest ones are dropped.

    :param waiting: a :class:`Pending`.
    :param request_id: its name, if it has one.
    :return: its name.
    :raises InvalidRequest: it is longer than browsers keep.
    """
    if len(json.dumps(waiting.parameters, ensure_ascii=False, separators=(',', ':')).encode()) > _LONGEST_PARAMETERS:
        raise InvalidRequest('the request is too long for a browser to keep: send less, such as a shorter state')
    request_id = request_id or secrets.token_urlsafe(16)
    key = as_server()['oauth2.signing.key']._current(BROWSER).private
    value = seal(key, request_id, list(waiting), waiting.asked_at)
    others = {name: other for name, other in _cookies().items() if name != request_id}
    opened = _opened(others)
    room = _MOST - _size(request_id, value)
    # The newest first; those that cannot be opened any more come last.
    for name in sorted(others, key=lambda name: opened[name].asked_at if name in opened else 0, reverse=True):
        room -= _size(name, others[name])
        if room < 0:
            drop(name)
    _set(request_id, value, LONGEST_THOUGHT)
    return request_id


def drop(request_id):
    """Forget a request."""
    _set(request_id, '', 0)


def _cookies():
    """The sealed requests that the browser has sent, by their names."""
    return {name.removeprefix(_PREFIX): value for name, value in request.httprequest.cookies.items()
            if name.startswith(_PREFIX)}


def _opened(cookies):
    """The :class:`Pending` of each that can be opened; those of an earlier version of this addon are ignored."""
    if not cookies:
        return {}
    keys = [key.private for key in as_server()['oauth2.signing.key']._by_kid(BROWSER).values()]
    values = {name: unseal(keys, name, sealed, LONGEST_THOUGHT) for name, sealed in cookies.items()}
    return {name: Pending(*value) for name, value in values.items()
            if isinstance(value, list) and len(value) == len(Pending._fields)}


def _size(request_id, value):
    return len(f'; {_PREFIX}{request_id}={value}')


def _set(request_id, value, seconds):
    set_cookie(_PREFIX + request_id, value, seconds, PATH)


def set_cookie(name, value, seconds, path):
    """Set a cookie that only the server can read, below a path."""
    is_https = as_server()['oauth2.configuration']._issuer().startswith('https://')
    request.future_response.max_cookie_size = 0  # no warning: we know how long they may be
    request.future_response.set_cookie(
        name, value, max_age=seconds, expires=None, path=path, secure=is_https, httponly=True, samesite='Lax')
