"""Odoo's JSON-2 API, for access tokens."""
from werkzeug.exceptions import NotFound, UnprocessableEntity

from odoo.addons.rpc.controllers.json2 import WebJson2Controller
from odoo.http import request, route
from odoo.models import BaseModel

from ..models.door.door import UnknownMethod, UnknownModel, WrongArguments


class Json2Controller(WebJson2Controller):

    @route(oauth2_looks_at_model=True)
    def web_json_2_rpc(self, __model__, __method__, ids=(), context=None, **arguments):
        """Call a method of a model; through the door, if the token is limited."""
        token = request.oauth2
        if token is None or token.limit is None:
            return super().web_json_2_rpc(__model__, __method__, ids=ids, context=context or {}, **arguments)
        try:
            result = request.env['oauth2.door']._enter(
                token.limit, __model__, __method__, ids=ids, kwargs=arguments, context=context)
        except (UnknownModel, UnknownMethod) as error:
            raise NotFound(error.args[0]) from None
        except WrongArguments as error:
            raise UnprocessableEntity(error.args[0]) from None
        return result.ids if isinstance(result, BaseModel) else result
