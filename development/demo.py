"""Serve on a free port and run the documented flow, printing each request and answer.

The client is the one of the demonstration data: the one that the interface's documentation prints.
"""

import base64
import http.client
import json
import re
import urllib.parse

from . import setup
from .processes import Problem, say
from .server import served

PATH = '/restapi/1.0/common/oauth2'
CLIENT = {'client_id': 'uwCrAHAQbL7D9cvJLIztNaZ0bziEGMDh'}
SECRET = {'client_secret': 'FtHzOQVEs0aSEL9AXuIe9k7X6E2MekU7'}
REDIRECT_URI = {'redirect_uri': 'https://127.0.0.1/callback'}


def add_arguments(_parser):
    """Declare this command's options: it has none."""


def command(_arguments):
    """Show the flow from a code to a refreshed token. Exit with 0 if every answer was as it should be."""
    setup.provide()
    with served(port=0, database='restapi_oauth2_demo', log='demo') as server:
        _run(server.url)
    return 0


def _run(url):
    say("\n1. The application asks for a code, in the name of the user that an administrator chose for it.")
    code = _ask(url, 'GET', f'{PATH}/authorize', {
        **CLIENT, 'state': 'Y1Ux1iNPvn6KYQK5Lj84WJ9VJrQw1L', **REDIRECT_URI, 'response_type': 'code'})['code']

    say('\n2. It trades the code for tokens, proving with its secret that it is the one that asked.')
    tokens = _ask(url, 'POST', f'{PATH}/access_token', {
        **CLIENT, **SECRET, **REDIRECT_URI, 'code': code, 'grant_type': 'authorization_code'})
    say('\n   The access token says, to whoever checks its signature with the keys at /jwks:')
    say(_indented(json.dumps(_claims(tokens['access_token']), indent=2)))

    say("\n3. With the access token it calls Odoo's own API, JSON-2, as that user.")
    _ask(url, 'POST', '/json/2/res.partner/search_read', f"Bearer {tokens['access_token']}", {
        'domain': [['is_company', '=', True]], 'fields': ['name'], 'limit': 3})

    say('\n4. Before the half hour is over it gets new tokens. The old refresh token is used up by that.')
    refreshed = _ask(url, 'POST', f'{PATH}/access_token', {
        **CLIENT, **SECRET, 'refresh_token': tokens['refresh_token'], 'grant_type': 'refresh_token'})
    _ask(url, 'POST', '/json/2/res.users/context_get', f"Bearer {refreshed['access_token']}", {})

    say('\n5. A code works once. Here is what a second use gets, and it ends the tokens that came of the first.')
    _ask(url, 'POST', f'{PATH}/access_token', {
        **CLIENT, **SECRET, **REDIRECT_URI, 'code': code, 'grant_type': 'authorization_code'}, expected=401)
    _ask(url, 'POST', '/json/2/res.users/context_get', f"Bearer {refreshed['access_token']}", {}, expected=401)
    say('\nThat is all of it. `./dev serve` keeps the server running, for you to try it yourself.')


def _ask(url, method, path, authorization, body=None, expected=200):
    """Send a request, print it and its answer, and return the answer's JSON.

    `authorization` is the header's value, or the parameters of an `OAuth` header.
    """
    if isinstance(authorization, dict):
        authorization = oauth_header(authorization)
    headers = {'Authorization': authorization}
    if body is not None:
        headers['Content-Type'] = 'application/json'
    say(_indented(f'\n{method} {path} HTTP/1.1'))
    say(_indented('\n'.join(f'{name}: {_folded(value)}' for name, value in headers.items())))
    if body is not None:
        say(_indented('\n' + json.dumps(body)))

    server = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(server.hostname, server.port, timeout=60)
    connection.request(method, path, json.dumps(body) if body is not None else None, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()

    say(_indented(f'\nHTTP/1.1 {answer.status} {answer.reason}'))
    say(_indented('\n'.join(
        f'{name}: {value}' for name, value in answer.getheaders() if name in ('Content-Type', 'WWW-Authenticate'))))
    if answer.status != expected:
        raise Problem(f'{method} {path} answered {answer.status}, not {expected}: {text}')
    say(_indented('\n' + json.dumps(_without_debug(json.loads(text)), indent=2)))
    return json.loads(text)


def oauth_header(parameters):
    """The value of the documented header with these parameters."""
    return 'OAuth ' + ', '.join(
        f"{name}='{urllib.parse.quote(value, safe='')}'" for name, value in parameters.items())


def _folded(header):
    """An `OAuth` header on several lines, as in the documentation."""
    return header.replace(', ', ',\n' + ' ' * 15 + '      ') if header.startswith('OAuth') else header


def _without_debug(answer):
    """Leave out what Odoo adds for its own developers, which would hide the rest."""
    return {name: value for name, value in answer.items() if name != 'debug'} if isinstance(answer, dict) else answer


def _claims(token):
    payload = token.split('.')[1]
    return json.loads(base64.urlsafe_b64decode(payload + '=' * (-len(payload) % 4)))


def _indented(text):
    """Text for printing: indented, and with only the beginning of long tokens."""
    text = re.sub(r'(eyJ[\w-]{20})[\w.-]{40,}', r'\1…', text)
    return '\n'.join('   ' + line if line else '' for line in text.split('\n'))
