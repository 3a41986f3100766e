"""The pages of browser mode: the questions to a user, and the answers."""
import re

from odoo.http import Controller, request

from ..protocol.errors import InvalidRequest
from ..wire import sessions, waiting
from ..wire.answer import endpoint, read_parameters
from .explanation import explain
from .interaction import answer, choose, proceed, sign_in

COMPANY = re.compile(r'company_([1-9][0-9]{0,8})')
_FIELD = re.compile(rf'answer|csrf_token|request_id|{COMPANY.pattern}')


class ConsentController(Controller):

    @endpoint('consent', methods=('GET', 'POST'), has_page=True, explain=explain)
    def consent(self):
        """Ask, or take the answer. The browser keeps the request; the form only names it."""
        parameters = read_parameters(_FIELD.fullmatch, has_page=True)
        request_id = parameters.require('request_id')
        pending = waiting.pending(request_id)
        if request.httprequest.method == 'GET':
            return proceed(pending, request_id)
        sessions.check_form(parameters)
        return self._answered(parameters, pending, request_id)

    def _answered(self, parameters, pending, request_id):
        word = parameters.require('answer')
        if word in ('allow', 'deny'):
            return answer(pending, request_id, word == 'allow', companies_of(parameters))
        if word == 'continue':
            return choose(pending, request_id)
        if word == 'sign_in':
            waiting.keep(pending._replace(user_id=None, shown=None), request_id)
            return sign_in(pending, request_id)
        raise InvalidRequest('answer may be: allow deny continue sign_in')


def companies_of(parameters):
    """The IDs of the ticked companies. Each has a field of its own, because no parameter may be repeated."""
    return frozenset(int(match[1]) for name in parameters if (match := COMPANY.fullmatch(name)))
