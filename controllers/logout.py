"""The logout endpoint (OpenID Connect RP-Initiated Logout 1.0)."""
import logging

from odoo.http import Controller, request

from ..wire import sessions
from ..wire.answer import PATH, as_server, endpoint, page, read_parameters
from ..wire.redirection import again_with_get, redirect

_logger = logging.getLogger(__name__)

# §2.
PARAMETERS = frozenset({'client_id', 'id_token_hint', 'post_logout_redirect_uri', 'state'})
# Fields of the question's form.
_FIELDS = frozenset({'answer', 'csrf_token'})


class LogoutController(Controller):

    @endpoint('logout', methods=('GET', 'POST'), has_page=True)
    def logout(self):
        """Log the user out of Odoo, if the user agrees."""
        parameters = read_parameters((PARAMETERS | _FIELDS).__contains__, has_page=True)
        known = {name: value for name, value in parameters.items() if name in PARAMETERS}
        logout_request = as_server()['oauth2.end.session.endpoint']._read(parameters)
        if request.httprequest.method == 'POST' and 'answer' not in parameters:
            return again_with_get(known)
        visitor, _expired = sessions.visitor()
        if request.session.uid is None:
            request.session.can_save = False
            return self._signed_out(logout_request)
        if request.httprequest.method == 'POST':
            sessions.check_form(parameters)
            if parameters['answer'] != 'sign_out':
                return page('still_logged_in', lang=self._user().lang)
        elif not as_server()['oauth2.end.session.endpoint']._needs_no_question(logout_request, visitor):
            return self._question(logout_request, known)
        if logout_request.client:
            as_server()['oauth2.end.session.endpoint']._end(logout_request.client, visitor)
        sessions.sign_out()
        return self._signed_out(logout_request)

    def _user(self):
        return as_server()['res.users'].browse(request.session.uid)

    def _question(self, logout_request, known):
        user = self._user()
        name = logout_request.client.with_context(lang=user.lang)._known_as()
        asks = name and user.with_context(lang=user.lang).env._('%s asks you to sign out here, too.', name)
        return page('logout', lang=user.lang, user=user, asks=asks, parameters=known,
                    csrf_token=request.csrf_token(), address=f'{PATH}/logout')

    def _signed_out(self, logout_request):
        if logout_request.location:
            return redirect(logout_request.location)
        if logout_request.problem:
            _logger.info('OAuth2: logout: client %r: %s', logout_request.client.client_id, logout_request.problem)
        return page('logged_out', problem=logout_request.problem)
