"""Measure requests per second, side by side in one run, and print them as a table of ratios.

What counts are the ratios: they hold on another machine too. Each line is measured in several short rounds that take
turns with those of the other lines, so that whatever else the machine does hits all of them alike; the best round
counts. What the addon costs is told by what server and database compute for single requests (`_cost`).
"""

import http.client
import json
import statistics
import time
import urllib.parse

from . import databases, options, setup
from .demo import CLIENT, PATH, REDIRECT_URI, SECRET, oauth_header
from .processes import say
from .server import served
from .strangers import failing
from .test import BUSINESS_MODULES

ADDON = 'restapi_oauth2_bench'
NOTHING = 'a route that does nothing'
# The same call without a token, in a database with this addon, and in one without it.
PAGE = '80 contacts, in a session'
PAGE_WITHOUT = '80 contacts, in a session, without this addon'
ODOO = '80 contacts, with the scope odoo'
ODOO_READ = '80 contacts, with odoo.read'
CONTACTS_READ = '80 contacts, with contacts.read'
# Each line, the line to compare it with, and the greatest ratio allowed.
COSTS = ((CONTACTS_READ, ODOO, 1.03), (ODOO_READ, ODOO, 1.03), (PAGE, PAGE_WITHOUT, 1.01))
SINGLE_REQUESTS, WARMING_UP = 600, 40
STRANGERS = 130  # failures a second
CONTACTS = {'domain': [], 'fields': ['name', 'email', 'phone', 'parent_id', 'country_id'], 'limit': 80}


def add_arguments(parser):
    """Declare this command's options."""
    add = parser.add_argument
    add('--rounds', type=options.count_from_one, default=10, help='how often each line is measured (10)')
    add('--seconds', type=options.seconds, default=0.5, help='how long a round takes (0.5)')
    add('--business', action='store_true', help='with Odoo\'s modules for sales, accounting, projects and so on')


def command(arguments):
    """Measure, and print the table."""
    setup.provide()
    quiet = ('--log-level=warn', '--proxy-mode')
    more = BUSINESS_MODULES if arguments.business else ()
    with (
        served(log='bench', modules=','.join((ADDON, *more)), options=quiet) as server,
        Client(server.url) as client,
        Client(server.url) as session,
        served(log='bench-without', modules=','.join(('rpc', *more)), options=quiet) as other,
        Client(other.url) as other_session,
    ):
        session.log_in(server.database)
        lines = _lines(client, session.sign_in())
        for name, of_client, database in (
            (PAGE, session, server.database),
            (PAGE_WITHOUT, other_session, other.database),
        ):
            of_client.log_in(database)
            lines[name] = of_client.read_page_in_session
        measured = _measure(lines, arguments.rounds, arguments.seconds)
        computed = dict.fromkeys(lines, _computing(server)) | {PAGE_WITHOUT: _computing(other)}
        costs = [_cost(lines[name], computed[name], lines[beside], computed[beside]) for name, beside, _most in COSTS]
        among_strangers = _measure_among_strangers(server.url, client, arguments.rounds, arguments.seconds)
    _print(measured)
    for (name, beside, most), cost in zip(COSTS, costs, strict=True):
        say(f'{name}: {cost:.3f} of what {beside} costs (at most {most})')
    say(f'While strangers fail {STRANGERS} times a second, refreshes keep {among_strangers:.2f} of their speed.')
    return 0


class Client:
    """One connection to the server, kept open if the server allows it, and the requests of the benchmark."""

    def __init__(self, url):
        server = urllib.parse.urlsplit(url)
        self.connection = http.client.HTTPConnection(server.hostname, server.port, timeout=60)
        self.refresh_token = None
        self.cookie = self.set_cookie = None

    def __enter__(self):
        return self

    def __exit__(self, *_exception):
        self.connection.close()

    def ask(self, method, path, parameters=None, authorization=None, json_body=None):
        """Send a request and return the body of its answer, which must be 200."""
        headers = {'Authorization': authorization} if authorization else {}
        headers |= {'Cookie': self.cookie} if self.cookie else {}
        body = None
        if json_body is not None:
            headers['Content-Type'] = 'application/json'
            body = json.dumps(json_body)
        elif parameters is not None:
            headers['Content-Type'] = 'application/x-www-form-urlencoded'
            body = urllib.parse.urlencode(parameters)
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status != 200 or text.startswith(b'{"jsonrpc": "2.0", "id": null, "error"'):
            raise AssertionError(f'{method} {path}: {answer.status} {text[:200]}')
        self.set_cookie = answer.getheader('Set-Cookie')
        return text

    def authorize_and_redeem(self, scope='odoo', client=CLIENT, secret=SECRET):
        """The whole of the documented flow: a code, and tokens for it."""
        code = json.loads(self.ask('GET', f'{PATH}/authorize', authorization=oauth_header(
            {**client, **REDIRECT_URI, 'response_type': 'code', 'scope': scope})))['code']
        return json.loads(self.ask('POST', f'{PATH}/access_token', authorization=oauth_header(
            {**client, **secret, **REDIRECT_URI, 'code': code, 'grant_type': 'authorization_code'})))

    def refresh(self):
        """Redeem the last refresh token for the next."""
        answer = json.loads(self.ask('POST', f'{PATH}/access_token', {
            **CLIENT, **SECRET, 'refresh_token': self.refresh_token, 'grant_type': 'refresh_token'}))
        self.refresh_token = answer['refresh_token']

    def read_page(self, authorization):
        """Read a page of contacts by JSON-2."""
        self.ask('POST', '/json/2/res.partner/search_read', authorization=authorization, json_body=CONTACTS)

    def log_in(self, database):
        """Begin a session of the administrator."""
        self.ask('POST', '/web/session/authenticate', json_body={
            'params': {'db': database, 'login': 'admin', 'password': 'admin'}})
        self.cookie = self.set_cookie.partition(';')[0]

    def sign_in(self):
        """Tokens for the session's user, for an application that the user has allowed before."""
        client, secret = json.loads(self.ask('POST', '/bench/allow'))
        return self.authorize_and_redeem('openid profile', {'client_id': client}, {'client_secret': secret})

    def read_page_in_session(self):
        """Read the same page as Odoo's own client does."""
        self.ask('POST', '/web/dataset/call_kw', json_body={'params': {
            'model': 'res.partner', 'method': 'search_read', 'args': [], 'kwargs': CONTACTS}})

    def introspect(self, token):
        """Ask whether a token is active."""
        self.ask('POST', f'{PATH}/introspect', {**CLIENT, **SECRET, 'token': token})


def _lines(client, signed_in):
    """The lines of the benchmark: a name for each, and the request to repeat.

    `signed_in` is an answer of the token endpoint for a user who has signed in with OpenID Connect.
    """
    api_key = f"Bearer {client.ask('POST', '/bench/api_key').decode()}"
    tokens = client.authorize_and_redeem()
    client.refresh_token = tokens['refresh_token']
    bearer = f"Bearer {tokens['access_token']}"
    user = f"Bearer {signed_in['access_token']}"
    narrow = {scope: f"Bearer {client.authorize_and_redeem(scope)['access_token']}"
              for scope in ('contacts.read', 'odoo.read')}
    return {
        NOTHING: lambda: client.ask('GET', '/bench/nothing'),
        'a route that reads a row': lambda: client.ask('GET', '/bench/read'),
        'a route that inserts a row': lambda: client.ask('GET', '/bench/insert'),
        'access_token, by refresh': client.refresh,
        'direct authorize and access_token': client.authorize_and_redeem,
        'introspect': lambda: client.introspect(tokens['access_token']),
        'userinfo': lambda: client.ask('GET', f'{PATH}/userinfo', authorization=user),
        'a bearer route, with an access token': lambda: client.ask('GET', '/bench/bearer', authorization=bearer),
        'a bearer route, with an API key': lambda: client.ask('GET', '/bench/bearer', authorization=api_key),
        '80 contacts, with an API key': lambda: client.read_page(api_key),
        ODOO: lambda: client.read_page(bearer),
        ODOO_READ: lambda: client.read_page(narrow['odoo.read']),
        CONTACTS_READ: lambda: client.read_page(narrow['contacts.read']),
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


def _cost(act, computed, beside, computed_beside):
    """How much more one line costs than another: the ratio of the medians of the computing time of a request.

    The two take turns, without a third: a server that is asked more often has warmer caches. Other work of the machine
    delays a request, but is not counted.

    :param computed: tells what the server and its database have computed until now: see `_computing`.
    """
    spent = (act, computed, []), (beside, computed_beside, [])
    for number in range(SINGLE_REQUESTS + WARMING_UP):
        for one, clock, times in spent:
            start = clock()
            one()
            if number >= WARMING_UP:
                times.append(clock() - start)
    of_act, of_beside = (statistics.median(times) for _one, _clock, times in spent)
    return of_act / of_beside


def _computing(server):
    """Tell the processor time, in nanoseconds, of a server and of the processes of PostgreSQL that work for it."""
    workers = databases.query(
        server.connection, "SELECT pid FROM pg_stat_activity WHERE datname = :'name' AND usename IS NOT NULL",
        name=server.database)
    # As in clock_getcpuclockid(3): all threads of a process, including those that have ended.
    clocks = [~int(pid) << 3 | 2 for pid in (server.process.pid, *workers)]
    return lambda: sum(map(time.clock_gettime_ns, clocks))


def _measure_among_strangers(url, client, rounds, seconds):
    """The ratio of their speed that refreshes keep while strangers fail all the time: the median of the rounds."""
    kept = []
    for _round in range(rounds):
        alone = _measure({'': client.refresh}, 1, seconds)['']
        with failing(url, STRANGERS, at_most=60) as failures:
            while not failures():
                time.sleep(0.01)
            kept.append(_measure({'': client.refresh}, 1, seconds)[''] / alone)
    return sorted(kept)[len(kept) // 2]


def _print(measured):
    nothing = measured[NOTHING]
    say(f'\n{"":48}{"per second":>12}{"of nothing":>12}')
    for name, per_second in measured.items():
        say(f'{name:48}{per_second:12.0f}{per_second / nothing:12.2f}')
    say('')
