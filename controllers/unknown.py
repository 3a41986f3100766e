"""All other addresses below the protocol's path."""
from odoo.http import Controller

from ..protocol.errors import NotFound
from ..wire.answer import PATH, endpoint


class UnknownController(Controller):

    @endpoint(PATH, '<path:unknown>', methods=('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'), has_page=True,
              readonly=True, purpose='nothing')
    def unknown(self, unknown=''):
        """Answer a program in its own format, and a person with our page."""
        raise NotFound('there is no such address')
