"""Reading the request of a client that registers itself."""
import json
import unittest

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.client_registration import check_update, read_members, read_registration
from protocol.errors import InvalidClientMetadata, InvalidRedirectURI, InvalidSoftwareStatement, OAuthError

METHODS = ('client_secret_basic', 'client_secret_post', 'none')
CALLBACK = 'https://app.example.com/callback'
LOOPBACK = 'http://127.0.0.1:8080/callback'


def read(**members):
    return read_registration({'redirect_uris': [CALLBACK], **members}, METHODS)


class TestReading(unittest.TestCase):

    @requirement('RFC 7591', '2', 'What is left out has the defaults of the specification')
    def test_the_least(self):
        registration = read()
        self.assertEqual(registration, (
            (CALLBACK,), '', '', '', '', 'client_secret_basic', 'web', ('authorization_code',), None))

    @requirement('RFC 7591', '2', 'Members that are not known, and null, are passed over')
    def test_what_is_passed_over(self):
        self.assertEqual(read(contacts=['a@example.com'], software_id='x', foo={'bar': [1]}, scope=None, jwks=None,
                              application_type=None, token_endpoint_auth_method=None, software_statement=None), read())

    @requirement('RFC 7591', '2', 'Of grant types, those are registered that there are')
    def test_grant_types(self):
        self.assertEqual(read(grant_types=['refresh_token', 'implicit', 'authorization_code']).grant_types,
                         ('authorization_code', 'refresh_token'))

    @requirement('RFC 7591', '5', 'A link that leads to another host than the redirect URIs is left out')
    def test_links(self):
        registration = read(client_uri='https://app.example.com/', policy_uri='https://claude.ai/privacy',
                            tos_uri='javascript:alert(1)', logo_uri='http://169.254.169.254/')
        self.assertEqual(registration[2:5], ('https://app.example.com/', '', ''))

    @requirement('OIDC Registration', '2', 'Addresses of a web application are https and not of this machine')
    def test_application_types(self):
        for members, kind in (
            ({}, 'web'), ({'redirect_uris': [LOOPBACK]}, 'native'), ({'redirect_uris': [CALLBACK, LOOPBACK]}, 'native'),
            ({'application_type': 'native'}, 'native'),
            ({'application_type': 'native', 'redirect_uris': ['cursor://cb', LOOPBACK]}, 'native'),
        ):
            with self.subTest(members):
                self.assertEqual(read(**members).application_type, kind)
        for uri in (LOOPBACK, 'https://localhost/callback', 'https://127.0.0.1/callback', 'cursor://cb'):
            with self.subTest(uri), self.assertRaises(InvalidRedirectURI):
                read(application_type='web', redirect_uris=[CALLBACK, uri])
        for kind in ('service', 7, []):
            with self.subTest(kind), self.assertRaises(InvalidClientMetadata):
                read(application_type=kind)

    @requirement('RFC 7591', '3.2.2', 'invalid_redirect_uri: an address that cannot be registered')
    @requirement('attack', '8', 'Addresses that run or show what they say cannot be registered')
    @requirement('attack', '10', 'Nor can http, but to this machine')
    def test_redirect_uris(self):
        for uris in (None, [], {}, CALLBACK, [7], [None], ['javascript:alert(1)'], ['data:text/html,x'],
                     ['http://app.example.com/cb'], ['com.example.app:/cb'], [CALLBACK, 'https://*.example.com/'],
                     ['https://app.example.com/cb#x'], ['https://app.example.com/cb?code=1'], ['http://['], [''],
                     ['https://u:p@app.example.com/'], ['https://app.example.com/\0'], [CALLBACK + 'x' * 3000],
                     [f'{CALLBACK}{number}' for number in range(21)]):
            with self.subTest(str(uris)[:60]), self.assertRaises(InvalidRedirectURI):
                read(redirect_uris=uris)

    @requirement('RFC 7591', '3.2.2', 'invalid_client_metadata: another member that cannot be used')
    def test_other_members(self):
        for members in (
            {'token_endpoint_auth_method': 'private_key_jwt'}, {'token_endpoint_auth_method': 'nonsense'},
            {'token_endpoint_auth_method': 7}, {'grant_types': ['client_credentials']}, {'grant_types': 'x'},
            {'response_types': ['token']}, {'client_name': ['x']}, {'scope': ['x']}, {'client_uri': 7},
            {'jwks': {'keys': [{'kty': 'oct', 'k': 'x'}]}},
        ):
            with self.subTest(members), self.assertRaises(InvalidClientMetadata):
                read(**members)

    @requirement('RFC 7591', '3.2.2', 'invalid_software_statement: nobody is trusted who signs them')
    def test_software_statements(self):
        for statement in ('eyJ.eyJ.x', '', {}, 7):
            with self.subTest(statement), self.assertRaises(InvalidSoftwareStatement):
                read(software_statement=statement)

    @requirement('RFC 7591', '3.1', 'A request is a JSON object, sent as application/json')
    def test_bodies(self):
        for body in (b'', b'x', b'[]', b'null', b'"x"', b'{"a": 1, "a": 2}', b'\xff', b'{"a": ' * 20000,
                     b'{"n": ' + b'9' * 5000 + b'}', json.dumps({}).encode('utf-16')):
            with self.subTest(body[:10]), self.assertRaises(InvalidClientMetadata):
                read_members(body, 'application/json')
        with self.assertRaises(InvalidClientMetadata):
            read_members(b'{}', 'application/x-www-form-urlencoded')
        self.assertEqual(read_members(b'{"a": {"b": 1}}', 'application/json'), {'a': {'b': 1}})

    @requirement('RFC 7592', '2.2', 'A change names its client, and not what the server alone says')
    def test_changes(self):
        check_update({'client_id': 'x', 'client_secret': 'y'}, 'x')
        for members in ({}, {'client_id': 'y'}, {'client_id': ['x']},
                        *({'client_id': 'x', name: 'z'} for name in (
                            'registration_access_token', 'registration_client_uri', 'client_secret_expires_at',
                            'client_id_issued_at')), {'client_id': 'x', 'client_secret': 7}):
            with self.subTest(members), self.assertRaises(InvalidClientMetadata):
                check_update(members, 'x')

    @PROPERTY
    @given(st.dictionaries(
        st.sampled_from(['redirect_uris', 'client_name', 'scope', 'grant_types', 'application_type', 'client_uri',
                         'token_endpoint_auth_method', 'jwks', 'software_statement']),
        st.recursive(st.none() | st.booleans() | st.integers() | st.text() | st.just(CALLBACK),
                     lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=2))))
    def test_whatever_is_sent_is_registered_or_refused(self, members):
        try:
            self.assertTrue(read_registration(members, METHODS).redirect_uris)
        except OAuthError as error:
            self.assertEqual(error.status, 400)
