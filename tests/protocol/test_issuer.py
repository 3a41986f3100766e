import unittest
from urllib.parse import urlsplit

from hypothesis import example, given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.issuer import LIMIT, Problem, path, problem

GOOD = (
    'https://odoo.example.com', 'https://odoo.example.com:8443', 'https://odoo.example.com/erp',
    'https://odoo.example.com/a/b-c_d~e.f', 'https://[2001:db8::1]', 'http://localhost:8069', 'http://127.0.0.1:8069',
    'http://[::1]:8069/erp',
)


class TestProblem(unittest.TestCase):

    def assertProblem(self, expected, *uris):
        for uri in uris:
            with self.subTest(uri[:80]):
                self.assertIs(problem(uri), expected)

    @requirement('RFC 8414', '2', 'An issuer is an https address, with a path if it has one')
    def test_addresses_of_a_server(self):
        self.assertProblem(None, *GOOD)

    @requirement('RFC 8414', '2', 'An issuer has no query and no fragment')
    def test_query_and_fragment(self):
        self.assertProblem(Problem.QUERY_OR_FRAGMENT, 'https://a?', 'https://a/?b=c', 'https://a#', 'https://a/b#c',
                           'nonsense?')

    def test_plain_http_to_another_machine(self):
        self.assertProblem(Problem.PLAIN_HTTP, 'http://odoo.example.com', 'http://192.168.0.1:8069')

    @requirement('RFC 8414', '3.3', 'There is one way to write the issuer, which clients compare letter by letter')
    def test_what_could_be_written_in_two_ways(self):
        self.assertProblem(Problem.SLASH, 'https://a/', 'https://a/b/')
        self.assertProblem(Problem.NOT_AN_ADDRESS, 'https://Odoo.example.com', 'HTTPS://odoo.example.com')
        self.assertProblem(Problem.PATH, 'https://a/b/../c', 'https://a/%62', 'https://a/%2e', 'https://a/.hidden',
                           'https://a//b', 'https://a/b;c', 'https://a/b:c', 'https://a/b=c', 'https://a/.')

    def test_what_is_no_address_of_a_server(self):
        self.assertProblem(
            Problem.NOT_AN_ADDRESS, '', ' ', 'odoo.example.com', 'https://', 'https:///a', 'https://user@a',
            'ftp://a', 'com.example.app:/a', 'javascript:alert(1)', 'https://a b', 'https://bücher.example',
            'https://a\n', 'https://*.example.com', 'https://a:0', 'https://[::1', 'https://a\\b')

    def test_too_long(self):
        uri = 'https://odoo.example.com/'.ljust(LIMIT, 'a')
        self.assertProblem(None, uri)
        self.assertProblem(Problem.NOT_AN_ADDRESS, uri + 'a', uri * 20)

    @PROPERTY
    @example('https://[')
    @given(st.text() | st.text("abAB09._~:/?#[]@%-").map('https://a'.__add__))
    def test_any_text_is_judged_and_what_passes_can_be_put_before_a_path(self, uri):
        if problem(uri) is None:
            parts = urlsplit(uri + '/.well-known/x?y=z')
            self.assertEqual(parts.geturl(), uri + '/.well-known/x?y=z')
            self.assertEqual((parts.scheme, parts.netloc), urlsplit(uri)[:2])
            self.assertEqual(parts.path, path(uri) + '/.well-known/x')


class TestPath(unittest.TestCase):

    def test_path_has_its_slash_or_is_empty(self):
        self.assertEqual([path(uri) for uri in GOOD],
                         ['', '', '/erp', '/a/b-c_d~e.f', '', '', '', '/erp'])


if __name__ == '__main__':
    unittest.main()
