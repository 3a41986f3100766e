"""RFC 6749 §4.4: a client asks in its own name, and acts as the user that an administrator has chosen for it."""
import psycopg2

from odoo.tools import mute_logger

from ..protocol import jwt
from .endpoints import ISSUER, EndpointCase, claims_of
from .requirement import requirement


class TestClientCredentials(EndpointCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.client.grant_client_credentials = True

    def good(self, **parameters):
        response = self.for_itself(**parameters)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    @requirement('RFC 6749', '4.4.3', 'The answer has an access token, and no refresh token')
    @requirement('contract', '5', 'client_credentials gives no refresh token')
    def test_the_answer(self):
        answer = self.good()
        self.assertEqual(set(answer), {'access_token', 'token_type', 'access_token_validity', 'expires_in', 'scope'})
        self.assertEqual((answer['expires_in'], answer['scope']), (1800, 'odoo'))

    @requirement('contract', '5', 'The subject of a token that a client has for itself is the client')
    @requirement('RFC 9068', '2.2', 'Where no user is involved, sub names the client')
    @requirement('RFC 9700', '4.15', 'No client can have an identifier that passes for a user')
    def test_the_subject_is_the_client(self):
        claims = claims_of(self.good()['access_token'])
        self.assertEqual((claims['sub'], claims['client_id'], claims['aud']),
                         (self.client.client_id, self.client.client_id, ISSUER))

    @requirement('RFC 9700', '4.15', 'A token whose subject is not that of its authorization is refused')
    def test_a_user_does_not_pass_for_a_client_nor_a_client_for_a_user(self):
        key = self.env['oauth2.signing.key']._current('access_token')
        of_client, of_user = self.good()['access_token'], self.tokens()['access_token']
        for token, subject in ((of_client, self.subject(self.user)), (of_user, self.client.client_id),
                               (of_user, self.subject(self.person))):
            with self.subTest(subject):
                forged = jwt.encode({**claims_of(token), 'sub': subject}, key, jwt.ACCESS_TOKEN_TYPE)
                self.assertEqual(self.call(forged).status_code, 401)
                self.assertEqual(self.introspect(forged).json(), {'active': False})

    def test_the_token_has_the_rights_of_the_user(self):
        token = self.good()['access_token']
        response = self.call(token, 'res.users', 'context_get', ids=[])
        self.assertEqual(response.json()['uid'], self.user.id)

    @requirement('RFC 6749', '4.4', 'Only a client that was given the grant type may use it')
    def test_it_is_given_to_clients_one_by_one(self):
        self.assertFalse(self.wiki.grant_client_credentials)
        self.assertRefused(self.for_itself(self.wiki, self.wiki_secret), 400, 'unauthorized_client')
        token = self.good()['access_token']
        self.client.grant_client_credentials = False
        self.assertEqual(self.call(token).status_code, 401)
        self.assertRefused(self.for_itself(), 400, 'unauthorized_client')

    @requirement('RFC 6749', '4.4', 'Only a confidential client may use it')
    def test_a_public_client_cannot_be_given_it(self):
        for model, values in ((self.client, {'is_public': True}), (self.wiki, {
                'is_public': True, 'grant_client_credentials': True})):
            with self.assertRaises(psycopg2.errors.CheckViolation), mute_logger('odoo.sql_db'), self.cr.savepoint():
                model.write(values)
                self.env.flush_all()

    def test_a_client_that_acts_for_nobody(self):
        self.wiki.grant_client_credentials = True
        response = self.for_itself(self.wiki, self.wiki_secret, scope='odoo')
        self.assertRefused(response, 400, 'unauthorized_client')

    def test_who_cannot_prove_itself(self):
        self.assertRefused(self.for_itself(secret='x'), 401, 'invalid_client')
        self.assertRefused(self.ask('access_token', data={
            'grant_type': 'client_credentials', 'client_id': self.client.client_id}), 401, 'invalid_client')

    # ------------------------------------------------------------------
    # Scope
    # ------------------------------------------------------------------

    @requirement('RFC 6749', '4.4.2', 'A scope may be asked for')
    def test_scope(self):
        shop_scope = self.env['oauth2.scope'].create({'name': 'shop.read', 'description': 'Read the shop'})
        self.assertRefused(self.for_itself(scope='shop.read'), 400, 'invalid_scope')
        self.client.scope_ids += shop_scope
        self.assertEqual(self.good(scope='odoo shop.read')['scope'], 'odoo shop.read')
        token = self.good(scope='shop.read')['access_token']
        self.assertChallenged(self.call(token), 403, 'error="insufficient_scope"')

    @requirement('OIDC Core', '11', 'Where no user signs in there is no ID token, and nothing goes on without one')
    def test_no_scope_that_is_about_a_user(self):
        for scope in ('openid', 'profile', 'email', 'phone', 'address', 'offline_access'):
            with self.subTest(scope):
                self.assertRefused(self.for_itself(scope=scope), 400, 'invalid_scope')
                answer = self.good(scope=f'odoo {scope}')
                self.assertEqual(answer['scope'], 'odoo')
                self.assertFalse({'id_token', 'refresh_token'} & answer.keys())

    def test_userinfo_has_nothing_to_tell(self):
        self.assertChallenged(self.userinfo(self.good()['access_token']), 403, 'insufficient_scope')

    # ------------------------------------------------------------------
    # One authorization
    # ------------------------------------------------------------------

    def test_a_token_writes_nothing_but_the_first_one(self):
        self.good()
        before, authorization = self.rows(), self.authorization()
        self.env.cr.execute('SELECT xmin FROM oauth2_authorization WHERE id = %s', [authorization.id])
        version = self.env.cr.fetchone()
        tokens = [self.good()['access_token'] for _time in range(3)]
        self.assertEqual(self.rows(), before)
        self.env.cr.execute('SELECT xmin FROM oauth2_authorization WHERE id = %s', [authorization.id])
        self.assertEqual(self.env.cr.fetchone(), version)
        self.assertEqual({claims_of(token)['authorization'] for token in tokens}, {authorization.name})
        self.assertEqual(len({claims_of(token)['jti'] for token in tokens}), 3)
        self.assertEqual(authorization.grant_type, 'client_credentials')

    def test_it_does_not_touch_what_came_of_codes(self):
        tokens = self.tokens()
        self.good()
        self.authorization()._revoke('administrator')
        self.assertAlive(tokens)

    def test_a_token_never_outlives_its_authorization(self):
        self.good()
        self.sql("UPDATE oauth2_authorization SET expires_at = rotated_at + interval '10 minutes',"
                 " idle_expires_at = rotated_at + interval '10 minutes'")
        self.assertEqual(self.good()['expires_in'], 1800)
        self.assertEqual(self.env['oauth2.authorization'].search_count([('client_id', '=', self.client.id)]), 1)

    # ------------------------------------------------------------------
    # What ends it
    # ------------------------------------------------------------------

    @requirement('contract', '6', 'Every token dies at once when what it rests on ends')
    def test_revoked_and_begun_anew(self):
        token = self.good()['access_token']
        self.authorization()._revoke('administrator')
        self.assertEqual(self.call(token).status_code, 401)
        self.assertWorks(self.good()['access_token'])
        self.assertEqual(self.call(token).status_code, 401)

    def test_another_user(self):
        token = self.good()['access_token']
        self.client.user_id = self.person
        self.assertEqual(self.call(token).status_code, 401)
        response = self.call(self.good()['access_token'], 'res.users', 'context_get', ids=[])
        self.assertEqual(response.json()['uid'], self.person.id)

    def test_another_user_behind_the_orms_back(self):
        token = self.good()['access_token']
        self.sql('UPDATE oauth2_client SET user_id = %s WHERE id = %s', self.person.id, self.client.id)
        self.assertEqual(self.call(token).status_code, 401)
        response = self.call(self.good()['access_token'], 'res.users', 'context_get', ids=[])
        self.assertEqual(response.json()['uid'], self.person.id)

    def test_an_archived_user(self):
        token = self.good()['access_token']
        self.user.active = False
        self.assertEqual(self.call(token).status_code, 401)
        self.assertRefused(self.for_itself(), 400, 'unauthorized_client')

    def test_an_archived_user_behind_the_orms_back(self):
        token = self.good()['access_token']
        self.sql('UPDATE res_users SET active = FALSE WHERE id = %s', self.user.id)
        self.env.registry.clear_cache()
        self.assertEqual(self.call(token).status_code, 401)
        self.assertRefused(self.for_itself(), 400, 'unauthorized_client')

    def test_an_archived_client(self):
        token = self.good()['access_token']
        self.client.active = False
        self.assertEqual(self.call(token).status_code, 401)
        self.assertRefused(self.for_itself(), 401, 'invalid_client')

    def test_a_scope_that_was_taken_away(self):
        token = self.good()['access_token']
        self.client.scope_ids = self.env.ref('restapi_oauth2.scope_contacts_read')
        self.assertChallenged(self.call(token), 403, 'insufficient_scope')
        self.assertRefused(self.for_itself(), 400, 'invalid_scope')
