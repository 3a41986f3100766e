"""Fetching from addresses that strangers choose: from real servers, on this machine."""
import json
import os
import socket
import threading
import time
import unittest
from contextlib import ExitStack, contextmanager, suppress
from unittest.mock import ANY

from publisher import Authority, Publisher
from requirement import requirement

from protocol import fetch as fetching
from protocol.fetch import LONGEST, SHORTEST, Fetched, NotFetched, fetch, forget, remember_failure
from protocol.public_address import networks

HERE = networks('127.0.0.0/8')
JSON = ('application/json', 'application/*+json')
DOCUMENT = b'{"client_id": "https://app.example.com/client"}'
PROXIES = ('https_proxy', 'HTTPS_PROXY', 'http_proxy', 'HTTP_PROXY', 'all_proxy', 'no_proxy', 'NO_PROXY')


def resolver(*answers):
    """A resolver that gives these lists of addresses, one after another, and counts."""
    remaining = list(answers)

    def resolve(_host, port, **_options):
        resolve.count += 1
        addresses = remaining.pop(0)
        if isinstance(addresses, Exception):
            raise addresses
        return [(socket.AF_INET6 if ':' in each else socket.AF_INET, socket.SOCK_STREAM, 6, '', (each, port))
                for each in addresses]
    resolve.count = 0
    return resolve


@contextmanager
def environment(**values):
    """Variables of the environment; no proxy but one that is named."""
    former = {name: os.environ.pop(name, None) for name in (*PROXIES, *values)}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in former.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value


class FetchCase(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        stack.enter_context(environment())
        cls.authority = Authority()
        stack.enter_context(cls.authority.trusted())
        cls.site = stack.enter_context(Publisher(
            cls.authority, names=('127.0.0.1', 'localhost', 'app.example.com', 'other.example.com')))

    def setUp(self):
        super().setUp()
        fetching._failures.clear()
        self.site.pages.clear()
        self.site.asked.clear()
        self.publish('/client', DOCUMENT)

    def publish(self, path, body, status=200, **headers):
        self.site.pages[path] = (status, {'Content-Type': 'application/json', **{
            name.replace('_', '-'): value for name, value in headers.items()}}, body)

    def fetch(self, path='/client', host=None, most_bytes=5 * 1024, seconds=5, kinds=JSON, also=HERE, **more):
        return fetch(self.site.url(path, host), most_bytes, seconds, kinds, also=also, **more)

    def assert_refused(self, pattern, *args, **options):
        with self.assertRaisesRegex(NotFetched, pattern):
            self.fetch(*args, **options)


class TestFetched(FetchCase):

    def test_a_document_is_fetched(self):
        self.assertEqual(self.fetch(), Fetched(DOCUMENT, 'application/json', ANY))
        [(path, headers)] = self.site.asked
        self.assertEqual(path, '/client')
        self.assertEqual(headers['Host'], f'127.0.0.1:{self.site.port}')
        self.assertEqual(headers['Accept'], 'application/json, application/*+json')

    def test_a_query_is_sent_and_a_path_may_be_missing(self):
        self.publish('/?a=%2F', DOCUMENT)
        self.assertEqual(self.fetch('?a=%2F').body, DOCUMENT)

    def test_a_document_in_chunks_is_fetched(self):
        def chunks(handler):
            handler.send_response(200)
            handler.send_header('Content-Type', 'application/json; charset=utf-8')
            handler.send_header('Transfer-Encoding', 'chunked')
            handler.end_headers()
            for part in (DOCUMENT[:5], DOCUMENT[5:], b''):
                handler.wfile.write(b'%x\r\n%s\r\n' % (len(part), part))
        self.site.pages['/client'] = chunks
        self.assertEqual(self.fetch().body, DOCUMENT)

    @requirement('CIMD', '4', 'A document may be of a type of its own: application/…+json.')
    def test_kinds_may_have_a_star(self):
        self.publish('/client', DOCUMENT, Content_Type='application/cimd+json')
        self.assertEqual(self.fetch().content_type, 'application/cimd+json')

    def test_the_longest_document_is_fetched_whole(self):
        self.publish('/client', b'x' * 5120)
        self.assertEqual(len(self.fetch().body), 5120)


class TestAddresses(FetchCase):

    @requirement('attack', '63', 'Nothing is fetched from a name that leads to an address of this machine.')
    @requirement('CIMD', '8.6', 'No document is fetched from a special-use address.')
    def test_a_name_that_leads_here_is_refused(self):
        for host in ('localhost', '127.0.0.1', '127.1', '2130706433', '0x7f.1', '0', '[::1]', '[::ffff:127.0.0.1]'):
            with self.subTest(host):
                self.assert_refused('no address of the public Internet|not found', host=host, also=())
        self.assertEqual(self.site.asked, [])

    def test_all_addresses_of_a_name_have_to_be_public(self):
        for addresses in (['93.184.215.14', '127.0.0.1'], ['::ffff:127.0.0.1'], ['169.254.169.254'],
                          ['fe80::1%eth0'], ['64:ff9b::7f00:1']):
            with self.subTest(addresses):
                fetching._failures.clear()
                self.assert_refused('no address of the public', host='app.example.com', also=(),
                                    resolve=resolver(addresses))

    @requirement('attack', '63', 'A name is resolved once: what it leads to the second time does not matter.')
    def test_the_connection_goes_to_the_address_that_was_checked(self):
        with Publisher(self.authority, '127.0.0.2', self.site.port, ['app.example.com']) as other:
            other.pages['/client'] = (200, {'Content-Type': 'application/json'}, b'"checked"')
            rebinding = resolver(['127.0.0.2'], ['127.0.0.1'])
            fetched = self.fetch(host='app.example.com', also=networks('127.0.0.2'), resolve=rebinding)
            self.assertEqual((fetched.body, rebinding.count, self.site.asked), (b'"checked"', 1, []))
            [(_path, headers)] = other.asked
            self.assertEqual(headers['Host'], f'app.example.com:{self.site.port}')

    def test_the_next_address_is_tried_if_nobody_answers_at_the_first(self):
        fetched = self.fetch(host='app.example.com', resolve=resolver(['127.0.0.3', '127.0.0.1']))
        self.assertEqual(fetched.body, DOCUMENT)

    def test_a_certificate_has_to_be_for_the_name(self):
        self.assert_refused('certificate', host='wrong.example.com', resolve=resolver(['127.0.0.1']))

    def test_a_certificate_has_to_come_from_somebody_known(self):
        with Publisher(Authority()) as stranger, self.assertRaisesRegex(NotFetched, 'certificate'):
            fetch(stranger.url('/client'), 5120, 5, JSON, also=HERE)

    def test_a_name_that_does_not_exist_is_said(self):
        self.assert_refused('not found', host='gone.example.com', resolve=resolver(
            socket.gaierror(socket.EAI_NONAME, 'Name or service not known')))

    @requirement('CIMD', '8.6', 'Only https is fetched.')
    def test_addresses_that_cannot_be_read(self):
        for url in ('http://app.example.com/client', 'file:///etc/passwd', 'ftp://app.example.com/', 'https://', '',
                    'https:///client', 'https://me@app.example.com/', 'https://me:it@app.example.com/',
                    'https://app.example.com/#x', 'https://app.example.com:0/', 'https://app.example.com:99999/',
                    'https://app.example.com\\@localhost/', 'https://app.example.com/ x',
                    'https://app.example.com/\r\nX: y', 'HTTPS://app.example.com/', 'https://ex\u00e4mple.com/', 'https://%6cocalhost/',
                    'gopher://x', 'https://app.example.com/\n', 'https://[::1/', 'https://[fe80::1%25lo]/'):
            with self.subTest(url), self.assertRaisesRegex(NotFetched, 'no address'):
                fetch(url, 5120, 5, JSON, also=HERE)

    def test_names_that_break_readers_are_refused_in_words(self):
        for host in ('.', '..', 'a..b', '.app.example.com', 'x' * 64 + '.example.com', '-', '_'):
            with self.subTest(host), self.assertRaises(NotFetched):
                fetch(f'https://{host}/', 5120, 5, JSON)


class TestLimits(FetchCase):

    @requirement('CIMD', '8.7', 'Of a document no more than 5 kilobytes are read.')
    def test_a_document_that_is_too_long(self):
        self.publish('/client', b'x' * 5121)
        self.assert_refused('longer than 5120 bytes')

    @requirement('attack', '63', 'A document of 10 MB is not read to its end.')
    def test_a_document_of_10_mb(self):
        def long(handler):
            handler.send_response(200)
            handler.send_header('Content-Type', 'application/json')
            handler.end_headers()
            handler.sent = 0
            handlers.append(handler)
            while handler.sent < 10_000_000:
                handler.wfile.write(b'x' * 10_000)
                handler.sent += 10_000
        handlers = []
        self.site.pages['/client'] = long
        self.assert_refused('longer than|too long')
        self.assertLess(handlers[0].sent, 10_000_000)

    @requirement('attack', '63', 'An answer that never ends is left, however slowly it comes.')
    def test_an_answer_that_never_ends(self):
        def drip(handler):
            handler.send_response(200)
            handler.send_header('Content-Type', 'application/json')
            handler.end_headers()
            while not stop.wait(0.1):
                handler.wfile.write(b' ')
        stop = threading.Event()
        self.addCleanup(stop.set)
        self.site.pages['/client'] = drip
        self.assert_ends_in_time()

    def test_a_head_that_never_ends(self):
        def drip(handler):
            handler.wfile.write(b'HTTP/1.1 200 OK\r\n')
            for number in range(10_000):
                handler.wfile.write(b'X-%d: ' % number)
                if stop.wait(0.05):
                    return
                handler.wfile.write(b'x\r\n')
        stop = threading.Event()
        self.addCleanup(stop.set)
        self.site.pages['/client'] = drip
        self.assert_ends_in_time()

    def test_a_head_that_is_too_long(self):
        self.publish('/client', DOCUMENT, **{f'X_{number}': 'x' * 60_000 for number in range(5)})
        self.assert_refused('too long')

    def test_a_server_that_says_nothing(self):
        with socket.create_server(('127.0.0.1', 0)) as silent, self.in_time():
            fetch(f'https://127.0.0.1:{silent.getsockname()[1]}/', 5120, 0.5, JSON, also=HERE)

    def test_a_resolver_that_says_nothing(self):
        stop = threading.Event()
        self.addCleanup(stop.set)
        with self.in_time():
            self.fetch(host='app.example.com', seconds=0.5, resolve=lambda *_args, **_options: stop.wait(10) and [])

    def assert_ends_in_time(self):
        with self.in_time():
            self.fetch(seconds=0.5)

    @contextmanager
    def in_time(self):
        began = time.monotonic()
        with self.assertRaisesRegex(NotFetched, 'too long'):
            yield
        self.assertLess(time.monotonic() - began, 3)


class TestAnswers(FetchCase):

    @requirement('CIMD', '5', 'Anything but 200 is an error, and no redirect is followed.')
    def test_only_200_is_taken(self):
        for status in (201, 204, 206, 301, 302, 303, 307, 308, 400, 404, 500):
            with self.subTest(status):
                fetching._failures.clear()
                self.publish('/client', DOCUMENT, status, Location='/elsewhere')
                self.publish('/elsewhere', DOCUMENT)
                self.assert_refused(f'status of the answer is {status}')
        self.assertNotIn('/elsewhere', [path for path, _headers in self.site.asked])

    def test_other_types_are_refused(self):
        for content_type in ('text/html', 'text/plain', 'application/jsonx', 'image/svg+xml', 'json', ''):
            with self.subTest(content_type):
                fetching._failures.clear()
                self.publish('/client', DOCUMENT, Content_Type=content_type)
                self.assert_refused('not of the type')

    def test_a_compressed_answer_is_refused(self):
        self.publish('/client', DOCUMENT, Content_Encoding='gzip')
        self.assert_refused('compressed')

    def test_an_answer_that_ends_too_early(self):
        self.publish('/client', DOCUMENT, Content_Length='1000', Connection='close')
        self.assert_refused('too early|cannot be read|too long', seconds=1)

    def test_what_is_no_http(self):
        def noise(handler):
            handler.wfile.write(b'\x00\xff noise\r\n\r\n')
            handler.close_connection = True
        self.site.pages['/client'] = noise
        self.assert_refused('cannot be read')

    def test_a_connection_that_breaks(self):
        def hang_up(handler):
            handler.connection.close()
        self.site.pages['/client'] = hang_up
        self.assert_refused('no connection|cannot be read')

    def test_a_server_without_tls(self):
        with socket.create_server(('127.0.0.1', 0)) as plain:
            def answer():
                connection, _address = plain.accept()
                with connection:
                    connection.sendall(b'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n')
            threading.Thread(target=answer, daemon=True).start()
            with self.assertRaisesRegex(NotFetched, 'no connection'):
                fetch(f'https://127.0.0.1:{plain.getsockname()[1]}/', 5120, 5, JSON, also=HERE)

    def test_nobody_is_there(self):
        with socket.create_server(('127.0.0.1', 0)) as server:
            port = server.getsockname()[1]
        with self.assertRaisesRegex(NotFetched, 'no connection'):
            fetch(f'https://127.0.0.1:{port}/', 5120, 5, JSON, also=HERE)


class TestFreshness(FetchCase):

    @requirement('CIMD', '5.2', 'How long a document is kept is what its headers say, within bounds.')
    def test_how_long_an_answer_is_good(self):
        for control, age, seconds in (
                ('max-age=3600', None, 3600), ('public, max-age=3600', '600', 3000), ('MAX-AGE="7200"', None, 7200),
                ('max-age=0', None, SHORTEST), ('max-age=10', None, SHORTEST), ('max-age=99999999', None, LONGEST),
                ('no-store', None, SHORTEST), ('max-age=3600, no-cache', None, SHORTEST), (None, None, SHORTEST),
                ('max-age=-1', None, SHORTEST), ('max-age=many', None, SHORTEST), ('max-age=3600', 'old', 3600),
                ('s-max-age=1, max-age=600', None, 600), ('max-age=' + '9' * 5000, None, SHORTEST),
                ('max-age=3600', '9' * 5000, 3600), ('max-age=3600', '\u0663', 3600)):
            with self.subTest(control, age=age):
                headers = {'Cache_Control': control, 'Age': age}
                self.publish('/client', DOCUMENT, **{
                    name: value.encode('utf-8').decode('latin-1') for name, value in headers.items() if value})
                self.assertAlmostEqual(self.fetch().fresh_until - time.time(), seconds, delta=5)

    @requirement('attack', '63', 'A failure is remembered for a minute: nobody has this server ask again and again.')
    def test_a_failure_is_remembered(self):
        self.publish('/client', DOCUMENT, 500)
        for _again in range(3):
            self.assert_refused('500')
        self.assertEqual(len(self.site.asked), 1)
        self.publish('/client', DOCUMENT)
        self.assert_refused('500')
        forget(self.site.url('/client'))
        self.assertEqual(self.fetch().body, DOCUMENT)

    def test_no_more_failures_are_remembered_than_there_is_room_for(self):
        for number in range(fetching._MOST_FAILURES + 10):
            remember_failure(f'https://app.example.com/{number}', 'no')
        self.assertEqual(len(fetching._failures), fetching._MOST_FAILURES)


class TestProxy(FetchCase):
    """The system's proxy: it resolves names, and decides what it reaches."""

    def setUp(self):
        super().setUp()
        self.proxied = []
        self.proxy = socket.create_server(('127.0.0.1', 0))
        self.addCleanup(self.proxy.close)
        stack = ExitStack()
        self.addCleanup(stack.close)
        stack.enter_context(environment(
            https_proxy=f'http://me:se%40cret@127.0.0.1:{self.proxy.getsockname()[1]}', no_proxy='direct.example.com'))

    def serve(self, status=b'200 OK'):
        def serve():
            connection, _address = self.proxy.accept()
            head = b''
            while not head.endswith(b'\r\n\r\n'):
                head += connection.recv(1)
            self.proxied.append(head.decode())
            connection.sendall(b'HTTP/1.1 %s\r\n\r\n' % status)
            if not status.startswith(b'200'):
                connection.close()
                return
            there = socket.create_connection(('127.0.0.1', self.site.port))
            for one, other in ((connection, there), (there, connection)):
                threading.Thread(target=pipe, args=(one, other), daemon=True).start()
        threading.Thread(target=serve, daemon=True).start()

    def test_the_connection_goes_through_it(self):
        self.serve()
        unknown = resolver(socket.gaierror(socket.EAI_NONAME, 'unknown'))
        self.assertEqual(self.fetch(host='app.example.com', also=(), resolve=unknown).body, DOCUMENT)
        [head] = self.proxied
        self.assertTrue(head.startswith(f'CONNECT app.example.com:{self.site.port} HTTP/1.'), head)
        self.assertIn('Proxy-Authorization: Basic bWU6c2VAY3JldA==', head)

    def test_a_resolver_that_does_not_answer_is_not_waited_for(self):
        self.serve()
        fetched = self.fetch(host='app.example.com', also=(), resolve=lambda *_name, **_more: time.sleep(9))
        self.assertEqual(fetched.body, DOCUMENT)

    def test_what_can_be_resolved_here_is_checked_all_the_same(self):
        for host, resolve in (('app.example.com', resolver(['10.0.0.1'])), ('127.0.0.1', socket.getaddrinfo)):
            with self.subTest(host):
                self.assert_refused('no address of the public', host=host, also=(), resolve=resolve)
        self.assertEqual(self.proxied, [])

    def test_a_proxy_that_refuses(self):
        self.serve(b'403 Forbidden')
        unknown = resolver(socket.gaierror(socket.EAI_NONAME, 'unknown'))
        self.assert_refused('no connection', host='other.example.com', also=(), resolve=unknown)

    def test_hosts_that_the_environment_excepts_go_without_it(self):
        self.assert_refused('certificate', host='direct.example.com', resolve=resolver(['127.0.0.1']))
        self.assertEqual(self.proxied, [])

    def test_a_proxy_of_another_kind_is_refused(self):
        with environment(https_proxy='socks5://127.0.0.1:1'):
            self.assert_refused('proxy', host='app.example.com', resolve=resolver(['127.0.0.1']))


def pipe(source, target):
    """Hand on what comes."""
    with suppress(OSError):
        while part := source.recv(65536):
            target.sendall(part)
    for each in (source, target):
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)


class TestTwoAtOnce(FetchCase):

    def test_several_threads_may_fetch(self):
        self.publish('/client', json.dumps({'a': 1}).encode())
        bodies = []
        threads = [threading.Thread(target=lambda: bodies.append(self.fetch().body)) for _at in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(bodies, [b'{"a": 1}'] * 8)
