"""Pages of other origins (CORS): those that an administrator has listed may call the API, and all may call some
endpoints.
"""
from odoo.http import Response, request

PATH = '/json/2/'
_METHODS = 'POST'
# Programs for AI assistants send MCP-Protocol-Version with every request.
_HEADERS = 'Accept, Authorization, Content-Type, MCP-Protocol-Version, X-Odoo-Database, X-Requested-With'
_READ = 'Retry-After, WWW-Authenticate'
_MAX_AGE = 3600  # seconds


def concerns(asked):
    """Whether a request comes from a page of another origin, as far as the browser tells, for this API."""
    http = asked.httprequest
    return 'HTTP_ORIGIN' in http.environ and http.path.startswith(PATH)  # quick: every request is asked


def look_up():
    """Find out for which clients the origin of this request is named, if it has one: early, for errors have to be read
    as well, and after some of them the database answers no more.

    :return: whether it has one.
    """
    is_concerned = concerns(request)
    request.oauth2_clients_of_origin = (
        request.env['oauth2.client'].sudo()._of_cors_origin(request.httprequest.headers['Origin'])
        if is_concerned else frozenset())
    return is_concerned


def allow(response):
    """Let the page read the answer, if the client of its token lists its origin.

    Without a valid token, it suffices that any client lists the origin: the page has to learn that it needs another
    token. Other pages get nothing, and cookies are never accepted.
    """
    if concerns(request):
        response.headers.add('Vary', 'Origin')
        if _is_named():
            response.headers['Access-Control-Allow-Origin'] = request.httprequest.headers['Origin']
            response.headers['Access-Control-Expose-Headers'] = _READ


def widen(headers, methods):
    """Let pages send to an endpoint that is open to all of them what programs send, and read its headers.

    :param headers: those that Odoo has prepared for the answer.
    :param methods: the HTTP methods that the endpoint answers, which Odoo does not know.
    """
    if 'Access-Control-Allow-Origin' in headers:
        headers.set('Access-Control-Allow-Methods', ', '.join(methods))
        headers.set('Access-Control-Expose-Headers', _READ)
        if request.httprequest.method == 'OPTIONS':
            headers.set('Access-Control-Allow-Headers', _HEADERS)


def _is_named():
    clients = getattr(request, 'oauth2_clients_of_origin', frozenset())
    token = getattr(request, 'oauth2', None)
    return bool(clients) if token is None else token.client.id in clients


def is_preflight():
    """Whether a browser asks what a page of another origin may send, before it sends a token (Fetch §4.8)."""
    return request.httprequest.method == 'OPTIONS'


def preflight():
    """The answer to that. The browser does not say yet whose token the page has."""
    headers = {'Access-Control-Allow-Methods': _METHODS, 'Access-Control-Allow-Headers': _HEADERS,
               'Access-Control-Max-Age': str(_MAX_AGE)}
    response = Response(status=204, headers=headers if _is_named() else {})
    allow(response)
    return response
