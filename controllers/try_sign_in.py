"""The button *Try sign-in* of an application's form: an administrator sees what a user would be asked."""
import json
from urllib.parse import urlencode

from odoo.http import Controller, request

from ..models.endpoints.authorization_endpoint import Redirection
from ..protocol.errors import ConsentRequired, InvalidRequest, NotFound
from ..wire import sessions
from ..wire.answer import PATH, as_server, endpoint, page, read_parameters
from ..wire.redirection import redirect
from .consent import COMPANY, companies_of
from .question import headings, words_of_consent

ADDRESS = f'{PATH}/try'
_GROUP = 'restapi_oauth2.group_oauth2_administrator'
_NAMES = frozenset({'answer', 'client_id', 'csrf_token'})


def _is_known(name):
    return name in _NAMES or COMPANY.fullmatch(name)


class TrySignInController(Controller):

    @endpoint('try', methods=('GET', 'POST'), has_page=True)
    def try_sign_in(self):
        """Show the consent page, and then what the application would learn. No answer gives it anything."""
        parameters = read_parameters(_is_known, has_page=True)
        address = f"{ADDRESS}?{urlencode({'client_id': parameters.require('client_id')})}"
        visitor, _expired = sessions.visitor()
        if visitor.user_id is None:
            sessions.sign_out()
            return redirect(sessions.login_for(address))
        user = as_server()['res.users'].browse(visitor.user_id)
        if not user.has_group(_GROUP):
            raise NotFound('there is no such address')
        client = as_server()['oauth2.client']._identify(parameters['client_id'])
        if request.httprequest.method == 'POST':
            sessions.check_form(parameters)
        result = as_server()['oauth2.trial']._ask(client, visitor)
        if request.httprequest.method == 'POST':
            return self._answered(result, client, user, visitor, parameters, address)
        if isinstance(result, Redirection):
            return _shown(client, user, address, refused=result.members)
        return _asked(result, user, address)

    def _answered(self, result, client, user, visitor, parameters, address):
        if parameters.require('answer') not in ('allow', 'deny'):
            raise InvalidRequest('answer may be: allow deny')
        if isinstance(result, Redirection):
            return _shown(client, user, address, refused=result.members)
        if parameters['answer'] == 'deny':
            return _shown(client, user, address, refused={'error': 'access_denied'})
        chosen = result.companies
        if len(result.companies) > 1:
            chosen &= chosen.browse(companies_of(parameters))
            if not chosen:
                return _asked(result._replace(chosen=chosen), user, address)
        outcome = as_server()['oauth2.trial']._outcome(result.wish, visitor)
        return _shown(client, user, address, uri=result.wish.uri, companies=chosen, **outcome)


def _asked(question, user, address):
    """The consent page, which says that this is a trial."""
    if not isinstance(question.missing, ConsentRequired):
        raise InvalidRequest('this cannot be tried now: %s' % question.missing.description)
    user = user.with_context(lang=user.lang)
    client = question.wish.client.with_env(user.env)
    return page('consent', lang=user.lang, address=address, csrf_token=request.csrf_token(), client=client, user=user,
                is_trial=True, **headings('consent', client, user), **words_of_consent(question, client, user))


def _shown(client, user, address, **outcome):
    """The result."""
    claims = {name: json.dumps(outcome.pop(name), indent=2, ensure_ascii=False)
              for name in ('id_token', 'userinfo') if outcome.get(name)}
    user = user.with_context(lang=user.lang)
    if 'scopes' in outcome:
        outcome['scopes'] = outcome['scopes'].with_env(user.env)
    return page('tried', lang=user.lang, address=address, user=user, client=client.with_env(user.env),
                form=f'/odoo/oauth2-applications/{client.id}', **outcome, **claims)
