"""Who has access to what, since when, and used from where: one list of consents and of applications for one user."""
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tools import SQL, drop_view_if_exists

from ..authorizations.oauth2_consent import numbers

RELOAD = {'type': 'ir.actions.client', 'tag': 'restapi_oauth2.reload'}


class OAuth2Access(models.Model):
    """A row for each application and user: what the user has allowed, or what an administrator has decided.

    It is a view, so nothing has to be kept in sync. Administrators see all rows, other users their own.
    """
    _name = 'oauth2.access'
    _description = 'OAuth2 Access'
    _auto = False
    _order = 'used_at DESC NULLS LAST, id DESC'
    _allow_sudo_commands = False

    client_id = fields.Many2one('oauth2.client', 'Application', readonly=True)
    # For users, who may not read applications.
    application = fields.Char('Application (name)', compute='_compute_application', compute_sudo=True)
    publisher = fields.Char(related='client_id.publisher', related_sudo=True)
    logo = fields.Binary(related='client_id.logo', related_sudo=True)
    write_date = fields.Datetime(related='client_id.write_date', related_sudo=True)  # Odoo's image widget asks for it
    user_id = fields.Many2one('res.users', readonly=True)
    kind = fields.Selection([
        ('consent', 'The user allowed it'),
        ('service', 'Runs by itself'),
        ('direct', 'Direct authorization'),
    ], 'Because', readonly=True)
    scope = fields.Char('Scope names', readonly=True)
    scope_ids = fields.Many2many(
        'oauth2.scope', 'oauth2_access_scope', 'access_id', 'scope_id', 'Scopes', readonly=True)
    companies = fields.Char('Numbers of companies', readonly=True)
    company_ids = fields.Many2many('res.company', string='Companies', compute='_compute_company_ids', compute_sudo=True)
    company_names = fields.Char('It sees', compute='_compute_company_ids', compute_sudo=True)
    since = fields.Datetime(readonly=True)
    used_at = fields.Datetime('Last used', readonly=True)
    address = fields.Char('IP address', readonly=True)
    agent = fields.Char('Program', readonly=True)
    through = fields.Char(readonly=True, help='The API that has last used Odoo for it.')
    status = fields.Selection([
        ('active', 'Active'),
        ('idle', 'Unused for 90 days'),
        ('never', 'Never used'),
        ('stopped', 'Application or user archived'),
        ('excluded', 'The user may not use it any more'),
    ], readonly=True)
    description = fields.Text('May', compute='_compute_description', compute_sudo=True)
    question = fields.Char(compute='_compute_question')
    opened_model = fields.Char('Opens the model', store=False, search='_search_opened_model')

    def init(self):
        """Create the view, and the view of its scopes: those that the application may still ask for."""
        for view in ('oauth2_access_scope', self._table):
            drop_view_if_exists(self.env.cr, view)
        self.env.cr.execute(SQL(
            """ CREATE VIEW oauth2_access AS
                SELECT access.*, used.used_at, used.address, used.agent, used.through, CASE
                       WHEN client.active IS NOT TRUE OR res_users.active IS NOT TRUE THEN 'stopped'
                       WHEN access.kind = 'consent' AND NOT %(admits)s THEN 'excluded'
                       WHEN used.used_at IS NULL THEN 'never'
                       WHEN used.used_at < (now() AT TIME ZONE 'UTC') - interval '90 days' THEN 'idle'
                       ELSE 'active' END AS status
                  FROM (SELECT 2 * id AS id, 'consent' AS kind, client_id, user_id, scope, companies,
                               create_date AS since
                          FROM oauth2_consent
                         UNION ALL
                        SELECT 2 * client.id + 1,
                               CASE WHEN has_direct_authorization THEN 'direct' ELSE 'service' END,
                               client.id, client.user_id, %(scope)s, NULL, client.create_date
                          FROM oauth2_client client
                         WHERE user_id IS NOT NULL AND (has_direct_authorization OR grant_client_credentials)) access
                  JOIN oauth2_client client ON client.id = access.client_id
                  JOIN res_users ON res_users.id = access.user_id
             LEFT JOIN oauth2_use used ON used.client_id = access.client_id AND used.user_id = access.user_id
                   AND used.is_direct = (access.kind <> 'consent') """,
            scope=self.env['oauth2.client']._scope_sql(SQL('client')),
            admits=self.env['oauth2.client']._admits(SQL('client'), SQL('res_users'))))
        listed = self.env['oauth2.client']._fields['scope_ids']
        self.env.cr.execute(SQL(
            """ CREATE VIEW oauth2_access_scope AS
                SELECT access.id AS access_id, scope.id AS scope_id
                  FROM oauth2_access access
                  JOIN %(relation)s listed ON listed.%(client)s = access.client_id
                  JOIN oauth2_scope scope ON scope.id = listed.%(scope)s
                 WHERE scope.name = ANY(string_to_array(access.scope, ' ')) """,
            relation=SQL.identifier(listed.relation), client=SQL.identifier(listed.column1),
            scope=SQL.identifier(listed.column2)))

    @api.depends('client_id', 'user_id')
    def _compute_display_name(self):
        for access in self:
            access.display_name = self.env._(
                '%(application)s for %(user)s', application=access.client_id.name, user=access.user_id.sudo().name)

    @api.depends('companies')
    def _compute_company_ids(self):
        for access in self:
            access.company_ids = self.env['res.company'].browse(numbers(access.companies)).exists()
            access.company_names = ', '.join(access.company_ids.mapped('name'))

    @api.depends('scope_ids')
    @api.depends_context('lang')
    def _compute_description(self):
        for access in self:
            access.description = '\n'.join(
                self.env['oauth2.scope']._sentences(' '.join(access.scope_ids.mapped('name'))))

    @api.depends('client_id')
    @api.depends_context('lang')
    def _compute_application(self):
        for access in self:
            access.application = access.client_id._known_as()

    @api.depends('application')
    @api.depends_context('lang')
    def _compute_question(self):
        for access in self:
            access.question = self.env._(
                '%s loses its access at once, and has to ask you again.', access.sudo().client_id._known_as())

    @api.model
    def _search_opened_model(self, operator, value):
        """Find who may reach a model, by its name for users or for programs. The user's own rights are not checked."""
        if operator not in ('ilike', '=', 'in'):
            return NotImplemented
        values = [value] if isinstance(value, str) or not hasattr(value, '__iter__') else value
        asked = Domain.OR(Domain('name', 'ilike', word) | Domain('model', '=', word)
                          for word in values if isinstance(word, str))
        models_ = self.env['ir.model'].sudo().search(asked).mapped('model')
        scopes = self.env['oauth2.scope']
        names = [scope for scope in scopes._all_names()
                 if any(scopes._opening(frozenset({scope})).opens(name) for name in models_)]
        return [('scope_ids.name', 'in', names)]

    # ------------------------------------------------------------------
    # Ending it
    # ------------------------------------------------------------------

    def action_revoke(self):
        """Revoke the tokens. Consents stay: the application may sign the user in again without asking. An application
        that runs by itself gets new tokens with its secret.
        """
        self._check_may_stop()
        self._authorizations()._revoke('administrator')

    def action_revoke_and_ask_again(self):
        """Revoke the tokens, and withdraw the consents."""
        self.action_revoke()
        self._consents()._withdraw()

    def action_disconnect(self):
        """Withdraw one's own consents: the applications' tokens for this user stop working at once.

        :raises AccessError: it is another user's, or an administrator has decided it.
        """
        self.check_access('read')
        if any(access.kind != 'consent' or access.user_id != self.env.user for access in self):
            raise AccessError(self.env._('You can disconnect what you have allowed, and nothing else.'))
        self._consents()._withdraw()
        return RELOAD

    def action_stop_user(self):
        """The dialog that ends all access in the name of this user."""
        self.ensure_one()
        self._check_may_stop()
        return self.env['oauth2.stop']._dialog(user=self.user_id)

    def _authorizations(self):
        return self.env['oauth2.authorization'].sudo().search(Domain.OR(
            Domain('client_id', '=', access.client_id.id) & Domain('user_id', '=', access.user_id.id)
            & Domain('is_direct', '=', access.kind != 'consent') for access in self))

    def _consents(self):
        return self.env['oauth2.consent'].sudo().search(Domain.OR(
            Domain('client_id', '=', access.client_id.id) & Domain('user_id', '=', access.user_id.id)
            for access in self if access.kind == 'consent'))

    def _check_may_stop(self):
        if not self.env.user.has_group('restapi_oauth2.group_oauth2_administrator'):
            raise AccessError(self.env._('Only an OAuth2 administrator may end the access of others.'))
