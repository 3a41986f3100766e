"""The documented requests, byte for byte as they are printed, folded header included."""
import json
import re
import socket
from urllib.parse import urlsplit

from client import SystemCase
from requirement import requirement

AUTHORIZE = """\
GET /restapi/1.0/common/oauth2/authorize HTTP/1.1
Host: {your_Odoo_server_url}
Authorization: OAuth client_id='uwCrAHAQbL7D9cvJLIztNaZ0bziEGMDh',
                     state='Y1Ux1iNPvn6KYQK5Lj84WJ9VJrQw1L',
                     redirect_uri='https%3A%2F%2F127.0.0.1%2Fcallback',
                     response_type='code'

"""
# Between `code` and `grant_type` the documentation has no comma.
ACCESS_TOKEN = """\
POST /restapi/1.0/common/oauth2/access_token HTTP/1.1
Host: {your_Odoo_server_url}
Authorization: OAuth client_id='uwCrAHAQbL7D9cvJLIztNaZ0bziEGMDh',
                     client_secret='FtHzOQVEs0aSEL9AXuIe9k7X6E2MekU7',
                     redirect_uri='https%3A%2F%2F127.0.0.1%2Fcallback',
                     code='dcee1806d2c50d0fb598'
                     grant_type='authorization_code'

"""


class TestReferencePage(SystemCase):

    def send(self, request):
        """Write a request to a socket as it is, and read the answer: status line, headers, body."""
        server = urlsplit(self.url)
        request = request.replace('{your_Odoo_server_url}', server.netloc).replace('\n', '\r\n')
        with socket.create_connection((server.hostname, server.port), timeout=60) as connection:
            connection.sendall(request.encode())
            answer = b''
            while b'\r\n\r\n' not in answer or len(answer) < self.length(answer):
                received = connection.recv(65536)
                if not received:
                    break
                answer += received
        head, _blank, body = answer.partition(b'\r\n\r\n')
        status, *headers = head.decode().split('\r\n')
        return status, dict(header.split(': ', 1) for header in headers), body

    def length(self, answer):
        head, blank, _body = answer.partition(b'\r\n\r\n')
        return len(head + blank) + int(re.search(rb'(?i)content-length: (\d+)', head)[1])

    @requirement('contract', '4', 'The documented request works byte by byte')
    @requirement('contract', '5', 'The documented request works byte by byte')
    def test_the_documented_requests(self):
        status, headers, body = self.send(AUTHORIZE)
        self.assertIn(' 200 OK', status)
        self.assertEqual(headers['Content-Type'], 'application/json; charset=utf-8')
        code = json.loads(body)['code']
        self.assertRegex(code, '^[0-9a-f]{20}$')
        self.assertEqual(json.loads(body), {'code': code, 'state': 'Y1Ux1iNPvn6KYQK5Lj84WJ9VJrQw1L'})

        status, headers, body = self.send(ACCESS_TOKEN.replace('dcee1806d2c50d0fb598', code))
        self.assertIn(' 200 OK', status)
        answer = json.loads(body)
        self.assertEqual(list(answer)[:4], ['access_token', 'token_type', 'access_token_validity', 'refresh_token'])
        self.assertEqual(answer['token_type'], 'bearer')
        self.assertRegex(answer['access_token_validity'], r'^\d{1,2}/\d{1,2}/\d{4} \d\d:\d\d:\d\d$')
        self.assertEqual(self.call(answer['access_token']).status_code, 200)

    @requirement('contract', '3', 'The documented statuses')
    def test_the_documented_statuses(self):
        status, headers, _body = self.send(ACCESS_TOKEN)  # with the printed code, which nobody was given
        self.assertIn(' 401 UNAUTHORIZED', status)
        self.assertTrue(headers['WWW-Authenticate'].startswith('OAuth '))
        status, _headers, _body = self.send(AUTHORIZE.replace('oauth2/authorize', 'oauth2/nothing'))
        self.assertIn(' 404 NOT FOUND', status)
        status, _headers, body = self.send(AUTHORIZE.replace(
            '\nAuthorization', '\nAccept: application/xml\nAuthorization'))
        self.assertIn(' 200 OK', status)
        self.assertIn(b'<response><code>', body)
