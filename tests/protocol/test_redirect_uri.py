import unittest
from urllib.parse import parse_qsl, urlsplit

from hypothesis import assume, example, given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.redirect_uri import (
    LIMIT,
    PROGRAM_SCHEMES,
    Problem,
    host,
    is_claimed,
    is_only,
    is_registered,
    problem,
    problem_of_scheme,
    with_parameters,
    without_values,
)

REGISTERED = (
    'https://app.example.com/callback',
    'https://app.example.com:8443/callback?tenant=1',
    'http://localhost:8080/callback',
    'http://127.0.0.1/callback',
    'http://[::1]:4000/callback?tenant=1',
    'com.example.app:/callback',
)
CHARACTERS = "abzAZ09._~:/?#[]@!$&'()*+,;=%-\\ \t\n\x00é"
# Texts that come near to a URI, beside any text at all.
NEAR = st.lists(st.sampled_from([
    'https', 'http', 'com.example.app', 'javascript', ':', '//', '/', 'app.example.com', '127.0.0.1', 'localhost',
    '[::1]', '[', ']', '@', ':8080', ':0', '.', '..', '%2e', '%', '?', '#', '&', 'code', 'state', '=', ';', '*', '\\',
    'é', '\n', ' ',
]), max_size=8).map(''.join)
URIS = st.one_of(NEAR, NEAR.map('https://'.__add__), NEAR.map('http://127.0.0.1'.__add__), st.text(CHARACTERS),
st.text())


class TestProblem(unittest.TestCase):

    def assertProblem(self, expected, *uris):
        for uri in uris:
            with self.subTest(uri[:80]):
                self.assertIs(problem(uri), expected)

    @requirement('RFC 8252', '7.2', 'https URIs may be registered')
    def test_https_uri_may_be_registered(self):
        self.assertProblem(
            None, *REGISTERED[:2], 'https://app.example.com', 'https://app.example.com/', 'https://a',
            'https://a_b.example', 'https://192.0.2.1/cb', 'https://[2001:db8::1]/cb',
            'https://[::ffff:192.0.2.1]:8443/cb', 'https://xn--bcher-kva.example', 'https://app.example.com./cb',
            'https://APP.example.com/CB', 'https://a:1/', 'https://a:65535/', "https://a/~x-y_z.w!$&'()+,;=:@/%C3%A9",
            'https://a/b//c', 'https://a/b.c/...', 'https://a/?q=..%2F..&r=https://b/')

    @requirement('RFC 8252', '7.3', 'http URIs may be registered for this machine')
    def test_http_uri_may_be_registered_for_this_machine(self):
        self.assertProblem(
            None, 'http://localhost/cb', 'http://localhost:8080', 'http://127.0.0.1/cb', 'http://127.0.0.1:8080/cb',
            'http://[::1]/cb', 'http://[::1]:8080/cb', 'http://LOCALHOST/cb')

    @requirement('RFC 8252', '7.1', 'Private-use schemes in the reverse order of a domain may be registered')
    def test_private_use_scheme_may_be_registered(self):
        self.assertProblem(
            None, 'com.example.app:/cb', 'com.example.app:cb', 'com.example.app://cb', 'com.example-1.app:/cb', 'a.b:')

    def test_too_long(self):
        self.assertEqual(LIMIT, 2048)
        uri = 'https://app.example.com/'
        self.assertProblem(None, uri.ljust(2048, 'a'))
        self.assertProblem(Problem.TOO_LONG, uri.ljust(2049, 'a'), '*' * 2049)

    def test_characters(self):
        self.assertProblem(
            Problem.CHARACTERS, '', ' ', 'https://a/b c', ' https://a/', 'https://a/ ', 'https://a/\n', 'https://a/\t',
            'https://a/\0', 'https://a/\r\nX: y', 'https://a/é', 'https://bücher.example/', 'https://a/"',
            'https://a/<b>', 'https://a/{b}', 'https://a/|', 'https://a/^', 'https://a/`', 'https://\uff41/',
            'https://a/\u202e')

    def test_backslash_that_browsers_take_for_a_slash(self):
        self.assertProblem(Problem.CHARACTERS, 'https://evil.example\\@app.example.com/', 'https:\\\\a/',
                           'https://a\\b')

    def test_percent_sign_needs_two_hexadecimal_digits(self):
        self.assertProblem(
            Problem.CHARACTERS, 'https://a/%', 'https://a/%4', 'https://a/%zz', 'https://a/?b=100%', 'com.a:/%0',
            'https://a/%%41')
        self.assertProblem(None, 'https://a/%41%ab')

    @requirement('RFC 6749', '3.1.2', 'A redirect URI is absolute')
    def test_not_absolute(self):
        self.assertProblem(
            Problem.NOT_ABSOLUTE, '/callback', '//a/callback', 'callback', 'app.example.com', 'HTTPS://a/',
            'Https://a/', ':', '://a', '1a.b:/c', '.a:/b', '-a.b:/c', 'a_b.c:/', '?a:b', '%61.b:/c',
            'Com.example.app:/cb')

    def test_wildcard(self):
        self.assertProblem(
            Problem.WILDCARD, 'https://*.example.com/', 'https://a/*', 'https://a/?b=*', '*', 'com.example.*:/cb',
            'https://a/#*')

    @requirement('RFC 6749', '3.1.2', 'A redirect URI has no fragment')
    def test_fragment_also_a_bare_one(self):
        self.assertProblem(Problem.FRAGMENT, 'https://a/#b', 'https://a/#', 'https://a#', 'com.example.app:/cb#x', '#')

    def test_user_information(self):
        self.assertProblem(
            Problem.USER_INFO, 'https://user@a/', 'https://user:password@a/', 'https://@a/',
            'https://app.example.com@evil.example/', 'http://127.0.0.1@evil.example/',
            'http://localhost:80@evil.example/', 'com.example.app://user@cb')
        self.assertProblem(None, 'https://a/@b', 'https://a/?b=c@d')

    def test_host(self):
        self.assertProblem(
            Problem.HOST, 'https:', 'https://', 'https:a', 'https:/a', 'https:///a', 'https://:443/', 'https://?a',
            'https://a:/', 'http:', 'http:/localhost', 'http:localhost', 'http:///localhost')

    def test_host_that_two_readers_take_for_two_different_ones(self):
        self.assertProblem(
            Problem.HOST, 'https://[::1', 'https://::1]/', 'https://[::1]a/', 'https://a[::1]/', 'https://[a]/',
            'https://[]/', 'https://[v1.a]/', 'https://[::1%25eth0]/', 'https://[1:2]/', 'https://[:::]/',
            'https://a%2eb/', 'https://./', 'https://../', 'https://a..b/', 'https://.a/', 'https://a,b/',
            "https://a'/", 'https://a&b/', 'https://a;b/', 'https://a!/', 'https://a:80:80/', 'http://[::1]a/',
            'http://a[::1]/')

    def test_port_that_is_none(self):
        self.assertProblem(
            Problem.HOST, 'https://a:0/', 'https://a:00/', 'https://a:65536/', 'https://a:99999/',
            'https://a:999999999999/', 'https://a:b/', 'https://a:-1/', 'https://a:+1/', 'https://a:8_0/',
            'https://a:80./', 'https://a:%38/', 'http://127.0.0.1:0/')

    @requirement('RFC 9700', '2.6', 'No answer is sent over plain http, but to this machine')
    def test_http_to_another_machine(self):
        self.assertProblem(
            Problem.PLAIN_HTTP, 'http://app.example.com/', 'http://127.0.0.1.evil.example/',
            'http://localhost.evil.example/', 'http://evil-localhost/', 'http://127.0.0.2/', 'http://127.1/',
            'http://2130706433/', 'http://0x7f000001/', 'http://0177.0.0.1/', 'http://127.0.0.1./',
            'http://localhost./', 'http://0.0.0.0/', 'http://[::]/', 'http://[::2]/', 'http://[0:0:0:0:0:0:0:1]/',
            'http://[::ffff:127.0.0.1]/', 'http://192.168.0.1/', 'http://ip6-localhost/')

    @requirement('RFC 8252', '7.1', 'A scheme without a dot is not private-use')
    def test_scheme_that_is_not_private_use(self):
        self.assertProblem(Problem.SCHEME, 'myapp:/cb', 'a.:/b', 'a..b:/c', 'httpss://a/', 'javascripts:x')

    @requirement('contract', '4', 'What runs, shows or sends its address is never registered')
    def test_scheme_that_nobody_has_for_himself(self):
        uris = ('javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'ftp://a/', 'ws://a/',
                'urn:ietf:wg:oauth:2.0:oob', 'mailto:a', 'intent://a', 'vbscript:x', 'blob:https://a/', 'ms-word:x',
                'ms-settings:', 'search-ms:x', 'view-source:https://a/', 'shell:startup', 'about:blank', 'tel:1',
                'ms-:x', 'ms-a.b:x', 'chrome-extension://a/')
        self.assertProblem(Problem.NEVER_SCHEME, *uris)
        for uri in uris:
            self.assertIs(problem(uri, [uri.partition(':')[0]]), Problem.NEVER_SCHEME)

    @requirement('contract', '4', 'Programs may be sent back to by schemes that are known, or that were added')
    def test_scheme_of_a_program(self):
        self.assertProblem(
            None, 'cursor://anysphere.cursor-mcp/oauth/callback', 'vscode://ms.vscode/callback',
            'vscode-insiders://a.b/c', 'claude://oauth/callback')
        self.assertIs(problem('myapp:/cb', ['myapp']), None)
        self.assertIs(problem('myapp:/cb', ['other']), Problem.SCHEME)
        for uri, found in (('myapp:/../cb', Problem.DOT_SEGMENTS), ('myapp:/cb?code=1', Problem.ANSWER_PARAMETER),
                           ('myapp:/cb#a', Problem.FRAGMENT), ('myapp://a@b/', Problem.USER_INFO)):
            self.assertIs(problem(uri, ['myapp']), found)
        for scheme, found in (('myapp', None), ('my-app+1.x', None), ('MyApp', Problem.NOT_ABSOLUTE),
                              ('', Problem.NOT_ABSOLUTE), ('a b', Problem.NOT_ABSOLUTE), ('a:', Problem.NOT_ABSOLUTE),
                              ('javascript', Problem.NEVER_SCHEME), ('https', Problem.NEVER_SCHEME)):
            self.assertIs(problem_of_scheme(scheme), found)

    def test_dot_segments_in_any_spelling(self):
        self.assertProblem(
            Problem.DOT_SEGMENTS, 'https://a/.', 'https://a/..', 'https://a/../b', 'https://a/b/./c', 'https://a/b/..',
            'https://a/b/../', 'https://a/%2e%2e/b', 'https://a/%2E./b', 'https://a/.%2e', 'https://a/..;x/b',
            'https://a/..;/b', 'https://a/.;/b', 'https://a/..%3bx/b', 'com.example.app:/../b', 'com.example.app:..',
            'https://a/b%2ec')

    def test_encoded_slash_backslash_and_percent_sign(self):
        self.assertProblem(
            Problem.DOT_SEGMENTS, 'https://a/b%2fc', 'https://a/b%2Fc', 'https://a/b%5cc', 'https://a/b%5C',
            'https://a/%252e%252e/', 'https://a/%25', 'com.example.app:/b%2fc')
        self.assertProblem(None, 'https://a/?b=%2f%5c%25%2e', 'https://a/%20%3d')

    def test_query_parameter_that_answers_add(self):
        for name in ('code', 'state', 'iss', 'error', 'error_description', 'error_uri', '%63ode', 'c%6Fde'):
            self.assertProblem(
                Problem.ANSWER_PARAMETER, f'https://a/?{name}=1', f'https://a?{name}', f'https://a/?b=c&{name}=',
                f'https://a/?{name}&b', f'com.example.app:/cb?{name}=1')
        self.assertProblem(
            None, 'https://a/?codes=1', 'https://a/?b=code', 'https://a/?Code=1', 'https://a/code',
            'https://a/?%2563ode=1')

    @PROPERTY
    @given(URIS)
    @example('https://[::1')
    @example('https://a:b')
    @example('http://[::1]a/')
    def test_any_text_is_judged_and_what_passes_is_as_described(self, uri):
        found = problem(uri)
        if found is not None:
            self.assertIsInstance(found, Problem)
            return
        parts = urlsplit(uri)
        self.assertEqual(parts.geturl().rstrip('?'), uri.rstrip('?'))  # nothing is dropped when it is read
        self.assertEqual((parts.fragment, parts.username, parts.password), ('', None, None))
        if parts.scheme == 'https':
            self.assertTrue(parts.hostname)
        elif parts.scheme == 'http':
            self.assertIn(parts.hostname, ('localhost', '127.0.0.1', '::1'))
        else:
            self.assertTrue('.' in parts.scheme or parts.scheme in PROGRAM_SCHEMES)


class TestIsRegistered(unittest.TestCase):

    def test_registered_uri_may_be_named(self):
        for uri in REGISTERED:
            with self.subTest(uri):
                self.assertIs(problem(uri), None)
                self.assertIs(is_registered(uri, REGISTERED), True)

    def test_registered_ones_may_come_from_an_iterator(self):
        self.assertIs(is_registered('http://127.0.0.1:5000/callback', iter(REGISTERED)), True)

    def test_nothing_is_registered_where_there_is_nothing(self):
        for uri in ('', *REGISTERED):
            with self.subTest(uri):
                self.assertIs(is_registered(uri, []), False)

    @requirement('RFC 9700', '4.1.3', 'Redirect URIs are compared as strings')
    @requirement('OWASP ASVS 5.0', '10.4.1', 'Neither a prefix nor the normal form is enough')
    def test_neither_prefix_nor_normal_form_is_enough(self):
        for uri in ('https://app.example.com/', 'https://app.example.com/callback/',
                    'https://app.example.com/callback?',
                    'https://app.example.com/callback#', 'https://app.example.com/callback?a=b',
                    'https://app.example.com/Callback', 'https://APP.example.com/callback',
                    'HTTPS://app.example.com/callback', 'https://app.example.com:443/callback',
                    'https://app.example.com./callback', 'https://app.example.com/./callback',
                    'https://app.example.com/%63allback', 'http://app.example.com/callback',
                    ' https://app.example.com/callback', 'https://app.example.com/callback\n',
                    'https://app.example.com/callback/../callback', 'com.example.app://callback',
                    'com.example.app:callback'):
            with self.subTest(uri):
                self.assertIs(is_registered(uri, REGISTERED), False)

    @requirement('RFC 8252', '7.3', 'Of the IP literals of the loopback interface any port is good')
    def test_port_of_a_loopback_literal_may_differ(self):
        for registered, presented in {
            'http://127.0.0.1/cb': ('http://127.0.0.1:1/cb', 'http://127.0.0.1:8080/cb', 'http://127.0.0.1:65535/cb'),
            'http://127.0.0.1:4000/cb': ('http://127.0.0.1/cb', 'http://127.0.0.1:4001/cb'),
            'http://[::1]:4000/cb?a=b': ('http://[::1]/cb?a=b', 'http://[::1]:4001/cb?a=b'),
            'http://127.0.0.1': ('http://127.0.0.1:8080',),
            'http://127.0.0.1?a=b': ('http://127.0.0.1:8080?a=b',),
        }.items():
            for uri in presented:
                with self.subTest(registered, presented=uri):
                    self.assertIs(is_registered(uri, [registered]), True)

    def test_nothing_else_of_a_loopback_uri_may_differ(self):
        for uri in ('http://127.0.0.1:8080/', 'http://127.0.0.1:8080', 'http://127.0.0.1:8080/cb/',
                    'http://127.0.0.1:8080/CB',
                    'http://127.0.0.1:8080/cb?a=b', 'http://127.0.0.1:8080/cb?', 'http://127.0.0.1:8080/cb#',
                    'http://127.0.0.1:8080/cb\n', 'https://127.0.0.1:8080/cb', 'HTTP://127.0.0.1:8080/cb',
                    'http://localhost:8080/cb', 'http://[::1]:8080/cb', 'http://127.0.0.2:8080/cb',
                    'http://127.1:8080/cb', 'http://127.0.0.1.:8080/cb', 'http://127a0b0c1/cb',
                    'http://127.0.0.1.evil.example/cb', 'http://127.0.0.1.evil.example:8080/cb',
                    'http://127.0.0.1:8080.evil.example/cb', 'http://user@127.0.0.1:8080/cb',
                    'http://127.0.0.1@evil.example/cb', 'http://127.0.0.1:8080@evil.example/cb',
                    'http://evil.example@127.0.0.1:8080/cb', 'http://127.0.0.1\\@evil.example/cb',
                    'http://127.0.0.1:8080\\/cb', 'http://evil.example/http://127.0.0.1:8080/cb',
                    'http://evil.example/?http://127.0.0.1/cb'):
            with self.subTest(uri):
                self.assertIs(is_registered(uri, ['http://127.0.0.1/cb']), False)

    def test_no_number_passes_for_a_port_that_is_none(self):
        for port in ('', '0', '00', '080', '65536', '65616', '99999', '100000', '655350', '-1', '+80', '8_0', '8 0',
                     '٨٠', '80:80', 'x'):
            for literal in ('127.0.0.1', '[::1]'):
                with self.subTest(port, literal=literal):
                    self.assertIs(is_registered(f'http://{literal}:{port}/cb', [f'http://{literal}/cb']), False)

    def test_what_only_begins_like_a_loopback_literal_is_none(self):
        for rest in ('.evil.example/cb', '@evil.example/cb', 'x', '#cb', '\\cb', '%2fcb', ' /cb', ';/cb'):
            with self.subTest(rest):
                self.assertIs(is_registered('http://127.0.0.1:80' + rest, ['http://127.0.0.1' + rest]), False)
                self.assertIs(is_registered('http://127.0.0.1' + rest, ['http://127.0.0.1:80' + rest]), False)

    @requirement('contract', '4', 'localhost with any port is good for localhost, and for no other spelling')
    def test_port_of_localhost_may_differ(self):
        self.assertIs(is_registered('http://localhost:4001/cb', ['http://localhost/cb']), True)
        self.assertIs(is_registered('http://localhost/cb', ['http://localhost:4000/cb']), True)
        for uri in ('http://127.0.0.1/cb', 'http://[::1]/cb', 'https://localhost/cb', 'http://localhost./cb',
                    'http://LOCALHOST/cb', 'http://localhost/cb/', 'http://localhost.evil.example/cb'):
            with self.subTest(uri):
                self.assertIs(is_registered(uri, ['http://localhost/cb']), False)

    def test_port_of_any_other_host_may_not_differ(self):
        for origin in ('https://localhost', 'https://127.0.0.1', 'https://[::1]', 'https://app.example.com',
                       'http://127.0.0.2',
                       'http://user@127.0.0.1', 'http://[0:0:0:0:0:0:0:1]', 'http://127x0x0x1'):
            with self.subTest(origin):
                self.assertIs(is_registered(origin + ':4001/cb', [origin + ':4000/cb', origin + '/cb']), False)
                self.assertIs(is_registered(origin + '/cb', [origin + ':4000/cb']), False)

    @PROPERTY
    @given(st.sampled_from(REGISTERED), st.data())
    def test_any_other_character_makes_another_uri(self, uri, data):
        at = data.draw(st.integers(0, len(uri)))
        kept = data.draw(st.sampled_from([at, at + 1]))  # insert a character, or put it in the place of another
        changed = uri[:at] + data.draw(st.sampled_from(['', *CHARACTERS])) + uri[kept:]
        assume(changed not in REGISTERED)
        port_differs = _without_loopback_port(changed) in map(_without_loopback_port, REGISTERED)
        self.assertIs(is_registered(changed, REGISTERED), port_differs)

    @PROPERTY
    @given(URIS)
    def test_any_text_is_judged(self, uri):
        assume(uri not in REGISTERED)
        port_differs = _without_loopback_port(uri) in map(_without_loopback_port, REGISTERED)
        self.assertIs(is_registered(uri, REGISTERED), port_differs)


def _without_loopback_port(uri):
    """The rule of RFC 8252 §7.3, told in another way: cut the port off where it is one that the rule lets vary."""
    for start in ('http://127.0.0.1', 'http://[::1]'):
        rest = uri.removeprefix(start)
        if rest == uri or not rest.startswith(':'):
            continue
        port = rest[1:].partition('/')[0].partition('?')[0]
        if port in map(str, range(1, 65536)):
            return start + rest[1 + len(port):]
    return uri


class TestWithParameters(unittest.TestCase):

    @requirement('RFC 6749', '3.1.2', 'The query that a redirect URI has stays in it')
    def test_answer_stands_behind_what_is_there(self):
        for uri, expected in {
            'https://a/cb': 'https://a/cb?code=x&state=y',
            'https://a': 'https://a?code=x&state=y',
            'https://a/cb?': 'https://a/cb?code=x&state=y',
            'https://a/cb?b=c': 'https://a/cb?b=c&code=x&state=y',
            'https://a/cb?b=c&': 'https://a/cb?b=c&code=x&state=y',
            'https://a/cb?b=%2F+%20?&b': 'https://a/cb?b=%2F+%20?&b&code=x&state=y',
            'com.example.app:/cb': 'com.example.app:/cb?code=x&state=y',
        }.items():
            with self.subTest(uri):
                self.assertEqual(with_parameters(uri, {'code': 'x', 'state': 'y'}), expected)

    def test_without_parameters_nothing_is_added(self):
        for uri in ('https://a/cb', 'https://a/cb?b=c', 'com.example.app:/cb'):
            with self.subTest(uri):
                self.assertEqual(with_parameters(uri, {}), uri)

    @PROPERTY
    @given(st.sampled_from(REGISTERED), st.dictionaries(
        st.sampled_from(['code', 'state', 'iss', 'error']), st.text(st.characters(exclude_categories=['Cs']))))
    def test_any_value_arrives_as_it_was_and_changes_nothing_else(self, uri, parameters):
        address = with_parameters(uri, parameters)
        self.assertTrue(address.startswith(uri))
        own = parse_qsl(urlsplit(uri).query, keep_blank_values=True)
        self.assertEqual(parse_qsl(urlsplit(address).query, keep_blank_values=True), [*own, *parameters.items()])
        self.assertTrue(address.isascii() and address.isprintable() and ' ' not in address)


class TestHost(unittest.TestCase):

    @requirement('contract', '4', 'The consent page names the host that the user is sent to')
    def test_host_in_a_word(self):
        for uri, expected in {
            'https://app.example.com/callback?host=evil.example': 'app.example.com',
            'https://app.example.com:8443/callback': 'app.example.com:8443',
            'https://[2001:db8::1]:8443/': '[2001:db8::1]:8443',
            'com.example.app:/callback': 'com.example.app',
            'com.example.app://host/callback': 'com.example.app',
        }.items():
            with self.subTest(uri):
                self.assertEqual(host(uri), expected)

    def test_port_of_this_machine_is_left_out_because_it_changes(self):
        for uri, expected in {
            'http://127.0.0.1:49152/callback': '127.0.0.1', 'http://[::1]:4000/callback': '::1',
            'http://localhost:8080/callback': 'localhost', 'https://localhost:8443/callback': 'localhost',
        }.items():
            with self.subTest(uri):
                self.assertEqual(host(uri), expected)


class TestIsClaimed(unittest.TestCase):

    @requirement('RFC 8252', '8.6', 'Only an https address belongs to one application alone')
    def test_https_belongs_to_the_owner_of_the_name(self):
        for uri in ('https://app.example.com/callback', 'https://app.example.com:8443/', 'https://192.0.2.1/'):
            with self.subTest(uri):
                self.assertTrue(is_claimed(uri))

    def test_what_any_program_of_the_machine_may_take(self):
        for uri in ('http://127.0.0.1/callback', 'http://[::1]:4000/callback', 'http://localhost:8080/callback',
                    'https://localhost:8443/callback', 'https://127.0.0.1/', 'https://[::1]/', 'https://LOCALHOST/',
                    'com.example.app:/callback', 'cursor://oauth'):
            with self.subTest(uri):
                self.assertFalse(is_claimed(uri))

    @requirement('attack', '88', 'This machine is not claimed by anybody, however it is spelled')
    def test_attack_88_this_machine_in_other_spellings(self):
        for uri in ('https://127.1/', 'https://localhost./', 'https://a.localhost/', 'https://[::ffff:127.0.0.1]/',
                    'https://0x7f.1/', 'https://2130706433/', 'https://0177.0.0.1/', 'https://127.0.0.1./', 'https://0/',
                    'https://[::]/', 'https://127.255.1.1:8443/', 'https://[0:0:0:0:0:0:0:1]/', 'https://[fe80::1]/',
                    'https://169.254.1.1/', 'https://[::ffff:7f00:1]/', 'https://localhost.localdomain/',
                    'https://ip6-localhost/', 'https://[::127.0.0.1]/', 'https://[64:ff9b::7f00:1]/',
                    'https://[2002:7f00:1::]/'):
            with self.subTest(uri):
                self.assertFalse(is_claimed(uri))


class TestWithoutValues(unittest.TestCase):

    def test_only_names_are_kept(self):
        for uri, kept in (
            ('https://a.example/cb', 'https://a.example/cb'), ('https://a.example/cb?', 'https://a.example/cb?'),
            ('https://a.example/cb?code=x&y&z=&w=1', 'https://a.example/cb?code=…&y&z=&w=…'),
            ('https://u:p@a.example/@b#token=x', 'https://…@a.example/@b#…'),
            ('com.example:/cb?a=b=c', 'com.example:/cb?a=…'),
        ):
            with self.subTest(uri):
                self.assertEqual(without_values(uri), kept)


class TestIsOnly(unittest.TestCase):

    def test_ports_of_loopback_addresses_are_one(self):
        for uri, registered, expected in (
            ('https://a/b', ['https://a/b'], True), ('https://a/b', ['https://a/b', 'https://a/c'], False),
            ('https://a/b', ['https://a/c'], False), ('https://a:1/b', ['https://a:2/b'], False),
            ('http://127.0.0.1:1/b', ['http://127.0.0.1/b', 'http://127.0.0.1:2/b'], True),
            ('http://127.0.0.1:1/b', ['http://[::1]/b'], False), (None, [], False), ('https://a/b', [], False),
        ):
            with self.subTest(uri, registered=registered):
                self.assertIs(is_only(uri, registered), expected)


if __name__ == '__main__':
    unittest.main()
