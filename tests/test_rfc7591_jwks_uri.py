"""RFC 7591 §2, `jwks_uri`: clients that publish their keys at an address of their own."""
import json
from contextlib import ExitStack
from datetime import timedelta

from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from odoo import fields
from odoo.exceptions import ValidationError

from ..models.clients.proofs.oauth2_fetched_keys import GRACE, PAUSE
from ..protocol import fetch as fetching
from .publisher import trusted_site
from .requirement import requirement
from .test_client_id_metadata_documents import DocumentCase
from .test_rfc7523_client_assertion import KEY, OTHER_KEY, RSA_KEY, TYPE, KeyCase, key_set, public_jwk

JSON = 'application/json'
PEM = KEY.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


class KeysAtAnAddressCase(KeyCase):
    """An application whose keys lie at its website, from which the settings let fetch."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        cls.site = stack.enter_context(trusted_site())
        cls.env['ir.config_parameter'].set_param('restapi_oauth2.fetch_networks', '127.0.0.0/8')
        cls.keyed.write({'key_set': False, 'key_set_url': cls.site.url('/jwks')})

    def setUp(self):
        super().setUp()
        fetching._failures.clear()
        self.site.pages.clear()
        self.site.asked.clear()
        self.publish(key_set(KEY))

    def publish(self, body, path='/jwks', status=200, content_type=JSON, **headers):
        """Put something where the application publishes its keys."""
        body = body if isinstance(body, bytes) else body.encode()
        self.site.pages[path] = (status, {'Content-Type': content_type, **headers}, body)

    def later(self, seconds, fresh=True):
        """Let time go by since the keys were asked for; or let their own time be over, too."""
        self.sql("UPDATE oauth2_fetched_keys SET asked_at = asked_at - make_interval(secs => %s), "
                 "answered_at = answered_at - make_interval(secs => %s)", seconds, seconds)
        if not fresh:
            self.sql("UPDATE oauth2_fetched_keys SET fresh_until = (now() AT TIME ZONE 'UTC') "
                     "- make_interval(secs => %s)", seconds)
        fetching._failures.clear()

    def fetched(self):
        """How often the keys were asked for."""
        return len(self.site.asked)

    def status(self, key=KEY, **options):
        """The status of the answer to a request that is signed by a key."""
        return self.with_key(assertion=self.assertion(key=key, **options)).status_code


class TestKeysAtAnAddress(KeysAtAnAddressCase):

    @requirement('RFC 7591', '2', 'The keys of a client are fetched from its jwks_uri')
    def test_fetched_when_they_are_needed(self):
        self.assertEqual(self.fetched(), 0)
        self.assertEqual([self.status() for _time in range(3)], [200] * 3)
        self.assertEqual(self.fetched(), 1)
        self.assertEqual([path for path, _headers in self.site.asked], ['/jwks'])

    def test_at_every_endpoint(self):
        for endpoint in ('access_token', 'introspect', 'revoke', 'device_authorization'):
            with self.subTest(endpoint):
                self.env['oauth2.fetched.keys']._forget([self.keyed.key_set_url])
                self.keyed.grant_device_code = True
                parameters = {} if endpoint == 'access_token' else {'token': 'x'}
                self.assertEqual(self.with_key(endpoint, **parameters).status_code, 200)

    @requirement('RFC 7591', '2', 'A client changes its keys by itself')
    def test_another_key(self):
        self.assertEqual(self.status(), 200)
        self.publish(key_set(KEY, OTHER_KEY))
        self.assertEqual(self.status(OTHER_KEY, headers={'kid': 'key 1'}), 401)  # a moment ago it was not there
        self.later(PAUSE + 1)
        self.assertEqual(self.status(OTHER_KEY, headers={'kid': 'key 1'}), 200)
        self.assertEqual(self.fetched(), 2)

    @requirement('attack', '60', 'A key that the client has taken back is refused when the time of the set is over')
    def test_a_key_that_is_gone(self):
        self.assertEqual(self.status(), 200)
        self.publish(key_set(OTHER_KEY))
        self.assertEqual(self.status(), 200)
        self.later(PAUSE + 1, fresh=False)
        self.assertEqual(self.status(), 401)
        self.assertEqual(self.status(OTHER_KEY), 200)

    @requirement('attack', '63', 'Whatever keys strangers name, an address is asked once a minute at the most')
    def test_strangers_do_not_make_us_ask(self):
        self.assertEqual([self.status(RSA_KEY, algorithm='RS256', headers={'kid': f'{number}'})
                          for number in range(5)], [401] * 5)
        self.assertEqual(self.fetched(), 1)
        self.assertEqual(self.status(), 200)

    def test_an_address_that_does_not_answer(self):
        self.assertEqual(self.status(), 200)
        self.publish('', status=500)
        self.later(PAUSE + 1, fresh=False)
        self.assertEqual(self.status(), 200)  # what was there last still counts
        self.assertIn('the status of the answer is 500', self.shown())
        self.later(GRACE + 1, fresh=False)
        self.assertEqual(self.status(), 401)
        self.publish(key_set(KEY))
        self.later(PAUSE + 1)
        self.assertEqual(self.status(), 200)
        self.assertNotIn('500', self.shown())

    def shown(self):
        """What the form says of the keys."""
        self.env.invalidate_all()
        return self.keyed.keys_read

    @requirement('attack', '63', 'What is no set of public keys opens nothing; an administrator sees why')
    def test_what_is_no_key_set(self):
        private = {**public_jwk(KEY), 'd': 'AA'}
        for body, options, words in (
                (json.dumps({'keys': [private]}), {}, 'a private key'),
                (json.dumps({'keys': [{'kty': 'oct', 'k': 'AA'}]}), {}, 'a symmetric key'),
                ('<html>', {}, 'neither JSON nor PEM'), ('[]', {}, 'neither JSON nor PEM'),
                ('{"keys": []}', {}, 'no key to verify'), (b'\xff', {}, 'neither JSON nor PEM'),
                (PEM, {}, 'neither JSON nor PEM'), (PEM + b'\0', {}, 'neither JSON nor PEM'),
                (' ' * 40_000 + key_set(KEY), {}, 'longer than'),
                (key_set(KEY), {'content_type': 'text/html'}, 'not of the type'),
                (key_set(KEY), {'status': 302, 'Location': '/elsewhere'}, 'the status of the answer is 302'),
                (key_set(KEY), {'status': 404}, 'the status of the answer is 404')):
            with self.subTest(words):
                self.env['oauth2.fetched.keys']._forget([self.keyed.key_set_url])
                self.env['oauth2.event'].search([('name', '=', 'authentication_failed')]).unlink()
                self.publish(body, **options)
                response = self.with_key()
                self.assertRefused(response, 401, 'invalid_client')
                self.assertNotIn(words, response.text)
                self.assertIn(words, self.details()[0])
                self.assertIn(words, self.shown())

    def test_keys_of_other_kinds_are_skipped(self):
        self.publish(json.dumps({'keys': [
            {'kty': 'EC', 'crv': 'secp256k1', 'x': 'AA', 'y': 'AA'}, {'kty': 'AKP', 'alg': 'ML-DSA-44', 'pub': 'AA'},
            {**public_jwk(KEY), 'use': 'enc', 'kid': 'other'}, public_jwk(KEY, kid='mine')]}))
        self.assertEqual(self.status(headers={'kid': 'mine'}), 200)

    @requirement('attack', '63', 'Keys are not fetched from the network of this server')
    def test_not_from_here(self):
        self.env['ir.config_parameter'].set_param('restapi_oauth2.fetch_networks', '')
        self.assertRefused(self.with_key(), 401, 'invalid_client')
        self.assertEqual(self.fetched(), 0)
        self.assertIn('no address of the public Internet', self.details()[0])

    def test_another_address_has_other_keys(self):
        self.assertEqual(self.status(), 200)
        self.publish(key_set(OTHER_KEY), '/other')
        self.keyed.key_set_url = self.site.url('/other')
        self.assertEqual(self.status(), 401)
        self.assertEqual(self.status(OTHER_KEY), 200)
        self.env['oauth2.fetched.keys']._gc_fetched_keys()
        self.assertEqual(self.env['oauth2.fetched.keys'].search([]).mapped('url'), [self.site.url('/other')])

    def test_the_button(self):
        self.publish('', status=500)
        self.assertEqual(self.status(), 401)
        self.publish(key_set(KEY))
        self.assertEqual(self.status(), 401)
        self.keyed.action_fetch_keys_again()
        self.assertEqual(self.shown(), 'They will be fetched when the application next proves itself.')
        self.assertEqual(self.status(), 200)
        self.assertIn('key 0 (ES256): ', self.shown())

    def test_what_may_be_entered(self):
        for values in ({'key_set': key_set(KEY)}, {'key_set_url': 'http://app.example.com/jwks'},
                       {'key_set_url': 'https://me:x@app.example.com/jwks'}, {'key_set_url': 'nonsense'},
                       {'key_set_url': 'https://app.example.com/jwks#x'}, {'key_set_url': False}):
            with self.subTest(values), self.assertRaises(ValidationError), self.cr.savepoint():
                self.keyed.write(values)
                self.env.flush_all()

    def test_an_event_has_the_address(self):
        self.keyed.key_set_url = 'https://app.example.com/keys'
        event = self.env['oauth2.event'].search([('client_id', '=', self.keyed.id)], limit=1)
        self.assertEqual(event.new_value, 'https://app.example.com/keys')


class TestDocumentsWithKeys(DocumentCase):

    def publish_keyed(self, **members):
        self.publish(token_endpoint_auth_method='private_key_jwt', **members)

    assertion = KeyCase.assertion

    def code(self):
        """The user allows the client what it asks for."""
        return self.arrived(self.answer(self.ask_for(), 'allow'), self.callback)['code']

    def redeem(self, code, key=KEY, **parameters):
        """Redeem a code as a client with a key."""
        proof = {} if key is None else {
            'client_assertion_type': TYPE, 'client_assertion': self.assertion(self.stored(), key)}
        return self.exchange(code, **proof, **parameters)

    @requirement('CIMD', '8.2', 'A client whose document names a key has to prove itself by it.')
    def test_a_document_with_keys(self):
        for number, members in enumerate((
                {'jwks': json.loads(key_set(KEY))}, {'jwks_uri': self.site.url('/jwks')},
                {'jwks_uri': self.site.url('/jwks'), 'token_endpoint_auth_methods_supported': [
                    'none', 'private_key_jwt']})):
            with self.subTest(members):
                self.put('/jwks', key_set(KEY).encode(), JSON)
                self.stored().unlink()
                self.publish_keyed(**members)
                self.assertEqual(self.ask_for().status_code, 200)
                self.assertEqual((self.stored().is_public, self.stored().proof), (False, 'key'))
                for key, status in ((None, 401), (OTHER_KEY, 401), (KEY, 200)):
                    code = self.code()
                    self.assertEqual(self.redeem(code, key).status_code, status, (number, key))

    @requirement('CIMD', '8.2', 'Without public clients, those come that have a key.')
    def test_without_public_clients(self):
        self.let('public_clients', 'False')
        self.assert_refused(self.ask_for(), 'token_endpoint_auth_method may be: private_key_jwt')
        fetching._failures.clear()
        self.publish_keyed(jwks=json.loads(key_set(KEY)))
        self.assertEqual(self.ask_for().status_code, 200)

    def test_a_document_without_its_keys(self):
        for members in ({}, {'jwks': {'keys': []}},
                        {'token_endpoint_auth_methods_supported': ['none', 'private_key_jwt']}):
            with self.subTest(members):
                fetching._failures.clear()
                self.publish_keyed(**members)
                self.assert_refused(self.ask_for(), 'neither jwks nor jwks_uri')

    def test_a_document_that_gets_a_key(self):
        self.assertEqual(self.ask_for().status_code, 200)
        self.assertTrue(self.stored().is_public)
        self.publish_keyed(jwks=json.loads(key_set(KEY)))
        self.expire()
        self.assertEqual(self.ask_for().status_code, 200)
        self.assertFalse(self.stored().is_public)
        self.assertRefused(self.exchange('x'), 401, 'invalid_client')
        event = self.last_event('application_changed')
        self.assertIn('key_set_url: ', event.new_value)

    @requirement('attack', '60', 'A key that a document does not name any more is refused when its time is over')
    def test_a_key_that_a_document_has_withdrawn(self):
        self.publish_keyed(jwks=json.loads(key_set(KEY)))
        self.assertEqual(self.ask_for().status_code, 200)
        refresh_token = self.redeem(self.code()).json()['refresh_token']
        self.publish_keyed(jwks=json.loads(key_set(OTHER_KEY)))
        self.env.cr.execute(
            "UPDATE oauth2_fetched_keys SET asked_at = asked_at - interval '2 hours', "
            "answered_at = answered_at - interval '2 hours', fresh_until = asked_at")
        self.env.invalidate_all()
        for key, status in ((KEY, 401), (OTHER_KEY, 200)):
            answer = self.ask('access_token', data={
                'grant_type': 'refresh_token', 'refresh_token': refresh_token, 'client_assertion_type': TYPE,
                'client_assertion': self.assertion(self.stored(), key)})
            self.assertEqual(answer.status_code, status, answer.text)

    def test_keys_of_other_kinds_in_a_document(self):
        other = {'kty': 'EC', 'crv': 'secp256k1', 'x': 'AA', 'y': 'AA'}
        self.publish_keyed(jwks={'keys': [*json.loads(key_set(KEY))['keys'], other]})
        self.assertEqual(self.ask_for().status_code, 200)
        self.assertEqual(self.redeem(self.code()).status_code, 200)

    def test_keys_of_a_document_are_fetched_for_who_brought_it(self):
        self.publish_keyed(jwks_uri=self.site.url('/jwks'))
        self.put('/jwks', key_set(KEY).encode(), JSON)
        self.assertEqual(self.ask_for().status_code, 200)
        code = self.code()
        with self.env['oauth2.document.fetch']._claimed(f'user {self.person.id}'):
            self.assertRefused(self.redeem(code), 503, 'temporarily_unavailable')
        self.assertEqual(self.redeem(code).status_code, 200)

    def test_the_time_of_a_set(self):
        self.put('/jwks', key_set(KEY).encode(), JSON, {'Cache-Control': 'max-age=7200'})
        self.publish_keyed(jwks_uri=self.site.url('/jwks'))
        self.assertEqual(self.ask_for().status_code, 200)
        code = self.code()
        self.assertEqual(self.redeem(code).status_code, 200)
        until = self.env['oauth2.fetched.keys'].search([]).fresh_until
        self.assertAlmostEqual(until, fields.Datetime.now() + timedelta(hours=2), delta=timedelta(minutes=1))
