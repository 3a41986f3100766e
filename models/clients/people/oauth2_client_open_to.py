"""Who may use an application."""
from odoo import api, fields, models
from odoo.tools import SQL


class OAuth2Client(models.Model):
    """This is checked whenever a code or a token is issued or used, in the same statement. So every change of lists,
    groups or implied groups takes access away at once.

    The list is for users who sign in. An administrator chooses the service user.
    """
    _inherit = 'oauth2.client'

    # A field of its own: if the last group of a list is deleted, the empty list opens the application to nobody.
    open_to = fields.Selection([
        ('everybody', 'Everybody who can log in'),
        ('listed', 'Only these groups and users'),
    ], 'Who may use it', required=True, compute='_compute_open_to', store=True, readonly=False, precompute=True,
        help='Whoever may not use it gets no tokens, and those of before stop working at once.')
    allowed_group_ids = fields.Many2many(
        'res.groups', 'oauth2_client_allowed_group_rel', 'client_id', 'group_id', 'Groups that may use it',
        help='Who belongs to one of them, also by another group, may use it.')
    allowed_user_ids = fields.Many2many(
        'res.users', 'oauth2_client_allowed_user_rel', 'client_id', 'user_id', 'Users who may use it',
        context={'active_test': False})

    @api.depends('allowed_group_ids', 'allowed_user_ids')
    def _compute_open_to(self):
        """Filling in a list restricts the application to it, unless `open_to` is written along with it. Emptying the
        list does not open the application to everybody.
        """
        for client in self:
            is_listed = client.allowed_group_ids or client.allowed_user_ids
            client.open_to = 'listed' if is_listed else client.open_to or 'everybody'

    @api.model
    def _admits(self, client, user):
        """The SQL condition that a user may use an application.

        :param client: the alias of `oauth2_client`.
        :param user: the alias of `res_users`.
        """
        return SQL(
            """ (%(client)s.open_to = 'everybody'
                 OR EXISTS (SELECT FROM oauth2_client_allowed_user_rel listed
                             WHERE listed.client_id = %(client)s.id AND listed.user_id = %(user)s.id)
                 OR EXISTS (WITH RECURSIVE held (id) AS (
                                   SELECT gid FROM res_groups_users_rel WHERE uid = %(user)s.id
                                    UNION
                                   SELECT hid FROM res_groups_implied_rel JOIN held ON held.id = gid)
                            SELECT FROM held JOIN oauth2_client_allowed_group_rel listed ON listed.group_id = held.id
                             WHERE listed.client_id = %(client)s.id)) """,
            client=client, user=user)

    def _may_use(self, user_id):
        """Whether a user may use this application. If everybody may, it costs no statement."""
        return self.open_to == 'everybody' or bool(self._users_among(SQL('res_users.id = %s', user_id)))

    def _has_users(self):
        """Whether anybody may use this application."""
        return bool(self._users_among(SQL('TRUE')))

    def _users_among(self, condition):
        self.flush_recordset(['open_to'])
        return self.env.execute_query(SQL(
            """ SELECT res_users.id FROM oauth2_client client JOIN res_users ON %(condition)s
                 WHERE client.id = %(client)s AND %(may_hold)s AND %(admits)s LIMIT 1 """,
            condition=condition, client=self.id, admits=self._admits(SQL('client'), SQL('res_users')),
            may_hold=self.env['oauth2.client.user']._may_hold_tokens(SQL('res_users'))))
