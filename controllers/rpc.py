"""XML-RPC and JSON-RPC with an access token, in place of a password or an API key.

Odoo has no hook there to check a call before it runs: `wire/rpc_call.py` makes calls with a token.
"""
from xmlrpc.client import loads

from odoo.addons.rpc.controllers import RPC
from odoo.addons.rpc.controllers.jsonrpc import _check_request
from odoo.addons.rpc.controllers.xmlrpc import dumps
from odoo.http import request, route

from ..protocol import jwt
from ..wire import rpc_call

# The beginning of a JWT: a body without it need not be read twice.
_TOKEN = b'eyJ'


class RPCController(RPC):

    @route()
    def jsonrpc(self, service, method, args):
        """One call by JSON-RPC."""
        if not _has_token(args):
            return super().jsonrpc(service, method, args)
        _check_request()
        return rpc_call.made(service, method, args)

    def _xmlrpc(self, service):
        data = request.httprequest.get_data()
        parameters, method = loads(data, use_datetime=True) if _TOKEN in data else ((), None)
        if not _has_token(parameters):
            return super()._xmlrpc(service)
        _check_request()
        return dumps((rpc_call.made(service, method, parameters),))


def _has_token(parameters):
    """Whether the third parameter, the password, is an access token."""
    return isinstance(parameters, (list, tuple)) and len(parameters) > 2 and isinstance(
        parameters[2], str) and jwt.is_compact_jwt(parameters[2])
