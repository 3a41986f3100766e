"""The documented requests, byte for byte as printed, folded header included."""
import json
import re
import socket
from urllib.parse import urlsplit

from client import CLIENT_ID, CLIENT_SECRET

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


def tokens(url, client_id=CLIENT_ID, client_secret=CLIENT_SECRET):
    """The answer to both documented requests, with an application's own credentials in them."""
    code = '0'
    for request in (AUTHORIZE, ACCESS_TOKEN):
        status, _headers, body = send(url, request.replace(CLIENT_ID, client_id).replace(
            CLIENT_SECRET, client_secret).replace('dcee1806d2c50d0fb598', code))
        assert ' 200 OK' in status, body
        answer = json.loads(body)
        code = answer.get('code')
    return answer


def send(url, request):
    """Write a request to a socket as it is, and read the answer: status line, headers, body."""
    server = urlsplit(url)
    request = request.replace('{your_Odoo_server_url}', server.netloc).replace('\n', '\r\n')
    with socket.create_connection((server.hostname, server.port), timeout=60) as connection:
        connection.sendall(request.encode())
        answer = b''
        while b'\r\n\r\n' not in answer or len(answer) < _length(answer):
            received = connection.recv(65536)
            if not received:
                break
            answer += received
    head, _blank, body = answer.partition(b'\r\n\r\n')
    status, *headers = head.decode().split('\r\n')
    return status, dict(header.split(': ', 1) for header in headers), body


def _length(answer):
    head, blank, _body = answer.partition(b'\r\n\r\n')
    return len(head + blank) + int(re.search(rb'(?i)content-length: (\d+)', head)[1])
