"""Sending a browser somewhere."""
from urllib.parse import urlencode

from markupsafe import Markup

from odoo.http import Response, request

from ..models.endpoints.authorization_endpoint import Redirection
from .answer import NOT_STORED, page

# Without it the page has a button; with it nobody sees the page.
_SUBMIT = Markup('document.forms[0].submit()')


def redirect(location):
    """To an address, with GET: 303, never a status that repeats a form elsewhere (RFC 9700 §4.12)."""
    return Response(status=303, headers={'Location': location, **NOT_STORED})


def to_client(redirection: Redirection):
    """To a client, with an answer, in the way that it asked for."""
    if redirection.mode == 'form_post':
        return page('form_post', redirection=redirection, script=_SUBMIT)
    return redirect(redirection.location)


def again_with_get(parameters):
    """To the same address, with the same parameters, but with GET, where this was a POST.

    Browsers take Odoo's session cookie for SameSite=Lax: a form on a page of another site comes
    without it, as if nobody were logged in, and an answer that sets another one would log the user out.
    """
    request.session.can_save = False
    return redirect(f'{request.httprequest.path}?{urlencode(parameters)}')
