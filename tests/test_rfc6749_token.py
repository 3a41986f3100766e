"""RFC 6749 §4.1.3 and §5: a code for tokens."""
import re
from datetime import datetime, timedelta, timezone

from odoo.fields import Datetime

from .browser import AllowedCase
from .common import REDIRECT_URI, OAuth2Case, basic_header, oauth_header
from .requirement import requirement


class TestTokenEndpoint(AllowedCase):

    @requirement('contract', '5', 'A success has the documented members, in their documented form')
    def test_the_documented_answer(self):
        response = self.token_with_oauth_header(
            grant_type='authorization_code', code=self.code(), redirect_uri=REDIRECT_URI)
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        self.assertEqual(list(answer)[:4], ['access_token', 'token_type', 'access_token_validity', 'refresh_token'])
        self.assertEqual(answer['token_type'], 'bearer')
        self.assertEqual(answer['expires_in'], 1800)
        self.assertEqual(answer['scope'], 'odoo')
        self.assertRegex(answer['access_token_validity'], r'^[1-9]\d?/[1-9]\d?/\d{4} \d\d:\d\d:\d\d$')
        validity = datetime.strptime(answer['access_token_validity'], '%m/%d/%Y %H:%M:%S').replace(tzinfo=timezone.utc)
        self.assertLess(abs(validity - datetime.now(timezone.utc) - timedelta(minutes=30)), timedelta(minutes=1))
        self.assertWorks(answer['access_token'])

    @requirement('RFC 6749', '5.1', 'A token answer is never stored')
    def test_answers_are_not_stored(self):
        for response in (self.redeem(self.code()), self.redeem('0' * 20)):
            self.assertEqual(response.headers['Cache-Control'], 'no-store')
            self.assertEqual(response.headers['Pragma'], 'no-cache')
            self.assertNotIn('Set-Cookie', response.headers)

    @requirement('contract', '5', 'access_token_validity may be whole seconds, client by client')
    def test_validity_as_seconds_where_the_client_reads_it_so(self):
        self.client.access_token_validity = 'seconds'
        self.assertEqual(self.tokens()['access_token_validity'], 1800)

    @requirement('contract', '1', 'The token endpoint has two names')
    def test_both_names_of_the_endpoint_answer(self):
        body = {'client_id': self.client.client_id, 'client_secret': self.secret,
                'grant_type': 'authorization_code', 'code': self.code(), 'redirect_uri': REDIRECT_URI}
        self.assertEqual(self.ask('token', data=body).status_code, 200)

    def test_a_client_without_refresh_gets_no_refresh_token(self):
        self.client.grant_refresh_token = False
        self.assertNotIn('refresh_token', self.tokens())

    # ------------------------------------------------------------------
    # Where the parameters may stand
    # ------------------------------------------------------------------

    @requirement('RFC 6749', '2.3.1', 'HTTP Basic is read, and so are credentials in the body')
    def test_every_place_for_credentials(self):
        places = {
            'OAuth header': lambda grant: self.token_with_oauth_header(**grant),
            'OAuth header, grant in the body': lambda grant: self.ask('access_token', headers={
                'Authorization': oauth_header(client_id=self.client.client_id, client_secret=self.secret)}, data=grant),
            'Basic': lambda grant: self.ask('access_token', headers={
                'Authorization': basic_header(self.client.client_id, self.secret)}, data=grant),
            'Basic beside the same client_id': lambda grant: self.ask('access_token', headers={
                'Authorization': basic_header(self.client.client_id, self.secret),
            }, data={**grant, 'client_id': self.client.client_id}),
            'form': lambda grant: self.token(**grant),
            'JSON': lambda grant: self.ask('access_token', json={
                'client_id': self.client.client_id, 'client_secret': self.secret, **grant}),
            'multipart': lambda grant: self.ask('access_token', files={
                name: (None, value) for name, value in {
                    'client_id': self.client.client_id, 'client_secret': self.secret, **grant}.items()}),
        }
        for place, ask in places.items():
            with self.subTest(place):
                response = ask({
                    'grant_type': 'authorization_code', 'code': self.code(), 'redirect_uri': REDIRECT_URI})
                self.assertEqual(response.status_code, 200, response.text)

    @requirement('RFC 6749', '2.3.1', 'Credentials must not stand in the URL')
    def test_no_credential_in_the_url(self):
        for name in ('client_secret', 'code', 'refresh_token', 'code_verifier', 'token', 'client_assertion'):
            with self.subTest(name):
                response = self.ask('access_token', params={name: 'x' * 43}, data={
                    'client_id': self.client.client_id, 'grant_type': 'authorization_code'})
                self.assertRefused(response, 400, 'invalid_request')
                self.assertIn(name, response.json()['error_description'])
                self.assertIn('in the body', response.json()['error_description'])

    @requirement('contract', '2', 'One setting, off by default, admits credentials in the query')
    def test_one_unsafe_setting_admits_credentials_in_the_url(self):
        query = {'client_id': self.client.client_id, 'client_secret': self.secret, 'redirect_uri': REDIRECT_URI,
                 'grant_type': 'authorization_code', 'code': self.code()}
        self.assertRefused(self.ask('access_token', params=query), 400, 'invalid_request')
        self.env['ir.config_parameter'].set_param('restapi_oauth2.credentials_in_query', 'True')
        self.assertEqual(self.ask('access_token', params=query).status_code, 200)

    # ------------------------------------------------------------------
    # Who asks
    # ------------------------------------------------------------------

    @requirement('RFC 6749', '5.2', 'Failed client authentication is 401 invalid_client with a matching challenge')
    @requirement('OWASP ASVS 5.0', '10.4.10', 'The token endpoint knows no client without its secret')
    def test_who_cannot_prove_itself(self):
        archived, archived_secret = self.make_client('Archived', self.user, active=False)
        grant = {'grant_type': 'authorization_code', 'code': '0' * 20}
        bodies = {
            'wrong secret': {'client_id': self.client.client_id, 'client_secret': self.secret[::-1]},
            'no secret': {'client_id': self.client.client_id},
            'empty secret': {'client_id': self.client.client_id, 'client_secret': ''},
            'unknown': {'client_id': 'A' * 32, 'client_secret': self.secret},
            'archived': {'client_id': archived.client_id, 'client_secret': archived_secret},
        }
        answers = set()
        for case, credentials in bodies.items():
            with self.subTest(case):
                response = self.ask('access_token', data={**credentials, **grant})
                self.assertRefused(response, 401, 'invalid_client')
                self.assertTrue(response.headers['WWW-Authenticate'].startswith('Basic '))
                answers.add(response.text)
                response = self.ask('access_token', headers={'Authorization': oauth_header(**credentials, **grant)})
                self.assertRefused(response, 401, 'invalid_client')
                self.assertTrue(response.headers['WWW-Authenticate'].startswith('OAuth '))
        self.assertEqual(len(answers), 1, 'an answer tells whether a client exists')
        self.assertRefused(self.ask('access_token', data=grant), 401, 'invalid_client')

    def test_a_client_without_secrets_is_refused(self):
        self.client.secret_ids.unlink()
        for secret in ('', 'x', self.secret):
            self.assertRefused(self.token(secret=secret, grant_type='authorization_code', code='0' * 20),
                               401, 'invalid_client')

    @requirement('contract', '5', 'A client may have two secrets at once')
    def test_two_secrets_are_valid_until_one_is_deleted(self):
        self.env['oauth2.client.secret']._store(self.client, 'N' * 32)
        self.assertEqual(self.redeem(self.code(), secret='N' * 32).status_code, 200)
        self.assertEqual(self.redeem(self.code()).status_code, 200)
        self.client.secret_ids.filtered(lambda secret: secret.last_characters == self.secret[-4:]).unlink()
        self.assertRefused(self.redeem(self.code()), 401, 'invalid_client')
        self.assertEqual(self.redeem(self.code(), secret='N' * 32).status_code, 200)

    def test_an_expired_secret_is_no_secret(self):
        self.assertEqual(self.redeem(self.code()).status_code, 200)
        self.client.secret_ids.expires_at = '2020-01-01 00:00:00'
        self.assertRefused(self.redeem(self.code()), 401, 'invalid_client')

    def test_a_secret_that_ends_later_is_good(self):
        self.client.secret_ids.expires_at = Datetime.now() + timedelta(minutes=1)
        self.assertEqual(self.redeem(self.code()).status_code, 200)

    @requirement('contract', '5', 'No more than the two newest secrets are looked at')
    def test_a_third_secret_displaces_the_oldest(self):
        for letter in 'NM':
            self.env['oauth2.client.secret']._store(self.client, letter * 32)
        self.assertRefused(self.redeem(self.code()), 401, 'invalid_client')
        for letter in 'NM':
            self.assertEqual(self.redeem(self.code(), secret=letter * 32).status_code, 200)

    def test_another_scheme_is_no_authentication(self):
        response = self.ask('access_token', headers={'Authorization': 'Digest username="x"'})
        self.assertRefused(response, 401, 'invalid_client')

    # ------------------------------------------------------------------
    # What is asked for
    # ------------------------------------------------------------------

    @requirement('RFC 6749', '5.2', 'A missing parameter is invalid_request')
    def test_grant_type_is_required(self):
        response = self.token(code=self.code())
        self.assertRefused(response, 400, 'invalid_request')
        self.assertIn('grant_type', response.json()['error_description'])

    @requirement('RFC 6749', '5.2', 'An unknown grant type is unsupported_grant_type')
    @requirement('OWASP ASVS 5.0', '10.4.4', 'There is no password grant')
    def test_unknown_grant_types(self):
        for grant_type in ('password', 'implicit', 'CODE', 'authorization_code ', '..', 'urn:ietf:params:x', 'ü'):
            with self.subTest(grant_type):
                self.assertRefused(self.token(grant_type=grant_type), 400, 'unsupported_grant_type')

    @requirement('RFC 6749', '5.2', 'A grant type that is not this client\'s is unauthorized_client')
    @requirement('OWASP ASVS 5.0', '10.4.4', 'Each grant type is given to a client by itself')
    def test_grant_types_are_given_to_clients_one_by_one(self):
        code, tokens = self.code(), self.tokens()
        self.client.grant_refresh_token = False
        self.assertRefused(self.refresh(tokens['refresh_token']), 400, 'unauthorized_client')
        self.client.grant_authorization_code = False
        self.assertRefused(self.redeem(code), 400, 'unauthorized_client')

    @requirement('RFC 6749', '5.2', 'A missing parameter is invalid_request')
    def test_a_code_is_required(self):
        response = self.token(grant_type='authorization_code')
        self.assertRefused(response, 400, 'invalid_request')
        self.assertIn('code', response.json()['error_description'])

    @requirement('contract', '3', 'invalid_grant is 400, and 401 where the request has the OAuth header')
    def test_invalid_grant_in_both_dialects(self):
        self.assertRefused(self.redeem('0' * 20), 400, 'invalid_grant')
        response = self.token_with_oauth_header(
            grant_type='authorization_code', code='0' * 20, redirect_uri=REDIRECT_URI)
        self.assertRefused(response, 401, 'invalid_grant')
        self.assertTrue(response.headers['WWW-Authenticate'].startswith('OAuth '))

    @requirement('RFC 6749', '4.1.3', 'redirect_uri is the one of the authorization request')
    def test_redirect_uri_is_the_same_as_before(self):
        self.client.redirect_uri_ids = [(0, 0, {'uri': 'https://app.example.com/other'})]
        code = self.code()
        for presented in (None, 'https://app.example.com/other', REDIRECT_URI + '/', REDIRECT_URI.upper()):
            with self.subTest(presented):
                self.assertRefused(self.redeem(code, redirect_uri=presented), 400, 'invalid_grant')
        self.assertEqual(self.redeem(code).status_code, 200)

    @requirement('RFC 6749', '4.1.3', 'redirect_uri is needed only where the authorization request had it')
    def test_redirect_uri_that_was_left_out_may_be_left_out_again(self):
        self.assertEqual(self.redeem(self.code(redirect_uri=None), redirect_uri=None).status_code, 200)
        self.assertEqual(self.redeem(self.code(redirect_uri=None)).status_code, 200)
        response = self.redeem(self.code(redirect_uri=None), redirect_uri='https://app.example.com/other')
        self.assertRefused(response, 400, 'invalid_grant')

    @requirement('RFC 6749', '4.1.2', 'A code expires: after a minute')
    @requirement('OWASP ASVS 5.0', '10.4.3', '60 seconds')
    def test_codes_expire(self):
        code = self.code()
        self.env.cr.execute("SELECT extract(epoch FROM expires_at - create_date) FROM oauth2_authorization_code")
        self.assertEqual({int(seconds) for seconds, in self.env.cr.fetchall()}, {60})
        self.sql("UPDATE oauth2_authorization_code SET expires_at = expires_at - interval '61 seconds'")
        self.assertRefused(self.redeem(code), 400, 'invalid_grant')

    @requirement('RFC 6749', '4.1.2', 'A code works once; a second use ends what came of the first')
    @requirement('OWASP ASVS 5.0', '10.4.2', 'Access and refresh token of the first use are dead')
    def test_a_code_works_once(self):
        code = self.code()
        tokens = self.redeem(code).json()
        self.assertWorks(tokens['access_token'])
        self.assertRefused(self.redeem(code), 400, 'invalid_grant')
        self.assertDead(tokens)
        self.assertEqual(self.authorization().revoked_because, 'code_replay')

    @requirement('RFC 6749', '4.1.2', 'A second use ends what came of the first also when the code has expired since')
    def test_a_late_replay(self):
        code = self.code()
        tokens = self.redeem(code).json()
        self.sql("UPDATE oauth2_authorization_code SET expires_at = expires_at - interval '61 seconds'")
        self.assertRefused(self.redeem(code), 400, 'invalid_grant')
        self.assertDead(tokens)
        self.assertEqual(self.authorization().revoked_because, 'code_replay')

    @requirement('RFC 6749', '4.1.2', 'A second use of a code ends nothing that came of another code')
    def test_a_replay_ends_what_came_of_that_code_only(self):
        tokens, code = self.tokens(), self.code()
        self.redeem(code)
        self.assertRefused(self.redeem(code), 400, 'invalid_grant')
        self.assertAlive(tokens)

    @requirement('contract', '3', 'The description does not tell why a grant was refused')
    def test_refused_grants_have_one_description(self):
        used = self.code()
        self.redeem(used)
        other, _secret = self.make_client('Other', self.user)
        descriptions = {self.redeem(code).json()['error_description'] for code in ('0' * 20, used, self.code(other))}
        self.assertEqual(len(descriptions), 1)
        self.assertFalse(re.search(r'[0-9a-f]{20}', descriptions.pop()))

    @requirement('contract', '6', 'The database holds no usable token, code or secret')
    def test_nothing_usable_is_stored(self):
        code = self.code()
        tokens = self.redeem(code).json()
        for table in ('oauth2_authorization_code', 'oauth2_authorization', 'oauth2_client_secret', 'oauth2_client'):
            self.env.cr.execute(f'SELECT string_agg(t::text, %s) FROM {table} t', ('\n',))
            stored = self.env.cr.fetchone()[0] or ''
            for value in (code, self.secret, tokens['access_token'], tokens['refresh_token']):
                self.assertNotIn(value, stored, table)

    @requirement('RFC 9110', '15.5.6', 'Another method is 405 with Allow')
    def test_other_methods(self):
        for method in ('GET', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS'):
            with self.subTest(method):
                response = self.ask('access_token', method)
                if method == 'OPTIONS':  # the preflight of CORS
                    self.assertEqual(response.status_code, 204)
                    continue
                self.assertEqual(response.status_code, 405)
                self.assertEqual(response.headers['Allow'], 'POST')
                if method != 'HEAD':
                    self.assertRefused(response, 405, 'invalid_request')

    @requirement('contract', '3', 'The token endpoint may be read from any origin, without cookies')
    def test_cors(self):
        response = self.redeem(self.code())
        self.assertEqual(response.headers['Access-Control-Allow-Origin'], '*')
        self.assertNotIn('Access-Control-Allow-Credentials', response.headers)


class TestClock(OAuth2Case):
    """Times are compared in UTC, whatever the time zone of the database's session."""

    def assertTimesHold(self):
        self.client.secret_ids.expires_at = Datetime.now() + timedelta(minutes=1)
        code, tokens = self.code(), self.tokens()
        self.assertEqual(self.env['oauth2.authorization.code']._gc_codes(), (0, False))
        self.assertEqual(self.env['oauth2.authorization']._gc_authorizations(), (0, False))
        self.assertEqual(self.redeem(code).status_code, 200)
        self.assertEqual(self.refresh(tokens['refresh_token']).status_code, 200)
        self.assertAlive(tokens)  # in the grace period
        self.assertTrue(self.authorization().is_active)
        self.assertLess(abs(self.authorization().create_date - Datetime.now()), timedelta(minutes=1))
        self.client.secret_ids.expires_at = Datetime.now() - timedelta(minutes=5)
        self.assertRefused(self.redeem(code), 401, 'invalid_client')

    @requirement('attack', '70', 'Times are compared in UTC, whatever zone the database is in')
    def test_east_of_utc(self):
        self.env.cr.execute("SET LOCAL TIME ZONE 'Pacific/Kiritimati'")
        self.assertTimesHold()

    @requirement('attack', '70', 'Times are compared in UTC, whatever zone the database is in')
    def test_west_of_utc(self):
        self.env.cr.execute("SET LOCAL TIME ZONE 'Pacific/Pago_Pago'")
        self.assertTimesHold()
