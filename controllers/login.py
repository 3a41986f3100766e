"""Odoo's login page names the application to which a person is signing in."""
from odoo.addons.web.controllers.home import Home
from odoo.http import request, route

from ..wire import signing_in
from ..wire.answer import isolated


class Login(Home):

    @route()
    def web_login(self, *args, **kwargs):
        """Add the application that asked this browser to sign in, if one did."""
        response = super().web_login(*args, **kwargs)
        if getattr(response, 'is_qweb', False):
            client = signing_in.application(request.params.get('redirect'))
            if client:
                response.qcontext['oauth2_sentence'] = request.env._(
                    'Sign in to continue to %s', isolated(client._known_as()))
        return response
