"""The page on which people see what acts for them, and end it: for portal users, too, who have no backend."""
from odoo.http import Controller, request
from odoo.tools import format_datetime

from ..protocol.errors import InvalidRequest
from ..wire import sessions
from ..wire.answer import PATH, endpoint, page, read_parameters
from ..wire.redirection import redirect

ADDRESS = f'{PATH}/connected-apps'
_FIELDS = frozenset({'answer', 'consent', 'csrf_token'})


class ConnectedAppsController(Controller):

    @endpoint('connected-apps', methods=('GET', 'POST'), has_page=True)
    def connected_apps(self):
        """Show the applications that the user has allowed something, or take it back from one or all of them."""
        parameters = read_parameters(_FIELDS.__contains__, has_page=True)
        visitor, expired = sessions.visitor()
        if visitor.user_id is None:
            if expired is None:
                request.session.can_save = False
            else:
                sessions.sign_out()
            return redirect(sessions.login_for(ADDRESS))
        consents = request.env['oauth2.consent'].search([('user_id', '=', visitor.user_id)])
        if request.httprequest.method == 'GET':
            return _shown(consents)
        sessions.check_form(parameters)
        _disconnected(consents, parameters).action_withdraw()
        return redirect(ADDRESS)  # whoever loads the page again sends no form


def _disconnected(consents, parameters):
    """Those that a form is about. One that is gone already, in another tab, is no mistake."""
    answer = parameters.require('answer')
    if answer == 'disconnect_all':
        return consents
    if answer != 'disconnect':
        raise InvalidRequest('answer may be: disconnect disconnect_all')
    return consents.filtered(lambda consent: str(consent.id) == parameters.require('consent'))


def _shown(consents):
    user = consents.env.user.sudo()
    consents = consents.with_context(lang=user.lang, tz=user.tz)
    return page('connected_apps', lang=user.lang, address=ADDRESS, csrf_token=request.csrf_token(), user=user,
                apps=[_app(consent) for consent in consents])


def _app(consent):
    """What the page says of one application."""
    env, name = consent.env, consent.application
    client = consent.sudo().client_id
    return {
        'consent': consent,
        'name': name,
        'publisher': consent.publisher,
        'logo': client.logo,
        'sentences': (consent.description or '').splitlines(),
        'companies': ', '.join(consent.sudo().company_ids.mapped('name')),
        'since': format_datetime(env, consent.create_date, dt_format='medium'),
        'last_used': consent.refreshed_at and format_datetime(env, consent.refreshed_at, dt_format='medium'),
        'used_from': consent.used_from,
        'question': env._('%s loses its access at once, and has to ask you again.', name),
        'disconnect': env._('Disconnect %s', name),
    }
