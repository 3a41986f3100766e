"""From a request that came by way of a browser to the next page, or back to the client."""
from markupsafe import Markup

from odoo.http import request

from ..models.authorization_endpoint import Redirection
from ..protocol.errors import AccountSelectionRequired, LoginRequired
from ..protocol.parameters import Parameters
from ..protocol.redirect_uri import host
from . import sessions
from .answer import PATH, as_server, page
from .redirection import redirect, to_client

# A second press on a button must not send a second answer, which would get an error in place of the first one's.
_ONCE = Markup("""document.querySelectorAll('form').forEach(form => form.addEventListener('submit', event => {
  if (document.body.dataset.sent) { event.preventDefault(); }
  document.body.dataset.sent = 'yes';
}));
addEventListener('pageshow', () => delete document.body.dataset.sent);""")


def proceed(pending, request_id=None):
    """Take the next step of a request.

    :param pending: the :class:`~..models.authorization_browser.Pending`.
    :param request_id: its name, if it has waited already.
    """
    visitor, expired = sessions.visitor()
    result = as_server()['oauth2.authorization.endpoint']._ask(_parameters(pending), visitor, pending)
    return follow(result, visitor, request_id, expired)


def follow(result, visitor, request_id=None, expired=None):
    """Do what the authorization endpoint has decided.

    :param result: a :class:`Redirection` to the client, or a :class:`~..models.authorization_browser.Question`.
    :param expired: the :class:`~odoo.http.SessionExpiredException` with which Odoo refuses the session, or None.
    """
    if isinstance(result, Redirection):
        if request_id is None:
            request.session.can_save = False
        else:
            sessions.drop(request_id)
        return to_client(result)
    request_id = sessions.keep(result.pending, request_id)
    if visitor.user_id is not None:
        return _question(result, request_id)
    if expired is not None:
        if type(expired) is not sessions.SessionExpiredException:
            raise expired  # whoever refused the session has a page for it, from where the browser comes back here
        sessions.sign_out(request_id)
    return redirect(sessions.login_address(request_id, result.wish.request.login_hint))


def answer(pending, request_id, is_allowed):
    """Take the user's answer to the consent page."""
    visitor, expired = sessions.visitor()
    endpoint = as_server()['oauth2.authorization.endpoint']
    result = endpoint._answer_consent(
        _parameters(pending), visitor, pending, endpoint._digest(request_id), is_allowed)
    return follow(result, visitor, request_id, expired)


def _parameters(pending):
    return Parameters(body=pending.parameters.items())


def _question(question, request_id):
    """The page that asks for what is missing."""
    name = ('sign_in' if isinstance(question.missing, LoginRequired)
            else 'account' if isinstance(question.missing, AccountSelectionRequired) else 'consent')
    wish = question.wish
    user = as_server()['res.users'].browse(question.pending.user_id)
    user = user.with_context(lang=user.lang)
    environment = user.env
    return page(
        name, lang=user.lang, script=_ONCE, address=f'{PATH}/consent?request_id={request_id}',
        csrf_token=request.csrf_token(), client=wish.client.with_env(environment), user=user,
        host=host(wish.uri), sentences=environment['oauth2.scope']._sentences(wish.scope),
        days=environment['oauth2.configuration']._authorization_lifetime(wish.client) // (24 * 3600))
