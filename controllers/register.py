"""The endpoints for clients that register themselves (RFC 7591, RFC 7592)."""
import json

from odoo.http import Controller, Response, request

from ..protocol.authorization_header import scheme_and_credentials
from ..wire.answer import NOT_STORED, as_server, endpoint


class RegisterController(Controller):

    @endpoint('register', methods=('POST',), cors='*', races=True, purpose='register')
    def register(self):
        """Register a client."""
        return _answer(201, as_server()['oauth2.client.registration.endpoint']._answer(
            *_body(), _token(), request.httprequest.remote_addr))

    @endpoint('register/<client_id>', methods=('GET', 'PUT', 'DELETE'), cors='*', races=True)
    def manage(self, client_id):
        """Read, change or delete a registration."""
        configuration = as_server()['oauth2.client.configuration.endpoint']
        method, proof = request.httprequest.method, (_token(), request.httprequest.remote_addr)
        if method == 'DELETE':
            configuration._delete_registration(client_id, *proof)
            return Response(status=204, headers=NOT_STORED)
        if method == 'PUT':
            return _answer(200, configuration._update_registration(client_id, *_body(), *proof))
        return _answer(200, configuration._read_registration(client_id, *proof))


def _body():
    return request.httprequest.get_data(), request.httprequest.mimetype


def _token():
    """The access token of the request (RFC 6750 §2.1), or None."""
    scheme, token = scheme_and_credentials(request.httprequest.headers.get('Authorization', ''))
    return token if scheme == 'bearer' else None


def _answer(status, members):
    """Always JSON (RFC 7591 §3.2.1): the other formats have no lists."""
    return Response(json.dumps(members), status=status, headers={
        'Content-Type': 'application/json; charset=utf-8', **NOT_STORED})
