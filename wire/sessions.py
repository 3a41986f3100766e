"""Who is logged in in a browser's session."""
import hashlib
from types import SimpleNamespace
from urllib.parse import urlencode

from odoo.http import SessionExpiredException, request
from odoo.tools.misc import consteq

from ..models.ir_http_token import LOGIN_TIME
from ..protocol.errors import StalePage
from ..protocol.visitor import NOBODY, Visitor
from .answer import PATH

_SESSION_IDENTIFIER = 42  # characters of Odoo's session ID that stay the same when it is renewed
_AS_USER = SimpleNamespace(routing={'auth': 'user', 'type': 'http', 'routes': ()})


def visitor():
    """The user who is logged in.

    Odoo checks the session as it does for its own pages, so that second factors, passkeys and locked sessions are
    respected.

    :return: a :class:`Visitor`, and the :class:`SessionExpiredException` with which Odoo would refuse this session, or
        None.
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
    # Only half of the session's ID is used, and it is hashed, so the result gives no access.
    session_id = hashlib.sha256(b'sid ' + session.sid[:_SESSION_IDENTIFIER].encode()).hexdigest()[:32]
    return Visitor(session.uid, session_id, session.get(LOGIN_TIME, session['create_time'])), None


def _check_uncached(session):
    """Check the values that the user's sessions rest on, in the transaction in which a code may be issued.

    Odoo caches them, and a worker may cache old values again after a change. A code that is issued then carries the new
    epochs, so nothing would revoke it.

    :raises SessionExpiredException: the user's password, login or the like has changed.
    """
    user = request.env['res.users'].browse(session.uid)
    expected = user._session_token_hash_compute(session.sid, user._session_token_get_values())
    if not expected or not consteq(expected, session.session_token):
        raise SessionExpiredException('Session expired')


def sign_out():
    """Log the session out. If nobody is logged in, nothing is stored."""
    if request.session.uid is None:
        request.session.can_save = False
    else:
        request.session.logout(keep_db=True)


def login_address(request_id, login_hint=None):
    """The address of Odoo's login page, which leads back to the waiting request."""
    return login_for(consent_address(request_id), login_hint)


def consent_address(request_id):
    """The address at which a waiting request continues."""
    return f'{PATH}/consent?{urlencode({"request_id": request_id})}'


def login_for(address, login_hint=None):
    """The address of Odoo's login page, which then leads to an address of this server."""
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
