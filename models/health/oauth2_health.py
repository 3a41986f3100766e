"""The checks of this server's configuration that an expert would make."""
import logging
from typing import NamedTuple

from odoo import api, models
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

_logger = logging.getLogger(__name__)

HIGH, MEDIUM, LOW = '1_high', '2_medium', '3_low'  # they are sorted by these values


class Found(NamedTuple):
    """Something that a check has found.

    :ivar client_id: the ID of the `oauth2.client` that it is about; None if it is about the server.
    :ivar detail: for the sentence, such as a name.
    :ivar item: what identifies it, beside the client: one of several secrets, or the service user with what is opened.
        Its `repr` is compared: with another item, or another severity, it is another finding, which nobody has
        accepted.
    """
    client_id: int | None = None
    detail: str = ''
    item: object = None


class Told(NamedTuple):
    """A finding in words.

    :ivar severity: one of HIGH, MEDIUM, LOW.
    :ivar sentence: what was found.
    :ivar why: why it matters, and what to do.
    """
    severity: str
    sentence: str
    why: str


class NotNow(Exception):
    """A check has no result now: its earlier findings stay."""


class OAuth2Health(models.AbstractModel):
    """A check is two methods: `_finds_<name>` finds, `_tells_<name>` says it in words. If a button can mend it, a third
    one does: `_mends_<name>`. Other addons add checks by inheriting.
    """
    _name = 'oauth2.health'
    _description = 'OAuth2 Health'

    @api.model
    def _checks(self):
        """The names of all checks."""
        return sorted(name.removeprefix('_finds_') for name in dir(type(self)) if name.startswith('_finds_'))

    @api.model
    def _find(self):
        """Run all checks. One that fails does not stop the others.

        :return: pairs of the name of a check and a :class:`Found`; and the names of the checks that could not tell.
        """
        found, unknown = [], set()
        for name in self._checks():
            try:
                with self.env.cr.savepoint():
                    found += [(name, one) for one in getattr(self, f'_finds_{name}')()]
            except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                raise
            except NotNow:
                unknown.add(name)
            except Exception:  # a check of another addon, or a part of the server that fails
                _logger.exception('OAuth2: the check %s failed', name)
                unknown.add(name)
        return found, unknown

    @api.model
    def _tell(self, name, client, detail):
        """A finding in the words of the user's language.

        :return: a :class:`Told`; None if the check no longer exists.
        """
        tell = getattr(self, f'_tells_{name}', None)
        return tell and tell(client, detail)
