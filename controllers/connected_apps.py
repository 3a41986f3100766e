"""The page on which people see and disconnect what acts for them: portal users, too, who have no backend."""
from odoo.http import Controller, request
from odoo.tools import format_datetime

from ..protocol.errors import InvalidRequest
from ..wire import sessions
from ..wire.answer import PATH, endpoint, page, read_parameters
from ..wire.redirection import redirect

ADDRESS = f'{PATH}/connected-apps'
_FIELDS = frozenset({'answer', 'app', 'csrf_token'})


class ConnectedAppsController(Controller):

    @endpoint('connected-apps', methods=('GET', 'POST'), has_page=True)
    def connected_apps(self):
        """Show the applications that act for the user, or disconnect one or all of those that the user has allowed."""
        parameters = read_parameters(_FIELDS.__contains__, has_page=True)
        visitor, expired = sessions.visitor()
        if visitor.user_id is None:
            if expired is None:
                request.session.can_save = False
            else:
                sessions.sign_out()
            return redirect(sessions.login_for(ADDRESS))
        apps = request.env['res.users'].browse(visitor.user_id).oauth2_access_ids
        if request.httprequest.method == 'GET':
            return _shown(apps)
        sessions.check_form(parameters)
        _disconnected(apps, parameters).action_disconnect()
        return redirect(ADDRESS)  # reloading the page sends no form


def _disconnected(apps, parameters):
    """The applications of a form. One that is already gone, from another tab, is no error."""
    answer, allowed = parameters.require('answer'), _allowed(apps)
    if answer == 'disconnect_all':
        return allowed
    if answer != 'disconnect':
        raise InvalidRequest('answer may be: disconnect disconnect_all')
    return allowed.filtered(lambda app: str(app.id) == parameters.require('app'))


def _allowed(apps):
    return apps.filtered(lambda app: app.kind == 'consent')


def _shown(apps):
    user = apps.env.user.sudo()
    apps = apps.with_context(lang=user.lang, tz=user.tz, bin_size=False)
    return page('connected_apps', lang=user.lang, address=ADDRESS, csrf_token=request.csrf_token(), user=user,
                apps=[_app(app) for app in apps.sorted('kind')], can_disconnect_all=len(_allowed(apps)) > 1)


def _app(app):
    """What the page says about one application."""
    env, client = app.env, app.sudo().client_id
    name = client._known_as()
    return {
        'id': app.id,
        'is_allowed': app.kind == 'consent',
        'name': name,
        # The name that an unregistered application gives itself is shown below its host, never alone.
        'publisher': client.name if client._is_unregistered() else client.publisher,
        'logo': app.logo,
        'sentences': (app.description or '').splitlines(),
        'companies': app.company_names,
        'since': format_datetime(env, app.since, dt_format='medium'),
        'last_used': app.used_at and format_datetime(env, app.used_at, dt_format='medium'),
        'used_from': app.address,
        'through': app.through,
        'question': app.question,
        'disconnect': env._('Disconnect %s', name),
    }
