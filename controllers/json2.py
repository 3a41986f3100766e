"""Odoo's JSON-2 API, for access tokens."""
from odoo.addons.rpc.controllers.json2 import WebJson2Controller
from odoo.http import request, route


class Json2Controller(WebJson2Controller):

    @route(oauth2_looks_at_model=True)
    def web_json_2_rpc(self, __model__, __method__, **arguments):
        """Call a method of a model only if the token opens the model to something: for a method may do anything."""
        if request.oauth2 is not None and request.oauth2.limit is not None:
            request.oauth2.limit.check_call(request.env, __model__, __method__)
        return super().web_json_2_rpc(__model__, __method__, **arguments)
