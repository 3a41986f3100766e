"""What an expert would look at in the configuration of this server."""
from typing import NamedTuple

from odoo import api, models

HIGH, MEDIUM, LOW = 'high', 'medium', 'low'


class Found(NamedTuple):
    """Something that a check has found.

    :ivar client_id: the ID of the `oauth2.client` that it is about; None where it is about the server.
    :ivar detail: what of it changes from one finding to the next, such as a name.
    """
    client_id: int | None = None
    detail: str = ''


class Told(NamedTuple):
    """A finding in words.

    :ivar severity: one of HIGH, MEDIUM, LOW.
    :ivar sentence: what was found.
    :ivar why: why it matters, and what to do.
    """
    severity: str
    sentence: str
    why: str


class OAuth2Health(models.AbstractModel):
    """A check is two methods: `_finds_<name>` finds, `_tells_<name>` says it in words; where a button can mend it, a
    third one, `_mends_<name>`, does. Another addon adds a check by inheriting.
    """
    _name = 'oauth2.health'
    _description = 'OAuth2 Health'

    @api.model
    def _checks(self):
        """The names of all checks."""
        return sorted(name.removeprefix('_finds_') for name in dir(type(self)) if name.startswith('_finds_'))

    @api.model
    def _find(self):
        """Run all checks.

        :return: pairs of the name of a check and a :class:`Found`.
        """
        return [(name, found) for name in self._checks() for found in getattr(self, f'_finds_{name}')()]

    @api.model
    def _tell(self, name, client, detail):
        """A finding in the words of the user's language.

        :return: a :class:`Told`; None where there is no such check any more.
        """
        tell = getattr(self, f'_tells_{name}', None)
        return tell and tell(client, detail)
