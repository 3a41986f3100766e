"""Measure requests per second, side by side in one run, and print them as a table of ratios.

What counts are the ratios: they hold on another machine too. Each line is measured in several short rounds that take
turns with those of the other lines, so that whatever else the machine does hits all of them alike; the best round
counts.
"""

import http.client
import json
import time
import urllib.parse

from . import options, setup
from .demo import CLIENT, PATH, REDIRECT_URI, SECRET
from .processes import say
from .server import served

ADDON = 'restapi_oauth2_bench'
NOTHING = 'a route that does nothing'


def add_arguments(parser):
    """Declare this command's options."""
    add = parser.add_argument
    add('--rounds', type=options.count_from_one, default=10, help='how often each line is measured (10)')
    add('--seconds', type=options.seconds, default=0.5, help='how long a round takes (0.5)')


def command(arguments):
    """Measure, and print the table."""
    setup.provide()
    with served(log='bench', modules=ADDON, options=('--log-level=warn',)) as server, Client(server.url) as client:
        measured = _measure(_lines(client), arguments.rounds, arguments.seconds)
    _print(measured)
    return 0


class Client:
    """One connection to the server, kept open where the server lets it, and the requests of the benchmark."""

    def __init__(self, url):
        server = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(server.hostname, server.port, timeout=60)
        self.refresh_token = None

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.connection.close()

    def ask(self, method, path, parameters=None, authorization=None):
        """Send a request and return the body of its answer, which must be 200."""
        headers = {'Authorization': authorization} if authorization else {}
        body = None
        if parameters is not None:
            headers['Content-Type'] = 'application/x-www-form-urlencoded'
            body = urllib.parse.urlencode(parameters)
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200:
            raise AssertionError(f'{method} {path}: {answer.status} {text[:200]}')
        return text

    def authorize_and_redeem(self):
        """The whole of direct authorization: a code, and tokens for it."""
        query = urllib.parse.urlencode({
            **CLIENT, **REDIRECT_URI, 'response_type': 'code', 'scope': 'odoo openid profile'})
        code = json.loads(self.ask('GET', f'{PATH}/authorize?{query}', authorization="OAuth state='x'"))['code']
        return json.loads(self.ask('POST', f'{PATH}/access_token', {
            **CLIENT, **SECRET, **REDIRECT_URI, 'code': code, 'grant_type': 'authorization_code'}))

    def refresh(self):
        """Trade the last refresh token for the next."""
        answer = json.loads(self.ask('POST', f'{PATH}/access_token', {
            **CLIENT, **SECRET, 'refresh_token': self.refresh_token, 'grant_type': 'refresh_token'}))
        self.refresh_token = answer['refresh_token']

    def introspect(self, token):
        """Ask whether a token is good."""
        self.ask('POST', f'{PATH}/introspect', {**CLIENT, **SECRET, 'token': token})


def _lines(client):
    """What is measured: a name for each, and what is done over and over."""
    api_key = f"Bearer {client.ask('POST', '/bench/api_key').decode()}"
    tokens = client.authorize_and_redeem()
    client.refresh_token = tokens['refresh_token']
    bearer = f"Bearer {tokens['access_token']}"
    return {
        NOTHING: lambda: client.ask('GET', '/bench/nothing'),
        'a route that reads a row': lambda: client.ask('GET', '/bench/read'),
        'a route that inserts a row': lambda: client.ask('GET', '/bench/insert'),
        'access_token, by refresh': client.refresh,
        'direct authorize and access_token': client.authorize_and_redeem,
        'introspect': lambda: client.introspect(tokens['access_token']),
        'userinfo': lambda: client.ask('GET', f'{PATH}/userinfo', authorization=bearer),
        'a bearer route, with an access token': lambda: client.ask('GET', '/bench/bearer', authorization=bearer),
        'a bearer route, with an API key': lambda: client.ask('GET', '/bench/bearer', authorization=api_key),
    }


def _measure(lines, rounds, seconds):
    """Requests per second of each line: the best of its rounds."""
    best = dict.fromkeys(lines, 0.0)
    for number in range(rounds + 1):
        for name, act in lines.items():
            count, start = 0, time.perf_counter()
            while (spent := time.perf_counter() - start) < seconds:
                act()
                count += 1
            if number:  # the first round fills the caches
                best[name] = max(best[name], count / spent)
    return best


def _print(measured):
    nothing = measured[NOTHING]
    say(f'\n{"":42}{"per second":>12}{"of nothing":>12}')
    for name, per_second in measured.items():
        say(f'{name:42}{per_second:12.0f}{per_second / nothing:12.2f}')
