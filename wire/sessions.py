"""What a browser's session knows of the protocol: who is logged in."""
import hashlib
from types import SimpleNamespace
from urllib.parse import urlencode

from odoo.http import SessionExpiredException, request
from odoo.tools.misc import consteq

from ..models.ir_http_token import LOGIN_TIME
from ..protocol.errors import StalePage
from ..protocol.visitor import NOBODY, Visitor
from .answer import PATH

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
        _check_uncached(session)
    except SessionExpiredException as expired:
        return NOBODY, expired
    # Half of the session's ID is left out, and what remains is hashed: this one opens nothing.
    session_id = hashlib.sha256(b'sid ' + session.sid[:_SESSION_IDENTIFIER].encode()).hexdigest()[:32]
    return Visitor(session.uid, session_id, session.get(LOGIN_TIME, session['create_time'])), None


def _check_uncached(session):
    """Look at what the user's sessions rest on, in the transaction that a code may be made in.

    Odoo caches it, and a worker may cache anew what it read before somebody changed it: a code that is made then has
    seen the change already, so no epoch would tell.

    :raises SessionExpiredException: the user has another password, login, …, since.
    """
    user = request.env['res.users'].browse(session.uid)
    expected = user._session_token_hash_compute(session.sid, user._session_token_get_values())
    if not expected or not consteq(expected, session.session_token):
        raise SessionExpiredException('Session expired')


def sign_out():
    """End the session's login. Where nobody is logged in, nothing is stored."""
    if request.session.uid is None:
        request.session.can_save = False
    else:
        request.session.logout(keep_db=True)


def login_address(request_id, login_hint=None):
    """Odoo's login page, from where the browser comes back to the request that waits."""
    return login_for(consent_address(request_id), login_hint)


def consent_address(request_id):
    """Where a request that waits goes on."""
    return f'{PATH}/consent?{urlencode({"request_id": request_id})}'


def login_for(address, login_hint=None):
    """Odoo's login page, from where the browser goes on to an address of this server."""
    query = {'redirect': address}
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
