"""Every other address below the protocol's path."""
from odoo.http import Controller

from ..protocol.errors import NotFound
from .answer import PATH, endpoint


class UnknownController(Controller):

    @endpoint(PATH, '<path:unknown>', methods=('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'))
    def unknown(self, unknown=''):
        """Tell a program in its own format; Odoo would answer with a page."""
        raise NotFound('there is no such address')
