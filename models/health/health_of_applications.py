"""Checks of applications and scopes."""
from datetime import timedelta

from odoo import api, fields, models

from .oauth2_health import HIGH, LOW, MEDIUM, Found, Told

_UNUSED_DAYS = 90
_OLD_DAYS = 365
_REPLACED_DAYS = 30


class OAuth2Health(models.AbstractModel):
    _inherit = 'oauth2.health'

    @api.model
    def _clients(self, *domain):
        return self.env['oauth2.client'].sudo().search(list(domain))

    # ------------------------------------------------------------------
    # In whose name they act
    # ------------------------------------------------------------------

    @api.model
    def _acts(self, client):
        """Found: the user as whom it acts, how, and what it may use. If one of these changes, it is a new finding."""
        scopes = client.scope_ids.sorted('name')
        return Found(client.id, f"{client.user_id.name} ({' '.join(scopes.mapped('name'))})",
                     (client.user_id.id, client.kind, scopes._openings()))

    @api.model
    def _finds_acts_as_administrator(self):
        for client in self._clients(('user_id', '!=', False)):
            if client.user_id.has_group('base.group_system') and set(client.scope_ids.mapped('opens')) - {'lines'}:
                yield self._acts(client)

    @api.model
    def _tells_acts_as_administrator(self, client, detail):
        return Told(HIGH, self.env._('%(application)s acts as an administrator: %(user)s',
                                     application=client.name, user=detail), self.env._(
            'Whoever has its secret reaches everything in Odoo. Make a user for it, with the rights that it needs, or '
            'give it scopes that open no more than its work.'))

    @api.model
    def _finds_more_rights_than_scopes(self):
        for client in self._clients(('user_id', '!=', False)):
            if client.user_id.has_group('base.group_system') and set(client.scope_ids.mapped('opens')) == {'lines'}:
                yield self._acts(client)

    @api.model
    def _tells_more_rights_than_scopes(self, client, detail):
        return Told(LOW, self.env._(
            '%(application)s acts as an administrator, but its scopes open single models: %(user)s',
            application=client.name, user=detail), self.env._(
            'A user with the rights for these models would do. Methods that its scopes name work with all rights of '
            'its user.'))

    @api.model
    def _finds_opens_everything(self):
        for client in self._clients(('user_id', '!=', False), ('scope_ids.opens', '=', 'everything')):
            if not client.user_id.has_group('base.group_system'):
                yield self._acts(client)._replace(detail=client.user_id.name)

    @api.model
    def _tells_opens_everything(self, client, detail):
        return Told(LOW, self.env._('%(application)s may do all that %(user)s may do.',
                                    application=client.name, user=detail), self.env._(
            'Narrower scopes hold it to its work: give it those, and take the scope away that opens everything.'))

    # ------------------------------------------------------------------
    # How they authenticate
    # ------------------------------------------------------------------

    @api.model
    def _finds_no_secret(self):
        for client in self._clients(('is_public', '=', False), ('proof', '=', 'secret'), ('secret_ids', '!=', False)):
            if not client._valid_secrets():
                yield Found(client.id, item=client.secret_ids.ids)

    @api.model
    def _tells_no_secret(self, client, _detail):
        return Told(MEDIUM, self.env._('The secrets of %s have expired.', client.name), self.env._(
            'It gets no tokens any more. Generate another secret and give it to the application, or archive it.'))

    @api.model
    def _finds_old_secret(self):
        since = fields.Datetime.now() - timedelta(days=_OLD_DAYS)
        for secret in self.env['oauth2.client.secret'].sudo().search(
                [('create_date', '<', since), ('client_id.active', '=', True)]):
            yield Found(secret.client_id.id, secret.last_characters, secret.id)

    @api.model
    def _tells_old_secret(self, client, detail):
        return Told(LOW, self.env._('A secret of %(application)s is older than a year: …%(secret)s',
                                    application=client.name, secret=detail), self.env._(
            'The longer a secret is in use, the more people and backups know it. Generate a second one, give it to the '
            'application, then delete the first: nothing stands still meanwhile.'))

    @api.model
    def _finds_replaced_secret(self):
        """The older of two valid secrets, if the application uses the newer one."""
        since = fields.Datetime.now() - timedelta(days=_REPLACED_DAYS)
        for client in self._clients(('is_public', '=', False), ('secret_ids.used_at', '>', since)):
            secrets = client._valid_secrets().sorted('id')
            newest, older = secrets[-1:], secrets[:-1]
            if newest.used_at and newest.used_at > since:
                for secret in older:
                    if (secret.used_at or secret.create_date) < since and newest.create_date < since:
                        yield Found(client.id, secret.last_characters, str(secret.id))

    @api.model
    def _tells_replaced_secret(self, client, detail):
        return Told(LOW, self.env._('%(application)s no longer uses one of its secrets: …%(secret)s',
                                    application=client.name, secret=detail), self.env._(
            'It has used the newer one for 30 days, and this one not. Delete it: whoever has it could still use it.'))

    @api.model
    def _finds_pkce_never(self):
        for client in self._clients(('pkce', '=', 'never'), ('is_public', '=', False), ('kind', '=', 'web')):
            yield Found(client.id)

    @api.model
    def _tells_pkce_never(self, client, _detail):
        return Told(MEDIUM, self.env._('%s is never asked for PKCE.', client.name), self.env._(
            'A code that somebody catches in the browser can be put into the session of somebody else (RFC 9700 '
            '§2.1.1). Set PKCE to "Required once it has used it": that asks nothing of an application that cannot do '
            'it.'))

    @api.model
    def _mends_pkce_never(self, client):
        client.pkce = 'automatic'

    @api.model
    def _finds_keeps_refresh_token(self):
        for client in self._clients(('refresh_rotation', '=', 'keep')):
            yield Found(client.id)

    @api.model
    def _tells_keeps_refresh_token(self, client, _detail):
        return Told(LOW, self.env._('%s keeps its refresh tokens.', client.name), self.env._(
            'A stolen one is not noticed, and works until the authorization ends. It is for software that forgets new '
            'ones.'))

    # ------------------------------------------------------------------
    # Whether they are used
    # ------------------------------------------------------------------

    @api.model
    def _finds_unused(self):
        since = fields.Datetime.now() - timedelta(days=_UNUSED_DAYS)
        for client in self._clients(('create_date', '<', since), ('kind', '!=', 'resource')):
            if not client.last_used_at or client.last_used_at < since:
                yield Found(client.id)

    @api.model
    def _tells_unused(self, client, _detail):
        return Told(LOW, self.env._('%s has not been used for 90 days.', client.name), self.env._(
            'What nobody uses nobody misses, and nobody watches. Archive it: that ends its tokens, and can be undone.'))

    @api.model
    def _mends_unused(self, client):
        client.action_archive()

    @api.model
    def _finds_takeover(self):
        if rows := self.env['oauth2.takeover']._rows():
            yield Found(detail=', '.join(row['name'] for row in rows),
                        item=[row['consumer_key'] for row in rows])

    @api.model
    def _tells_takeover(self, _client, detail):
        return Told(LOW, self.env._('Applications of another module are in this database: %s', detail), self.env._(
            'They can be taken over with their keys, secrets, users and addresses, so that nothing changes at the '
            'applications. The tables are left alone: delete the other module afterwards, for secrets stand there as '
            'they are.'))

    @api.model
    def _mends_takeover(self, _client):
        return self.env['ir.actions.act_window']._for_xml_id('restapi_oauth2.action_oauth2_takeover')

    @api.model
    def _finds_scope_says_less(self):
        for scope in self.env['oauth2.scope'].sudo().search([('name', '=like', '%.read')]):
            if scope.opens == 'everything' or any(
                    line.perm_write or line.perm_create or line.perm_unlink for line in scope.line_ids):
                yield Found(detail=scope.name, item=scope._openings())

    @api.model
    def _tells_scope_says_less(self, _client, detail):
        return Told(MEDIUM, self.env._('The scope %s is called reading, and opens more.', detail), self.env._(
            'People allow what the name and the sentence say. Give it a name and a sentence that say what it opens, '
            'or take the lines away that change something.'))
