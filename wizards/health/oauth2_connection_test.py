"""The test of an application's connection: what would go wrong, in words."""
from urllib.parse import urlsplit

import requests

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ...models.clients.templates.oauth2_client_template import FOR_ONE_USER, FOR_PEOPLE
from ...models.scopes.oauth2_scope import OPENID_CONNECT
from ...protocol.errors import OAuthError
from ...protocol.visible import visible

_SECONDS = 2
_MARKS = {True: '✓', False: '!', None: '→'}
_LOOPBACK = ('127.0.0.1', 'localhost', '::1')


class OAuth2ConnectionTest(models.TransientModel):
    """Tries, step by step, what an application of this kind needs. What it makes is rolled back."""
    _name = 'oauth2.connection.test'
    _description = 'Test of an OAuth2 Connection'

    client_id = fields.Many2one('oauth2.client', 'Application', required=True, readonly=True)
    problems = fields.Text('What would go wrong', readonly=True)
    fine = fields.Text('What is as it should be', readonly=True)

    @api.model
    def _dialog(self, client):
        """Test a client.

        :return: the action that shows the result.
        """
        self._check_is_alone()
        test = self.create({'client_id': client.id})
        outcomes = [outcome for step in test._steps() for outcome in step()]
        for name, wanted in (('problems', [False]), ('fine', [True, None])):
            test[name] = '\n'.join(
                f'{_MARKS[is_fine]} {visible(sentence)}' for is_fine, sentence in outcomes if is_fine in wanted)
        return {
            'type': 'ir.actions.act_window',
            'name': self.env._('Test of %s', client.name),
            'res_model': self._name,
            'res_id': test.id,
            'views': [(False, 'form')],
            'target': 'new',
        }

    @api.model
    def _check_is_alone(self):
        """Allow one test at a time: the server sends a request to itself, and if all workers ran tests, none could
        answer.

        :raises UserError: another one is running.
        """
        self.env.cr.execute(SQL('SELECT pg_try_advisory_xact_lock(hashtext(%s))', self._name))
        if not self.env.cr.fetchone()[0]:
            raise UserError(self.env._('Another connection is being tested. Try again in a moment.'))

    def _steps(self):
        """The steps for this kind of application. Each gives pairs of whether it is fine (None for advice), and a
        sentence.
        """
        kind = self.client_id.kind
        return [
            self._issuer, self._databases, self._application,
            *([self._redirect_uris] if kind in (*FOR_PEOPLE, 'direct') else []),
            *([self._people] if kind == 'device' or (self.client_id.grant_authorization_code and kind in FOR_PEOPLE)
              else []),
            *([self._secret] if not self.client_id.is_public else []),
            *([self._scopes] if kind != 'resource' else []),
            *([self._service_user, self._token] if kind in FOR_ONE_USER else []),
            *([self._introspection] if self.client_id.is_resource_server or self.client_id.resource_id else []),
            *([self._api] if self.client_id.resource_id else []),
        ]

    # ------------------------------------------------------------------
    # The server
    # ------------------------------------------------------------------

    def _issuer(self):
        issuer = self.env['oauth2.configuration'].sudo()._issuer_or_none()
        if not issuer:
            yield False, self.env._('This database has no issuer: set or confirm it in the general settings.')
            return
        parts = urlsplit(issuer)
        if parts.scheme != 'https' and parts.hostname not in _LOOPBACK:
            yield False, self.env._('The issuer does not begin with https: %s', issuer)
        yield self._asked(issuer, self.client_id._addresses()['discovery_endpoint'])

    def _asked(self, issuer, address):
        """Check, as an application would, whether this server answers at its issuer."""
        try:
            response = requests.get(address, timeout=_SECONDS, allow_redirects=False)
        except requests.Timeout:
            return False, self.env._(
                'Nobody answered at %(address)s within %(seconds)s seconds, at least not to this server. It may '
                'also be that all workers of this server were busy: try again in a moment.',
                address=address, seconds=_SECONDS)
        except requests.RequestException:
            return False, self.env._('Nobody answers at %s, at least not to this server.', address)
        try:
            is_ours = response.json()['issuer'] == issuer
        except (ValueError, LookupError, TypeError):
            is_ours = False
        if not is_ours:
            return False, self.env._('At %s another server answers, or another database.', address)
        return True, self.env._('This server answers at its issuer, %s.', issuer)

    def _databases(self):
        for found in self.env['oauth2.health']._finds_databases():
            yield False, self.env['oauth2.health']._tells_databases(None, found.detail).sentence

    # ------------------------------------------------------------------
    # The application
    # ------------------------------------------------------------------

    def _application(self):
        if not self.client_id.active:
            yield False, self.env._('The application is archived.')

    def _redirect_uris(self):
        uris = self.client_id.redirect_uri_ids
        if not uris:
            yield False, self.env._('There is no redirect URI: nobody can be sent back to the application.')
        elif self.client_id.last_used_at:
            yield True, self.env._('The application has been used.')
        else:
            yield None, self.env._(
                'The application has not been used yet. Its requests must name one of these redirect URIs exactly: %s',
                ' '.join(uris.mapped('uri')))

    def _people(self):
        if not self.client_id.sudo()._has_users():
            yield False, self.env._('Nobody may use it: there is no active user among those for whom it is open.')

    def _secret(self):
        if self.client_id.proof == 'key':
            yield True, self.env._('It proves itself by a key: %s', self.client_id.keys_read)
        elif valid := self.client_id._valid_secrets():
            yield True, self.env._('There is a secret that is valid: it ends with %s.', valid[0].last_characters)
        elif self.client_id.secret_ids:
            yield False, self.env._('The secret has expired: generate another one.')
        else:
            yield False, self.env._('There is no secret: generate one.')

    def _scopes(self):
        scopes = self.client_id.scope_ids
        opening = scopes.filtered(lambda scope: scope.name not in OPENID_CONNECT)
        is_closed = self.env['oauth2.scope']._opens_nothing
        if useless := opening.filtered(lambda scope: not scope.resource_id and (  # the API decides what those open
                not scope.is_offered or is_closed({scope.name}))):
            yield False, self.env._('These scopes open nothing in this database: %s', ' '.join(useless.mapped('name')))
        if not scopes:
            yield False, self.env._('It may ask for no scope.')
        elif self.client_id.kind in FOR_ONE_USER and not opening - useless:
            yield False, self.env._('It may ask for no scope that opens something.')
        else:
            yield True, self.env._('It may ask for: %s', ' '.join(scopes.mapped('name')))

    def _service_user(self):
        user = self.client_id.user_id
        if not user:
            yield False, self.env._('It acts as nobody: choose a user.')
        elif not user.active:
            yield False, self.env._('The user as whom it acts is archived: %s', user.sudo().name)
        else:
            yield True, self.env._('It acts as %s.', user.sudo().name)

    def _token(self):
        """Make a token as the application would, use it, and roll it back."""
        client = self.client_id.sudo()
        if client.kind != 'service' or not self.env['oauth2.configuration'].sudo()._issuer_or_none():
            return
        savepoint = self.env.cr.savepoint()
        try:
            yield self._tried(client)
        finally:
            savepoint.close(rollback=True)

    def _tried(self, client):
        try:
            grant = self.env['oauth2.grant'].sudo()._find('client_credentials')
            authorizations = self.env['oauth2.authorization'].sudo()
            api = client._asked_apis()[:1].uri
            answer = authorizations._members(client, grant._redeem(
                client, {'resource': api, 'scope': client.scope} if api else {}, None))
            authorizations._find_access_token(
                answer['access_token'], [api or self.env['oauth2.configuration'].sudo()._issuer()])
        except OAuthError as error:
            return False, self.env._('A request for a token is refused: %s', error.description)
        return True, self.env._('A token was made and is good, for: %s', answer['scope'])

    def _api(self):
        api = self.client_id.resource_id
        if not api.scope_ids:
            yield False, self.env._('The API has no scopes: no application can ask for a token for %s.', api.uri)
        if self.client_id.grant_token_exchange and not api.exchange_scope_ids:
            yield False, self.env._(
                'Token exchange is ticked, but it gets nothing: May use in Odoo is empty at the API %s.', api.name)

    def _introspection(self):
        if address := self.client_id._addresses()['introspection_endpoint']:
            for audience in sorted(self.client_id.sudo()._introspected()):
                yield True, self.env._('At %(address)s it may ask about tokens for %(audience)s.',
                                       address=address, audience=audience)
        elif self.env['oauth2.configuration'].sudo()._issuer_or_none():
            yield False, self.env._('Introspection is switched off in the general settings.')
