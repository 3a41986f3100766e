"""The pages of browser mode: what a user is asked, and the answers."""
from odoo.http import Controller, request

from ..protocol.errors import InvalidRequest
from . import sessions
from .answer import PATH, endpoint, read_parameters
from .interaction import answer, proceed
from .redirection import redirect


class ConsentController(Controller):

    @endpoint('consent', methods=('GET', 'POST'), has_page=True)
    def consent(self):
        """Ask, or take the answer. The request itself is in the server's session; the form only names it."""
        parameters = read_parameters()
        request_id = parameters.require('request_id')
        pending = sessions.pending(request_id)
        if request.httprequest.method == 'GET':
            return proceed(pending, request_id)
        sessions.check_form(parameters)
        return self._answered(parameters.require('answer'), pending, request_id)

    def _answered(self, word, pending, request_id):
        if word in ('allow', 'deny'):
            return answer(pending, request_id, is_allowed=word == 'allow')
        if word == 'continue':
            visitor, _expired = sessions.visitor()
            if visitor.user_id == pending.user_id:
                pending = pending._replace(chosen_user_id=visitor.user_id)
            sessions.keep(pending, request_id)
            return redirect(f'{PATH}/consent?request_id={request_id}')
        if word == 'sign_in':
            sessions.sign_out(request_id)
            return redirect(sessions.login_address(request_id, pending.parameters.get('login_hint')))
        raise InvalidRequest('answer may be: allow deny continue sign_in')
