"""The pages that ask a person, and their texts."""
from datetime import datetime, timezone

from babel.dates import format_timedelta
from markupsafe import Markup

from odoo.http import request
from odoo.tools.misc import babel_locale_parse

from ..models.devices.oauth2_device_request import DeviceRequest
from ..models.oauth2_configuration import DAY, MINUTE
from ..protocol import redirect_uri
from ..protocol.errors import AccountSelectionRequired, LoginRequired, NotAdmitted
from ..protocol.visible import visible
from ..wire.answer import PATH, as_server, isolated, page
from .connected_apps import ADDRESS as CONNECTED_APPS

# A second press on a button must not send a second answer, which would get an error instead of the first one's result.
# The button that does nothing (answer_form) sends none.
_ONCE = Markup("""document.querySelectorAll('form').forEach(form => form.addEventListener('submit', event => {
  if (event.submitter?.formMethod == 'dialog') { return; }
  if (document.body.dataset.sent) { event.preventDefault(); }
  document.body.dataset.sent = 'yes';
}));
addEventListener('pageshow', () => delete document.body.dataset.sent);""")
_PAGES = {LoginRequired: 'sign_in', AccountSelectionRequired: 'account', NotAdmitted: 'not_admitted'}


def ask(question, request_id):
    """The page for a :class:`~..models.endpoints.authorization_browser.Question`."""
    name = _PAGES.get(type(question.missing), 'consent')
    user = as_server()['res.users'].browse(question.pending.user_id)
    user = user.with_context(lang=user.lang)
    client = question.wish.client.with_env(user.env)
    words = words_of_consent(question, client, user) if name == 'consent' else {}
    return page(
        name, lang=user.lang, script=_ONCE, address=f'{PATH}/consent?request_id={request_id}',
        csrf_token=request.csrf_token(), client=client, user=user, device=_device(question, user),
        **headings(name, client, user), **words)


def headings(name, client, user):
    """The title of a page, and its first sentence."""
    return {'title': _heading(name, client, user, visible), 'heading': _heading(name, client, user, isolated)}


def _heading(name, client, user, shown):
    """The first sentence of a page. It is not in the template: the position of the names depends on the language.

    :param shown: turns a name into what the page shows.
    """
    application, company = shown(client._known_as()), shown(user.company_id.name)
    return {
        'consent': client.env._('%(application)s wants access to your %(company)s account',
                                application=application, company=company),
        'account': client.env._('Which account for %s?', application),
        'sign_in': client.env._('%s asks you to sign in again', application),
        'not_admitted': client.env._('You may not use %s', application),
    }[name]


def words_of_consent(question, client, user):
    """What a user must know before allowing anything (OWASP ASVS 10.7.2)."""
    wish, company = question.wish, user.company_id
    return {
        'companies': question.companies.with_env(user.env) if len(question.companies) > 1 else (),
        'chosen_companies': question.chosen,
        'company_logo': not company.uses_default_logo and company.logo_web,
        'api': user.env['oauth2.resource']._of(wish.audience),
        'scopes': user.env['oauth2.scope']._shown(wish.scope),
        'host': redirect_uri.host(wish.uri),
        'is_on_device': not redirect_uri.is_claimed(wish.uri),
        'duration': _duration(client),
        'takes_back': user._is_internal(),
        'connected_apps': user.env['oauth2.configuration']._issuer().partition('://')[2] + CONNECTED_APPS,
    }


def _device(question, user):
    """What tells the user which device asks, and whether it is the one in front of them (RFC 8628 §5.4); None if no
    device asks.
    """
    request = question.wish.request
    if not isinstance(request, DeviceRequest):
        return None
    passed = request.asked_at - datetime.now(timezone.utc).replace(tzinfo=None)
    return {'code': question.pending.parameters['user_code'], 'address': request.address,
            'ago': format_timedelta(passed, add_direction=True, locale=babel_locale_parse(user.lang))}


def _duration(client):
    configuration = client.env['oauth2.configuration']
    if client.grant_refresh_token:
        return client.env._('Up to %s days', configuration._authorization_lifetime(client) // DAY)
    return client.env._(
        '%s minutes each time you sign in there', configuration._access_token_lifetime(client) // MINUTE)
