"""The identifier of a user for applications: it is never given to another user."""
from odoo import SUPERUSER_ID, api, fields, models
from odoo.tools import SQL


class OAuth2Subject(models.Model):
    """The subject identifier of a user (OpenID Connect Core §2, `sub`), and the user's epoch.

    The number of a user's row cannot be the `sub`: after a backup is restored the number is used again, and an
    application would take the new user for the old one. Users from before this addon had such names keep their number;
    all others get a UUID, which is neither a number nor a client ID.

    The epoch is in an SQL column (see :mod:`..endings.oauth2_client_user`). A row is made with its user; for a user
    that was not made through Odoo, when it is first needed.
    """
    _name = 'oauth2.subject'
    _description = 'OAuth2 Subject'
    _log_access = False
    _allow_sudo_commands = False

    name = fields.Char(required=True)
    user_id = fields.Many2one('res.users', required=True, ondelete='cascade')

    _name_unique = models.Constraint('UNIQUE (name)', 'A subject identifier names one user.')
    _user_unique = models.Constraint('UNIQUE (user_id)', 'A user has one subject identifier.')

    def init(self):
        # Checks, because Odoo drops NOT NULL from columns that are no fields.
        self.env.cr.execute(SQL(
            """ ALTER TABLE oauth2_subject
                  ALTER COLUMN name SET DEFAULT gen_random_uuid()::text,
                  ADD COLUMN IF NOT EXISTS epoch uuid DEFAULT gen_random_uuid() CHECK (epoch IS NOT NULL) """))

    @api.model
    def _name_of(self, user_id):
        """The subject identifier of a user, or None if there is none yet."""
        return self.search_fetch([('user_id', '=', user_id)], ['name']).name or None

    @api.model
    def _name_all(self):
        """Give every user who has none a subject identifier."""
        self.env.cr.execute('INSERT INTO oauth2_subject (user_id) SELECT id FROM res_users ON CONFLICT DO NOTHING')

    @api.model
    def _name_new(self, user_ids):
        """Give new users their subject identifiers."""
        if user_ids:
            self.env.cr.execute(SQL('INSERT INTO oauth2_subject (user_id) SELECT unnest(%s)', list(user_ids)))

    @api.model
    def _ensure(self, user_id):
        """The SQL of a CTE that makes a user's row if there is none, and returns its epoch only then."""
        return SQL(
            """ INSERT INTO oauth2_subject (user_id)
                     SELECT id FROM res_users
                      WHERE id = %(user)s AND active AND id <> %(superuser)s
                        AND NOT EXISTS (SELECT FROM oauth2_subject WHERE user_id = %(user)s)
                ON CONFLICT (user_id) DO NOTHING
                  RETURNING epoch """,
            user=user_id, superuser=SUPERUSER_ID)

    @api.model
    def _end(self, user_ids):
        """Replace the epochs of users: everything that was given in their names ends."""
        self.env.cr.execute(SQL(
            """ INSERT INTO oauth2_subject (user_id) SELECT id FROM res_users WHERE id = ANY(%s)
                ON CONFLICT (user_id) DO UPDATE SET epoch = gen_random_uuid() """, list(user_ids)),
            log_exceptions=False)
