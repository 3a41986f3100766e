"""The page on which people type the code that a device shows (RFC 8628 §3.3)."""
import math
import time
from urllib.parse import urlencode

from odoo.http import Controller, request

from ..models.endpoints.authorization_browser import Pending
from ..protocol import user_code
from ..protocol.errors import TooManyRequests
from ..wire import sessions, waiting
from ..wire.answer import PATH, as_server, endpoint, page, read_parameters
from ..wire.redirection import redirect

ADDRESS = f'{PATH}/device'
_FIELDS = frozenset({'csrf_token', 'outcome', 'user_code'})
_OUTCOMES = ('allowed', 'denied')


class DeviceController(Controller):

    @endpoint('device', methods=('GET', 'POST'), has_page=True, races=True)
    def device(self):
        """Ask which code a device shows, then what it may do.

        A code in the address is only filled in; only our form looks it up. So a link makes nobody guess or answer. Only
        users who are logged in may try codes.
        """
        parameters = read_parameters(_FIELDS.__contains__, has_page=True)
        typed = parameters.get('user_code', '')
        visitor, expired = sessions.visitor()
        if visitor.user_id is None:
            return _sign_in(user_code.read(typed), expired)
        user = as_server()['res.users'].browse(visitor.user_id)
        if request.httprequest.method == 'GET':
            outcome = parameters.get('outcome')
            return _shown(user, typed, outcome=outcome if outcome in _OUTCOMES else None)
        sessions.check_form(parameters)
        return self._looked_up(user, visitor, typed)

    def _looked_up(self, user, visitor, typed):
        try:
            found = as_server()['oauth2.device.verification']._find(
                user_code.read(typed), visitor.user_id, request.httprequest.remote_addr)
        except TooManyRequests as error:
            return _shown(user, typed, status=error.status, minutes=math.ceil(error.retry_after / 60),
                          headers={'Retry-After': str(error.retry_after)})
        if found is None:
            return _shown(user, typed, is_unknown=True)
        request_id = waiting.keep(Pending(found, asked_at=time.time(), login_before=visitor.login))
        return redirect(sessions.consent_address(request_id))


def _sign_in(letters, expired):
    if expired is None:
        request.session.can_save = False
    else:
        sessions.sign_out()
    query = urlencode({'user_code': user_code.shown(letters)}) if letters else ''
    return redirect(sessions.login_for(f'{ADDRESS}?{query}' if query else ADDRESS))


def _shown(user, typed, status=200, headers=(), **words):
    """The page.

    :param typed: what somebody has typed, or what the address has. Text that cannot be a code is not repeated.
    """
    letters = user_code.read(typed)
    return page('device', status=status, headers=headers, lang=user.lang, address=ADDRESS,
                csrf_token=request.csrf_token(), user=user.with_context(lang=user.lang),
                user_code=letters and user_code.shown(letters), **{
                    'outcome': None, 'is_unknown': False, 'minutes': None, **words})
