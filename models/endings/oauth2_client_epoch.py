"""How all tokens of an application end at once."""
from typing import NamedTuple

from odoo import models
from odoo.tools import SQL


class Footing(NamedTuple):
    """The rights of an application whose loss ends what was given before.

    :ivar grants: the names of the fields of the grant types that it may use.
    """
    active: bool
    is_public: bool
    has_direct_authorization: bool
    grants: frozenset
    user_id: int


class OAuth2Client(models.Model):
    """Two epochs, in SQL columns that the ORM does not know (:mod:`.oauth2_client_user`).

    `epoch` ends everything; `service_epoch` ends what rests on the service user.
    """
    _inherit = 'oauth2.client'

    def init(self):
        super().init()
        # Checks, because Odoo drops NOT NULL from columns that are no fields.
        for name in ('epoch', 'service_epoch'):
            self.env.cr.execute(SQL(
                """ ALTER TABLE oauth2_client
                ADD COLUMN IF NOT EXISTS %(name)s uuid DEFAULT gen_random_uuid() CHECK (%(name)s IS NOT NULL) """,
                name=SQL.identifier(name)))

    def _footing(self):
        return Footing(self.active, self.is_public, self.has_direct_authorization,
                       frozenset(name for name in self._grant_fields() if self[name]), self.user_id.id)

    def _end_what_was_taken(self, former):
        """End what an application was given, if it has lost rights.

        :param former: its :class:`Footing` before.
        """
        footing = self._footing()
        # An application of another kind would continue with what the former kind has proven.
        is_another = (former.is_public, former.has_direct_authorization) != (
            footing.is_public, footing.has_direct_authorization)
        if is_another or (former.active and not footing.active) or former.grants - footing.grants:
            self._end_all('client')
        elif former.user_id != footing.user_id:
            self._replace_epochs('service_epoch')

    def _end_all(self, detail):
        """End every code and token of these applications at once.

        :param detail: for the event, in a word.
        """
        self._replace_epochs('epoch')
        for client in self:
            self.env['oauth2.event']._record('application_ended', client, detail=detail)

    def _replace_epochs(self, name):
        self.env.cr.execute(SQL(
            "UPDATE oauth2_client SET %s = gen_random_uuid() WHERE id = ANY(%s)", SQL.identifier(name), self.ids),
            log_exceptions=False)
        self.env['oauth2.authorization'].invalidate_model(['is_active', 'revoked_because'])
