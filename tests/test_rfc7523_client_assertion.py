"""RFC 7523 and OpenID Connect Core §9: clients that authenticate by a key, and attack case 60."""
import json
import time
import uuid

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from .browser import VERIFIER
from .common import PATH, REDIRECT_URI, basic_header
from .endpoints import ISSUER, EndpointCase
from .requirement import requirement

TYPE = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'
KEY, OTHER_KEY, RSA_KEY = (
    ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1()),
    rsa.generate_private_key(65537, 2048))


def public_jwk(key, algorithm='ES256', **members):
    return {**jwt.get_algorithm_by_name(algorithm).to_jwk(key.public_key(), as_dict=True), **members}


def key_set(*keys):
    return json.dumps({'keys': [public_jwk(key, kid=f'key {number}') for number, key in enumerate(keys)]})


class KeyCase(EndpointCase):
    """An application with a key, which acts for a user by client credentials, and introspects."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keyed, cls.former_secret = cls.make_client(
            'Keyed', cls.user, has_direct_authorization=False, grant_client_credentials=True, is_resource_server=True,
            proof='key', key_set=key_set(KEY))

    def assertion(self, client=None, key=KEY, algorithm='ES256', headers=None, without=(), **claims):
        """A fresh assertion of a client."""
        client_id, now = (client or self.keyed).client_id, int(time.time())
        claims = {'iss': client_id, 'sub': client_id, 'aud': ISSUER, 'iat': now, 'exp': now + 60,
                  'jti': str(uuid.uuid4()), **claims}
        return jwt.encode({name: value for name, value in claims.items() if name not in without}, key,
                          algorithm=algorithm, headers=headers)

    def with_key(self, endpoint='access_token', assertion=None, headers=None, **parameters):
        """A request with an assertion; a parameter that is None is left out."""
        asked = {'grant_type': 'client_credentials', 'scope': 'odoo'} if endpoint == 'access_token' else {}
        body = {'client_assertion_type': TYPE, 'client_assertion': assertion or self.assertion(), **asked, **parameters}
        return self.ask(endpoint, headers=headers,
                        data={name: value for name, value in body.items() if value is not None})

    def access_token(self):
        response = self.with_key()
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()['access_token']

    def details(self, client=None):
        """What the events of failed attempts say."""
        return self.env['oauth2.event'].search(
            [('name', '=', 'authentication_failed'), ('client_id', '=', (client or self.keyed).id)]).mapped('detail')


class TestClientAssertion(KeyCase):

    @requirement('RFC 7523', '2.2', 'A client proves itself by an assertion, with or without its client ID beside it')
    @requirement('OWASP ASVS 5.0', '10.4.16')
    def test_at_every_endpoint(self):
        token = self.access_token()
        self.assertWorks(token)
        self.assertEqual(self.with_key(client_id=self.keyed.client_id).status_code, 200)
        self.assertTrue(self.with_key('introspect', token=token).json()['active'])
        self.assertEqual(self.with_key('revoke', token=token).status_code, 200)
        self.assertEqual(self.with_key('introspect', token=token).json(), {'active': False})

    @requirement('RFC 6749', '4.1.3', 'A code is redeemed by a client with a key, and refreshed')
    def test_people_sign_in(self):
        self.log_in()
        response = self.with_key(grant_type='authorization_code', code=self.allow(self.keyed)['code'],
                                 redirect_uri=REDIRECT_URI, code_verifier=VERIFIER, scope=None)
        self.assertEqual(response.status_code, 200, response.text)
        response = self.with_key(grant_type='refresh_token', scope=None,
                                 refresh_token=response.json()['refresh_token'])
        self.assertEqual(response.status_code, 200, response.text)

    @requirement('RFC 8414', '2', 'The metadata say that a key will do, and which algorithms')
    def test_the_metadata(self):
        metadata = self.metadata().json()
        for endpoint in ('token', 'revocation', 'introspection'):
            self.assertIn('private_key_jwt', metadata[f'{endpoint}_endpoint_auth_methods_supported'])
            algorithms = metadata[f'{endpoint}_endpoint_auth_signing_alg_values_supported']
            self.assertLessEqual({'RS256', 'PS256', 'ES256', 'EdDSA'}, set(algorithms))
            self.assertFalse([name for name in algorithms if name == 'none' or name.startswith('HS')])

    @requirement('attack', '60', 'An assertion works once, at whichever endpoint')
    @requirement('RFC 7523', '3', 'An assertion that was used before is refused')
    def test_attack_60_replay(self):
        assertion = self.assertion()
        self.assertEqual(self.with_key(assertion=assertion).status_code, 200)
        for endpoint, parameters in (('access_token', {}), ('introspect', {'token': 'x'}), ('revoke', {'token': 'x'})):
            self.assertRefused(self.with_key(endpoint, assertion, **parameters), 401, 'invalid_client')
        self.assertEqual(self.details(), ['client_assertion: it was used before; make another one for each request'])
        # The name is what counts: signed again, it is the same assertion.
        self.assertRefused(self.with_key(assertion=self.assertion(
            jti=jwt.decode(assertion, options={'verify_signature': False})['jti'])), 401, 'invalid_client')

    @requirement('attack', '60', 'An assertion is used up by a request that is refused for another reason')
    def test_attack_60_used_up(self):
        assertion = self.assertion()
        refused = self.with_key(assertion=assertion, grant_type='refresh_token', refresh_token='x')
        self.assertRefused(refused, 400, 'invalid_grant')
        self.assertRefused(self.with_key(assertion=assertion), 401, 'invalid_client')

    @requirement('attack', '60', 'Two clients may give their assertions the same name')
    def test_attack_60_names_of_others(self):
        other, _secret = self.make_client('Other', self.user, has_direct_authorization=False, proof='key',
                                          grant_client_credentials=True, key_set=key_set(OTHER_KEY))
        for client, key in ((self.keyed, KEY), (other, OTHER_KEY)):
            self.assertEqual(self.with_key(assertion=self.assertion(client, key, jti='1')).status_code, 200)

    @requirement('attack', '60', 'Wrong audience, times, algorithm, subject: invalid_client')
    @requirement('RFC 10070', '4', 'The issuer is the only audience; the address of an endpoint is none')
    def test_attack_60_claims(self):
        now, token_endpoint = int(time.time()), f'{ISSUER}{PATH}/access_token'
        cases = {
            'wrong audience': {'aud': 'https://other.example.com'},
            'the token endpoint as audience': {'aud': token_endpoint},
            'a second audience': {'aud': [ISSUER, token_endpoint]},
            'no audience': {'without': ['aud']},
            'expired five minutes ago': {'exp': now - 300, 'iat': now - 360},
            'no end': {'without': ['exp']},
            'from far in the future': {'iat': now + 86400, 'exp': now + 86460},
            'ends in a year': {'exp': now + 365 * 86400, 'without': ['iat']},
            'not yet': {'nbf': now + 600},
            'no name': {'without': ['jti']},
            'a name that is no text': {'jti': '\ud800'},
            'of another issuer': {'iss': 'somebody'},
            'no issuer': {'without': ['iss']},
        }
        for name, options in cases.items():
            with self.subTest(name):
                response = self.with_key(assertion=self.assertion(**options))
                self.assertRefused(response, 401, 'invalid_client')
                self.assertTrue(response.json()['error_description'].startswith('client_assertion: '))  # it has the key
        self.assertRefused(self.with_key(assertion=self.assertion(without=['sub'])), 401, 'invalid_client')
        self.assertEqual(self.with_key().status_code, 200)

    @requirement('attack', '60', 'No signature, one with a shared secret, one of another key: invalid_client')
    @requirement('attack', '45', 'A client assertion without a signature is refused')
    def test_attack_60_signatures(self):
        hidden = set()
        for name, options in {
                'none': {'key': None, 'algorithm': 'none'},
                'the secret': {'key': self.former_secret, 'algorithm': 'HS256'},
                'another key': {'key': OTHER_KEY},
                'a key of its own in the header': {'key': OTHER_KEY, 'headers': {'jwk': public_jwk(OTHER_KEY)}},
                'a kind of key that it does not have': {'key': RSA_KEY, 'algorithm': 'RS256'},
                'a name that it does not have': {'headers': {'kid': 'key 1'}},
                'of another kind': {'headers': {'typ': 'at+jwt'}},
                'to be understood': {'headers': {'crit': ['exp'], 'exp': 1}}}.items():
            with self.subTest(name):
                try:
                    assertion = self.assertion(**options)
                except jwt.PyJWTError:  # the library does not write such headers
                    continue
                response = self.with_key(assertion=assertion)
                self.assertRefused(response, 401, 'invalid_client')
                hidden.add(response.json()['error_description'])
        self.assertEqual(hidden, {'client authentication failed'})

    @requirement('RFC 6749', '2.3', 'Two ways of authentication in one request are invalid_request')
    @requirement('attack', '14', 'An assertion beside a secret, or beside another client ID, is refused')
    def test_two_methods(self):
        self.assertRefused(self.with_key(client_secret=self.former_secret), 400, 'invalid_request')
        self.assertRefused(self.with_key(headers={'Authorization': basic_header(
            self.keyed.client_id, self.former_secret)}), 400, 'invalid_request')
        self.assertRefused(self.with_key(client_id=self.client.client_id), 400, 'invalid_request')
        self.assertRefused(self.with_key(client_assertion_type=None), 400, 'invalid_request')
        self.assertRefused(self.with_key(client_assertion=None), 400, 'invalid_request')
        self.assertRefused(self.with_key(
            client_assertion_type='urn:ietf:params:oauth:client-assertion-type:saml2-bearer'), 401, 'invalid_client')
        query = self.ask(f'access_token?client_assertion={self.assertion()}', data={
            'client_assertion_type': TYPE, 'grant_type': 'client_credentials'})
        self.assertRefused(query, 400, 'invalid_request')

    @requirement('RFC 6749', '2.3', 'A client proves itself in the one way that it is registered with')
    def test_the_other_way_is_refused(self):
        self.assertRefused(self.for_itself(self.keyed, self.former_secret, scope='odoo'), 401, 'invalid_client')
        self.assertRefused(self.token(self.keyed, client_secret=None, grant_type='client_credentials'),
                           401, 'invalid_client')
        robot, secret = self.make_client('Robot', self.user, has_direct_authorization=False,
                                         grant_client_credentials=True, key_set=key_set(KEY))
        self.assertRefused(self.with_key(assertion=self.assertion(robot)), 401, 'invalid_client')
        self.assertEqual(self.for_itself(robot, secret, scope='odoo').status_code, 200)
        public, _secret = self.make_client('Public', is_public=True)
        self.assertRefused(self.with_key(assertion=self.assertion(public)), 401, 'invalid_client')
        nobody = self.assertion(iss='NobodyAtAll', sub='NobodyAtAll')
        self.assertRefused(self.with_key(assertion=nobody), 401, 'invalid_client')

    def test_switching_ends_nothing(self):
        token = self.access_token()
        self.keyed.proof = 'secret'
        self.assertWorks(token)
        self.assertRefused(self.with_key(), 401, 'invalid_client')
        self.assertEqual(self.for_itself(self.keyed, self.former_secret, scope='odoo').status_code, 200)

    def test_two_keys_while_one_is_changed(self):
        self.keyed.key_set = key_set(KEY, OTHER_KEY)
        for number, key in enumerate((KEY, OTHER_KEY)):
            self.assertEqual(self.with_key(assertion=self.assertion(
                key=key, headers={'kid': f'key {number}'})).status_code, 200)
        self.assertRefused(self.with_key(), 401, 'invalid_client')  # which one, nobody says
        self.keyed.key_set = key_set(OTHER_KEY)
        self.assertRefused(self.with_key(), 401, 'invalid_client')
        self.assertEqual(self.with_key(assertion=self.assertion(key=OTHER_KEY)).status_code, 200)

    @requirement('contract', '5', 'Direct codes are redeemed with an assertion in the OAuth header, too')
    def test_direct_mode(self):
        self.keyed.write({'has_direct_authorization': True, 'grant_client_credentials': False,
                          'scope_ids': [(6, 0, self.env.ref('restapi_oauth2.scope_odoo').ids)],
                          'is_resource_server': False})
        response = self.token_with_oauth_header(
            self.keyed, client_secret=None, client_assertion=self.assertion(), client_assertion_type=TYPE,
            grant_type='authorization_code', code=self.code(self.keyed), redirect_uri=REDIRECT_URI)
        self.assertEqual(response.status_code, 200, response.text)

    @requirement('attack', '68', 'Failures with assertions leave one event of an hour, and no row')
    def test_failures_cost_little(self):
        used = self.env['oauth2.used.assertion'].search_count([])
        for _time in range(3):
            self.assertRefused(self.with_key(assertion=self.assertion(key=OTHER_KEY)), 401, 'invalid_client')
        self.assertEqual(self.details(), ['client_assertion: InvalidSignatureError'])
        self.assertEqual(self.env['oauth2.used.assertion'].search_count([]), used)

    def test_used_assertions_go_when_they_have_expired(self):
        self.access_token()
        used = self.env['oauth2.used.assertion']
        self.assertEqual(used.search_count([]), 1)
        used._gc_used_assertions()
        self.assertEqual(used.search_count([]), 1)
        self.sql("UPDATE oauth2_used_assertion SET ends_at = now() AT TIME ZONE 'UTC' - interval '1 second'")
        used._gc_used_assertions()
        self.assertEqual(used.search_count([]), 0)


class TestKeySetOfAClient(KeyCase):

    @requirement('attack', '69', 'A private key is not stored as the key of a client')
    def test_only_public_keys(self):
        private = jwt.get_algorithm_by_name('ES256').to_jwk(KEY, as_dict=True)
        for text, words in (
                (json.dumps(private), 'This is a private key'),
                (json.dumps({'keys': [private]}), 'This is a private key'),
                (KEY.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                   serialization.NoEncryption()).decode(), 'This is a private key'),
                ('{"kty": "oct", "k": "AAAA"}', 'shared secret'), ('nonsense', 'These are no public keys'),
                ('{"keys": []}', 'no key to verify signatures with'), (7, 'These are no public keys')):
            for change in (lambda text=text: self.keyed.write({'key_set': text}),
                           lambda text=text: self.keyed.copy({'key_set': text}),
                           lambda text=text: self.keyed.with_context(default_key_set=text).create({'name': 'New'})):
                with self.subTest(text), self.assertRaisesRegex(ValidationError, words) as caught:
                    change()
                if 'd' in private:
                    self.assertNotIn(private['d'], str(caught.exception))

    def test_a_key_is_needed(self):
        for change in ({'key_set': False}, {'key_set': ''}):
            with self.assertRaisesRegex(ValidationError, 'Enter a key, or the address of its keys'):
                self.keyed.write(change)
        with self.assertRaisesRegex(ValidationError, 'Enter a key, or the address of its keys'):
            self.client.proof = 'key'
        with mute_logger('odoo.sql_db'), self.assertRaises(Exception):  # noqa: B017 - a constraint of the database
            self.env['oauth2.client'].create({'name': 'P', 'is_public': True, 'proof': 'key', 'key_set': key_set(KEY)})

    def test_a_copy_has_no_key(self):
        copy = self.keyed.copy()
        self.assertEqual((copy.proof, copy.key_set), ('secret', False))

    def test_the_form_tells_which_keys_they_are(self):
        self.assertRegex(self.keyed.keys_read, r'^key 0 \(ES256\): [\w-]{43}$')
        self.keyed.key_set = KEY.public_key().public_bytes(
            serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
        self.assertRegex(self.keyed.keys_read, r'^\(ES256\): [\w-]{43}$')
        self.assertEqual(self.with_key().status_code, 200)

    def test_an_event_has_the_thumbprints(self):
        former, now = self.keyed._keys()[0].thumbprint, None
        self.keyed.key_set = key_set(OTHER_KEY)
        now = self.keyed._keys()[0].thumbprint
        event = self.env['oauth2.event'].search([('client_id', '=', self.keyed.id)], limit=1)
        self.assertEqual((event.name, event.detail, event.old_value, event.new_value), (
            'application_changed', 'Keyed: Public keys', former, now))

    @requirement('attack', '72', 'A key is as good as a secret: who may not make one of those may not name a key')
    def test_who_may_name_a_key(self):
        manager = new_test_user(self.env, 'oauth2_keys', groups=(
            'base.group_user,restapi_oauth2.group_oauth2_administrator'))
        for change in ({'key_set': key_set(OTHER_KEY)}, {'key_set': key_set(KEY, OTHER_KEY)}, {'proof': 'secret'}):
            with self.assertRaises(AccessError):
                self.keyed.with_user(manager).write(change)
        web, _secret = self.make_client('Web')
        web.with_user(manager).write({'proof': 'key', 'key_set': key_set(KEY)})
        web.write({'is_trusted': True})
        for change in ({'key_set': key_set(OTHER_KEY)}, {'proof': 'secret'}):
            with self.assertRaises(AccessError):
                web.with_user(manager).write(change)

    def test_no_program_with_a_secret_is_offered(self):
        self.assertFalse(self.keyed.snippet_python)
        self.assertIn(self.keyed.client_id, self.keyed.dotenv)
        self.assertNotIn('SECRET', self.keyed.dotenv)
