"""RFC 6749 §4.1.1 and §4.1.2 in the documented interface: a program gets the code in the answer."""
from odoo.tests import new_test_user

from .common import PATH, REDIRECT_URI, OAuth2Case, basic_header, oauth_header
from .requirement import requirement


class TestDirectAuthorization(OAuth2Case):

    @requirement('contract', '4', 'The documented request is answered with a code and the state as it was sent')
    def test_a_code_and_the_state_come_back(self):
        response = self.authorize(state='Y1Ux1iNPvn6KYQK5Lj84WJ9VJrQw1L')
        self.assertEqual(response.status_code, 200)
        self.assertRegex(response.json()['code'], r'^[0-9a-f]{20}$')
        self.assertEqual(response.json(), {
            'code': response.json()['code'], 'state': 'Y1Ux1iNPvn6KYQK5Lj84WJ9VJrQw1L'})
        self.assertEqual(response.headers['Content-Type'], 'application/json; charset=utf-8')
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
        self.assertEqual(response.headers['Pragma'], 'no-cache')
        self.assertEqual(response.headers['Referrer-Policy'], 'no-referrer')
        self.assertNotIn('Set-Cookie', response.headers)

    @requirement('RFC 6749', '10.10', 'Codes are random: no two are alike')
    def test_each_code_is_another(self):
        self.assertEqual(len({self.code() for _time in range(5)}), 5)

    @requirement('RFC 6749', '4.1.2', 'Where no state was sent, none comes back')
    def test_no_state_no_state_in_the_answer(self):
        self.assertEqual(set(self.authorize(state=None).json()), {'code'})

    @requirement('RFC 6749', '4.1.2', 'The state comes back as it was sent')
    def test_state_comes_back_to_the_letter(self):
        for state in ('a+b c%20d', 'ü€😀', '<&>"\'', '{"json": [1]}'):
            with self.subTest(state):
                self.assertEqual(self.authorize(state=state).json()['state'], state)

    @requirement('contract', '4', 'Who names JSON or XML in Accept, and not HTML, is answered in place')
    def test_accept_json_is_enough_to_be_answered_in_place(self):
        query = {'client_id': self.client.client_id, 'redirect_uri': REDIRECT_URI, 'response_type': 'code'}
        response = self.ask('authorize', 'GET', {'Accept': 'application/json, */*;q=0.5'}, params=query)
        self.assertEqual(set(response.json()), {'code'})

    @requirement('RFC 6749', '3.1', 'The authorization endpoint takes a POST, too, with the parameters in the body')
    def test_parameters_may_stand_in_the_body(self):
        body = {'client_id': self.client.client_id, 'redirect_uri': REDIRECT_URI, 'response_type': 'code'}
        multipart = {name: (None, value) for name, value in body.items()}
        for options in ({'data': body}, {'json': body}, {'files': multipart}):
            with self.subTest(list(options)):
                response = self.ask('authorize', 'POST', {'Accept': 'application/json'}, **options)
                self.assertEqual(response.status_code, 200, response.text)

    @requirement('contract', '2', 'Header, body and query add up')
    def test_header_body_and_query_add_up(self):
        response = self.ask(
            'authorize', 'POST', {'Authorization': oauth_header(client_id=self.client.client_id)},
            data={'response_type': 'code'}, params={'redirect_uri': REDIRECT_URI})
        self.assertEqual(response.status_code, 200, response.text)

    @requirement('RFC 6749', '3.1.2.3', 'redirect_uri may be left out only where the client has registered just one')
    def test_redirect_uri_may_be_left_out_where_there_is_one(self):
        self.assertEqual(self.authorize(redirect_uri=None).status_code, 200)
        self.client.redirect_uri_ids = [(0, 0, {'uri': 'https://app.example.com/other'})]
        self.assertRefused(self.authorize(redirect_uri=None), 400, 'invalid_request')
        self.client.redirect_uri_ids.unlink()
        self.assertRefused(self.authorize(redirect_uri=None), 400, 'invalid_request')

    @requirement('RFC 6749', '4.1.2.1', 'A missing parameter is invalid_request')
    def test_what_is_missing_is_named(self):
        for name in ('client_id', 'response_type'):
            with self.subTest(name):
                parameters = {'client_id': self.client.client_id, 'response_type': 'code'}
                del parameters[name]
                response = self.ask('authorize', 'GET', {'Authorization': oauth_header(**parameters)})
                self.assertRefused(response, 400, 'invalid_request')
                self.assertIn(name, response.json()['error_description'])

    @requirement('RFC 6749', '3.1.1', 'An unknown response type is unsupported_response_type')
    @requirement('OWASP ASVS 5.0', '10.4.4', 'There is no implicit grant')
    @requirement('OWASP ASVS 5.0', '10.6.1', 'Every other response type is refused')
    def test_code_is_the_only_response_type(self):
        for response_type in ('token', 'id_token', 'code token', 'CODE', 'none'):
            with self.subTest(response_type):
                self.assertRefused(self.authorize(response_type=response_type), 400, 'unsupported_response_type')

    @requirement('contract', '3', 'Unknown and archived clients get one answer: 401 invalid_client with a challenge')
    def test_unknown_and_archived_clients_are_the_same(self):
        unknown = self.ask('authorize', 'GET', {
            'Authorization': oauth_header(client_id='A' * 32, response_type='code')})
        self.client.active = False
        archived = self.authorize()
        for response in (unknown, archived):
            self.assertRefused(response, 401, 'invalid_client')
            self.assertTrue(response.headers['WWW-Authenticate'].startswith('OAuth '))
        self.assertEqual(unknown.json(), archived.json())
        by_accept = self.ask('authorize', 'GET', {'Accept': 'application/json'}, params={
            'client_id': self.client.client_id, 'response_type': 'code'})
        self.assertRefused(by_accept, 401, 'invalid_client')
        self.assertTrue(by_accept.headers['WWW-Authenticate'].startswith('OAuth '))  # no password window

    @requirement('RFC 6749', '4.1.2.1', 'Where all scopes are unknown or malformed, it is invalid_scope')
    def test_a_scope_that_nobody_has_is_refused(self):
        for scope in ('everything', 'more "', '"'):
            with self.subTest(scope):
                self.assertRefused(self.authorize(scope=scope), 400, 'invalid_scope')
        self.assertEqual(self.authorize(scope='odoo').status_code, 200)

    @requirement('RFC 6749', '4.1.2.1', 'A client that may not use codes is unauthorized_client')
    @requirement('OWASP ASVS 5.0', '10.4.4', 'A client without the authorization code grant gets no code')
    def test_a_client_without_the_grant_type_gets_no_code(self):
        self.client.grant_authorization_code = False
        self.assertRefused(self.authorize(), 400, 'unauthorized_client')

    def test_no_secret_is_taken_here(self):
        self.assertRefused(self.authorize(client_secret=self.secret), 400, 'invalid_request')

    @requirement('contract', '2', 'An Authorization header that is for a proxy on the way is passed over')
    def test_an_authorization_header_of_another_scheme(self):
        for header in (basic_header('staging', 'secret'), 'Negotiate YII=', 'Digest a="b"', 'Bearer x', 'Basic !'):
            with self.subTest(header):
                response = self.ask(
                    'authorize', 'GET', {'Authorization': header, 'Accept': 'application/json'},
                    params={'client_id': self.client.client_id, 'response_type': 'code'})
                self.assertEqual(response.status_code, 200, response.text)

    @requirement('contract', '4', 'No user set, nobody logged in: 401 login_required, never a login page')
    def test_nobody_is_there(self):
        client, _secret = self.make_client('Without a user')
        self.assertRefused(self.authorize(client), 401, 'login_required')

    @requirement('contract', '4', 'No user set, somebody logged in who was not asked: 401 consent_required')
    def test_a_session_is_not_a_consent(self):
        client, _secret = self.make_client('Without a user')
        new_test_user(self.env, 'oauth2_person', groups='base.group_user', password='oauth2_person')
        self.authenticate('oauth2_person', 'oauth2_person')
        self.assertRefused(self.authorize(client), 401, 'consent_required')
        self.assertEqual(self.env['oauth2.authorization.code'].search_count([('client_id', '=', client.id)]), 0)

    def test_an_archived_user_gives_no_code(self):
        self.user.active = False
        self.assertRefused(self.authorize(), 401, 'invalid_client')

    @requirement('contract', '4', 'A browser is shown an error as a page, and is never redirected by it')
    def test_a_browser_gets_a_page(self):
        wiki, _secret = self.make_client('Wiki')
        response = self.url_open(
            f'{PATH}/authorize?client_id={wiki.client_id}&response_type=code&redirect_uri=https://evil.example.com',
            headers={'Accept': 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8'},
            allow_redirects=False)
        self.assertEqual(response.status_code, 400)
        self.assertEqual(response.headers['Content-Type'], 'text/html; charset=utf-8')
        self.assertIn("frame-ancestors 'none'", response.headers['Content-Security-Policy'])
        self.assertEqual(response.headers['X-Frame-Options'], 'DENY')
        self.assertEqual(response.headers['Referrer-Policy'], 'no-referrer')
        self.assertTrue(response.text.startswith('<!DOCTYPE html>'))
        self.assertIn('invalid_request', response.text)

    def test_the_page_of_an_unknown_client_says_so_and_no_more(self):
        response = self.ask('authorize', 'GET', {'Accept': 'text/html', 'Authorization': oauth_header(
            client_id='A' * 32, response_type='code')})
        self.assertEqual(response.status_code, 401)
        self.assertTrue(response.headers['WWW-Authenticate'].startswith('OAuth '))
        self.assertIn('there is no such client', response.text)
        self.assertNotIn('archived', response.text)  # the log says that

    @requirement('RFC 9110', '15.5.6', 'Another method is 405 with Allow')
    def test_other_methods(self):
        query = {'client_id': self.client.client_id, 'response_type': 'code'}
        for method in ('PUT', 'DELETE', 'PATCH', 'OPTIONS'):
            with self.subTest(method):
                response = self.ask('authorize', method, {'Accept': 'application/json'}, params=query)
                self.assertEqual((response.status_code, response.headers['Allow']), (405, 'GET, HEAD, POST'))
        self.assertFalse(self.env['oauth2.authorization.code'].search([('client_id', '=', self.client.id)]))

    @requirement('RFC 9700', '2.6', 'The authorization endpoint has no CORS')
    def test_no_page_of_another_origin_reads_a_code(self):
        response = self.authorize(headers={'Origin': 'https://evil.example.com'})
        self.assertFalse([name for name in response.headers if name.startswith('Access-Control-')])
