"""XML-RPC and JSON-RPC, with an access token where they take a password or an API key."""
from xmlrpc.client import loads

from odoo.addons.rpc.controllers import RPC
from odoo.http import request, route

from ..models.door.limit import telling_who_may_only_read
from ..models.door.rpc_call import made

# How a JWT begins: what has none in it need not be read twice.
_TOKEN = b'eyJ'


class RPCController(RPC):
    """The token itself is looked at where Odoo looks at the password (models/door/res_users_rpc.py). Here is noted
    what it is used for, and here the limit ends that it puts on the call.
    """

    @route()
    def jsonrpc(self, service, method, args):
        """One call by JSON-RPC."""
        with made(service, args), telling_who_may_only_read(request.env):
            return super().jsonrpc(service, method, args)

    def _xmlrpc(self, service):
        data = request.httprequest.get_data()
        parameters = loads(data, use_datetime=True)[0] if _TOKEN in data else ()
        with made(service, parameters), telling_who_may_only_read(request.env):
            return super()._xmlrpc(service)
