"""RFC 8414 and OpenID Connect Discovery: the server's metadata describe its current state."""
from .common import PATH
from .endpoints import ISSUER, EndpointCase
from .requirement import requirement

DOCUMENTS = ('oauth-authorization-server', 'openid-configuration')
P = ISSUER + PATH
METHODS = ['client_secret_basic', 'client_secret_post', 'private_key_jwt']
# What the scopes that are shipped for Odoo's API are called, in their order.
SHIPPED = ('contacts.read', 'contacts.write', 'user.read', 'user.write', 'users.read', 'companies.read',
           'attachments.read')
OPENID_MEMBERS = {
    'userinfo_endpoint', 'end_session_endpoint', 'subject_types_supported', 'id_token_signing_alg_values_supported',
    'userinfo_signing_alg_values_supported', 'claims_supported', 'prompt_values_supported',
    'claims_parameter_supported', 'request_parameter_supported', 'request_uri_parameter_supported',
}


class TestMetadata(EndpointCase):

    @requirement('RFC 8414', '2', 'The metadata of the authorization server')
    @requirement('OIDC Discovery', '3', 'The metadata of the OpenID provider')
    def test_all_of_it(self):
        for document in DOCUMENTS:
            answer = self.metadata(document).json()
            claims = answer.pop('claims_supported')
            self.assertEqual(answer, {
                'issuer': ISSUER,
                'authorization_endpoint': P + '/authorize',
                'token_endpoint': P + '/access_token',
                'device_authorization_endpoint': P + '/device_authorization',
                'revocation_endpoint': P + '/revoke',
                'introspection_endpoint': P + '/introspect',
                'userinfo_endpoint': P + '/userinfo',
                'end_session_endpoint': P + '/logout',
                'jwks_uri': P + '/jwks',
                'scopes_supported': ['openid', 'profile', 'email', 'phone', 'address', 'groups', 'odoo', 'odoo.read',
                                     'offline_access', *SHIPPED],
                'response_types_supported': ['code'],
                'response_modes_supported': ['query', 'form_post'],
                'grant_types_supported': ['authorization_code', 'client_credentials',
                                          'urn:ietf:params:oauth:grant-type:device_code', 'refresh_token'],
                'token_endpoint_auth_methods_supported': [*METHODS, 'none'],
                'revocation_endpoint_auth_methods_supported': [*METHODS, 'none'],
                'introspection_endpoint_auth_methods_supported': METHODS,
                **{f'{endpoint}_endpoint_auth_signing_alg_values_supported': [
                    'RS256', 'PS256', 'ES256', 'ES384', 'ES512', 'EdDSA', 'Ed25519']
                    for endpoint in ('token', 'revocation', 'introspection')},
                'code_challenge_methods_supported': ['S256'],
                'authorization_response_iss_parameter_supported': True,
                'client_id_metadata_document_supported': False,
                'subject_types_supported': ['public'],
                'id_token_signing_alg_values_supported': ['RS256'],
                'userinfo_signing_alg_values_supported': ['RS256'],
                'prompt_values_supported': ['none', 'login', 'consent', 'select_account'],
                'claims_parameter_supported': False,
                'request_parameter_supported': False,
                'request_uri_parameter_supported': False,
            })
            self.assertEqual(len(claims), len(set(claims)))

    @requirement('contract', '1', 'Every endpoint of the metadata is there')
    def test_every_endpoint_answers(self):
        endpoints = {name: value for name, value in self.metadata().json().items()
                     if name.endswith(('_endpoint', '_uri'))}
        self.assertEqual(len(endpoints), 8)
        for name, address in endpoints.items():
            with self.subTest(name):
                self.assertTrue(address.startswith(P + '/'))
                self.assertTrue(self.is_there(address.removeprefix(P + '/')))

    @requirement('OIDC Discovery', '3', 'Every claim that userinfo gives is listed')
    def test_the_claims_are_those_that_users_have(self):
        self.person.partner_id.write({
            'email': 'ada@example.com', 'phone': '1', 'website': 'https://ada.example.com', 'tz': 'UTC',
            'lang': 'en_US', 'street': 'Street 1', 'city': 'Gent'})
        self.setting('email_verified', 'false')
        listed = set(self.metadata().json()['claims_supported'])
        given = set(self.person._oauth2_claims({'profile', 'email', 'phone', 'address'}))
        self.assertEqual(listed - given, {
            'picture', 'groups', 'given_name', 'family_name',  # at userinfo, for a client, with another addon
            'iss', 'sub', 'aud', 'exp', 'iat', 'auth_time', 'nonce', 'sid', 'at_hash'})
        self.assertLessEqual(given, listed)

    # ------------------------------------------------------------------
    # Switches
    # ------------------------------------------------------------------

    @requirement('contract', '1', 'What is switched off is neither there nor told of: OpenID Connect')
    def test_without_openid_connect(self):
        self.setting('openid_connect', False)
        response = self.metadata('openid-configuration')
        self.assertRefused(response, 404, 'not_found')
        answer = self.metadata().json()
        self.assertEqual(OPENID_MEMBERS & set(answer), set())
        self.assertEqual(answer['scopes_supported'], ['odoo', 'odoo.read', *SHIPPED])
        self.assertFalse(self.is_there('userinfo'))
        self.assertFalse(self.is_there('logout'))
        self.assertTrue(self.is_there('authorize'))

    @requirement('contract', '1', 'What is switched off is neither there nor told of: introspection')
    def test_without_introspection(self):
        self.setting('introspection', False)
        self.assertFalse([name for name in self.metadata().json() if name.startswith('introspection')])
        self.assertFalse(self.is_there('introspect'))

    @requirement('contract', '1', 'What is switched off is neither there nor told of: client credentials')
    def test_without_client_credentials(self):
        self.setting('client_credentials', False)
        self.client.grant_client_credentials = True
        self.assertNotIn('client_credentials', self.metadata().json()['grant_types_supported'])
        self.assertRefused(self.for_itself(), 400, 'unsupported_grant_type')

    @requirement('contract', '1', 'What is switched off is neither there nor told of: public clients')
    def test_without_public_clients(self):
        self.setting('public_clients', False)
        answer = self.metadata().json()
        for endpoint in ('token', 'revocation'):
            self.assertEqual(answer[f'{endpoint}_endpoint_auth_methods_supported'], METHODS)

    def test_the_scopes_are_those_of_the_database(self):
        self.env['oauth2.scope'].create({'name': 'shop.read', 'description': 'Read the shop'})
        self.assertIn('shop.read', self.metadata().json()['scopes_supported'])

    def test_the_algorithms_are_those_of_the_keys(self):
        self.setting('signing_algorithm', 'ES256')
        self.env['oauth2.signing.key']._rotate()
        answer = self.metadata('openid-configuration').json()
        self.assertEqual(answer['id_token_signing_alg_values_supported'], ['RS256', 'ES256'])

    # ------------------------------------------------------------------
    # The issuer, and where its metadata are
    # ------------------------------------------------------------------

    @requirement('RFC 8414', '3.3', 'The issuer in the metadata is the issuer, to the letter')
    def test_the_issuer_is_the_setting_and_not_what_a_request_says(self):
        self.env['ir.config_parameter'].set_param('web.base.url', 'https://evil.example.com')
        answer = self.metadata(headers={'X-Forwarded-Host': 'evil.example.com'})
        self.assertEqual(answer.json()['issuer'], ISSUER)
        self.assertNotIn('evil', answer.text)

    @requirement('RFC 8414', '3.1', 'The path of an issuer comes after /.well-known/…')
    @requirement('OIDC Discovery', '4.1', 'The path of an issuer comes before /.well-known/openid-configuration')
    def test_an_issuer_with_a_path(self):
        self.setting('issuer', ISSUER + '/erp/main')
        for address in (
            '/.well-known/oauth-authorization-server/erp/main', '/.well-known/openid-configuration/erp/main',
            '/erp/main/.well-known/openid-configuration',
            '/.well-known/oauth-authorization-server', '/.well-known/openid-configuration',  # behind a proxy
        ):
            with self.subTest(address):
                response = self.url_open(address)
                self.assertEqual(response.status_code, 200, response.text)
                self.assertEqual(response.json()['issuer'], ISSUER + '/erp/main')
                self.assertEqual(response.json()['token_endpoint'], f'{ISSUER}/erp/main{PATH}/access_token')

    @requirement('RFC 8414', '3.1', 'There are no metadata of another issuer')
    def test_other_paths(self):
        for issuer, paths in {ISSUER: ('x', 'erp'), ISSUER + '/erp': ('er', 'erp2', 'erp/main', 'ERP')}.items():
            self.setting('issuer', issuer)
            for path in paths:
                for address in (f'/.well-known/oauth-authorization-server/{path}',
                                f'/.well-known/openid-configuration/{path}',
                                f'/{path}/.well-known/openid-configuration'):
                    with self.subTest(address, issuer=issuer):
                        self.assertRefused(self.url_open(address), 404, 'not_found')

    # ------------------------------------------------------------------
    # HTTP
    # ------------------------------------------------------------------

    @requirement('RFC 8414', '3.2', 'The metadata are JSON')
    def test_json_that_may_be_kept_and_read_by_any_page(self):
        for document in DOCUMENTS:
            for accept in ('application/xml', 'text/html', '*/*'):
                response = self.metadata(document, headers={'Accept': accept})
                self.assertEqual(response.headers['Content-Type'], 'application/json; charset=utf-8')
                self.assertEqual(response.headers['Cache-Control'], 'public, max-age=300')
                self.assertEqual(response.headers['Access-Control-Allow-Origin'], '*')
                self.assertNotIn('Set-Cookie', response.headers)

    def test_methods(self):
        for document in DOCUMENTS:
            response = self.metadata(document, method='HEAD')
            self.assertEqual((response.status_code, response.content), (200, b''))
            for method in ('POST', 'PUT', 'DELETE'):
                response = self.metadata(document, method=method)
                self.assertRefused(response, 405, 'invalid_request')
                self.assertEqual(response.headers['Allow'], 'GET, HEAD')
