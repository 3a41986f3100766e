"""Sending a browser somewhere."""
from urllib.parse import urlencode

from markupsafe import Markup

from odoo.http import Response, request

from ..models.endpoints.authorization_endpoint import Redirection
from .answer import NOT_STORED, page

# Without the script the page has a button; with it nobody sees the page.
_SUBMIT = Markup('document.forms[0].submit()')


def redirect(location):
    """Redirect to an address with GET: 303, because other statuses may repeat a form elsewhere (RFC 9700 §4.12)."""
    return Response(status=303, headers={'Location': location, **NOT_STORED})


def to_client(redirection: Redirection):
    """Send an answer to a client, in the response mode of its request."""
    if redirection.mode == 'form_post':
        return page('form_post', redirection=redirection, script=_SUBMIT)
    return redirect(redirection.location)


def again_with_get(parameters):
    """Redirect a POST to the same address with the same parameters, but with GET.

    Browsers treat Odoo's session cookie as SameSite=Lax: a form on another site's page is sent without it, as if nobody
    were logged in, and an answer that sets another cookie would log the user out.
    """
    request.session.can_save = False
    return redirect(f'{request.httprequest.path}?{urlencode(parameters)}')
