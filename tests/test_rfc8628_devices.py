"""RFC 8628: a device shows a code, a person types it elsewhere, and the device gets tokens."""
import re
from urllib.parse import urlsplit

from odoo.tests import new_test_user

from .common import PATH
from .devices import GRANT_TYPE, PAGE, DeviceCase
from .endpoints import ISSUER, JSON_2, claims_of
from .requirement import requirement


class TestDevice(DeviceCase):

    @requirement('RFC 8628', '3.2', 'A device gets two codes, an address to type one at, and how often to ask')
    def test_a_device_asks(self):
        response = self.begin_device()
        device = response.json()
        self.assertEqual(set(device), {
            'device_code', 'user_code', 'verification_uri', 'verification_uri_complete', 'expires_in', 'interval'})
        self.assertEqual((device['expires_in'], device['interval']), (600, 5))
        self.assertEqual(device['verification_uri'], f'{ISSUER}{PAGE}')
        self.assertEqual(device['verification_uri_complete'], f"{ISSUER}{PAGE}?user_code={device['user_code']}")
        self.assertRegex(device['user_code'], r'^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$')
        self.assertGreaterEqual(len(device['device_code']), 43)
        self.assertEqual(response.headers['Cache-Control'], 'no-store')

    @requirement('RFC 8628', '4', 'The metadata name the endpoint and the grant type')
    def test_the_metadata(self):
        metadata = self.metadata().json()
        self.assertEqual(metadata['device_authorization_endpoint'], f'{ISSUER}{PATH}/device_authorization')
        self.assertIn(GRANT_TYPE, metadata['grant_types_supported'])

    @requirement('RFC 8628', '3.5', 'As long as nobody has answered, the device is told to ask again')
    def test_nobody_has_answered(self):
        device = self.device()
        for _time in range(3):
            self.assertRefused(self.poll(device), 400, 'authorization_pending')

    @requirement('RFC 8628', '3.4', 'Who types the code and allows it gives the device tokens')
    def test_somebody_allows_it(self):
        device = self.device()
        page = self.answer_device(device)
        self.assertIn('The device has access', page.text)
        answer = self.poll(device)
        self.assertEqual(answer.status_code, 200, answer.text)
        tokens = answer.json()
        self.assertEqual(tokens['scope'], 'openid contacts.read')
        self.assertEqual(claims_of(tokens['id_token'])['sub'], self.subject(self.person))
        self.assertNotIn('sid', claims_of(tokens['id_token']))
        self.assertWorks(tokens['access_token'])
        again = self.refresh(tokens['refresh_token'], self.television, '')
        self.assertRefused(again, 401, 'invalid_client')  # it has no secret
        again = self.ask('access_token', data={
            'client_id': self.television.client_id, 'grant_type': 'refresh_token',
            'refresh_token': tokens['refresh_token']})
        self.assertEqual(again.status_code, 200, again.text)
        authorization = self.authorization(self.television)
        self.assertEqual((authorization.grant_type, authorization.user_id), ('device_code', self.person))

    @requirement('RFC 8628', '3.1', 'A client with a secret proves itself, when it asks and when it polls')
    def test_a_client_with_a_secret(self):
        self.assertRefused(self.begin_device(self.till), 401, 'invalid_client')
        self.assertRefused(self.begin_device(self.till, 'wrong'), 401, 'invalid_client')
        device = self.device(self.till, self.till_secret)
        self.answer_device(device)
        self.assertRefused(self.poll(device, self.till, 'wrong'), 401, 'invalid_client')
        self.assertEqual(self.poll(device, self.till, self.till_secret).status_code, 200)

    @requirement('RFC 8628', '3.5', 'Who denies it is told to the device')
    def test_somebody_denies_it(self):
        device = self.device()
        page = self.answer_device(device, 'deny')
        self.assertIn('The device has got nothing', page.text)
        for _time in range(2):
            self.assertRefused(self.poll(device), 400, 'access_denied')
        self.assertFalse(self.env['oauth2.consent'].search([('client_id', '=', self.television.id)]))

    @requirement('RFC 8628', '3.5', 'A code that nobody has answered in time has expired')
    def test_nobody_answers_in_time(self):
        device, page = self.device(), None
        page = self.open_consent(device)
        self.sql("UPDATE oauth2_device_request SET expires_at = now() AT TIME ZONE 'UTC' - interval '1 second'")
        self.assertRefused(self.poll(device), 400, 'expired_token')
        self.assertEqual(self.answer_consent(page).status_code, 400)
        self.assertIn('No device shows this code', self.type_code(device['user_code']).text)

    @requirement('RFC 8628', '3.5', 'An allowed code that was not fetched in time has expired')
    def test_nobody_fetches_it_in_time(self):
        device = self.device()
        self.answer_device(device)
        self.sql("UPDATE oauth2_authorization_code SET expires_at = now() AT TIME ZONE 'UTC'")
        self.assertRefused(self.poll(device), 400, 'expired_token')

    @requirement('RFC 8628', '3.5', 'A device that asks too often is told to slow down, and waits longer then')
    def test_slow_down(self):
        device = self.device()
        self.assertRefused(self.poll_at_once(device), 400, 'authorization_pending')
        for seconds in (10, 15):
            response = self.poll_at_once(device)
            self.assertRefused(response, 400, 'slow_down')
            self.assertIn(f'every {seconds} seconds', response.json()['error_description'])
        self.assertRefused(self.poll_at_once(self.device()), 400, 'authorization_pending')  # another device

    @requirement('RFC 8628', '3.3.1', 'The code in an address is filled in, and looked up by nobody but the person')
    def test_the_complete_address(self):
        device = self.device()
        parts = urlsplit(device['verification_uri_complete'])
        page = self.visit(f'{parts.path}?{parts.query}')
        self.assertEqual(page.status_code, 200)
        self.assertIn(f'value="{device["user_code"]}"', page.text)
        self.assertIn('Is this the code that your device shows?', page.text)
        self.assertNotIn('Television', page.text)

    @requirement('RFC 8628', '6.1', 'A code may be typed in any way that its letters can be read from')
    def test_typing_is_forgiving(self):
        for write in (str.lower, lambda code: code.replace('-', ''), lambda code: f' {code.replace("-", " – ")} ',
                      '.'.join):
            device = self.device()
            with self.subTest(write(device['user_code'])):
                response = self.type_code(write(device['user_code']))
                self.assertEqual(response.status_code, 303, response.text)

    def test_an_unknown_code_is_said_to_be_one(self):
        for code in ('BCDF-GHJK', 'hello', '', '1234-5678', 'é' * 300, '<b>', '\x00'.strip('\x00')):
            with self.subTest(code):
                response = self.type_code(code)
                self.assertIn(response.status_code, (200, 400), response.text)
                self.assertNotIn('<b>', response.text)

    @requirement('RFC 8628', '5.4', 'The page says from where and when the device asked, and shows its code')
    def test_what_the_page_shows(self):
        device = self.device(scope='contacts.read')
        self.sql("UPDATE oauth2_device_request SET address = '203.0.113.7', "
                 "asked_at = now() AT TIME ZONE 'UTC' - interval '3 minutes'")
        text = ' '.join(re.sub(r'<[^>]*>', ' ', self.open_consent(device).text).split())
        for words in ('Television wants access', device['user_code'], '203.0.113.7', '3 minutes ago',
                      'only if you see this code on a device', 'ontacts'):
            self.assertIn(words, text)
        self.assertNotIn('You will be sent to', text)

    @requirement('RFC 8628', '3.3', 'Nobody types a code who is not logged in; the login leads back to it')
    def test_one_has_to_log_in(self):
        device = self.device()
        self.authenticate(None, None)
        response = self.visit(f"{PAGE}?user_code={device['user_code']}")
        self.assertEqual(response.status_code, 303)
        self.assertIn('/web/login?redirect=', response.headers['Location'])
        self.assertIn(device['user_code'], response.headers['Location'])
        response = self.visit(PAGE, method='POST', data={'user_code': device['user_code']})
        self.assertIn('/web/login', response.headers['Location'])
        self.assertFalse(self.env['oauth2.device.guess'].search_count([]))

    @requirement('RFC 8707', '2', 'A device names the resource that its tokens are for')
    def test_a_resource(self):
        device = self.device(resource=JSON_2)
        self.answer_device(device)
        self.assertRefused(self.poll(device, resource='https://other.example.com'), 400, 'invalid_target')
        tokens = self.poll(device, resource=JSON_2).json()
        self.assertEqual(claims_of(tokens['access_token'])['aud'], JSON_2)
        self.assertRefused(self.begin_device(resource='https://other.example.com'), 400, 'invalid_target')

    def test_an_api_of_its_own(self):
        api = self.env['oauth2.resource'].create({'name': 'Tools', 'uri': 'https://tools.example.com/mcp'})
        self.television.scope_ids += self.env['oauth2.scope'].create({
            'name': 'tools.use', 'description': 'Use the tools', 'resource_id': api.id})
        device = self.device(resource=api.uri, scope='tools.use contacts.read')
        self.assertIn('With', self.open_consent(device).text)
        self.answer_device(device)
        tokens = self.poll(device).json()
        self.assertEqual(tokens['scope'], 'tools.use')
        self.assertEqual(claims_of(tokens['access_token'])['aud'], api.uri)
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)

    def test_the_scope(self):
        self.television.default_scope_ids = self.env.ref('restapi_oauth2.scope_contacts_read')
        device = self.device(scope=None)
        self.answer_device(device)
        self.assertEqual(self.poll(device).json()['scope'], 'contacts.read')
        self.assertRefused(self.begin_device(scope='odoo'), 400, 'invalid_scope')

    def test_companies(self):
        second = self.env['res.company'].create({'name': 'Second of devices'})
        self.person.company_ids += second
        device = self.device(scope='contacts.read')
        page = self.open_consent(device)
        response = self.answer_consent(page, **{f'company_{self.person.company_id.id}': None})
        self.assertIn('Choose at least one company', response.text)
        self.assertRefused(self.poll(device), 400, 'authorization_pending')
        response = self.answer_consent(response, **{f'company_{second.id}': 'yes',
                                                    f'company_{self.person.company_id.id}': None})
        self.assertEqual(response.status_code, 303, response.text)
        self.assertEqual(self.poll(device).status_code, 200)
        consent = self.env['oauth2.consent'].search([('client_id', '=', self.television.id)])
        self.assertEqual(consent.company_ids, second)

    def test_events(self):
        allowed, denied = self.device(), self.device()
        self.answer_device(allowed)
        self.answer_device(denied, 'deny')
        events = self.env['oauth2.event'].search([('client_id', '=', self.television.id)])
        for name in ('device_allowed', 'device_denied'):
            event = events.filtered(lambda event, name=name: event.name == name)
            self.assertEqual(event.user_id, self.person)
            self.assertEqual(event.detail, 'asked from 127.0.0.1')

    @requirement('contract', '3', 'Bad requests of devices are refused, each with an error')
    def test_bad_requests(self):
        device = self.device()
        self.assertRefused(self.poll({'device_code': 'guessed'}), 400, 'invalid_grant')
        self.assertRefused(self.poll({'device_code': None}), 400, 'invalid_request')
        self.assertRefused(self.poll({'device_code': 'x' * 300}), 400, 'invalid_request')
        self.assertRefused(self.poll(device, self.till, self.till_secret), 400, 'invalid_grant')
        self.assertRefused(self.begin_device(self.wiki, self.wiki_secret), 400, 'unauthorized_client')
        self.assertRefused(self.ask('device_authorization', data={}), 401, 'invalid_client')
        self.assertRefused(self.ask('device_authorization', 'GET'), 405, 'invalid_request')
        self.television.grant_device_code = False
        self.assertRefused(self.poll(device), 400, 'unauthorized_client')
        self.assertRefused(self.begin_device(), 400, 'unauthorized_client')
        self.television.grant_device_code = True
        self.assertRefused(self.poll(device), 400, 'invalid_grant')

    def test_a_program_alone_has_no_devices(self):
        self.client.grant_device_code = True
        self.assertRefused(self.begin_device(self.client, self.secret), 400, 'unauthorized_client')


class TestOnlyWhatWasShown(DeviceCase):
    """An answer applies to what the page has shown, in the browser and for the user who saw it."""

    @requirement('attack', '62', 'A device is asked about each time, whatever was allowed before, and trusted or not')
    def test_attack_62_it_is_asked_each_time(self):
        self.till.sudo().is_trusted = True
        self.tokens_of_device(self.till, self.till_secret)
        device = self.device(self.till, self.till_secret)
        page = self.open_consent(device)
        self.assertEqual(page.status_code, 200)
        self.assertIn('value="allow"', page.text)
        self.assertRefused(self.poll(device, self.till, self.till_secret), 400, 'authorization_pending')

    @requirement('attack', '62', 'What a device was allowed does not answer a browser')
    def test_attack_62_no_browser_is_answered_by_it(self):
        self.wiki.grant_device_code = True
        self.tokens_of_device(self.wiki, self.wiki_secret, scope='openid')
        self.assertIn('value="allow"', self.begin(scope='openid').text)

    @requirement('attack', '62', 'Another user who is logged in by now is asked anew')
    def test_attack_62_another_user(self):
        new_test_user(self.env, 'oauth2_other', groups='base.group_user', password='oauth2_other')
        device = self.device()
        page = self.open_consent(device)
        cookies = self.opener.cookies.copy()
        self.log_in('oauth2_other')
        for cookie in cookies:
            if cookie.name.startswith('oauth2_request_'):
                self.opener.cookies.set_cookie(cookie)
        csrf = self.visit(PAGE)
        token = re.search(r'name="csrf_token" value="([^"]+)"', csrf.text)[1]
        response = self.answer_consent(page, csrf_token=token)
        self.assertEqual(response.status_code, 200)
        self.assertIn('oauth2_other', response.text)
        self.assertRefused(self.poll(device), 400, 'authorization_pending')

    @requirement('attack', '62', 'Another browser cannot answer a page, nor can a form of another site')
    def test_attack_62_another_browser(self):
        device = self.device()
        page = self.open_consent(device)
        for kept in list(self.opener.cookies):
            if kept.name.startswith('oauth2_request_'):
                self.opener.cookies.clear(kept.domain, kept.path, kept.name)
        self.assertEqual(self.answer_consent(page).status_code, 400)
        response = self.visit(PAGE, method='POST', data={'user_code': device['user_code'], 'csrf_token': 'x'})
        self.assertEqual(response.status_code, 400)
        self.assertRefused(self.poll(device), 400, 'authorization_pending')

    @requirement('attack', '62', 'More than was shown is not allowed by the answer')
    def test_attack_62_the_scope_has_changed(self):
        device = self.device()
        page = self.open_consent(device)
        self.television.scope_ids = self.env.ref('restapi_oauth2.scope_openid')
        response = self.answer_consent(page)
        self.assertEqual(response.status_code, 200)  # it is asked anew
        self.assertRefused(self.poll(device), 400, 'authorization_pending')
        self.assertEqual(self.answer_consent(response).status_code, 303)
        self.assertEqual(self.poll(device).json()['scope'], 'openid')

    @requirement('attack', '62', 'A device is answered once')
    def test_attack_62_it_is_answered_once(self):
        device = self.device()
        first, second = self.open_consent(device), self.open_consent(device)
        self.assertEqual(self.answer_consent(first, 'deny').status_code, 303)
        self.assertEqual(self.answer_consent(second).status_code, 400)
        self.assertEqual(self.answer_consent(first).status_code, 400)
        self.assertRefused(self.poll(device), 400, 'access_denied')

    @requirement('attack', '62', 'Who may not use the application allows no device')
    def test_attack_62_who_may_use_it(self):
        self.television.open_to = 'listed'
        device = self.device()
        page = self.open_consent(device)
        self.assertIn('You may not use', page.text)
        self.assertIn('Refuse the', page.text)
        self.assertNotIn('Back to the application', page.text)
        self.assertNotIn('value="allow"', page.text)
        response = self.answer_consent(page, 'deny')
        self.assertEqual(response.status_code, 303)
        self.assertRefused(self.poll(device), 400, 'access_denied')

    @requirement('RFC 8628', '5.2', 'A device code is traded once: whoever comes later ends what came of it')
    def test_a_device_code_works_once(self):
        device = self.device()
        self.answer_device(device)
        tokens = self.poll(device).json()
        self.assertRefused(self.poll(device), 400, 'slow_down')  # the same device, twice at once
        self.assertWorks(tokens['access_token'])
        self.sql("UPDATE oauth2_authorization_code SET used_at = used_at - interval '10 seconds'")
        self.assertRefused(self.poll(device), 400, 'invalid_grant')
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)

    @requirement('RFC 8628', '5.2', 'A device code is no authorization code, nor the reverse')
    def test_a_device_code_is_no_authorization_code(self):
        self.wiki.grant_device_code = True
        device = self.device(self.wiki, self.wiki_secret, scope='openid')
        self.answer_device(device)
        response = self.token(self.wiki, self.wiki_secret, grant_type='authorization_code', code=device['device_code'])
        self.assertRefused(response, 400, 'invalid_grant')
        code = self.allow()['code']
        response = self.poll({'device_code': code}, self.wiki, self.wiki_secret)
        self.assertRefused(response, 400, 'invalid_grant')
        self.assertEqual(self.poll(device, self.wiki, self.wiki_secret).status_code, 200)


class TestEndings(DeviceCase):
    """Whatever ends a code ends what a device was allowed, before and after it has fetched its tokens."""

    ENDINGS = {
        'the consent is withdrawn': lambda self: self.disconnect(self.television),
        'the password changes': lambda self: self.person.write({'password': 'another one 1'}),
        'the user is archived': lambda self: self.person.write({'active': False}),
        'the application is archived': lambda self: self.television.write({'active': False}),
        'the grant type is taken': lambda self: self.television.write({'grant_device_code': False}),
        'the application is stopped': lambda self: self.television._end_all('test'),
        'everything ends': lambda self: self.env['oauth2.ending']._end_everything(),
        'the user is taken off the list': lambda self: self.television.write({'open_to': 'listed'}),
    }

    @requirement('attack', '62', 'An ending between the answer and the next poll leaves nothing to fetch')
    def test_attack_62_an_ending_before_it_is_fetched(self):
        for name, end in self.ENDINGS.items():
            with self.subTest(name), self.cr.savepoint() as savepoint:
                self.log_in()
                device = self.device()
                self.answer_device(device)
                end(self)
                self.env.flush_all()
                response = self.poll(device)
                self.assertIn(response.json()['error'], ('invalid_grant', 'invalid_client', 'unauthorized_client'))
                savepoint.rollback()
                self.env.invalidate_all()

    @requirement('attack', '62', 'An ending while the page is open leaves nothing to allow')
    def test_attack_62_the_application_ends_before_the_answer(self):
        device = self.device()
        page = self.open_consent(device)
        self.television._end_all('test')
        self.assertEqual(self.answer_consent(page).status_code, 400)
        self.assertRefused(self.poll(device), 400, 'invalid_grant')
        self.assertIn('No device shows this code', self.type_code(device['user_code']).text)

    def test_an_ending_after_it_was_fetched(self):
        tokens = self.tokens_of_device()
        self.assertWorks(tokens['access_token'])
        self.disconnect(self.television)
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)

    def test_logging_out_elsewhere_ends_nothing(self):
        tokens = self.tokens_of_device()
        self.visit('/web/session/logout')
        self.assertWorks(tokens['access_token'])
