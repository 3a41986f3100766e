"""Rows that rest on an application and a user: codes, authorizations, consents."""
from odoo import SUPERUSER_ID, api, fields, models, tools
from odoo.fields import Domain
from odoo.tools import SQL

from ..oauth2_configuration import VACUUM_BATCH


class Outlived(fields.Many2one):
    """A many2one without a foreign key: the row may outlive its target for a while.

    With a foreign key, deleting an application or a user could delete a million rows in the same transaction, and would
    fail as long as one of them is being written. The vacuum removes them afterwards; until then they are hidden.
    """

    def update_db_foreign_key(self, model, column):
        """Make no foreign key."""


class OAuth2ClientUser(models.AbstractModel):
    """A row that belongs to one application and one user, and gives no access without both.

    **Endings are epochs.** Application, user and consent each have a random epoch, in an SQL column that the ORM does
    not know. A code stores the epochs that its transaction saw, its authorization inherits them, and both are valid
    only while they are equal to the current ones. To end something, one epoch is replaced: one row, at once, however
    many authorizations there are. Refreshing only reads epochs, so it cannot delay an ending. No clock is needed.

    If nobody was asked (direct authorization, client credentials), the row rests not on a consent but on the
    administrator's decision that the application acts for this user: the client's `service_epoch`.
    """
    _name = 'oauth2.client.user'
    _description = 'OAuth2 Row of an Application and a User'

    client_id = Outlived(
        'oauth2.client', 'Application', required=True, readonly=True, ondelete='cascade', index=True)
    user_id = Outlived('res.users', 'User', required=True, readonly=True, ondelete='cascade', index=True)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Hide rows whose application or user is gone."""
        return super()._search(Domain(domain) & _HAS_BOTH, *args, **kwargs)

    @api.model
    def _ground(self, row, condition):
        """The SQL of joins to what a code or an authorization rests on, beside application and user.

        They are plain joins, because PostgreSQL runs a subquery for each row.

        :param row: the alias of the table. It has `client_id`, `user_id` and `is_direct`; the same FROM has `client`,
            the application, before it.
        :param condition: on `ground.epoch`, which is NULL if there is nothing to rest on.
        :return: joins that add the alias `ground`, with `epoch`, and with the `companies` of the consent.
        """
        return SQL(
            """ LEFT JOIN oauth2_consent consent
                  ON NOT %(row)s.is_direct AND client.has_direct_authorization IS NOT TRUE
                 AND consent.client_id = %(row)s.client_id AND consent.user_id = %(row)s.user_id
                JOIN LATERAL (SELECT consent.companies, CASE
                      WHEN NOT %(row)s.is_direct THEN consent.epoch
                      WHEN client.user_id = %(row)s.user_id
                       AND (client.has_direct_authorization IS TRUE OR NOT %(is_direct_code)s)
                      THEN client.service_epoch END AS epoch) ground ON %(condition)s """,
            row=row, condition=condition, is_direct_code=self._is_direct_code(row))

    @api.model
    def _is_direct_code(self, _row):
        """The SQL condition that a direct row is of direct authorization, not of client credentials."""
        return SQL('TRUE')

    @api.model
    @tools.ormcache('row', cache='stable')
    def _standing(self, row):
        """The SQL of joins that keep a code or an authorization only while everything that it rests on is unchanged.

        :param row: the alias of the table, which has the epochs.
        :return: joins that add the aliases `client`, `res_users`, `subject` and `ground`.
        """
        return SQL(
            """ JOIN oauth2_client client
                  ON client.id = %(row)s.client_id AND client.active AND client.epoch = %(row)s.client_epoch
                JOIN res_users ON res_users.id = %(row)s.user_id AND %(may_hold)s AND (%(row)s.is_direct OR %(admits)s)
                JOIN oauth2_subject subject
                  ON subject.user_id = %(row)s.user_id AND subject.epoch = %(row)s.user_epoch
                %(ground)s """,
            row=row, may_hold=self._may_hold_tokens(SQL('res_users')), admits=self._admitted(),
            ground=self._ground(row, SQL('ground.epoch = %s.consent_epoch', row)))

    @api.model
    @tools.ormcache('row', cache='stable')
    def _stands(self, row):
        """The same as an SQL condition."""
        return SQL("EXISTS (SELECT FROM (SELECT) one %s)", self._standing(row))

    @api.model
    def _may_hold_tokens(self, user):
        """The SQL condition that there may be codes and tokens in a user's name: never for OdooBot, which may do
        everything.

        :param user: the alias of `res_users`.
        """
        return SQL("%(user)s.active AND %(user)s.id <> %(superuser)s", user=user, superuser=SUPERUSER_ID)

    @api.model
    def _admitted(self):
        """The SQL condition that `res_users` may use the application `client` (models/clients/people/)."""
        return self.env['oauth2.client']._admits(SQL('client'), SQL('res_users'))

    @api.model
    def _add_epoch_columns(self):
        """Add the columns of a row's epochs. A row without one of them gives no access."""
        self.env.cr.execute(SQL(
            """ ALTER TABLE %s ADD COLUMN IF NOT EXISTS client_epoch uuid,
                               ADD COLUMN IF NOT EXISTS user_epoch uuid,
                               ADD COLUMN IF NOT EXISTS consent_epoch uuid """, SQL.identifier(self._table)))

    @api.model
    def _is_orphan(self, row):
        """The SQL condition that a row's application or user is gone."""
        return SQL("NOT %s", _has_both(row))

    @api.model
    def _remove_orphans(self):
        """Remove some of the rows whose application or user is gone.

        :return: how many, and whether there may be more: for the vacuum.
        """
        self.env.cr.execute(SQL(
            "DELETE FROM %(table)s WHERE id IN (SELECT id FROM %(table)s WHERE %(is_orphan)s LIMIT %(most)s)",
            table=SQL.identifier(self._table), is_orphan=self._is_orphan(SQL.identifier(self._table)),
            most=VACUUM_BATCH))
        return self.env.cr.rowcount, self.env.cr.rowcount == VACUUM_BATCH


def _has_both(row):
    # IS TRUE prevents a join, which PostgreSQL plans badly beside others. For a long list it then reads both tables
    # once, for a short one it uses the indexes.
    return SQL(
        """ ((EXISTS (SELECT FROM oauth2_client WHERE oauth2_client.id = %(row)s.client_id)) IS TRUE
             AND (EXISTS (SELECT FROM res_users WHERE res_users.id = %(row)s.user_id)) IS TRUE) """, row=row)


_HAS_BOTH = Domain.custom(to_sql=lambda _model, alias, _query: _has_both(SQL.identifier(alias)))
