"""From a request that came by way of a browser to the next page, or back to the client."""
import time

from markupsafe import Markup

from odoo.http import SessionExpiredException, request

from ..models.endpoints.authorization_browser import Pending
from ..models.endpoints.authorization_endpoint import Redirection
from ..models.oauth2_configuration import DAY, MINUTE
from ..protocol import redirect_uri
from ..protocol.errors import AccountSelectionRequired, LoginRequired
from ..protocol.parameters import Parameters
from ..wire import sessions, waiting
from ..wire.answer import PATH, as_server, page
from ..wire.redirection import redirect, to_client
from .connected_apps import ADDRESS as CONNECTED_APPS

# A second press on a button must not send a second answer, which would get an error in place of the first one's.
# The button that does nothing (answer_form) sends none.
_ONCE = Markup("""document.querySelectorAll('form').forEach(form => form.addEventListener('submit', event => {
  if (event.submitter?.formMethod == 'dialog') { return; }
  if (document.body.dataset.sent) { event.preventDefault(); }
  document.body.dataset.sent = 'yes';
}));
addEventListener('pageshow', () => delete document.body.dataset.sent);""")


def begin(parameters):
    """Take the first step of a request, as the client sent it: a :class:`~..protocol.parameters.Parameters`."""
    visitor, expired = sessions.visitor()
    pending = Pending(dict(parameters), asked_at=time.time(), login_before=visitor.login)
    result = as_server()['oauth2.authorization.endpoint']._ask(_parameters(pending), visitor, pending)
    return _follow(result, visitor, None, expired)


def proceed(pending, request_id):
    """Take the next step of a request that waits: a :class:`Pending`, and its name."""
    visitor, expired = sessions.visitor()
    result = as_server()['oauth2.authorization.endpoint']._ask(_parameters(pending), visitor, pending)
    return _follow(result, visitor, request_id, expired)


def choose(pending, request_id):
    """Take the user's answer to the question with which account to go on."""
    visitor, expired = sessions.visitor()
    has_chosen = visitor.user_id is not None and visitor.user_id == pending.user_id
    result = as_server()['oauth2.authorization.endpoint']._ask(_parameters(pending), visitor, pending, has_chosen)
    if isinstance(result, Redirection) or visitor.user_id is None:
        return _follow(result, visitor, request_id, expired)
    waiting.keep(result.pending, request_id)
    return redirect(f'{PATH}/consent?request_id={request_id}')  # whoever loads the next page again sends no form


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
        return _question(result, request_id)
    if expired is not None and type(expired) is not SessionExpiredException:
        raise expired  # whoever refused the session has a page for it, from where the browser comes back here
    sessions.sign_out()
    return redirect(sessions.login_address(request_id, result.wish.request.login_hint))


def _use_up(request_id, visitor):
    """Let a request be answered no more. What is answered to nobody who is logged in is not stored."""
    waiting.drop(request_id)
    if visitor.user_id is not None:
        as_server()['oauth2.answered.request']._record(request_id)


def answer(pending, request_id, is_allowed, company_ids):
    """Take the user's answer to the consent page."""
    visitor, expired = sessions.visitor()
    endpoint = as_server()['oauth2.authorization.endpoint']
    result = endpoint._answer_consent(_parameters(pending), visitor, pending, is_allowed, company_ids)
    return _follow(result, visitor, request_id, expired)


def _parameters(pending):
    return Parameters(body=pending.parameters.items())


def _question(question, request_id):
    """The page that asks for what is missing."""
    name = ('sign_in' if isinstance(question.missing, LoginRequired)
            else 'account' if isinstance(question.missing, AccountSelectionRequired) else 'consent')
    user = as_server()['res.users'].browse(question.pending.user_id)
    user = user.with_context(lang=user.lang)
    client = question.wish.client.with_env(user.env)
    words = _words_of_consent(question, client, user) if name == 'consent' else {}
    return page(
        name, lang=user.lang, script=_ONCE, address=f'{PATH}/consent?request_id={request_id}',
        csrf_token=request.csrf_token(), client=client, user=user, heading=_heading(name, client), **words)


def _heading(name, client):
    """The first thing that a page says. It is no part of a template: not in every language the name stands there."""
    return {
        'consent': client.env._('Allow %s?', client.name),
        'account': client.env._('Which account for %s?', client.name),
        'sign_in': client.env._('%s asks you to sign in again', client.name),
    }[name]


def _words_of_consent(question, client, user):
    """What a user has to know before allowing anything (OWASP ASVS 10.7.2)."""
    wish = question.wish
    return {
        'companies': question.companies.with_env(user.env) if len(question.companies) > 1 else (),
        'chosen_companies': question.chosen,
        'sentences': user.env['oauth2.scope']._sentences(wish.scope),
        'host': redirect_uri.host(wish.uri),
        'is_on_device': not redirect_uri.is_claimed(wish.uri),
        'duration': _duration(client),
        'takes_back': user._is_internal(),
        'connected_apps': user.env['oauth2.configuration']._issuer().partition('://')[2] + CONNECTED_APPS,
    }


def _duration(client):
    configuration = client.env['oauth2.configuration']
    if client.grant_refresh_token:
        return client.env._('Up to %s days', configuration._authorization_lifetime(client) // DAY)
    return client.env._(
        '%s minutes each time you sign in there', configuration._access_token_lifetime(client) // MINUTE)
