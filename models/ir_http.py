"""The stages of a request: before authentication, before the controller, around it, after it."""
from werkzeug.exceptions import RequestEntityTooLarge, abort

from odoo import models
from odoo.http import request

from ..protocol.caller import ip_address
from ..protocol.parameters import BODY_LIMIT
from ..protocol.visible import visible
from ..wire import cross_origin
from .door.read_only import telling_who_may_only_read
from .door.refusals import Refusals


class IrHttp(models.AbstractModel):
    _inherit = 'ir.http'

    @classmethod
    def _oauth2_caller(cls):
        """The IP address from which the current request came; None without a request, or if a proxy says something
        else.
        """
        return ip_address(request.httprequest.remote_addr) if request else None

    @classmethod
    def _oauth2_asked(cls):
        """The parameters of the current request as an event shows them; None if it is no request of the protocol."""
        parameters = getattr(request, 'oauth2_parameters', None) if request else None
        return None if parameters is None else parameters.told()

    @classmethod
    def _oauth2_came_by_proxy(cls):
        """Whether the current request says that it came through a proxy; None without a request."""
        return 'X-Forwarded-For' in request.httprequest.headers if request else None

    @classmethod
    def _oauth2_agent(cls):
        """The name that the program sent with the current request, in at most 200 visible characters; None without a
        request.
        """
        return visible(request.httprequest.user_agent.string[:400])[:200] if request else None

    @classmethod
    def _authenticate(cls, endpoint):
        """Keep the route's options, which Odoo does not pass to the methods of authentication."""
        request.oauth2 = None
        request.oauth2_routing = endpoint.routing
        if cross_origin.look_up() and cross_origin.is_preflight():
            abort(cross_origin.preflight())  # before somebody is asked for a token who sends none yet
        super()._authenticate(endpoint)

    @classmethod
    def _pre_dispatch(cls, rule, args):
        is_ours_ = rule.endpoint.routing.get('oauth2_endpoint')
        try:
            result = super()._pre_dispatch(rule, args)
        finally:
            if is_ours_:
                cross_origin.widen(request.future_response.headers, rule.endpoint.routing['oauth2_methods'])
        # Keep the original body. Odoo's dispatcher reads forms before our endpoints do, and keeps neither the bytes nor
        # repeated or badly encoded parameters.
        if is_ours_:
            body = request.httprequest.get_data()
            # A chunked body does not say its length: it is cut off at the limit.
            if request.httprequest.content_length is None and len(body) >= BODY_LIMIT:
                raise RequestEntityTooLarge
            request.oauth2_path_parameters = dict(args)
        return result

    @classmethod
    def _dispatch(cls, endpoint):
        # Our endpoints read their parameters themselves: a repeated one must be noticed, and one named `self` must not
        # reach a Python signature.
        if endpoint.routing.get('oauth2_endpoint'):
            request.params = request.oauth2_path_parameters
        if request.oauth2 is None or request.oauth2.limit is None:
            return super()._dispatch(endpoint)
        with telling_who_may_only_read(Refusals(request.env, request.oauth2.limit)):
            result = super()._dispatch(endpoint)
            if not request.env.cr.closed:
                request.env.cr.flush()  # pending writes are refused, too
            return result

    @classmethod
    def _post_dispatch(cls, response):
        super()._post_dispatch(response)
        cross_origin.allow(response)
