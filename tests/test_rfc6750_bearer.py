"""RFC 6750: access tokens at Odoo's own routes."""
import json
from datetime import datetime, timedelta

from odoo.tests import new_test_user

from .common import REDIRECT_URI, OAuth2Case
from .requirement import requirement


class TestBearer(OAuth2Case):

    def json2(self, authorization, model='res.users', method='context_get', **options):
        headers = {'Content-Type': 'application/json', **({'Authorization': authorization} if authorization else {})}
        return self.url_open(f'/json/2/{model}/{method}', data='{}', headers=headers, **options)

    def assertChallenged(self, response, error='invalid_token'):
        """401 as RFC 6750 §3 has it, in the route's own format, with the same sentence in the body."""
        self.assertEqual(response.status_code, 401, response.text)
        challenge = response.headers['WWW-Authenticate']
        self.assertTrue(challenge.startswith(f'Bearer error="{error}", error_description="'), challenge)
        self.assertEqual(response.headers['Content-Type'], 'application/json; charset=utf-8')
        self.assertIn(f'error_description="{response.json()["message"]}"', challenge)

    @requirement('contract', '7', 'An access token opens every bearer route, as the user of its authorization')
    @requirement('OWASP ASVS 5.0', '10.3.2', 'A call is made as the subject of the token')
    def test_the_user_is_the_authorizations(self):
        tokens = self.tokens()
        response = self.call(tokens['access_token'], 'res.users', 'read', ids=[self.user.id], fields=['login'])
        self.assertEqual(response.json(), [{'id': self.user.id, 'login': 'oauth2_integration'}])
        response = self.call(tokens['access_token'], 'res.users', 'context_get', x=1)
        self.assertEqual(response.status_code, 422)  # Odoo's own answer to a wrong argument
        context = self.json2(f'Bearer {tokens["access_token"]}').json()
        self.assertEqual(context['uid'], self.user.id)

    @requirement('OWASP ASVS 5.0', '10.3.2', 'A token opens nothing that its subject may not')
    def test_the_users_rights_are_the_limit(self):
        access_token = self.tokens()['access_token']
        response = self.call(access_token, 'ir.config_parameter', 'search_read', domain=[])
        self.assertEqual(response.status_code, 403)
        response = self.call(access_token, 'oauth2.client', 'search_read', domain=[])
        self.assertEqual(response.status_code, 403)

    def test_a_write_is_the_users(self):
        tokens = self.tokens()
        self.user.group_ids |= self.env.ref('base.group_partner_manager')
        response = self.call(tokens['access_token'], 'res.partner', 'create', vals_list=[{'name': 'By a token'}])
        partner = self.env['res.partner'].browse(response.json())
        self.assertEqual((partner.name, partner.create_uid), ('By a token', self.user))

    @requirement('RFC 6750', '2.1', 'The scheme is Bearer, in any case')
    def test_the_scheme_in_any_case(self):
        access_token = self.tokens()['access_token']
        for scheme in ('Bearer', 'bearer', 'BEARER'):
            self.assertEqual(self.json2(f'{scheme} {access_token}').status_code, 200)

    @requirement('RFC 6750', '3.1', 'A token that is no good is 401 invalid_token')
    def test_what_is_no_good(self):
        tokens = self.tokens()
        header, payload, signature = tokens['access_token'].split('.')
        for name, token in {
            'not ours': 'a.b.c',
            'no token at all': 'abc',
            'without signature': f'{header}.{payload}.',
            'cut off': tokens['access_token'][:-4],
            'another payload': f'{header}.{payload[:-2]}AA.{signature}',
            'a refresh token': tokens['refresh_token'],
        }.items():
            with self.subTest(name):
                self.assertChallenged(self.json2(f'Bearer {token}'))

    @requirement('RFC 6750', '3.1', 'An expired token is invalid_token')
    def test_expired_tokens(self):
        access_token = self.tokens()['access_token']
        self.sql("UPDATE oauth2_authorization SET expires_at = create_date")
        self.assertChallenged(self.json2(f'Bearer {access_token}'))

    @requirement('RFC 6750', '3.1', 'An expired token is invalid_token')
    def test_an_access_token_expires_by_itself(self):
        self.patch(type(self.env['oauth2.configuration']), '_access_token_lifetime',
                   lambda _self, _client, _audience=None: 0)
        self.assertChallenged(self.json2(f'Bearer {self.tokens()["access_token"]}'))

    @requirement('contract', '7', 'A revoked authorization ends its access tokens at once')
    def test_revoked(self):
        access_token = self.tokens()['access_token']
        self.assertWorks(access_token)
        self.authorization()._revoke('administrator')
        self.assertChallenged(self.json2(f'Bearer {access_token}'))

    @requirement('RFC 6750', '2', 'A token in the URL or the body is not read')
    def test_tokens_elsewhere_are_not_read(self):
        access_token = self.tokens()['access_token']
        self.assertEqual(self.json2(None, params={'access_token': access_token}).status_code, 401)
        response = self.url_open('/json/2/res.users/context_get', data=json.dumps({'access_token': access_token}),
                                 headers={'Content-Type': 'application/json'})
        self.assertEqual(response.status_code, 401)

    @requirement('contract', '7', 'API keys go on working beside access tokens')
    def test_api_keys_go_on_working(self):
        key = self.env['res.users.apikeys'].with_user(self.user).sudo()._generate(
            None, 'Script', datetime.now() + timedelta(days=1))
        self.assertEqual(self.json2(f'Bearer {key}').json()['uid'], self.user.id)
        self.assertChallenged(self.json2(f'Bearer {key[::-1]}'))
        self.assertEqual(self.json2(None).status_code, 401)

    @requirement('RFC 6750', '3.1', 'Who sends no token is asked for one, and is told of no error')
    def test_no_token_at_all(self):
        response = self.json2(None)
        self.assertEqual(response.status_code, 401)
        self.assertEqual(response.headers['WWW-Authenticate'], (
            'Bearer realm="Odoo", scope="users.read", '
            'resource_metadata="https://odoo.example.com/.well-known/oauth-protected-resource/json/2"'))

    @requirement('contract', '7', 'A token beside a session of another user is refused')
    def test_a_session_of_another_user_is_refused(self):
        access_token = self.tokens()['access_token']
        new_test_user(self.env, 'oauth2_somebody', groups='base.group_user', password='oauth2_somebody')
        self.authenticate('oauth2_somebody', 'oauth2_somebody')
        self.assertEqual(self.json2(f'Bearer {access_token}').status_code, 403)

    @requirement('contract', '7', 'A call with a token makes no session')
    def test_a_token_makes_no_session(self):
        response = self.json2(f'Bearer {self.tokens()["access_token"]}')
        self.assertNotIn('Set-Cookie', response.headers)


class TestEnds(OAuth2Case):
    """What invalidates tokens before they expire."""

    @requirement('contract', '6', 'Another password ends the tokens')
    def test_password(self):
        tokens, code = self.tokens(), self.code()
        self.user.password = 'Another password 1'
        self.assertDead(tokens)
        self.assertRefused(self.redeem(code), 401, 'invalid_grant')
        self.assertEqual(self.authorization().revoked_because, 'user')

    def test_the_first_reason_stays(self):
        tokens = self.tokens()
        self.client.active = False
        self.client.active = True
        self.user.password = 'Another password 1'
        self.assertDead(tokens)
        self.assertEqual(self.authorization().revoked_because, 'client')

    def test_login(self):
        tokens = self.tokens()
        self.user.login = 'another_login'
        self.assertDead(tokens)

    @requirement('contract', '6', 'Archiving the user ends the tokens, and coming back does not bring them back')
    def test_archived_user(self):
        tokens = self.tokens()
        self.user.active = False
        self.assertDead(tokens)
        self.user.active = True
        self.assertDead(tokens)

    def test_archived_user_behind_the_orms_back(self):
        tokens, code = self.tokens(), self.code()
        self.sql('UPDATE res_users SET active = FALSE WHERE id = %s', self.user.id)
        self.assertDead(tokens)
        self.assertRefused(self.redeem(code), 401, 'invalid_grant')

    @requirement('contract', '6', 'Archiving the client ends the tokens, and coming back does not bring them back')
    def test_archived_client(self):
        tokens, code = self.tokens(), self.code()
        self.client.active = False
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertRefused(self.refresh(tokens['refresh_token']), 401, 'invalid_client')
        self.client.active = True
        self.assertDead(tokens)
        self.assertRefused(self.redeem(code), 401, 'invalid_grant')

    def test_archived_client_behind_the_orms_back(self):
        tokens = self.tokens()
        self.sql('UPDATE oauth2_client SET active = FALSE WHERE id = %s', self.client.id)
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)

    @requirement('contract', '6', 'Deleting the client ends the tokens')
    def test_deleted_client(self):
        tokens = self.tokens()
        self.client.unlink()
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertEqual(self.env['oauth2.authorization'].search_count([('user_id', '=', self.user.id)]), 0)

    @requirement('contract', '6', 'Another user for the client ends the tokens')
    def test_another_user_for_the_client(self):
        tokens, code = self.tokens(), self.code()
        self.client.user_id = new_test_user(self.env, 'oauth2_successor', groups='base.group_user')
        self.assertDead(tokens)
        self.assertRefused(self.redeem(code), 401, 'invalid_grant')
        self.assertAlive(self.tokens())

    def test_what_other_users_have_allowed_the_client_goes_on(self):
        person = new_test_user(self.env, 'oauth2_person', groups='base.group_user')
        self.client.has_direct_authorization = False
        self.env.flush_all()
        codes = self.env['oauth2.authorization.code']
        self.env['oauth2.consent']._record(
            self.client, person.id, 'odoo', 'https://odoo.example.com', REDIRECT_URI)
        given = {'redirect_uri': REDIRECT_URI, 'is_direct': False}
        tokens = self.redeem(codes._issue(self.client, person.id, 'odoo', **given)).json()
        code = codes._issue(self.client, person.id, 'odoo', **given)
        self.client.user_id = new_test_user(self.env, 'oauth2_successor', groups='base.group_user')
        self.assertAlive(tokens)
        self.assertEqual(self.redeem(code).status_code, 200)

    def test_another_user_for_the_client_behind_the_orms_back(self):
        """The state that a transaction leaves which issued tokens before it could see the change."""
        tokens = self.tokens()
        successor = self.env.ref('base.user_admin')
        self.sql('UPDATE oauth2_client SET user_id = %s WHERE id = %s', successor.id, self.client.id)
        self.assertDead(tokens)
        self.sql('UPDATE oauth2_client SET user_id = NULL, has_direct_authorization = FALSE WHERE id = %s',
                 self.client.id)
        self.assertDead(tokens)
        self.sql('UPDATE oauth2_client SET user_id = %s, has_direct_authorization = TRUE WHERE id = %s',
                 self.user.id, self.client.id)
        self.assertAlive(tokens)

    def test_the_same_user_again_ends_nothing(self):
        tokens = self.tokens()
        self.client.user_id = self.user
        self.client.name = 'Another name'
        self.user.name = 'Another name'
        self.assertAlive(tokens)

    def test_what_happens_to_others_ends_nothing(self):
        tokens = self.tokens()
        somebody = new_test_user(self.env, 'oauth2_somebody', groups='base.group_user')
        other, _secret = self.make_client('Other', somebody)
        somebody.password = 'Another password 1'
        other.grant_refresh_token = False
        other.user_id = self.user
        other.user_id = somebody
        other.active = False
        self.assertAlive(tokens)

    def test_a_grant_type_taken_away(self):
        tokens = self.tokens()
        self.client.grant_refresh_token = False
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
