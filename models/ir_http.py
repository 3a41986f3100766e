"""The way of a request: before it is known who asks, before the controller, around it, after it."""
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
        """The IP address from which the request came that is being served; None where none is, or a proxy says
        something else.
        """
        return ip_address(request.httprequest.remote_addr) if request else None

    @classmethod
    def _oauth2_asked(cls):
        """What an auditor reads of the request of the protocol that is being served; None where none is."""
        parameters = getattr(request, 'oauth2_parameters', None) if request else None
        return None if parameters is None else parameters.told()

    @classmethod
    def _oauth2_came_by_proxy(cls):
        """Whether the request that is being served says that it came through a proxy; None where none is served."""
        return 'X-Forwarded-For' in request.httprequest.headers if request else None

    @classmethod
    def _oauth2_agent(cls):
        """What the program calls itself that sent the request, in 200 visible characters at the most; None where none
        did.
        """
        return visible(request.httprequest.user_agent.string[:400])[:200] if request else None

    @classmethod
    def _authenticate(cls, endpoint):
        """Keep what the route says: Odoo does not pass it on to the methods of authentication."""
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
        # Keep the body as it came. Odoo's dispatcher reads forms before our endpoints do, and
        # leaves of them neither the bytes nor what was doubled or badly encoded.
        if is_ours_:
            body = request.httprequest.get_data()
            # A body that comes in chunks says nothing of its length: it is cut where it is too long.
            if request.httprequest.content_length is None and len(body) >= BODY_LIMIT:
                raise RequestEntityTooLarge
            request.oauth2_path_parameters = dict(args)
        return result

    @classmethod
    def _dispatch(cls, endpoint):
        # Our endpoints read their parameters themselves: a doubled one must be seen, and one named
        # `self` must not reach a Python signature.
        if endpoint.routing.get('oauth2_endpoint'):
            request.params = request.oauth2_path_parameters
        if request.oauth2 is None or request.oauth2.limit is None:
            return super()._dispatch(endpoint)
        with telling_who_may_only_read(Refusals(request.env, request.oauth2.limit)):
            result = super()._dispatch(endpoint)
            if not request.env.cr.closed:
                request.env.cr.flush()  # what is still to be stored may not be, either
            return result

    @classmethod
    def _post_dispatch(cls, response):
        super()._post_dispatch(response)
        cross_origin.allow(response)
