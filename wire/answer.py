"""The one place that turns the protocol's answers and errors into HTTP."""
import base64
import functools
import hashlib
import logging
import re
from types import MappingProxyType

from markupsafe import Markup

from odoo import SUPERUSER_ID
from odoo.http import Response, request, route
from odoo.tools.image import image_data_uri

from ..protocol.answer import FORMATS, render
from ..protocol.authorization_header import scheme_and_credentials
from ..protocol.bearer import challenge
from ..protocol.caller import ip_address
from ..protocol.errors import (
    InsufficientScope,
    InvalidClient,
    InvalidGrant,
    InvalidRequest,
    InvalidToken,
    MethodNotAllowed,
    OAuthError,
)
from ..protocol.issuer import PATH
from ..protocol.media_type import HTML, preferred
from ..protocol.parameters import BODY_LIMIT, Parameters, form_pairs, json_pairs
from ..protocol.visible import visible
from . import client_keys, lost_race

_WELL_KNOWN = re.compile(
    r'.*/\.well-known/(oauth-authorization-server|openid-configuration|oauth-protected-resource)(/.*)?')

# A query must percent-encode these (RFC 3986 §3.4). Servers differ in how they decode raw ones: here they are no UTF-8.
_NOT_ASCII = re.compile(rb'[\x80-\xff]')

_logger = logging.getLogger(__name__)

# RFC 6749 §5.1; RFC 9700 §4.2.4.
NOT_STORED = {'Cache-Control': 'no-store', 'Pragma': 'no-cache', 'Referrer-Policy': 'no-referrer'}

def is_ours(path):
    """Whether this addon answers at this address."""
    return path.startswith(PATH + '/') or bool(_WELL_KNOWN.fullmatch(path))


def endpoint(*paths, methods, cors=None, has_page=False, readonly=False, races=False, explain=None,
             purpose=None):
    """Declare a controller method as an endpoint of the protocol.

    The method takes the variables of the path. It gives the members of a successful answer, or a complete response, or
    raises an :class:`OAuthError`. The error is *returned* as an answer: Odoo commits what is returned and rolls back
    what is raised, and an event or a revocation must not be rolled back.

    :param paths: below `PATH`, or from the root if they begin with a slash.
    :param methods: the HTTP methods that it answers; others get 405. Odoo is not told, because its own 405 is a page.
    :param cors: the origins whose pages may read the answer.
    :param has_page: errors may be shown to a person; a successful request may change the session.
    :param readonly: it writes nothing, so a replica of the database may serve it.
    :param races: clients may send two requests at once. The one that loses runs again at once (:mod:`.lost_race`).
    :param explain: takes an error, and gives further values for the template of its page.
    :param purpose: names a sentence of `error_page` that says what this address is for: it is for programs, but a
        person may open it in a browser.
    """
    def decorate(method):
        @route([path if path.startswith('/') else f'{PATH}/{path}' for path in paths],
               type='http', auth='none', csrf=False, save_session=has_page, readonly=readonly, cors=cors,
               max_content_length=BODY_LIMIT, oauth2_endpoint=True, oauth2_has_page=has_page,
               oauth2_methods=methods)
        @functools.wraps(method)
        def answer(self, **path_parameters):
            try:
                asked = request.httprequest.method
                if asked == 'HEAD' and 'GET' in methods:  # RFC 9110 §9.3.2
                    if not readonly:  # it must change nothing, and issue no code
                        return Response(headers=NOT_STORED)
                elif asked not in methods:
                    raise MethodNotAllowed(_with_head(methods))
                as_server()['oauth2.configuration']._issuer()  # a copy answers nobody in the original's name
                answered = client_keys.run(
                    lambda: lost_race.run(lambda: method(self, **path_parameters)) if races
                    else method(self, **path_parameters))
            except OAuthError as error:
                request.session.can_save = False
                words = explain(error) if explain else {'purpose': purpose}
                return refuse(error, has_page or (bool(purpose) and _is_opened()), words)
            return answered if isinstance(answered, Response) else respond(answered)
        return answer
    return decorate


def _is_opened():
    """Whether a person has opened this address, rather than a program with parameters. Some programs accept HTML, too,
    because their library does: they must not get a page as an error.
    """
    http = request.httprequest
    return http.method in ('GET', 'HEAD') and 'Authorization' not in http.headers and not http.query_string


def _with_head(methods):
    return tuple(sorted({*methods, *({'HEAD'} if 'GET' in methods else ())}))


def as_server():
    """The environment of the protocol's code, before any user is known."""
    return request.env(user=SUPERUSER_ID, su=True)


def read_parameters(known, has_page=False):
    """The request's :class:`Parameters`, from header, body and query.

    :param known: tells whether the endpoint knows a parameter.
    :param has_page: it is for browsers, too. Their `Authorization` header may be for a proxy, so only `OAuth` is read.
    :raises InvalidRequest: see there, and for a body in an unknown format.
    """
    http = request.httprequest
    request.oauth2_parameters = Parameters(
        header=None if has_page and not uses_oauth_header() else http.headers.get('Authorization'),
        body=_body_pairs(http, known),
        query=form_pairs(_NOT_ASCII.sub(b'\xff', http.environ.get('QUERY_STRING', '').encode('latin-1', 'replace'))),
        known=known,
    )
    return request.oauth2_parameters


def _body_pairs(http, known):
    if http.mimetype == 'multipart/form-data':
        for name in [*http.form, *http.files]:
            if name is None:
                raise InvalidRequest('a part of the body has no name')
            if name in http.files and known(name):
                raise InvalidRequest('%s is a file; send it as text' % name)
        return list(http.form.items(multi=True))
    body = http.get_data()
    if not body:
        return []
    if http.mimetype == 'application/x-www-form-urlencoded':
        return form_pairs(body)
    if http.mimetype == 'application/json':
        return json_pairs(body)
    raise InvalidRequest(
        'the body must be application/x-www-form-urlencoded, multipart/form-data or application/json')


def uses_oauth_header():
    """Whether the request uses the documented header: `Authorization: OAuth …`."""
    return scheme_and_credentials(request.httprequest.headers.get('Authorization', ''))[0] == 'oauth'


def respond(members, status=200, headers=()):
    """A response in the format that the caller asked for.

    :param members: names to strings or numbers.
    """
    media_type = preferred(request.httprequest.headers.get('Accept'), FORMATS)
    return Response(render(members, media_type), status=status, headers={
        'Content-Type': f'{media_type}; charset=utf-8', 'Vary': 'Accept', **NOT_STORED, **dict(headers)})


def refuse(error, has_page=False, words=MappingProxyType({})):
    """The response to a request that is refused.

    :param error: an :class:`OAuthError`. Its `detail` goes to the log.
    :param has_page: the caller may be a person's browser, and then gets a page.
    :param words: further values for the page.
    """
    # %r: a decoded path may contain line breaks, which could forge lines of the log.
    _logger.info('OAuth2: %s %r from %s: %s: %s', request.httprequest.method, request.httprequest.path,
                 ip_address(request.httprequest.remote_addr), error.error,
                 visible(error.detail or error.description))
    status, headers = error.status, {}
    if isinstance(error, InvalidGrant) and uses_oauth_header():
        status = 401  # the documented interface has always used this status
    if status == 401 or isinstance(error, InsufficientScope):
        headers['WWW-Authenticate'] = _challenge(error, has_page)
    if isinstance(error, MethodNotAllowed):
        headers['Allow'] = ', '.join(error.allowed)
    if error.retry_after is not None:
        headers['Retry-After'] = str(error.retry_after)
    if has_page and wants_page():
        return page('error_page', status=status, headers={'Vary': 'Accept', **headers}, error=error, **words)
    return respond(error.members(), status, headers)


def wants_page():
    """Whether the caller is a browser that shows pages to a person."""
    return preferred(request.httprequest.headers.get('Accept'), (*FORMATS, HTML)) == HTML


def _challenge(error, has_page):
    """RFC 6749 §5.2: the scheme that the client used, or could have used.

    At addresses for people it is not Basic, because a browser would ask for a password.
    """
    if isinstance(error, (InvalidToken, InsufficientScope)):
        return challenge(error)
    basic = isinstance(error, InvalidClient) and not has_page and not uses_oauth_header()
    return '%s realm="Odoo"' % ('Basic' if basic else 'OAuth')


def page(name, status=200, headers=(), lang=None, script=None, **values):
    """A page for a person.

    :param name: of the template, without the addon's.
    :param lang: the code of the person's language; by default that of the user who is logged in, else the browser's.
    :param script: the page's only script, as markup, or None.
    """
    environment = as_server()
    lang = lang or _language_of_user() or environment.context.get('lang') or 'en_US'
    environment = environment(context={**environment.context, 'lang': lang})
    html = environment['ir.qweb']._render(f'restapi_oauth2.{name}', {
        **values, 'script': script, 'image_data_uri': image_data_uri, 'visible': visible,
        'isolated': isolated,
        'language': lang.partition('@')[0].replace('_', '-'),  # in the form of BCP 47, without the script
        'direction': environment['res.lang']._get_data(code=lang).direction or 'ltr'})
    return Response(Markup('<!DOCTYPE html>') + html, status=status, headers={
        'Content-Type': 'text/html; charset=utf-8', **NOT_STORED, 'X-Frame-Options': 'DENY',
        'Content-Security-Policy': _content_security_policy(script), **dict(headers)})


def _language_of_user():
    """The code of the language of the user who is logged in, False for nobody. The session has that of the login."""
    return as_server()['res.users'].browse(request.session.uid).exists().lang


def isolated(name):
    """A name from others, as markup: its direction does not affect the words around it."""
    return Markup('<bdi>%s</bdi>') % visible(name)


def _content_security_policy(script):
    """RFC 9700 §4.16: no frame around the page, and nothing in it but its own style, pictures and script.

    There is no `form-action`: Chromium applies it to every redirect that follows a form, even to those on the
    application's own pages.
    """
    digest = base64.b64encode(hashlib.sha256((script or '').encode()).digest()).decode()
    source = f"script-src 'sha256-{digest}'; " if script else ''
    return (f"default-src 'none'; {source}style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
            "frame-ancestors 'none'")
