"""What a browser's session knows of the protocol: who is logged in, and which requests wait for an answer."""
import hashlib
import secrets
from types import SimpleNamespace
from urllib.parse import urlencode

from odoo.http import SessionExpiredException, request

from ..models.authorization_browser import Pending
from ..models.ir_http import LOGIN_TIME
from ..protocol.errors import StalePage
from ..protocol.visitor import NOBODY, Visitor
from .answer import PATH

_PENDING = 'oauth2_pending'
_MOST = 10  # requests at the same time, in as many tabs
_SESSION_IDENTIFIER = 42  # characters of Odoo's session ID that stay the same while it is renewed
_AS_USER = SimpleNamespace(routing={'auth': 'user', 'type': 'http', 'routes': ()})


def visitor():
    """Who is logged in.

    Odoo is asked as it asks itself on pages for users, so that whatever is installed there has its
    say: second factors, passkeys, locked sessions.

    :return: a :class:`Visitor`, and the :class:`SessionExpiredException` with which Odoo would refuse
        this session, or None.
    """
    session = request.session
    if session.uid is None:
        return NOBODY, None
    request.update_env(user=session.uid)
    try:
        request.env['ir.http']._authenticate(_AS_USER)
    except SessionExpiredException as expired:
        return NOBODY, expired
    # Half of the session's ID is left out, and what remains is hashed: this one opens nothing.
    session_id = hashlib.sha256(b'sid ' + session.sid[:_SESSION_IDENTIFIER].encode()).hexdigest()[:32]
    return Visitor(session.uid, session_id, session.get(LOGIN_TIME, session['create_time'])), None


def pending(request_id):
    """The request that waits under this name.

    :raises StalePage: there is none in this session, or it has waited for too long.
    """
    stored = request.session.get(_PENDING, {}).get(request_id)
    found = stored and Pending(**stored)
    if not found or found.is_stale:
        raise StalePage('this page is out of date, or was answered before; begin again in the application')
    return found


def keep(waiting, request_id=None):
    """Let a request wait.

    :param waiting: a :class:`Pending`.
    :param request_id: its name, if it has one.
    :return: its name.
    """
    request_id = request_id or secrets.token_urlsafe(16)
    others = {name: other for name, other in request.session.get(_PENDING, {}).items() if name != request_id}
    newest = sorted(others.items(), key=lambda item: item[1]['asked_at'])[-_MOST + 1:]
    request.session[_PENDING] = {**dict(newest), request_id: waiting._asdict()}
    return request_id


def drop(request_id):
    """Forget a request that was answered."""
    others = dict(request.session.get(_PENDING, {}))
    if others.pop(request_id, None):
        request.session[_PENDING] = others


def sign_out(*kept):
    """End the session's login.

    :param kept: the names of the requests that go on waiting, for whoever logs in next.
    """
    waiting = {name: {**request.session[_PENDING][name], 'user_id': None, 'shown': None} for name in kept}
    request.session.logout(keep_db=True)
    if waiting:
        request.session[_PENDING] = waiting


def login_address(request_id, login_hint=None):
    """Odoo's login page, from where the browser comes back to the request that waits."""
    query = {'redirect': f'{PATH}/consent?{urlencode({"request_id": request_id})}'}
    if login_hint:
        query['login'] = login_hint
    return f'/web/login?{urlencode(query)}'


def check_form(parameters):
    """Refuse a form that was not sent from a page of ours (RFC 9700 §4.7).

    :raises StalePage: it was sent from elsewhere, or from a session that has ended.
    """
    token = parameters.get('csrf_token', '')
    if not token.isascii() or not request.validate_csrf(token):
        raise StalePage('this page is out of date; go back, load it again, and answer once more')
