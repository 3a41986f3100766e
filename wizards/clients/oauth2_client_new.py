"""The dialog that makes an application from a template."""
from functools import partial

from odoo import Command, api, fields, models
from odoo.addons.base.models.res_users import check_identity
from odoo.exceptions import ValidationError

from ...models.clients.templates.oauth2_client_template import FOR_ONE_USER, FOR_PEOPLE, KINDS, SITE


class OAuth2ClientNew(models.TransientModel):
    """Asks for what a template does not know. It makes the application with its user's own rights."""
    _name = 'oauth2.client.new'
    _description = 'New OAuth2 Application'

    template_id = fields.Many2one('oauth2.client.template', required=True, readonly=True)
    kind = fields.Selection(related='template_id.kind')
    notes = fields.Text(related='template_id.notes')
    name = fields.Char(
        'Application', compute='_compute_name', store=True, readonly=False,
        help='Its users are shown this name.')
    has_site = fields.Boolean(compute='_compute_needs')
    has_redirect_uris = fields.Boolean(compute='_compute_needs')
    has_user = fields.Boolean(compute='_compute_needs')
    site = fields.Char('Its address', help='The address in the browser, such as https://wiki.example.com.')
    redirect_uris = fields.Text(
        'Redirect URIs', compute='_compute_redirect_uris', store=True, readonly=False,
        help='Where its users are sent back, one in each line. The documentation or the settings of the application '
             'name them.')
    api_uri = fields.Char(
        'Address of the API', help='Applications name it in the parameter resource, and tokens as their audience.')
    problem = fields.Text('What is wrong', compute='_compute_problem')
    moves_here = fields.Boolean(
        'It moves here from another provider', groups='base.group_system', copy=False)
    brought_client_id = fields.Char(
        'Client ID', groups='base.group_system', copy=False, compute='_compute_brought_client_id', store=True,
        readonly=False, help='The one that it has there. Empty: a new one.')
    user_id = fields.Many2one(
        'res.users', 'Acts as', domain="[('active', '=', True), ('id', '!=', 1)]",
        help='Whoever has the secret can do what this user and the scopes allow. Choose a user made for it.')
    scope_ids = fields.Many2many(
        'oauth2.scope', string='It may', compute='_compute_scope_ids', store=True, readonly=False)

    @api.model_create_multi
    def create(self, vals_list):
        """Only an administrator of Odoo chooses an ID, even by a default."""
        made = super().create(vals_list)
        if not self.env.user._is_system():
            made.sudo().write({'moves_here': False, 'brought_client_id': False})
        return made

    @api.depends('template_id')
    def _compute_name(self):
        for new in self:
            if new.template_id.section == 'product':
                new.name = new.template_id.name
            else:
                new.name = new.name  # keep what was typed

    @api.depends('template_id')
    def _compute_needs(self):
        for new in self:
            new.has_user = new.kind in FOR_ONE_USER
            new.has_redirect_uris = new.kind in (*FOR_PEOPLE, 'direct')
            new.has_site = SITE in (new.template_id.redirect_uris or '')

    @api.depends('template_id', 'site')
    def _compute_redirect_uris(self):
        for new in self:
            pattern = new.template_id.redirect_uris or ''
            site = (new.site or '').strip().rstrip('/')
            if site and '://' not in site:
                site = f'https://{site}'
            if not new.has_site:
                new.redirect_uris = pattern
            else:
                for line in pattern.split():  # the user has entered the whole redirect URI
                    site = site.removesuffix(line.removeprefix(SITE))
                new.redirect_uris = site and pattern.replace(SITE, site)

    @api.depends('moves_here')
    def _compute_brought_client_id(self):
        for new in self:
            new.brought_client_id = new.moves_here and new.brought_client_id  # keep what was typed

    @api.depends('template_id')
    def _compute_scope_ids(self):
        for new in self:
            new.scope_ids = new.template_id._scopes() if new.template_id else False

    @api.depends('redirect_uris', 'site', 'has_site', 'kind', 'api_uri')
    def _compute_problem(self):
        """What is wrong with an address, shown while it is typed."""
        addresses = self.env['oauth2.redirect.uri']
        for new in self:
            if new.has_site and {'?', '#'} & set(new.site or ''):
                new.problem = self.env._('%s: Enter the address without what stands after ? or #.', new.site)
                continue
            problems = ((uri, addresses._problem_of(uri)) for uri in new._uris())
            new.problem = '\n'.join(f'{uri}: {problem}' for uri, problem in problems if problem)
            if new.kind == 'resource' and new.api_uri:
                new.problem = self.env['oauth2.resource']._problem_of(new.api_uri)

    def _uris(self):
        return list(dict.fromkeys(filter(None, map(str.strip, (self.redirect_uris or '').splitlines()))))

    def action_make(self):
        """Make the application, and show it, and its secret if it has one.

        :raises ValidationError: something is missing.
        """
        self.ensure_one()
        self._check_complete()
        return self._make()._page() if KINDS[self.kind].get('is_public') else self.action_make_with_secret()

    @check_identity
    def action_make_with_secret(self):
        """The same, for an application with a secret: nothing is made until the password was entered. Usually that
        happens before this dialog (`action_begin_with_secret` of the template).
        """
        self.ensure_one()
        client = self._make()
        return {
            'type': 'ir.actions.client',
            'tag': 'restapi_oauth2.page_and_dialog',
            'params': {'page': client._page(), 'dialog': client._make_secret()},
        }

    def _check_complete(self):
        """Refuse incomplete or wrong input.

        :raises ValidationError: with the first thing to do.
        """
        if not (self.name or '').strip():
            raise ValidationError(self.env._('Enter the name of the application.'))
        if self.has_site and not (self.redirect_uris or '').strip():
            raise ValidationError(self.env._('Enter the address of the application.'))
        if self.has_user and not self.user_id:
            raise ValidationError(self.env._('Choose the user as whom the application acts.'))
        if self.has_redirect_uris and not self._uris():
            raise ValidationError(self.env._(
                'Enter a redirect URI. The documentation or the settings of the application name it.'))
        if self.sudo().moves_here and not self.sudo().brought_client_id:
            raise ValidationError(self.env._('Enter the client ID that the application has there.'))
        if self.kind == 'resource' and not self.api_uri:
            raise ValidationError(self.env._('Enter the address of the API.'))
        if self.kind != 'resource' and not self.scope_ids:
            raise ValidationError(self.env._('Tick what the application may do.'))
        if self.problem:
            raise ValidationError(self.problem)

    def _make(self):
        self._check_complete()
        values = self.template_id._values()
        scopes = self.scope_ids
        clients = self.env['oauth2.client']
        make = clients.create
        if brought := self.sudo().brought_client_id:
            self.env['oauth2.client.secret']._check_may_bring()
            make = partial(clients.sudo()._brought_along, brought)
        return make({
            **values,
            'name': self.name,
            'user_id': self.user_id.id if self.has_user else False,
            'resource_id': self._make_api().id,
            'redirect_uri_ids': [Command.create({'uri': uri}) for uri in self._uris()],
            'scope_ids': [Command.set(scopes.ids)],
            # The scopes that it gets if it names none: all that were chosen, if it runs by itself.
            'default_scope_ids': [Command.set((
                scopes if self.kind in FOR_ONE_USER else scopes & scopes._by_default(is_direct=False)).ids)],
        }).sudo(self.env.su)

    def _make_api(self):
        """The API of the application, which may be registered already; empty for other kinds.

        :raises AccessError: the user is no administrator of Odoo.
        """
        apis = self.env['oauth2.resource']
        if self.kind != 'resource':
            return apis
        self.env['oauth2.client']._check_may_decide_about_apis()
        return apis.search([('uri', '=', self.api_uri)]) or apis.create({'name': self.name, 'uri': self.api_uri})
