"""What rests on an application and a user: codes, authorizations, consents."""
from odoo import SUPERUSER_ID, api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..oauth2_configuration import VACUUM_BATCH


class Outlived(fields.Many2one):
    """A many2one without a foreign key: the row may outlive for a while what it names.

    With a foreign key, deleting an application or a user would delete a million rows in the same transaction, and
    fail as long as one of them is being written. The vacuum removes them afterwards; until then nobody sees them.
    """

    def update_db_foreign_key(self, model, column):
        """Make none."""


class OAuth2ClientUser(models.AbstractModel):
    """A row that belongs to one application and one user, and that is worth nothing without both.

    **Endings are epochs.** Application, user and consent each have a random epoch, in an SQL column that the ORM does
    not know. A code keeps the epochs that its transaction saw, its authorization inherits them, and both are good
    only as long as they are equal. Who ends something replaces one epoch: one row, at once, however many authorizations
    there are; and since refreshing only reads epochs, it cannot keep anybody from ending it. No clock decides.

    What nobody was asked for (direct authorization, client credentials) rests, in place of a consent, on the
    administrator's decision that the application acts for this user: the client's `service_epoch`.
    """
    _name = 'oauth2.client.user'
    _description = 'OAuth2 Row of an Application and a User'

    client_id = Outlived(
        'oauth2.client', 'Application', required=True, readonly=True, ondelete='cascade', index=True)
    user_id = Outlived('res.users', 'User', required=True, readonly=True, ondelete='cascade', index=True)

    @api.model
    def _search(self, domain, *args, **kwargs):
        """Show no row whose application or user is gone."""
        return super()._search(Domain(domain) & _HAS_BOTH, *args, **kwargs)

    @api.model
    def _ground(self, row, condition):
        """The SQL of joins to what a code or an authorization rests on beside application and user.

        Plain joins: PostgreSQL takes each row of a list by itself where it finds a subquery.

        :param row: the alias of the table. It has `client_id`, `user_id` and `is_direct`; before it, in the same
            FROM, stands `client`, the application.
        :param condition: what has to hold of `ground.epoch`, which is NULL where there is nothing to rest on.
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
        """The SQL that holds where a direct row is of direct authorization, not of client credentials."""
        return SQL('TRUE')

    @api.model
    def _standing(self, row):
        """The SQL of joins that leave a code or an authorization only while all that it rests on is unchanged.

        :param row: the alias of the table that is joined to, with its epochs.
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
    def _stands(self, row):
        """The same as a condition: the SQL that holds while all that a row rests on is unchanged."""
        return SQL("EXISTS (SELECT FROM (SELECT) one %s)", self._standing(row))

    @api.model
    def _may_hold_tokens(self, user):
        """The SQL that holds for users in whose name there may be codes and tokens: never OdooBot, which may do
        everything.

        :param user: the alias of `res_users`.
        """
        return SQL("%(user)s.active AND %(user)s.id <> %(superuser)s", user=user, superuser=SUPERUSER_ID)

    @api.model
    def _admitted(self):
        """The SQL that holds where `res_users` may use the application `client` (models/clients/people/)."""
        return self.env['oauth2.client']._admits(SQL('client'), SQL('res_users'))

    @api.model
    def _add_epoch_columns(self):
        """Add the columns of the epochs that a row has seen. Without one of them it is good for nothing."""
        self.env.cr.execute(SQL(
            """ ALTER TABLE %s ADD COLUMN IF NOT EXISTS client_epoch uuid,
                               ADD COLUMN IF NOT EXISTS user_epoch uuid,
                               ADD COLUMN IF NOT EXISTS consent_epoch uuid """, SQL.identifier(self._table)))

    @api.model
    def _is_orphan(self, row):
        """The SQL that holds for a row whose application or user is gone."""
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
    # IS TRUE: so PostgreSQL does not make a join of it, which it plans wrongly beside others. For a long list it reads
    # both tables once, for a short one it looks up.
    return SQL(
        """ ((EXISTS (SELECT FROM oauth2_client WHERE oauth2_client.id = %(row)s.client_id)) IS TRUE
             AND (EXISTS (SELECT FROM res_users WHERE res_users.id = %(row)s.user_id)) IS TRUE) """, row=row)


_HAS_BOTH = Domain.custom(to_sql=lambda _model, alias, _query: _has_both(SQL.identifier(alias)))
