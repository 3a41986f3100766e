"""RFC 9728: the metadata of the API."""
from .endpoints import ISSUER, JSON_2
from .requirement import requirement
from .scoped import ScopedCase

WELL_KNOWN = '/.well-known/oauth-protected-resource'


class TestProtectedResourceMetadata(ScopedCase):

    def resource(self, path=''):
        return self.url_open(WELL_KNOWN + path)

    @requirement('RFC 9728', '2', 'The metadata of a protected resource')
    @requirement('RFC 9728', '3.1', "The resource's path stands behind the well-known one")
    def test_all_of_it(self):
        for path, resource in (('', ISSUER), ('/json/2', JSON_2)):
            response = self.resource(path)
            self.assertEqual((response.status_code, response.headers['Content-Type']),
                             (200, 'application/json; charset=utf-8'))
            self.assertEqual(response.headers['Access-Control-Allow-Origin'], '*')
            self.assertIn('max-age', response.headers['Cache-Control'])
            answer = response.json()
            scopes = answer.pop('scopes_supported')
            self.assertEqual(answer, {
                'resource': resource, 'authorization_servers': [ISSUER], 'bearer_methods_supported': ['header'],
                'resource_name': 'Odoo'})
            # Neither what opens all there is, nor offline_access: many clients ask for all of these.
            self.assertEqual(scopes, [
                'contacts.read', 'contacts.write', 'user.read', 'user.write', 'users.read',
                'companies.read', 'attachments.read'])

    @requirement('RFC 9728', '3.3', 'Each resource names itself, and no other answers in its place')
    def test_what_is_no_resource(self):
        for path in (
            '/json',
            '/json/2/',
            '/json/2/res.partner',
            '/json/3',
            '/json/2x',
            '//json/2',
            '/%2e%2e/json/2',
        ):
            with self.subTest(path):
                response = self.resource(path)
                self.assertEqual(response.status_code, 404, response.text[:200])
        self.assertEqual(self.url_open(WELL_KNOWN, method='POST').status_code, 405)

    def test_an_issuer_with_a_path(self):
        self.setting('issuer', 'https://example.com/odoo')
        for path, resource in (('/odoo', ''), ('/odoo/json/2', '/json/2'), ('', ''), ('/json/2', '/json/2')):
            self.assertEqual(self.resource(path).json()['resource'], 'https://example.com/odoo' + resource)
        response = self.url_open('/json/2/res.partner/search_count', data='{}', headers={
            'Content-Type': 'application/json'})
        self.assertIn('resource_metadata="https://example.com/.well-known/oauth-protected-resource/odoo/json/2"',
                      response.headers['WWW-Authenticate'])

    @requirement('RFC 6750', '3', 'Who has no token is told a modest scope to ask for')
    @requirement('contract', '7', 'A 401 names the scope that the route needs; for JSON-2, one that reads a little')
    def test_a_modest_scope_to_begin_with(self):
        for model, scope in (('res.partner', 'contacts.read'), ('res.company', 'companies.read'),
                             ('res.users', 'users.read'), ('ir.cron', 'user.read'), ('no.model', 'user.read'),
                             ('%22x', 'user.read')):
            for headers in ({}, {'Authorization': 'Bearer a.b.c'}):
                with self.subTest(model, headers=headers):
                    response = self.url_open(f'/json/2/{model}/write', data='{}', headers={
                        'Content-Type': 'application/json', **headers})
                    self.assertEqual(response.status_code, 401)
                    self.assertIn(f'scope="{scope}"', response.headers['WWW-Authenticate'])
        self.env.ref('restapi_oauth2.scope_user_read').name = 'me'
        self.assertIn('scope="me"', self.challenge('/json/2/ir.cron/read'))
        self.env.ref('restapi_oauth2.scope_user_read').unlink()
        self.assertNotIn('scope=', self.challenge('/json/2/ir.cron/read'))
        self.assertNotIn('scope=', self.challenge('/doc-bearer/index.json'))  # nobody has said what it needs

    def challenge(self, path):
        response = self.url_open(path, data='{}' if path.startswith('/json') else None, headers={
            'Content-Type': 'application/json'})
        return response.headers['WWW-Authenticate']

    @requirement('contract', '7', 'A 403 names all scopes to ask for, with those that the token has')
    def test_a_step_up(self):
        step = 'scope="contacts.read companies.read"'
        self.assertIn(step, self.call(self.token_with('contacts.read'), 'res.company').headers['WWW-Authenticate'])
        self.wiki.scope_ids = self.env['oauth2.scope'].search([])
        self.log_in()
        tokens = self.tokens_of_wiki(scope='openid offline_access contacts.read')
        self.assertEqual(set(tokens['scope'].split()), {'openid', 'offline_access', 'contacts.read'})
        self.assertIn(step, self.call(tokens['access_token'], 'res.company').headers['WWW-Authenticate'])

    def test_without_applications(self):
        self.env['oauth2.client'].search([]).unlink()
        response = self.url_open('/json/2/res.partner/search_count', data='{}', headers={
            'Content-Type': 'application/json'})
        self.assertEqual((response.status_code, response.headers['WWW-Authenticate'].strip()), (401, 'Bearer'))

    @requirement('RFC 9728', '5.1', 'A challenge names the metadata of the resource that was asked for')
    def test_a_client_finds_its_way(self):
        """From a refused call to a valid token, with nothing known but the API's address."""
        response = self.call('nonsense')
        self.assertEqual(response.status_code, 401)
        address = response.headers['WWW-Authenticate'].partition('resource_metadata="')[2].partition('"')[0]
        self.assertTrue(address.startswith(ISSUER))
        metadata = self.url_open(address.removeprefix(ISSUER)).json()
        [server] = metadata['authorization_servers']
        endpoints = self.metadata().json()
        self.assertEqual(endpoints['issuer'], server)
        scope = 'contacts.read'
        self.assertIn(scope, metadata['scopes_supported'])
        tokens = self.for_itself(self.robot, self.robot_secret, scope=scope, resource=metadata['resource']).json()
        self.assertEqual(self.call(tokens['access_token']).status_code, 200)
        narrow = self.call(tokens['access_token'], 'res.company')
        self.assertLacks(narrow, 'companies.read')
        self.assertIn(address, narrow.headers['WWW-Authenticate'])
        for route, metadata_path in (('/json/1/res.partner', ''), ('/doc-bearer/index.json', '')):
            response = self.url_open(route)
            self.assertIn(f'resource_metadata="{ISSUER}{WELL_KNOWN}{metadata_path}"',
                          response.headers['WWW-Authenticate'])
