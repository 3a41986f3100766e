"""The plan Config OP of the OpenID conformance suite, and its key rotation: the metadata and the keys."""
import base64
import hashlib
import re
from urllib.parse import urlsplit

import jwt

from .relying_party import ISSUER, RelyingPartyCase
from .requirement import requirement

PRIVATE = {'d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'}


class MetadataCase(RelyingPartyCase):

    def metadata(self):
        response = self.url_open('/.well-known/openid-configuration')
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(response.headers['Content-Type'].partition(';')[0], 'application/json')
        return response.json()

    def keys(self):
        """The published keys by their identifiers, each of them proven to be one."""
        keys = self.url_open(urlsplit(self.metadata()['jwks_uri']).path).json()['keys']
        by_identifier = {key['kid']: key for key in keys}
        self.assertEqual(len(by_identifier), len(keys))
        for key in keys:
            self.assertFalse(PRIVATE & set(key))
            self.assertNotEqual(key['kty'], 'oct')
            jwt.PyJWK(key)
        return by_identifier


class TestConfigOP(MetadataCase):

    @requirement('OpenID Config OP', 'oidcc-discovery-endpoint-verification')
    @requirement('OIDC Discovery', '3', 'All members that are required, each in its form')
    @requirement('OIDC Discovery', '4.3', 'The issuer is that of the ID tokens, to the letter')
    def test_the_discovery_document(self):
        metadata = self.metadata()
        self.assertEqual(metadata['issuer'], ISSUER)
        self.assertEqual(metadata['response_types_supported'], ['code'])
        self.assertEqual(metadata['subject_types_supported'], ['public'])
        self.assertIn('RS256', metadata['id_token_signing_alg_values_supported'])
        self.assertIn('RS256', metadata['userinfo_signing_alg_values_supported'])
        self.assertIn('authorization_code', metadata['grant_types_supported'])
        self.assertEqual(metadata['code_challenge_methods_supported'], ['S256'])
        self.assertLessEqual({'sub', 'name', 'email'}, set(metadata['claims_supported']))
        self.assertIn('openid', metadata['scopes_supported'])
        for scope in metadata['scopes_supported']:
            self.assertRegex(scope, r'^[\x21\x23-\x5b\x5d-\x7e]+$')
        # Where it is left out, request_uri would count as supported.
        for name in ('request_parameter_supported', 'request_uri_parameter_supported', 'claims_parameter_supported'):
            self.assertIs(metadata[name], False, name)
        self.assertTrue(self.keys())

    @requirement('OpenID Config OP', 'oidcc-discovery-endpoint-verification')
    @requirement('OIDC Discovery', '3', 'Endpoints have https addresses, and are there')
    def test_the_endpoints_that_it_names(self):
        metadata = self.metadata()
        addresses = {name: value for name, value in metadata.items() if re.search('_(endpoint|uri)$', name)}
        self.assertLessEqual(
            {'authorization_endpoint', 'token_endpoint', 'userinfo_endpoint', 'jwks_uri', 'revocation_endpoint',
             'introspection_endpoint', 'end_session_endpoint'}, set(addresses))
        self.assertNotIn('registration_endpoint', addresses)
        for name, address in addresses.items():
            with self.subTest(name):
                self.assertTrue(address.startswith(ISSUER + '/'), address)
                response = self.url_open(
                    urlsplit(address).path, headers={'Accept': 'application/json'}, allow_redirects=False)
                self.assertNotEqual(response.status_code, 404)


class TestKeyRotation(MetadataCase):

    def rotate(self):
        """What the administrator's button and the schedule do."""
        self.env['oauth2.signing.key']._rotate()

    def wait(self):
        """Let the time pass for which a key is announced."""
        self.sql("""UPDATE oauth2_signing_key SET activates_at = activates_at - interval '3 hours',
                                              retires_at = retires_at - interval '3 hours'""")
        self.env.registry.clear_cache()

    def key_of(self, tokens):
        """The identifier of the key that signed a good ID token."""
        self.id_token(tokens)
        return jwt.get_unverified_header(tokens['id_token'])['kid']

    @requirement('OpenID key rotation', 'oidcc-server-rotate-keys', 'The new one signs only after it was announced')
    @requirement('OIDC Core', '10.1.1', 'A key is published before it signs, and as long as its tokens are good')
    def test_keys_are_replaced_and_what_they_signed_stays_good(self):
        before = self.keys()
        first = self.key_of(self.tokens_of_person())
        self.rotate()
        [new] = set(self.keys()) - set(before)
        self.assertFalse(set(before) - set(self.keys()))
        old = self.tokens_of_person()
        self.assertEqual(self.key_of(old), first)
        self.wait()
        self.assertEqual(self.key_of(self.tokens_of_person()), new)
        self.assertEqual(self.key_of(old), first)
        self.assertEqual(self.userinfo(old)['sub'], self.subject(self.person))

    @requirement('RFC 7518', '3.1', 'ID tokens may be signed with RS256, ES256 or EdDSA, and metadata and keys say so')
    @requirement('OIDC Core', '3.1.3.6', 'at_hash is made with the hash of the signature')
    def test_each_algorithm(self):
        for algorithm, digest in (('ES256', hashlib.sha256), ('EdDSA', hashlib.sha512), ('RS256', hashlib.sha256)):
            with self.subTest(algorithm):
                self.env['ir.config_parameter'].set_param('restapi_oauth2.signing_algorithm', algorithm)
                self.rotate()
                self.wait()
                self.assertIn(algorithm, self.metadata()['id_token_signing_alg_values_supported'])
                tokens = self.tokens_of_person()
                self.assertEqual(jwt.get_unverified_header(tokens['id_token'])['alg'], algorithm)
                hashed = digest(tokens['access_token'].encode()).digest()
                half = base64.urlsafe_b64encode(hashed[:len(hashed) // 2]).rstrip(b'=').decode()
                self.assertEqual(self.id_token(tokens)['at_hash'], half)
