"""Client metadata, and the parts of it that are used."""
import json
import unittest

from hypothesis import given
from hypothesis import strategies as st
from properties import PROPERTY
from requirement import requirement

from protocol.client_metadata import (
    LONGEST_NAME,
    LONGEST_URL,
    MOST_REDIRECT_URIS,
    ClientMetadata,
    NotUsable,
    is_document_url,
    read_document,
)

URL = 'https://app.example.com/client.json'
CALLBACK = 'https://app.example.com/callback'


def document(**members):
    """A document with some members changed, or left out."""
    values = {'client_id': URL, 'client_name': 'App', 'redirect_uris': [CALLBACK], **members}
    return json.dumps({name: value for name, value in values.items() if value is not None}).encode()


def read(**members):
    return read_document(URL, document(**members))


class TestURL(unittest.TestCase):

    @requirement('CIMD', '3', 'A client identifier URL is https, with a path, without user, fragment or dot segments.')
    def test_urls(self):
        for url in (URL, 'https://app.example.com/', 'https://app.example.com:8443/client?v=2', 'https://a.b/~x'):
            with self.subTest(url):
                self.assertTrue(is_document_url(url))
        for url in ('https://app.example.com', 'http://app.example.com/client', 'HTTPS://app.example.com/client',
                    'https://me@app.example.com/client', 'https://app.example.com/client#x', 'https:///client',
                    'https://app.example.com/a/../client', 'https://app.example.com/./client', 'https://', '',
                    'https://app.example.com/%2e%2e/client', 'https://app.example.com/a b', 'https://[::1]/client',
                    'https://app.example.com/\nclient', 'https://ex\u00e4mple.com/', 'A' * 32,
                    'https://app.example.com/' + 'x' * 500, 'https://app.example.com:99999/client'):
            with self.subTest(url):
                self.assertFalse(is_document_url(url))


class TestDocument(unittest.TestCase):

    def test_a_document_is_read(self):
        metadata = read(
            client_uri='https://app.example.com', logo_uri='https://app.example.com/logo.png', scope='contacts.read',
            policy_uri='https://app.example.com/privacy', tos_uri='https://app.example.com/terms',
            token_endpoint_auth_method='none', grant_types=['authorization_code', 'refresh_token'],
            response_types=['code'], software_id='passed over', jwks_uri='https://app.example.com/jwks')
        self.assertEqual(metadata, ClientMetadata(
            (CALLBACK,), 'App', 'https://app.example.com', 'https://app.example.com/logo.png',
            'https://app.example.com/privacy', 'https://app.example.com/terms', ('none',), 'contacts.read',
            ('authorization_code', 'refresh_token'), '', 'https://app.example.com/jwks'))

    @requirement('CIMD', '4', 'client_id in the document is the address that it was fetched from, exactly.')
    @requirement('attack', '63', 'A document that names another client is refused.')
    def test_another_client_id_is_refused(self):
        for client_id in (None, '', URL + '/', URL.upper(), 'https://app.example.com:443/client.json', 'app', 7, [URL],
                          'https://other.example.com/client.json'):
            with self.subTest(client_id), self.assertRaisesRegex(NotUsable, 'client_id'):
                read(client_id=client_id)

    @requirement('CIMD', '4.1', 'A document has no secret, and no authentication method with one.')
    def test_secrets_are_refused(self):
        for members in ({'client_secret': 'x'}, {'client_secret': ''}, {'client_secret_expires_at': 0}, *(
                {'token_endpoint_auth_method': f'client_secret_{kind}'} for kind in ('basic', 'post', 'jwt'))):
            with self.subTest(members), self.assertRaisesRegex(NotUsable, 'secret'):
                read(**members)

    @requirement('CIMD', '4.1', 'A document has no private keys.')
    def test_keys_that_are_not_public_are_refused(self):
        public = {'kty': 'OKP', 'crv': 'Ed25519', 'x': '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo'}  # RFC 8037 A.2
        self.assertEqual(json.loads(read(jwks={'keys': [public]}).jwks), {'keys': [public]})
        self.assertEqual(read(jwks={'keys': [{'kty': 'AKP', 'alg': 'ML-DSA-44'}]}).jwks, '')  # none that is known
        for jwks in ({'keys': [{**public, 'd': 'd'}]}, {'keys': [public, {'kty': 'oct', 'k': 'k'}]}, {'keys': 'x'},
                     {'keys': ['x']}, [], 'x', {}):
            with self.subTest(jwks), self.assertRaisesRegex(NotUsable, 'jwks'):
                read(jwks=jwks)

    @requirement('RFC 7591', '2', 'jwks and jwks_uri exclude each other; jwks_uri is an address with https')
    def test_an_address_of_keys(self):
        self.assertEqual(read(jwks_uri='https://app.example.com:8443/keys?x=1').jwks_uri,
                         'https://app.example.com:8443/keys?x=1')
        for members in ({'jwks_uri': 'http://app.example.com/keys'}, {'jwks_uri': 'https://app.example.com/#x'},
                        {'jwks_uri': 'https://me@app.example.com/'}, {'jwks_uri': 'https://a.example.com/' + 'x' * 500},
                        {'jwks_uri': 'https://app.example.com/keys', 'jwks': {'keys': []}}):
            with self.subTest(members), self.assertRaisesRegex(NotUsable, 'jwks_uri'):
                read(**members)

    @requirement('CIMD', '8.2', 'A client that names a key authenticates with it; without a key it is refused.')
    def test_the_method_that_is_used(self):
        keys = {'jwks_uri': 'https://app.example.com/keys'}
        for preferred, others, may_be_public, method in (
                ('none', None, True, 'none'), ('none', None, False, None),
                ('private_key_jwt', None, True, 'private_key_jwt'),
                ('private_key_jwt', ['none'], True, 'private_key_jwt'), ('none', ['private_key_jwt'], True, 'none'),
                ('none', ['private_key_jwt'], False, 'private_key_jwt'), ('tls_client_auth', ['none'], True, 'none'),
                ('tls_client_auth', None, True, None)):
            with self.subTest(preferred, others=others, may_be_public=may_be_public):
                metadata = read(token_endpoint_auth_method=preferred,
                                token_endpoint_auth_methods_supported=others, **keys)
                if method:
                    self.assertEqual(metadata.auth_method(may_be_public), method)
                else:
                    with self.assertRaisesRegex(NotUsable, 'token_endpoint_auth_method may be'):
                        metadata.auth_method(may_be_public)
        with self.assertRaisesRegex(NotUsable, 'neither jwks nor jwks_uri'):
            read(token_endpoint_auth_method='private_key_jwt', token_endpoint_auth_methods_supported=['none']
                 ).auth_method(True)

    def test_methods_are_those_that_it_names(self):
        self.assertEqual(read().auth_methods, ('none',))
        self.assertEqual(
            read(token_endpoint_auth_method='private_key_jwt',
                 token_endpoint_auth_methods_supported=['none', 'private_key_jwt']).auth_methods,
            ('private_key_jwt', 'none'))

    @requirement('CIMD', '8.1', 'Users are sent to https, to their own machine, or to a program that is known.')
    def test_redirect_uris(self):
        good = ['https://elsewhere.example.net/cb', 'http://127.0.0.1/callback', 'http://localhost:33418/',
                'http://[::1]/', 'cursor://anysphere.cursor-retrieval/oauth/callback']
        self.assertEqual(read(redirect_uris=good * 2).redirect_uris, tuple(good))
        for uri in ('http://app.example.com/callback', 'javascript:alert(1)', 'com.example.app:/callback',
                    'https://app.example.com/*', 'https://app.example.com/#x', 'data:text/html,x', '/callback', '',
                    'https://me@app.example.com/', 'mailto:me@example.com', 'https://app.example.com/cb?code=x'):
            with self.subTest(uri), self.assertRaisesRegex(NotUsable, 'redirect_uris'):
                read(redirect_uris=[CALLBACK, uri])
        for uris in (None, [], [CALLBACK, 7], CALLBACK, {},
                     [f'{CALLBACK}/{number}' for number in range(MOST_REDIRECT_URIS + 1)]):
            with self.subTest(uris), self.assertRaisesRegex(NotUsable, 'redirect_uris'):
                read(redirect_uris=uris)

    def test_names_are_made_visible_and_short(self):
        for name, seen in (('A\u202ep\u200bp\n\x00 2', 'App 2'), ('  ', ''), (None, ''), ('A\ud800pp', 'App'),
                           ('x' * 500, 'x' * LONGEST_NAME)):
            with self.subTest(name):
                self.assertEqual(read(client_name=name).name, seen)

    @requirement('CIMD', '8.6', 'Links with other schemes than https are not used.')
    def test_links_that_lead_to_no_web_page_are_left_out(self):
        for link in ('javascript:alert(1)', 'http://app.example.com', 'data:image/png;base64,x', 'x', ''):
            with self.subTest(link):
                metadata = read(client_uri=link, logo_uri=link, policy_uri=link, tos_uri=link)
                self.assertEqual(metadata[2:6], ('', '', '', ''))

    def test_the_whole_of_a_link_is_checked(self):
        good = 'https://app.example.com/help?a=b'
        for fragment in ('', '#', '#privacy', '#/a?b=%C3%A9', '#' + 'x' * (LONGEST_URL - len(good) - 1)):
            with self.subTest(fragment):
                self.assertEqual(read(client_uri=good + fragment).client_uri, good + fragment)
        for end in ('#\x00', '#\ud800', '#a b', '#\u00e9', '#\n', '#<b>', '#%', '##', '\x00', '\ud800', '\u00e9',
                    '#' + 'x' * 60_000, '#' + 'x' * (LONGEST_URL - len(good))):
            with self.subTest(end[:9]):
                link = good + end
                metadata = read(client_uri=link, logo_uri=link, policy_uri=link, tos_uri=link)
                self.assertEqual(metadata[2:6], ('', '', '', ''))

    def test_members_of_another_type_are_refused(self):
        for name in ('client_name', 'logo_uri', 'scope', 'jwks_uri', 'token_endpoint_auth_method'):
            with self.subTest(name), self.assertRaisesRegex(NotUsable, name):
                read(**{name: ['x']})
        for name in ('grant_types', 'response_types', 'token_endpoint_auth_methods_supported'):
            with self.subTest(name), self.assertRaisesRegex(NotUsable, name):
                read(**{name: 'code'})

    def test_a_client_that_uses_no_codes_is_refused(self):
        for members in ({'grant_types': ['client_credentials']}, {'response_types': ['token']}):
            with self.subTest(members), self.assertRaises(NotUsable):
                read(**members)

    def test_what_is_no_document(self):
        for body in (b'', b'{', b'[]', b'"x"', b'null', b'\xff\xfe', document().decode().encode('utf-16'),
                     b'{"client_id": "a", "client_id": "b"}', b'[' * 5000):
            with self.subTest(body[:20]), self.assertRaises(NotUsable):
                read_document(URL, body)

    @PROPERTY
    @given(st.binary() | st.dictionaries(
        st.sampled_from(['redirect_uris', 'client_name', 'jwks', 'grant_types', 'x']),
        st.recursive(st.none() | st.booleans() | st.integers() | st.text(), st.lists, max_leaves=5)))
    def test_anything_is_read_or_refused(self, anything):
        body = anything if isinstance(anything, bytes) else document(**anything)
        try:
            read_document(URL, body)
        except NotUsable as error:
            self.assertTrue(str(error))
