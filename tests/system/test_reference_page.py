"""The documented requests, byte for byte."""
import json

from client import SystemCase
from reference_page import ACCESS_TOKEN, AUTHORIZE, send
from requirement import requirement


class TestReferencePage(SystemCase):

    @requirement('contract', '4', 'The documented request works byte by byte')
    @requirement('contract', '5', 'The documented request works byte by byte')
    def test_the_documented_requests(self):
        status, headers, body = send(self.url, AUTHORIZE)
        self.assertIn(' 200 OK', status)
        self.assertEqual(headers['Content-Type'], 'application/json; charset=utf-8')
        code = json.loads(body)['code']
        self.assertRegex(code, '^[0-9a-f]{20}$')
        self.assertEqual(json.loads(body), {'code': code, 'state': 'Y1Ux1iNPvn6KYQK5Lj84WJ9VJrQw1L'})

        status, headers, body = send(self.url, ACCESS_TOKEN.replace('dcee1806d2c50d0fb598', code))
        self.assertIn(' 200 OK', status)
        answer = json.loads(body)
        self.assertEqual(list(answer)[:4], ['access_token', 'token_type', 'access_token_validity', 'refresh_token'])
        self.assertEqual(answer['token_type'], 'bearer')
        self.assertRegex(answer['access_token_validity'], r'^\d{1,2}/\d{1,2}/\d{4} \d\d:\d\d:\d\d$')
        self.assertEqual(self.call(answer['access_token']).status_code, 200)

    @requirement('contract', '3', 'The documented statuses')
    def test_the_documented_statuses(self):
        status, headers, _body = send(self.url, ACCESS_TOKEN)  # with the printed code, which nobody was given
        self.assertIn(' 401 UNAUTHORIZED', status)
        self.assertTrue(headers['WWW-Authenticate'].startswith('OAuth '))
        status, _headers, _body = send(self.url, AUTHORIZE.replace('oauth2/authorize', 'oauth2/nothing'))
        self.assertIn(' 404 NOT FOUND', status)
        status, _headers, body = send(self.url, AUTHORIZE.replace(
            '\nAuthorization', '\nAccept: application/xml\nAuthorization'))
        self.assertIn(' 200 OK', status)
        self.assertIn(b'<response><code>', body)
