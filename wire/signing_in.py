"""The application to which a person is signing in, for Odoo's login page.

The cookie of the waiting request is not sent to that page. A smaller one is: it is sealed, and bound to the request to
which the page leads back, so no address can make the page name an application that did not ask. There is only one, of
the latest request.
"""
import time

from odoo.http import request

from ..models.keys.oauth2_signing_key import BROWSER
from ..models.oauth2_configuration import LONGEST_THOUGHT
from ..protocol.sealed import seal, unseal
from . import sessions
from .answer import as_server
from .waiting import set_cookie

_COOKIE = 'oauth2_sign_in'
_LOGIN_PAGE = '/web/login'


def note(request_id, pending):
    """Tell the login page of a request that leads there.

    :param request_id: its name.
    :param pending: the :class:`~..models.endpoints.authorization_browser.Pending`.
    """
    key = as_server()['oauth2.signing.key']._current(BROWSER).private
    back = sessions.consent_address(request_id)
    sealed = seal(key, f'{_COOKIE} {back}', pending.parameters.get('client_id'), time.time())
    set_cookie(_COOKIE, sealed, LONGEST_THOUGHT, _LOGIN_PAGE)


def application(back):
    """The application for which the login page is shown.

    :param back: the address to which the page leads.
    :return: an `oauth2.client`; empty if none asked this browser to sign in and return there.
    """
    environment = as_server()
    sealed = request.httprequest.cookies.get(_COOKIE)
    if not sealed or not back:
        return environment['oauth2.client']
    keys = [key.private for key in environment['oauth2.signing.key']._by_kid(BROWSER).values()]
    client_id = unseal(keys, f'{_COOKIE} {back}', sealed, LONGEST_THOUGHT)
    clients = environment['oauth2.client']
    return clients.search([('client_id', '=', client_id)]) if client_id else clients
