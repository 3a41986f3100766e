"""RFC 7591: clients register themselves, as far as an administrator allows it."""
import json
from datetime import timedelta

from odoo import SUPERUSER_ID, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import SQL, mute_logger

from ..models.clients.dynamic.oauth2_registration_token import digest
from ..protocol.errors import TooManyRequests
from .common import PATH, REDIRECT_URI
from .endpoints import ISSUER, EndpointCase
from .registrations import DEFAULTS, LOOPBACK, RegistrationCase, chosen_by_default
from .requirement import requirement


class TestDefault(EndpointCase):

    @requirement('RFC 7591', '3', 'With the default settings nobody registers anything: there is no such address')
    @requirement('attack', '63', 'With the default settings a stranger\'s client gets nothing at all')
    def test_attack_63_nothing_can_be_registered(self):
        before = self.rows()
        for method in ('POST', 'GET', 'PUT', 'DELETE'):
            for address in ('register', f'register/{self.client.client_id}'):
                response = self.ask(address, method, {'Content-Type': 'application/json', 'Authorization': 'Bearer x'},
                                    data=json.dumps({'redirect_uris': [REDIRECT_URI]}))
                if (method == 'POST') == (address == 'register'):
                    self.assertRefused(response, 404, 'not_found')
                self.assertIn(response.status_code, (404, 405))
        self.assertEqual(self.rows(), before)
        self.assertNotIn('registration_endpoint', self.metadata().json())


class TestRegistration(RegistrationCase):

    @requirement('RFC 7591', '3.2.1', 'The answer has the client ID, the secret, and all that is registered')
    def test_with_a_secret(self):
        told = self.registered(client_uri='https://app.example.com', contacts=['a@example.com'], scope='openid odoo')
        self.assertEqual({name: told[name] for name in told if name not in (
            'client_id', 'client_id_issued_at', 'client_secret', 'registration_access_token')}, {
                'client_secret_expires_at': 0,
                'registration_client_uri': f'{ISSUER}{PATH}/register/{told["client_id"]}',
                'redirect_uris': [REDIRECT_URI], 'token_endpoint_auth_method': 'client_secret_basic',
                'grant_types': ['authorization_code', 'refresh_token'], 'response_types': ['code'],
                'application_type': 'web', 'client_name': 'Assistant', 'client_uri': 'https://app.example.com',
                'scope': self.offered(self.stored(told))})
        client = self.stored(told)
        self.assertEqual((client.registration, client.is_approved, client.is_public, client.pkce, client.is_trusted),
                         ('dynamic', False, False, 'required', False))
        self.assertFalse(client.user_id or client.default_scope_ids)
        self.assertEqual(told['client_id_issued_at'], int(client.create_date.timestamp()))
        tokens = self.signed_in(told, scope='openid')
        self.assertIn('refresh_token', tokens)

    @requirement('attack', '63', 'No stored default gives anything to a client that registers itself.')
    def test_defaults_give_it_nothing(self):
        for user_id in (SUPERUSER_ID, False):
            for name, value in DEFAULTS.items():
                self.env['ir.default'].set('oauth2.client', name, value, user_id=user_id)
        self.env.flush_all()
        self.assertFalse(chosen_by_default(self.stored(self.registered())))

    @requirement('RFC 7591', '2', 'A client without a secret authenticates by nothing, and has none')
    def test_without_a_secret(self):
        told = self.registered(token_endpoint_auth_method='none', redirect_uris=[LOOPBACK])
        self.assertNotIn('client_secret', told)
        self.assertEqual(told['application_type'], 'native')
        self.assertTrue(self.stored(told).is_public)
        self.assertFalse(self.stored(told).secret_ids)
        tokens = self.signed_in(told, LOOPBACK)
        self.assertEqual(self.call(tokens['access_token']).status_code, 200)

    @requirement('RFC 7591', '2', 'A grant type that was not registered is not given')
    def test_without_refresh_tokens(self):
        told = self.registered(grant_types=None)
        self.assertEqual(told['grant_types'], ['authorization_code'])
        self.assertNotIn('refresh_token', self.signed_in(told))

    @requirement('RFC 7591', '3.2.1', 'The answer is JSON, is not stored, and pages of other origins may read it')
    def test_the_answer(self):
        response = self.post(headers={'Origin': 'https://any.example.com', 'Accept': 'text/xml'})
        self.assertEqual((response.status_code, response.headers['Content-Type'].partition(';')[0]),
                         (201, 'application/json'))
        self.assertEqual((response.headers['Cache-Control'], response.headers['Pragma']), ('no-store', 'no-cache'))
        self.assertEqual(response.headers['Access-Control-Allow-Origin'], '*')
        self.assertNotIn('Set-Cookie', response.headers)
        for address, methods in (('register', {'POST'}), ('register/x', {'GET', 'PUT', 'DELETE'})):
            preflight = self.ask(address, 'OPTIONS', {
                'Origin': 'https://any.example.com', 'Access-Control-Request-Method': 'PUT'})
            self.assertEqual(preflight.status_code, 204)
            self.assertEqual(set(preflight.headers['Access-Control-Allow-Methods'].split(', ')), methods)
            self.assertIn('Content-Type', preflight.headers['Access-Control-Allow-Headers'])

    @requirement('RFC 8414', '2', 'The registration endpoint stands in the metadata where it is there')
    def test_metadata(self):
        for who, is_there in (('open', True), ('token', True), ('off', False), ('nonsense', False)):
            self.let('dynamic_registration', who)
            self.assertEqual(self.metadata().json().get('registration_endpoint'),
                             f'{ISSUER}{PATH}/register' if is_there else None)

    @requirement('OWASP ASVS 5.0', '10.4.7')
    @requirement('RFC 7591', '3.2.2', 'What cannot be registered is refused with an error in JSON, and leaves nothing')
    def test_refusals(self):
        before = self.rows()
        for members, error in (
            ({'redirect_uris': ['http://app.example.com/']}, 'invalid_redirect_uri'),
            ({'redirect_uris': None}, 'invalid_redirect_uri'),
            ({'application_type': 'web', 'redirect_uris': [LOOPBACK]}, 'invalid_redirect_uri'),
            ({'grant_types': ['client_credentials']}, 'invalid_client_metadata'),
            ({'token_endpoint_auth_method': 'private_key_jwt'}, 'invalid_client_metadata'),
            ({'scope': 'odoo odoo.read nonsense'}, 'invalid_client_metadata'),
            ({'software_statement': 'a.b.c'}, 'invalid_software_statement'),
        ):
            with self.subTest(members):
                self.assertRefused(self.post(**members), 400, error)
        for body, kind in ((b'', 'application/json'), (b'[]', 'application/json'), (b'\xff', 'application/json'),
                           (b'{}', 'text/plain'), (b'redirect_uris=x', 'application/x-www-form-urlencoded')):
            with self.subTest(body):
                self.assertRefused(self.ask('register', headers={'Content-Type': kind}, data=body), 400,
                                   'invalid_client_metadata')
        self.assertEqual(self.rows(), before)
        refused = self.events('registration_refused')
        self.assertEqual(sorted(detail.partition(':')[0] for detail in refused.mapped('detail')),
                         ['invalid_client_metadata', 'invalid_redirect_uri', 'invalid_software_statement'])
        self.assertEqual(set(refused.mapped('address')), {'127.0.0.1'})

    @requirement('RFC 7591', '2', 'What cannot be stored of what a client says is left out, or refused')
    def test_texts_that_cannot_be_stored(self):
        origin = 'https://app.example.com'
        for odd in ('\x00', '\ud800', '\ufffe', '\u202e', 'x' * 3000):
            told = self.registered(
                client_name=f'App{odd}', policy_uri=f'{origin}/p#{odd}', tos_uri=f'{origin}/t#{odd}',
                client_uri=origin + odd, logo_uri=f'{origin}/l#{odd}', software_id=odd, software_version=odd,
                contacts=[odd], scope=f'openid {odd}', jwks_uri=f'{origin}/{odd}', jwks={'keys': [{'kty': odd}]},
                grant_types=['authorization_code', odd], response_types=['code', odd], **{f'x{odd}': odd})
            self.assertEqual((told['client_name'][:3], told['scope']), ('App', self.offered(self.stored(told))))
            self.assertFalse({'policy_uri', 'tos_uri', 'client_uri'} & told.keys())
            changed = self.change(told, client_name=f'New{odd}', policy_uri=f'{origin}/p#{odd}')
            self.assertEqual(changed.status_code, 200, changed.text)
            for members in ({'redirect_uris': [f'{origin}/{odd}']}, {'application_type': odd},
                            {'token_endpoint_auth_method': odd}, {'scope': odd}, {'software_statement': odd}):
                with self.subTest((odd[:9], members.keys())):
                    self.assertEqual(self.post(**members).status_code, 400)

    @requirement('RFC 7591', '2', 'No client without a secret where such clients are switched off')
    def test_public_clients_are_switched_off(self):
        self.let('public_clients', 'False')
        self.assertRefused(self.post(token_endpoint_auth_method='none'), 400, 'invalid_client_metadata')
        self.registered()

    @requirement('attack', '63', 'Of what a client says of itself nothing is fetched, and no picture is shown')
    def test_attack_63_nothing_is_fetched(self):
        told = self.registered(logo_uri='http://127.0.0.1:1/', jwks_uri='http://169.254.169.254/')
        self.assertFalse({'logo_uri', 'jwks_uri'} & told.keys())
        self.assertFalse(self.stored(told).logo)

    @requirement('attack', '63', 'A client that registered itself never may ask for more than the settings say')
    def test_attack_63_scopes(self):
        allowed = self.env['oauth2.scope']._for_unregistered()
        everything = ' '.join(self.env['oauth2.scope'].search([]).mapped('name'))
        for scope in (None, everything, 'openid', 'openid odoo'):
            self.assertEqual(set(self.registered(scope=scope)['scope'].split()),
                             set(allowed.mapped('name')) & set(self.env['oauth2.scope']._names()))
        self.assertNotIn('odoo', allowed.mapped('name'))

    @requirement('RFC 7591', '3.2.1', 'What a client names is what it needs first: it may ask its users for more later')
    def test_stepping_up(self):
        told = self.registered(scope='openid')
        for scope in ('openid', 'openid contacts.read'):
            self.assertEqual(set(self.signed_in(told, scope=scope)['scope'].split()), set(scope.split()))
        page = self.begin(self.stored(told), scope='openid contacts.read')
        self.assertIn('Read your contacts', page.text)  # each time

    @requirement('RFC 7591', '5', 'People are told that nobody knows the application, and where it has them sent')
    def test_the_consent_page(self):
        told = self.registered(client_name='Odoo\u202e \x00Support', redirect_uris=[REDIRECT_URI, LOOPBACK])
        self.log_in()
        for _time in range(2):
            page = self.begin(self.stored(told), scope='openid')
            self.assertIn('Nobody here knows this application', page.text)
            self.assertIn('127.0.0.1, app.example.com', page.text)
            self.assertIn('Odoo Support', page.text)
            self.arrived(self.answer(page, 'allow'))

    @requirement('RFC 7591', '5', 'Nowhere does the name that an application gives itself stand for it')
    def test_what_it_is_known_by(self):
        told = self.registered(client_name='Your Bank')
        self.signed_in(told)
        client = self.stored(told)
        refused = self.begin(client, redirect_uri='https://elsewhere.example/')
        self.assertEqual(refused.status_code, 400)
        leaving = self.visit(f'{PATH}/logout?client_id={client.client_id}')
        self.assertIn('app.example.com asks you to sign out here, too', leaving.text)
        for page in (refused, leaving):
            self.assertIn('app.example.com', page.text)
            self.assertNotIn('Your Bank', page.text)
        apps = self.visit(f'{PATH}/connected-apps')
        self.assertIn('<h2>app.example.com</h2>', apps.text)
        self.assertIn('app.example.com loses its access at once', apps.text)
        self.assertIn('Your Bank', apps.text)

    @requirement('RFC 9700', '2.1.1', 'A client that registered itself always uses PKCE, with a secret, too')
    def test_pkce(self):
        self.log_in()
        for method in ('none', 'client_secret_post'):
            told = self.registered(token_endpoint_auth_method=method)
            page = self.begin(
                self.stored(told), code_challenge=None, code_challenge_method=None, scope='openid')
            self.assertEqual(page.status_code, 400)
            self.assertIn('code_challenge is missing', page.text)

    @requirement('RFC 9700', '4.11.2', 'Nobody who has not answered is sent to a stranger\'s address')
    def test_nobody_is_sent_away_who_has_not_answered(self):
        told = self.registered()
        for login in (None, 'oauth2_person'):
            self.authenticate(login, login)
            for wrong in ({'prompt': 'none'}, {'scope': 'nonsense'}, {'code_challenge': None}):
                with self.subTest(wrong, login=login):
                    response = self.begin(self.stored(told), **wrong)
                    self.assertNotIn('Location', response.headers)
                    self.assertIn('This request cannot be answered', response.text)

    def test_it_comes_no_more_once_registration_is_off(self):
        told = self.registered()
        tokens = self.signed_in(told)
        self.let('dynamic_registration', 'off')
        self.assertEqual(self.begin(self.stored(told)).status_code, 401)
        self.assertRefused(self.refresh(
            tokens['refresh_token'], self.stored(told), told['client_secret']), 401, 'invalid_client')
        self.assertRefused(self.manage(told), 404, 'not_found')

    @requirement('RFC 7591', '5', 'What registers itself is recorded once, with where it came from')
    def test_events(self):
        before = self.env['oauth2.event'].search_count([])
        told = self.registered(redirect_uris=[f'{REDIRECT_URI}/{number}/{"x" * 1900}' for number in range(20)])
        events = self.env['oauth2.event'].search([], limit=2)
        self.assertEqual(self.env['oauth2.event'].search_count([]), before + 2)
        self.assertEqual(set(events.mapped('name')), {'client_registered', 'secret_made'})
        registered = self.events('client_registered')
        self.assertEqual((registered.client_id, registered.address), (self.stored(told), '127.0.0.1'))
        self.assertLessEqual(len(registered.new_value), 500)
        for event in events:
            for secret in ('client_secret', 'registration_access_token'):
                self.assertNotIn(told[secret], str(event.read()))

    def test_nothing_is_half_done(self):
        before = self.rows()
        self.sql('ALTER TABLE oauth2_client ADD CONSTRAINT test_refuses CHECK (registration_token IS NULL)')
        with mute_logger('odoo.sql_db'):
            response = self.post()
        self.assertRefused(response, 400, 'invalid_client_metadata')
        self.assertEqual(self.rows(), before)
        self.assertEqual(self.events('registration_refused').mapped('detail')[0].partition(':')[0],
                         'invalid_client_metadata')


class TestQuota(RegistrationCase):

    def register_from(self, address, **members):
        """Register a client as it comes from an address; gives the record, or the refusal."""
        endpoint = self.env['oauth2.client.registration.endpoint']
        body = json.dumps({'redirect_uris': [REDIRECT_URI], 'token_endpoint_auth_method': 'none', **members})
        try:
            told = endpoint._answer(body.encode(), 'application/json', None, address)
        except TooManyRequests as error:
            return error
        return self.stored(told)

    def count(self):
        return self.clients.search_count([('registration', '=', 'dynamic')])

    @requirement('RFC 7591', '5', 'Too many registrations are refused, with the time after which there is room')
    @requirement('attack', '63', 'From one address so many clients may register in a day, and no more')
    def test_attack_63_of_an_address(self):
        self.let('registrations_per_address', '3')
        for _time in range(3):
            self.registered()
        for _time in range(3):
            response = self.post()
            self.assertRefused(response, 429, 'temporarily_unavailable')
            self.assertTrue(24 * 3600 - 60 < int(response.headers['Retry-After']) <= 24 * 3600)
        self.assertEqual(self.count(), 3)
        self.assertEqual(len(self.events('registration_refused')), 1)
        self.sql("UPDATE oauth2_event SET happened_at = happened_at - interval '23 hours 59 minutes'"
                 " WHERE id = %s", self.events('client_registered')[0].id)
        self.assertTrue(0 < int(self.post().headers['Retry-After']) <= 60)
        self.sql("UPDATE oauth2_event SET happened_at = happened_at - interval '1 hour' WHERE id = %s",
                 self.events('client_registered')[0].id)
        self.registered()

    @requirement('attack', '63', 'Whoever has a network of IPv6 has it as one address')
    def test_attack_63_ipv6(self):
        self.let('registrations_per_address', '2')
        for number in range(2):
            self.assertTrue(self.register_from(f'2001:db8::{number}').id)
        self.assertGreater(self.register_from('2001:db8::ffff:1').retry_after, 0)
        self.assertTrue(self.register_from('2001:db8:0:1::1').id)

    @requirement('attack', '63', 'Deleting what was registered makes no room: nobody fills the events')
    def test_attack_63_deleting_makes_no_room(self):
        self.let('registrations_per_address', '2')
        for _time in range(2):
            told = self.registered()
            self.assertEqual(self.manage(told, 'DELETE').status_code, 204)
        self.assertRefused(self.post(), 429, 'temporarily_unavailable')

    def test_what_is_used_counts_no_more(self):
        self.let('registrations_per_address', '1')
        told = self.registered()
        self.assertRefused(self.post(), 429, 'temporarily_unavailable')
        self.signed_in(told)
        self.registered()

    @requirement('attack', '63', '10,000 registrations from everywhere leave as many rows as the quota says')
    def test_attack_63_ten_thousand(self):
        self.let('registrations_in_all', '12')
        self.let('registrations_per_address', '5')
        events = self.env['oauth2.event'].search_count([])
        outcomes = [self.register_from(f'10.{number >> 8}.{number & 255}.1') for number in range(10_000)]
        self.assertEqual(sum(not isinstance(outcome, TooManyRequests) for outcome in outcomes), 12)
        self.assertTrue(all(outcome.retry_after > 0 for outcome in outcomes if isinstance(outcome, TooManyRequests)))
        self.assertEqual(self.count(), 12)
        self.assertEqual(self.env['oauth2.event'].search_count([]), events + 12 + 1)

    @requirement('RFC 7591', '5', 'What nobody has allowed anything goes after a day, and what was used stays')
    def test_what_was_never_used_goes(self):
        used, unused, young = (self.registered() for _time in range(3))
        self.signed_in(used)
        self.sql("UPDATE oauth2_client SET create_date = create_date - interval '25 hours' WHERE id = ANY(%s)",
                 (self.stored(used) + self.stored(unused)).ids)
        self.clients._gc_unused()
        self.assertTrue(self.stored(used) and self.stored(young))
        self.assertFalse(self.stored(unused))
        self.assertEqual(len(self.events('application_deleted')), 1)


class TestInitialAccessToken(RegistrationCase):

    WHO = 'token'

    def setUp(self):
        super().setUp()
        self.initial = self.env['oauth2.initial.access.token'].create({'name': 'Platform', 'uses_left': 2})
        self.token_value = 'T' * 32
        self.initial._store(digest(self.token_value))

    @requirement('RFC 7591', '3', 'Where an initial access token is needed, nothing is registered without one')
    def test_without_one(self):
        before = self.rows()
        response = self.post()
        self.assertEqual((response.status_code, response.headers['WWW-Authenticate']), (401, 'Bearer realm="Odoo"'))
        for token in ('x', 'T' * 31, self.tokens()['access_token']):
            response = self.post(token)
            self.assertRefused(response, 401, 'invalid_token')
            self.assertIn('error="invalid_token"', response.headers['WWW-Authenticate'])
        self.assertEqual(self.rows()['oauth2.client'], before['oauth2.client'])

    @requirement('RFC 7591', '3', 'An initial access token registers as many clients as it says')
    def test_as_often_as_it_says(self):
        self.let('registrations_per_address', '1')
        self.assertRefused(self.post(self.token_value, redirect_uris=[]), 400, 'invalid_redirect_uri')
        for _time in range(2):
            self.assertEqual(self.post(self.token_value).status_code, 201)
        self.assertRefused(self.post(self.token_value), 401, 'invalid_token')
        self.assertIn('Platform', self.events('client_registered')[0].detail)
        self.env.invalidate_all()
        self.assertEqual(self.initial.uses_left, 0)

    def test_an_expired_one(self):
        self.initial.expires_at = fields.Datetime.now() - timedelta(minutes=1)
        self.assertRefused(self.post(self.token_value), 401, 'invalid_token')

    def test_with_more_time_or_uses_it_is_another_one(self):
        for values in ({'uses_left': 3}, {'expires_at': fields.Datetime.now() + timedelta(days=30)}):
            self.initial._store(digest(self.token_value))
            self.initial.write({'name': 'P', 'uses_left': self.initial.uses_left - 1})
            self.assertTrue(self.initial.has_token)
            self.initial.write(values)
            self.assertFalse(self.initial.has_token)
            self.assertRefused(self.post(self.token_value), 401, 'invalid_token')

    def test_a_token_that_would_be_good_for_nothing_is_not_made(self):
        make = type(self.initial).action_generate.__wrapped__
        for values in ({'uses_left': 0}, {'expires_at': '2020-01-01 00:00:00'}):
            with self.subTest(values), self.assertRaises(UserError), self.cr.savepoint():
                self.initial.write(values)
                make(self.initial)

    def test_where_everybody_may_a_wrong_one_is_wrong_all_the_same(self):
        self.let('dynamic_registration', 'open')
        for token in ('x', b'\xff', b'\xed\xa0\x80', 'x' * 20_000):
            self.assertRefused(self.post(token), 401, 'invalid_token')
        self.registered()

    @requirement('attack', '64', 'Nobody reads an initial access token, and only administrators of Odoo make one')
    def test_attack_64_who_makes_one(self):
        administrator = new_test_user(
            self.env, 'initial_admin', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')
        unwrapped = type(self.initial).action_generate.__wrapped__
        with self.assertRaises(AccessError):
            unwrapped(self.initial.with_user(administrator))
        with self.assertRaises(AccessError):
            self.initial.with_user(administrator).write({'uses_left': 9})
        shown = unwrapped(self.initial.with_user(self.env.ref('base.user_admin')))['context']['default_token']
        self.assertEqual(len(shown), 32)
        self.assertNotIn(shown, str(self.initial.read()))
        [[stored]] = self.env.execute_query(SQL(
            'SELECT digest FROM oauth2_initial_access_token WHERE id = %s', self.initial.id))
        self.assertEqual(stored, digest(shown))
        self.assertEqual(self.post(shown).status_code, 201)
        with self.assertRaises(UserError):
            self.env['oauth2.initial.access.token.show'].create({'token': 'x'})
        self.assertFalse(self.initial.copy().has_token)


class TestSettings(RegistrationCase):

    WHO = False

    def test_what_is_chosen(self):
        settings = self.env['res.config.settings'].create({})
        self.assertEqual((settings.oauth2_dynamic_registration, settings.oauth2_registrations_per_address,
                          settings.oauth2_registrations_in_all), ('off', 20, 500))
        settings.write({'oauth2_dynamic_registration': 'open', 'oauth2_registrations_per_address': 1})
        settings.execute()
        self.registered()
        self.assertRefused(self.post(), 429, 'temporarily_unavailable')
        for name in ('oauth2_registrations_per_address', 'oauth2_registrations_in_all'):
            for number in (0, -1, 10_001):
                with self.assertRaises(ValidationError):
                    self.env['res.config.settings'].create({name: number})

    @requirement('attack', '72', 'No administrator takes the limits off a client that registered itself')
    def test_attack_72_the_limits_stay(self):
        self.let('dynamic_registration', 'open')
        client = self.stored(self.registered())
        odoo = self.env['oauth2.scope'].search([('name', '=', 'odoo')])
        for values in ({'scope_ids': [Command.link(odoo.id)]}, {'registration': 'administrator'},
                       {'default_scope_ids': [Command.link(client.scope_ids[0].id)]},
                       {'redirect_uri_ids': [Command.create({'uri': 'com.example.app:/cb'})]}):
            with self.subTest(values), self.assertRaises(UserError), self.env.cr.savepoint():
                client.with_user(self.env.ref('base.user_admin')).write(values)
