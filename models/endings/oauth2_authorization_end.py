"""The end of one authorization: it was revoked, or a code or refresh token was used twice."""
from odoo import api, fields, models
from odoo.tools import SQL

REASONS = [
    ('administrator', 'An administrator revoked it'),
    ('client', 'The application was archived, or lost what it needs'),
    ('client_request', 'The application gave it back'),
    ('consent', 'The user withdrew the consent'),
    ('logout', 'The user signed out'),
    ('excluded', 'The user may not use the application any more'),
    ('user', "The user's login, password or second factor changed"),
    ('code_replay', 'Its code was used twice'),
    ('refresh_token_replay', 'An old refresh token was used'),
]


class OAuth2AuthorizationEnd(models.Model):
    """An authorization has ended. This is a row of its own, so that it never waits for a refresh, which writes the
    other row.

    It names the authorization as tokens do: an authorization that begins anew in an old row has another name. An ending
    of many authorizations replaces an epoch (:mod:`.oauth2_client_user`) and leaves no row here.
    """
    _name = 'oauth2.authorization.end'
    _description = 'End of an OAuth2 Authorization'
    _log_access = False
    _allow_sudo_commands = False

    authorization_name = fields.Char(required=True)
    ended_at = fields.Datetime(required=True, index=True)
    because = fields.Selection(REASONS, required=True)

    _authorization_unique = models.Constraint('UNIQUE (authorization_name)', 'An authorization ends once.')

    @api.model
    def _record(self, authorizations, because):
        """End authorizations. One that has ended before keeps its reason.

        :param because: one of :data:`REASONS`.
        :return: those that had not ended before.
        """
        self.env.cr.execute(SQL(
            """ WITH ended AS (
                    INSERT INTO oauth2_authorization_end (authorization_name, ended_at, because)
                         SELECT name, now() AT TIME ZONE 'UTC', %s FROM oauth2_authorization WHERE id = ANY(%s)
                    ON CONFLICT (authorization_name) DO NOTHING
                      RETURNING authorization_name)
                SELECT id FROM oauth2_authorization WHERE name IN (SELECT authorization_name FROM ended) """,
            because, authorizations.ids), log_exceptions=False)
        return authorizations.browse(row[0] for row in self.env.cr.fetchall())

    @api.model
    def _has_ended(self, authorization):
        """The SQL condition that an authorization has an end of its own.

        :param authorization: the table's alias.
        """
        return SQL("EXISTS (SELECT FROM oauth2_authorization_end ended WHERE ended.authorization_name = %s.name)",
                   authorization)

    @api.autovacuum
    def _gc_ends(self):
        """Remove the ends of authorizations that are gone."""
        self.env.cr.execute(SQL(
            """ DELETE FROM oauth2_authorization_end ended WHERE NOT EXISTS (
                       SELECT FROM oauth2_authorization WHERE name = ended.authorization_name) """))
