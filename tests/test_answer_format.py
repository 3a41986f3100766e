"""RFC 9110 §12.5.1: an answer's format follows the request's `Accept` header."""
import xml.etree.ElementTree as ElementTree

from .common import PATH, OAuth2Case
from .requirement import requirement


class TestFormat(OAuth2Case):

    @requirement('contract', '3', 'JSON by default; XML where it is asked for, by quality')
    @requirement('RFC 9110', '12.5.1', 'The format follows Accept, by quality')
    def test_the_format_that_was_asked_for(self):
        for accept, expected in {
            None: 'application/json',
            '*/*': 'application/json',
            'application/json': 'application/json',
            'application/xml': 'application/xml',
            'text/xml': 'text/xml',
            'Application/XML': 'application/xml',
            'application/json;q=0.1, application/xml': 'application/xml',
            'application/xml;q=0.5, application/json;q=0.9': 'application/json',
            'application/xml;q=0': 'application/json',
            'text/html': 'application/json',
            'image/png': 'application/json',
            ';;;q=,,/': 'application/json',
        }.items():
            for status, response in ((200, self.authorize(headers={'Accept': accept})),
                                     (404, self.ask('nothing/here', headers={'Accept': accept})),
                                     (401, self.ask('access_token', headers={'Accept': accept}))):
                with self.subTest(accept=accept, status=status):
                    self.assertEqual(response.status_code, status, response.text)
                    is_page = accept == 'text/html' and status == 404  # a person may come there
                    self.assertEqual(response.headers['Content-Type'],
                                     f"{'text/html' if is_page else expected}; charset=utf-8")
                    self.assertEqual(response.headers['Vary'], 'Accept')

    @requirement('contract', '3', 'XML has one root, response, a child per member, and is escaped')
    def test_xml(self):
        state = '<!DOCTYPE x> & "ü" ]]>'
        response = self.authorize(state=state, headers={'Accept': 'application/xml'})
        root = ElementTree.fromstring(response.content)
        self.assertEqual(root.tag, 'response')
        self.assertEqual([child.tag for child in root], ['code', 'state'])
        self.assertEqual(root.findtext('state'), state)
        tokens = ElementTree.fromstring(self.redeem(
            root.findtext('code'), headers={'Accept': 'text/xml'}).content)
        self.assertWorks(tokens.findtext('access_token'))
        self.assertEqual(tokens.findtext('expires_in'), '1800')

    @requirement('contract', '1', 'What is not there is 404 in the caller\'s format')
    def test_no_such_address(self):
        for path in ('', '/', '/nothing', '/authorize/more', '/access_token/', '/%00', '/ü', '/../oauth2/x',
                     '/a?self=1', '//access_token', '/authorize%0a', '/a%0ab'):
            for method in ('GET', 'POST', 'PUT', 'DELETE'):
                with self.subTest(path, method=method):
                    response = self.url_open(PATH + path, method=method, headers={'Accept': '*/*'})
                    if path == '/access_token/':  # a slash too many does no harm
                        self.assertIn(response.status_code, (401, 405))
                        continue
                    self.assertRefused(response, 404, 'not_found')
