"""From a browser's request to the next page, or back to the client."""
import time

from odoo.http import SessionExpiredException, request

from ..models.endpoints.authorization_browser import Pending, Question
from ..models.endpoints.authorization_endpoint import Redirection
from ..protocol.errors import LoginRequired
from ..protocol.parameters import Parameters
from ..wire import client_documents, sessions, signing_in, waiting
from ..wire.answer import PATH, as_server
from ..wire.redirection import redirect, to_client
from .question import ask


def begin(parameters):
    """Take the first step of a client's request, a :class:`~..protocol.parameters.Parameters`."""
    visitor, expired = _visitor(parameters)
    pending = Pending(dict(parameters), asked_at=time.time(), login_before=visitor.login)
    if visitor.user_id is None and client_documents.is_unknown(parameters) and parameters.get('prompt') != 'none':
        # Nothing is fetched for a user who is not logged in.
        return _follow(Question(LoginRequired('nobody is logged in'), None, pending), visitor, None, expired)
    return _follow(_ask(pending, visitor), visitor, None, expired)


def proceed(pending, request_id):
    """Take the next step of a waiting request: a :class:`Pending`, and its name."""
    visitor, expired = _visitor(_parameters(pending))
    return _follow(_ask(pending, visitor), visitor, request_id, expired)


def choose(pending, request_id):
    """Take the user's choice of an account."""
    visitor, expired = _visitor(_parameters(pending))
    has_chosen = visitor.user_id is not None and visitor.user_id == pending.user_id
    result = _ask(pending, visitor, has_chosen)
    if isinstance(result, Redirection) or visitor.user_id is None:
        return _follow(result, visitor, request_id, expired)
    waiting.keep(result.pending, request_id)
    return redirect(f'{PATH}/consent?request_id={request_id}')  # reloading the next page sends no form


def _visitor(parameters):
    """The user who is logged in, once the client of the request is known: its document may have to be fetched first.

    That takes a while, in which the user's password may change. So the session is checked again afterwards, in the
    transaction in which a code may be issued.
    """
    visitor, expired = sessions.visitor()
    return sessions.visitor() if client_documents.learn(parameters, visitor) else (visitor, expired)


def _ask(pending, visitor, has_chosen=False):
    """The next step of a request."""
    return _endpoint(pending)._ask(_parameters(pending), visitor, pending, has_chosen)


def _follow(result, visitor, request_id, expired):
    """Do what the authorization endpoint has decided.

    :param result: a :class:`Redirection` to the client, or a
        :class:`~..models.endpoints.authorization_browser.Question`.
    :param request_id: the request's name, or None if it did not wait.
    :param expired: the :class:`~odoo.http.SessionExpiredException` with which Odoo refuses the session, or None.
    """
    if isinstance(result, Redirection):
        if request_id is None:
            request.session.can_save = False
        else:
            _use_up(request_id, visitor)
        return to_client(result)
    request_id = waiting.keep(result.pending, request_id)
    if visitor.user_id is not None:
        return ask(result, request_id)
    if expired is not None and type(expired) is not SessionExpiredException:
        raise expired  # the addon that refused the session has a page for it, which leads back here
    return sign_in(result.pending, request_id)


def sign_in(pending, request_id):
    """Send the browser to Odoo's login page, which leads back to a waiting request."""
    signing_in.note(request_id, pending)
    sessions.sign_out()
    return redirect(sessions.login_address(request_id, pending.parameters.get('login_hint')))


def _use_up(request_id, visitor):
    """Allow no further answer to a request. Answers without a user who is logged in are not stored."""
    waiting.drop(request_id)
    if visitor.user_id is not None:
        as_server()['oauth2.answered.request']._record(request_id)


def answer(pending, request_id, is_allowed, company_ids):
    """Take the user's answer to the consent page."""
    visitor, expired = sessions.visitor()
    result = _endpoint(pending)._answer_consent(_parameters(pending), visitor, pending, is_allowed, company_ids)
    return _follow(result, visitor, request_id, expired)


def _endpoint(pending):
    """The model that knows what to ask: for a browser that an application sent, or for a device."""
    return as_server()['oauth2.device.verification' if 'device' in pending.parameters
                       else 'oauth2.authorization.endpoint']


def _parameters(pending):
    """The parameters of the waiting request, which a refusal would record."""
    request.oauth2_parameters = Parameters(body=pending.parameters.items())
    return request.oauth2_parameters
