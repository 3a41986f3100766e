"""RFC 7592: a client reads, changes and deletes what it has registered."""
from .common import REDIRECT_URI
from .registrations import LOOPBACK, RegistrationCase
from .requirement import requirement


class TestManagement(RegistrationCase):

    def setUp(self):
        super().setUp()
        self.told = self.registered()

    @requirement('RFC 7592', '2.1', 'A client reads what is registered, with the token that it was given')
    @requirement('RFC 7592', '3', 'The answer has the address and the token of the registration')
    def test_reading(self):
        response = self.manage(self.told)
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
        self.assertEqual(response.json(), {
            name: value for name, value in self.told.items() if not name.startswith('client_secret')})

    @requirement('RFC 7592', '2.1', 'Without the right token: 401, the same for every client and none')
    def test_a_wrong_token(self):
        other = self.registered()
        answers = set()
        for token, client_id in (
            ('x', None), (other['registration_access_token'], None), (self.told['client_secret'], None),
            (self.told['registration_access_token'], other['client_id']), ('x', 'nobody'), ('x', self.client.client_id),
            ('0' * 64, None), ('', self.wiki.client_id), ('ü', None), ('x' * 20_000, None), ('\x01', None),
            ('x', '%00'), ('x', '%ff'), ('x', '%ed%a0%80'), ('x', '%ef%bf%be'), ('x', 'x' * 5000), ('x', '%0a'),
        ):
            for method in ('GET', 'PUT', 'DELETE'):
                response = self.manage(self.told, method, token, client_id, members={})
                self.assertEqual(response.status_code, 401, response.text)
                answers.add((response.text, response.headers['WWW-Authenticate']))
        self.assertEqual(len(answers), 2, 'with and without a token')
        self.assertEqual(self.manage(self.told).status_code, 200)

    @requirement('RFC 7592', '2.2', 'A change replaces what is registered, and the answer says what is')
    def test_changing(self):
        uris = ['https://app.example.com/new', LOOPBACK]
        response = self.change(self.told, client_name='New name', redirect_uris=uris, scope='openid',
                               application_type=None, grant_types=['authorization_code'])
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        self.assertEqual((answer['client_name'], answer['redirect_uris'], answer['scope'], answer['grant_types'],
                          answer['application_type'], answer['registration_access_token']),
                         ('New name', uris, 'openid', ['authorization_code'], 'native',
                          self.told['registration_access_token']))
        self.assertEqual(self.manage(self.told).json(), answer)
        self.assertNotIn('client_secret', answer)
        self.log_in()
        self.assertEqual(self.begin(self.stored(self.told), redirect_uri=REDIRECT_URI).status_code, 400)
        [event] = self.events('client_updated')
        self.assertEqual((event.client_id, event.address), (self.stored(self.told), '127.0.0.1'))
        self.assertIn('Assistant', event.old_value)
        self.assertIn('New name', event.new_value)

    @requirement('RFC 7592', '2.2', 'What is left out is taken away')
    def test_what_is_left_out(self):
        told = self.registered(client_uri='https://app.example.com/')
        answer = self.change(told, client_name=None, grant_types=None, token_endpoint_auth_method=None).json()
        self.assertEqual((answer['client_name'], answer['grant_types'], answer['token_endpoint_auth_method']),
                         ('app.example.com', ['authorization_code'], 'client_secret_basic'))
        self.assertNotIn('client_uri', answer)

    @requirement('RFC 7592', '2.2', 'A change names its client; what the server alone says is not in it')
    def test_what_is_refused(self):
        before = self.manage(self.told).json()
        for changed, error in (
            ({'client_id': None}, 'invalid_client_metadata'), ({'client_id': 'x'}, 'invalid_client_metadata'),
            ({'client_secret': 'wrong'}, 'invalid_client_metadata'),
            ({'client_secret': '\ud800'}, 'invalid_client_metadata'),
            ({'client_secret': '\x00'}, 'invalid_client_metadata'),
            ({'client_secret': 'x' * 5000}, 'invalid_client_metadata'),
            ({'client_secret': ['x']}, 'invalid_client_metadata'),
            ({'client_id_issued_at': 1}, 'invalid_client_metadata'),
            ({'registration_access_token': 'x'}, 'invalid_client_metadata'),
            ({'redirect_uris': ['http://evil.example.com/']}, 'invalid_redirect_uri'),
            ({'redirect_uris': []}, 'invalid_redirect_uri'), ({'scope': 'odoo'}, 'invalid_client_metadata'),
            ({'software_statement': 'a.b.c'}, 'invalid_software_statement'),
        ):
            with self.subTest(changed):
                self.assertRefused(self.change(self.told, **changed), 400, error)
        self.assertEqual(self.manage(self.told).json(), before)
        self.assertEqual(self.change(self.told, client_secret=self.told['client_secret']).status_code, 200)

    @requirement('attack', '63', 'No change gets a client past the limits, or past an administrator')
    def test_attack_63_limits(self):
        client = self.stored(self.told)
        client.scope_ids -= client.scope_ids.filtered(lambda scope: scope.name == 'contacts.read')
        everything = ' '.join(self.env['oauth2.scope'].search([]).mapped('name'))
        for scope in (None, everything):
            answer = self.change(self.told, scope=scope).json()
            self.assertNotIn('contacts.read', answer['scope'].split())
            self.assertNotIn('odoo', answer['scope'].split())
        self.env['oauth2.scope'].search([('name', '=', 'email')]).is_for_unregistered = False
        self.assertNotIn('email', self.change(self.told, scope=None).json()['scope'].split())
        client = self.stored(self.told)
        self.assertEqual((client.pkce, client.open_to, client.registration), ('required', 'listed', 'dynamic'))

    @requirement('attack', '63', 'Whoever approved a client has not approved what it became')
    def test_attack_63_approval(self):
        self.stored(self.told).is_approved = True
        self.assertEqual(self.change(self.told).status_code, 200)
        self.assertTrue(self.stored(self.told).is_approved)
        self.change(self.told, client_name='Other')
        self.assertFalse(self.stored(self.told).is_approved)

    @requirement('attack', '63', 'What was allowed for some minutes does not go on for months')
    @requirement('attack', '63', 'A client does not take back what an administrator took from it')
    def test_attack_63_refresh_tokens(self):
        both = ['authorization_code', 'refresh_token']
        never = self.registered(grant_types=['authorization_code'])
        self.stored(self.told).grant_refresh_token = False
        for told in (never, self.told):
            tokens = self.signed_in(told)
            self.assertNotIn('refresh_token', tokens)
            self.assertEqual(self.change(told, grant_types=both).json()['grant_types'], ['authorization_code'])
            self.assertEqual(self.call(tokens['access_token']).status_code, 200)
            self.assertNotIn('refresh_token', self.signed_in(told))

    def test_becoming_public_and_back(self):
        tokens = self.signed_in(self.told)
        answer = self.change(self.told, token_endpoint_auth_method='none').json()
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertFalse(self.stored(self.told).secret_ids)
        self.assertNotIn('client_secret', answer)
        answer = self.change(self.told, token_endpoint_auth_method='client_secret_post').json()
        self.assertEqual((len(answer['client_secret']), answer['client_secret_expires_at']), (32, 0))
        self.signed_in({**self.told, 'client_secret': answer['client_secret']})

    @requirement('attack', '63', 'A client changes so often in a day, and no more: nobody fills the events')
    def test_attack_63_changes(self):
        for number in range(10):
            self.assertEqual(self.change(self.told, client_name=f'Name {number}').status_code, 200)
        response = self.change(self.told, client_name='One more')
        self.assertRefused(response, 429, 'temporarily_unavailable')
        self.assertGreater(int(response.headers['Retry-After']), 0)
        self.assertEqual(self.stored(self.told).name, 'Name 9')
        self.assertEqual(self.change(self.told, client_name='Name 9').status_code, 200)
        self.assertEqual(len(self.events('client_updated')), 10)
        self.assertEqual(set(self.env['oauth2.event'].search(
            [('client_id', '=', self.stored(self.told).id)]).mapped('name')),
            {'client_registered', 'secret_made', 'client_updated', 'registration_refused'})

    @requirement('RFC 7592', '2.3', 'Deleting a client ends all that was given to it at once: 204, and then 401')
    def test_deleting(self):
        tokens = self.signed_in(self.told)
        self.assertEqual(self.call(tokens['access_token']).status_code, 200)
        response = self.manage(self.told, 'DELETE')
        self.assertEqual((response.status_code, response.text), (204, ''))
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertFalse(self.stored(self.told))
        for method in ('GET', 'PUT', 'DELETE'):
            self.assertRefused(self.manage(self.told, method, members={}), 401, 'invalid_token')
        self.assertEqual(self.events('client_deleted').address, '127.0.0.1')

    def test_a_blocked_client_manages_nothing(self):
        self.stored(self.told).active = False
        for method in ('GET', 'PUT', 'DELETE'):
            self.assertRefused(self.manage(self.told, method, members={}), 401, 'invalid_token')
        self.assertTrue(self.stored(self.told))

    def test_the_token_opens_nothing_else(self):
        token = self.told['registration_access_token']
        self.assertEqual(self.call(token).status_code, 401)
        self.assertEqual(self.userinfo(token).status_code, 401)
        self.assertRefused(self.post(token), 401, 'invalid_token')
