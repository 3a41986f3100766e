"""From the protocol's answers and errors to HTTP: the one place where that is done."""
import functools
import logging

from markupsafe import Markup

from odoo import SUPERUSER_ID
from odoo.http import Response, request, route

from ..protocol.answer import FORMATS, render
from ..protocol.authorization_header import scheme_and_credentials
from ..protocol.errors import (
    InvalidClient,
    InvalidGrant,
    InvalidRequest,
    MethodNotAllowed,
    OAuthError,
)
from ..protocol.media_type import HTML, preferred
from ..protocol.parameters import BODY_LIMIT, Parameters, form_pairs, json_pairs

PATH = '/restapi/1.0/common/oauth2'

_logger = logging.getLogger(__name__)

# RFC 6749 §5.1; RFC 9700 §4.2.4.
_NOT_STORED = {'Cache-Control': 'no-store', 'Pragma': 'no-cache', 'Referrer-Policy': 'no-referrer'}
_FOR_PEOPLE = {  # RFC 9700 §4.16
    'Content-Security-Policy': "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    'X-Frame-Options': 'DENY',
}


def endpoint(*paths, methods, cors=None, has_page=False):
    """Declare a controller method as an endpoint of the protocol.

    The method gives the members of a successful answer, or a complete response, or raises an
    :class:`OAuthError`. The error is *returned* as an answer: Odoo commits what is returned and
    rolls back what is raised, and a counted failure or a revocation must not be rolled back.

    :param paths: below `PATH`, or from the root when they begin with a slash.
    :param methods: the HTTP methods that it answers; others get 405. Odoo is not told, because
        its own 405 is a page.
    :param cors: who may read the answer from a page of another origin.
    :param has_page: errors may be shown to a person.
    """
    def decorate(method):
        @route([path if path.startswith('/') else f'{PATH}/{path}' for path in paths],
               type='http', auth='none', csrf=False, save_session=False, readonly=False, cors=cors,
               max_content_length=BODY_LIMIT, oauth2_endpoint=True)
        @functools.wraps(method)
        def answer(self):
            try:
                if request.httprequest.method not in methods:
                    raise MethodNotAllowed(methods)
                answered = method(self)
            except OAuthError as error:
                return refuse(error, has_page)
            return answered if isinstance(answered, Response) else respond(answered)
        return answer
    return decorate


def as_server():
    """The environment in which the protocol works: no user is logged in yet."""
    return request.env(user=SUPERUSER_ID, su=True)


def read_parameters():
    """The request's :class:`Parameters`, from header, body and query.

    :raises InvalidRequest: see there, and for a body in a format that is not read.
    """
    http = request.httprequest
    return Parameters(
        header=http.headers.get('Authorization'),
        body=_body_pairs(http),
        query=_query_pairs(http),
    )


def _query_pairs(http):
    query = http.environ.get('QUERY_STRING', '')
    if not query.isascii():  # RFC 3986 §3.4; what a server makes of other bytes is its own affair
        raise InvalidRequest('the query: percent-encode what is not ASCII')
    return form_pairs(query.encode())


def _body_pairs(http):
    if http.mimetype == 'multipart/form-data':
        if http.files:
            raise InvalidRequest('a parameter is a file; send it as text')
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
    """Whether the request speaks the documented dialect: `Authorization: OAuth …`."""
    return scheme_and_credentials(request.httprequest.headers.get('Authorization', ''))[0] == 'oauth'


def respond(members, status=200, headers=()):
    """A response in the format that the caller asked for.

    :param members: names to strings or numbers.
    """
    media_type = preferred(request.httprequest.headers.get('Accept'), FORMATS)
    return Response(render(members, media_type), status=status, headers={
        'Content-Type': f'{media_type}; charset=utf-8', 'Vary': 'Accept', **_NOT_STORED, **dict(headers)})


def refuse(error, has_page=False):
    """The response to a request that was refused.

    :param error: an :class:`OAuthError`. Its `detail` goes to the log.
    :param has_page: the caller may be a person's browser, and then gets a page.
    """
    # %r: a path may hold decoded line breaks, and with them lines of a log that nobody wrote.
    _logger.info('OAuth2: %s %r from %s: %s: %s', request.httprequest.method, request.httprequest.path,
                 request.httprequest.remote_addr, error.error, error.detail or error.description)
    status, headers = error.status, {}
    if isinstance(error, InvalidGrant) and uses_oauth_header():
        status = 401  # what the documented interface has always said: authentication failed
    if status == 401:
        headers['WWW-Authenticate'] = _challenge(error, has_page)
    if isinstance(error, MethodNotAllowed):
        headers['Allow'] = ', '.join(error.allowed)
    if error.retry_after is not None:
        headers['Retry-After'] = str(error.retry_after)
    if has_page and preferred(request.httprequest.headers.get('Accept'), (*FORMATS, HTML)) == HTML:
        return _error_page(error, status, headers)
    return respond(error.members(), status, headers)


def _challenge(error, has_page):
    """RFC 6749 §5.2: the scheme that the client used, or might have used.

    Where a person may come, it is not Basic: a browser would ask for a password.
    """
    basic = isinstance(error, InvalidClient) and not has_page and not uses_oauth_header()
    return '%s realm="Odoo"' % ('Basic' if basic else 'OAuth')


def _error_page(error, status, headers):
    """What a person sees when the request cannot be sent back to the application."""
    page = Markup('<!DOCTYPE html>') + as_server()['ir.qweb']._render('restapi_oauth2.error_page', {'error': error})
    return Response(page, status=status, headers={
        'Content-Type': 'text/html; charset=utf-8', **_NOT_STORED, **_FOR_PEOPLE, **headers})
