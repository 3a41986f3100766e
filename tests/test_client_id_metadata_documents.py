"""Applications without an administrator: their client ID is the address of a document
(draft-ietf-oauth-client-id-metadata-document-02).
"""
import base64
import io
import json
import struct
import threading
import zlib
from contextlib import ExitStack
from datetime import timedelta

from PIL import Image
from psycopg2 import IntegrityError

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user
from odoo.tools import mute_logger

from ..models.clients.unregistered.oauth2_client_unused import MOST_UNUSED
from ..models.clients.unregistered.oauth2_document_fetch import MOST_SCANS
from ..protocol import fetch as fetching
from .browser import VERIFIER, BrowserCase
from .common import PATH
from .publisher import trusted_site
from .registrations import DEFAULTS, chosen_by_default
from .requirement import requirement

LOOPBACK = 'http://127.0.0.1:33418/callback'
METADATA = '/.well-known/oauth-authorization-server'


def picture(form='PNG', size=(400, 200)):
    """A picture, as a file."""
    file = io.BytesIO()
    Image.new('RGB', size, 'red').save(file, form)
    return file.getvalue()


def with_chunk(png, name, content):
    """A PNG with one more chunk behind its header."""
    chunk = struct.pack('>I', len(content)) + name + content + struct.pack('>I', zlib.crc32(name + content))
    return png[:33] + chunk + png[33:]


class DocumentCase(BrowserCase):
    """An assistant's website on this machine, from which the settings allow fetching; and a person who is logged in."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stack = ExitStack()
        cls.addClassCleanup(stack.close)
        cls.site = stack.enter_context(trusted_site())
        cls.clients = cls.env['oauth2.client'].with_context(active_test=False)
        cls.let('fetch_networks', '127.0.0.0/8')
        cls.let('client_documents', 'any')

    @classmethod
    def let(cls, name, value):
        """Choose a setting."""
        cls.env['ir.config_parameter'].set_param(f'restapi_oauth2.{name}', value)

    def setUp(self):
        super().setUp()
        fetching._failures.clear()
        self.site.pages.clear()
        self.site.asked.clear()
        self.url = self.site.url('/client.json')
        self.callback = self.site.url('/callback')
        self.publish()
        self.log_in()

    def publish(self, path='/client.json', headers=(), status=200, **members):
        """Put a document on the site, with some members changed or left out."""
        members = {'client_id': self.site.url(path), 'client_name': 'Assistant',
                   'redirect_uris': [self.callback, 'http://127.0.0.1/callback'],
                   'token_endpoint_auth_method': 'none',
                   'grant_types': ['authorization_code', 'refresh_token'], **members}
        body = json.dumps({name: value for name, value in members.items() if value is not None}).encode()
        self.put(path, body, 'application/json', headers, status)

    def put(self, path, body, content_type, headers=(), status=200):
        self.site.pages[path] = (status, {'Content-Type': content_type, **dict(headers)}, body)

    def ask_for(self, url=None, **parameters):
        """An authorization request of the assistant, by way of the browser."""
        return self.begin(**{'client_id': url or self.url, 'redirect_uri': self.callback, **parameters})

    def stored(self, url=None):
        """What is stored of the assistant."""
        self.env.invalidate_all()
        return self.clients.search([('client_id', '=', url or self.url)])

    def assert_refused(self, response, words=''):
        """A page with an error: nobody is sent anywhere."""
        self.assertIn(response.status_code, (400, 401), response.text)
        self.assertNotIn('Location', response.headers)
        self.assertIn(words, response.text)

    def last_event(self, name='document_refused'):
        self.env.invalidate_all()
        return self.env['oauth2.event'].search([('name', '=', name)], limit=1)

    def expire(self):
        """Let the time of the stored document be over."""
        self.stored().document_fresh_until = fields.Datetime.now() - timedelta(seconds=1)
        self.env.flush_all()

    def fetched(self):
        """How often the document was asked for."""
        return [path for path, _headers in self.site.asked].count('/client.json')

    def exchange(self, code, **parameters):
        """Redeem a code, as a public client."""
        return self.ask('access_token', data={
            'grant_type': 'authorization_code', 'client_id': self.url, 'code': code, 'redirect_uri': self.callback,
            'code_verifier': VERIFIER, **parameters})


class TestDefault(BrowserCase):

    @requirement('attack', '63', "With the settings that are shipped, a stranger's assistant gets nothing.")
    def test_a_strangers_assistant_gets_nothing(self):
        with trusted_site() as site:
            self.env['ir.config_parameter'].set_param('restapi_oauth2.fetch_networks', '127.0.0.0/8')
            url = site.url('/client.json')
            site.pages['/client.json'] = (200, {'Content-Type': 'application/json'}, json.dumps(
                {'client_id': url, 'redirect_uris': [LOOPBACK]}).encode())
            for login in (None, 'oauth2_person', 'admin'):
                if login:
                    self.log_in(login)
                with self.subTest(login):
                    response = self.begin(client_id=url, redirect_uri=LOOPBACK)
                    self.assertEqual(response.status_code, 401, response.text)
                    self.assertNotIn('Location', response.headers)
            self.assertEqual(site.asked, [])
        self.assertFalse(self.env['oauth2.client'].search([('registration', '!=', 'administrator')]))
        self.assertFalse(self.env['oauth2.listed.client']._allowed())
        self.assertIs(self.url_open(METADATA).json()['client_id_metadata_document_supported'], False)


class TestConnecting(DocumentCase):

    @requirement('CIMD', '5', 'An unknown client_id that is a URL is fetched, and its client is known from then on.')
    def test_the_whole_way(self):
        page = self.ask_for(scope='openid contacts.read')
        self.assertEqual(page.status_code, 200, page.text)
        client = self.stored()
        self.assertEqual((client.registration, client.name, client.is_public, client.pkce, client.brought_by_id),
                         ('metadata_document', 'Assistant', True, 'required', self.person))
        answer = self.arrived(self.answer(page, 'allow'), self.callback)
        tokens = self.exchange(answer['code'])
        self.assertEqual(tokens.status_code, 200, tokens.text)
        self.assertEqual(tokens.json()['scope'], 'openid contacts.read')
        again = self.ask('access_token', data={'grant_type': 'refresh_token', 'client_id': self.url,
                                               'refresh_token': tokens.json()['refresh_token']})
        self.assertEqual(again.status_code, 200, again.text)
        self.assertEqual(self.fetched(), 1)

    @requirement('attack', '63', 'A document is fetched only for somebody who is logged in.')
    def test_who_is_not_logged_in_logs_in_first(self):
        self.opener.cookies.clear()
        response = self.ask_for()
        self.assertIn('/web/login', response.headers['Location'])
        self.assertEqual((self.site.asked, len(self.stored())), ([], 0))
        page = self.visit(response.headers['Location'])
        self.assertNotIn('Assistant', page.text)
        [request_id] = self.waiting()
        self.sign_in('oauth2_person', f'{PATH}/consent?request_id={request_id}')
        self.assertEqual(self.fetched(), 0)
        self.assertIn('Assistant', self.visit(f'{PATH}/consent?request_id={request_id}').text)
        self.assertEqual(self.fetched(), 1)

    @requirement('attack', '31', 'Who gets another password while a document is fetched is logged out after it.')
    def test_a_password_that_changes_while_it_is_fetched(self):
        status, headers, body = self.site.pages['/client.json']

        def answer(handler):
            self.person.password = 'another'
            self.env.flush_all()
            handler.respond(status, headers, body)
        self.site.pages['/client.json'] = answer
        response = self.ask_for()
        self.assertEqual(self.fetched(), 1)
        self.assertEqual(response.status_code, 303, response.text)
        self.assertIn('/web/login', response.headers['Location'])

    def test_nobody_is_logged_in_for_prompt_none(self):
        self.opener.cookies.clear()
        self.assert_refused(self.ask_for(prompt='none'))
        self.assertEqual(self.site.asked, [])

    def test_a_request_by_post_is_answered_as_well(self):
        parameters = self.parameters(client_id=self.url, redirect_uri=self.callback)
        response = self.visit(f'{PATH}/authorize', method='POST', data=parameters)
        self.assertEqual(response.status_code, 303)
        self.assertIn('Assistant', self.visit(response.headers['Location']).text)
        self.assert_refused(self.visit(f'{PATH}/authorize', method='POST', data={**parameters, 'client_secret': 'x'}))

    def test_programs_learn_nothing_of_clients_that_are_not_stored(self):
        self.assertEqual(self.exchange('0' * 20).json()['error'], 'invalid_client')
        response = self.url_open(f'{PATH}/authorize', headers={'Accept': 'application/json'}, params=self.parameters(
            client_id=self.url, redirect_uri=self.callback))
        self.assertEqual(response.json()['error'], 'invalid_client')
        self.assertEqual(self.site.asked, [])

    @requirement('CIMD', '8.5', 'The consent page shows the host of the client ID, and that nobody knows the client.')
    def test_the_page_tells_where_it_comes_from(self):
        self.publish(client_name='Your bank', client_uri='https://bank.example.com/about')
        page = self.ask_for()
        self.assertIn(f'127.0.0.1:{self.site.port}</bdi> wants access', page.text)
        self.assertIn('Nobody here knows this application', page.text)
        self.assertIn('It calls itself <strong><bdi>Your bank</bdi></strong>', page.text)

    @requirement('contract', '4', 'Consent is never remembered for a client that cannot prove itself')
    @requirement('attack', '34', 'Whoever has allowed a client that came by itself is asked again')
    def test_it_is_asked_each_time(self):
        for _again in range(2):
            self.arrived(self.answer(self.ask_for(), 'allow'), self.callback)
        answer = self.arrived(self.ask_for(prompt='none'), self.callback)
        self.assertEqual(answer['error'], 'consent_required')

    def test_once_approved_it_is_remembered_where_the_address_is_its_own(self):
        self.publish(redirect_uris=['https://app.example.com/callback', LOOPBACK])
        for uri, is_remembered in (('https://app.example.com/callback', True), (LOOPBACK, False)):
            with self.subTest(uri):
                self.arrived(self.answer(self.ask_for(redirect_uri=uri), 'allow'), uri)
                self.stored().is_approved = True
                self.env.flush_all()
                response = self.ask_for(redirect_uri=uri)
                self.assertEqual(response.status_code, 303 if is_remembered else 200)
                self.assertNotIn('Nobody here knows', response.text)

    @requirement('RFC 9700', '4.11.2', 'Nobody who has not answered is sent to a stranger\'s address')
    @requirement('attack', '1', 'A link to this server does not lead to where a stranger wants')
    def test_nobody_is_sent_away_who_has_not_answered(self):
        for wrong in ({'prompt': 'none'}, {'code_challenge': None, 'code_challenge_method': None},
                      {'scope': 'nonsense'}, {'response_type': 'token'}, {'request': 'x'}):
            with self.subTest(wrong):
                self.assert_refused(self.ask_for(**wrong), 'This request cannot be answered')
        self.assertEqual(self.arrived(self.answer(self.ask_for(), 'deny'), self.callback)['error'], 'access_denied')
        self.authenticate(None, None)
        self.assert_refused(self.ask_for(prompt='none'))
        # Those know it who have allowed it something; and the administrator who has approved it.
        self.log_in()
        self.arrived(self.answer(self.ask_for(), 'allow'), self.callback)
        self.assertEqual(self.arrived(self.ask_for(prompt='none'), self.callback)['error'], 'consent_required')
        self.env['oauth2.consent'].search([]).unlink()
        self.stored().is_approved = True
        self.assertEqual(self.arrived(self.ask_for(prompt='none'), self.callback)['error'], 'consent_required')

    @requirement('CIMD', '8.5', 'Nobody speaks for the host of this server: its users can publish files there.')
    def test_nobody_comes_from_this_server(self):
        for url in ('https://odoo.example.com/web/content/7', 'https://odoo.example.com:443/client.json'):
            with self.subTest(url):
                self.assertFalse(self.clients._may_come_by_document(url))
        self.assertTrue(self.clients._may_come_by_document('https://odoo.example.com:8443/client.json'))

    @requirement('attack', '63', 'No administrator of applications speaks for one that came by itself')
    def test_what_administrators_do_not_change(self):
        manager = new_test_user(
            self.env, 'oauth2_manager', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')
        self.assertEqual(self.ask_for().status_code, 200)
        client = self.stored().with_user(manager)
        for values in ({'name': 'Trusted assistant'}, {'publisher': 'Somebody'}, {'client_uri': 'https://x.example.com'},
                       {'document_fresh_until': '2100-01-01 00:00:00'}, {'open_to': 'everybody'},
                       {'allowed_user_ids': [Command.link(manager.id)]}, {'allowed_group_ids': [Command.clear()]},
                       {'redirect_uri_ids': [Command.create({'uri': 'https://evil.example.com/cb'})]},
                       {'redirect_uri_ids': [Command.update(client.redirect_uri_ids[:1].id, {
                           'uri': 'https://evil.example.com/cb'})]},
                       {'is_public': False, 'proof': 'key', 'key_set_url': 'https://evil.example.com/jwks'}):
            with self.subTest(values), self.assertRaises(AccessError), self.cr.savepoint():
                client.write(values)
                self.env.flush_all()
        client.write({'is_approved': True, 'active': False, 'grant_refresh_token': False})
        client.action_fetch_again()

    def test_users_are_told_where_it_comes_from(self):
        self.arrived(self.answer(self.ask_for(), 'allow'), self.callback)
        known_as = self.url.split('/')[2]
        for model in ('oauth2.access', 'oauth2.consent'):
            told = self.env[model].search([('client_id', '=', self.stored().id)])
            self.assertEqual((told.application, told.client_id.name), (known_as, 'Assistant'))

    def test_links_to_others_are_left_out(self):
        self.publish(client_uri='https://claude.ai/', tos_uri=self.site.url('/terms'))
        self.assertNotIn('claude.ai', self.ask_for().text)
        self.assertEqual((self.stored().client_uri, self.stored().tos_uri), (False, self.site.url('/terms')))

    def test_nobody_is_sent_to_a_host_that_was_added_later(self):
        self.arrived(self.answer(self.ask_for(), 'allow'), self.callback)
        other = 'https://other.example.com/callback'
        self.publish(redirect_uris=[self.callback, other])
        self.expire()
        self.assert_refused(self.ask_for(redirect_uri=other, prompt='none'), 'This request cannot be answered')

    def test_a_change_adds_no_refresh_token(self):
        self.publish(grant_types=['authorization_code'])
        self.assertEqual(self.ask_for().status_code, 200)
        self.publish()
        self.expire()
        self.assertEqual(self.ask_for().status_code, 200)
        self.assertFalse(self.stored().grant_refresh_token)

    def test_approval_ends_with_another_address(self):
        self.assertEqual(self.ask_for().status_code, 200)
        self.stored().is_approved = True
        for uris, is_approved in (([self.callback], True), ([self.callback, 'https://other.example.com/'], False)):
            with self.subTest(uris):
                self.publish(redirect_uris=uris)
                self.expire()
                self.assertEqual(self.ask_for().status_code, 200)
                self.assertIs(self.stored().is_approved, is_approved)
        self.assertIn('is_approved', self.last_event('application_changed').new_value)

    @requirement('RFC 9700', '2.1.1', 'A client that came by itself always uses PKCE')
    def test_it_always_uses_pkce(self):
        self.assert_refused(self.ask_for(code_challenge=None, code_challenge_method=None), 'code_challenge is missing')

    def test_an_address_that_the_document_does_not_have(self):
        self.assert_refused(self.ask_for(redirect_uri='https://elsewhere.example.com/callback'))
        self.assertEqual(self.ask_for(redirect_uri=LOOPBACK).status_code, 200)  # any port, as RFC 8252 has it

    def test_the_secret_of_a_client_is_not_taken(self):
        code = self.arrived(self.answer(self.ask_for(), 'allow'), self.callback)['code']
        self.assertEqual(self.exchange(code, client_secret='x').json()['error'], 'invalid_client')


class TestLimits(DocumentCase):

    @requirement('attack', '63', 'A client that came by itself gets no scope that the settings do not let it ask for.')
    def test_scopes_are_those_of_the_settings(self):
        shipped = set(self.env['oauth2.scope']._for_unregistered().mapped('name'))
        self.assertLessEqual({'openid', 'profile', 'email', 'contacts.read'}, shipped)
        self.assertFalse(shipped & {'odoo', 'odoo.read', 'contacts.write', 'users.read'})
        self.assert_refused(self.ask_for(scope='odoo odoo.read contacts.write'), 'invalid_scope')
        page = self.ask_for(scope='openid odoo contacts.read')
        code = self.arrived(self.answer(page, 'allow'), self.callback)['code']
        self.assertEqual(self.exchange(code).json()['scope'], 'openid contacts.read')

    def test_it_gets_no_scope_that_it_does_not_name(self):
        self.env['oauth2.scope'].search([('name', '=', 'contacts.read')]).is_default = True
        self.assert_refused(self.ask_for(scope=None), 'invalid_scope')
        self.assertFalse(self.stored().default_scope_ids)

    def test_a_scope_that_is_taken_away_is_gone_at_once(self):
        code = self.arrived(self.answer(self.ask_for(scope='openid contacts.read'), 'allow'), self.callback)['code']
        token = self.exchange(code).json()
        self.env['oauth2.scope'].search([('name', '=', 'contacts.read')]).is_for_unregistered = False
        self.env.flush_all()
        again = self.ask('access_token', data={
            'grant_type': 'refresh_token', 'client_id': self.url, 'refresh_token': token['refresh_token']})
        self.assertEqual(again.json()['scope'], 'openid')
        self.assertNotIn('contacts.read', self.stored().scope)

    def test_no_broad_scope_can_be_opened_to_it(self):
        for name in ('odoo', 'odoo.read'):
            with self.subTest(name), self.assertRaises(ValidationError):
                self.env['oauth2.scope'].search([('name', '=', name)]).is_for_unregistered = True

    def test_who_may_use_it_is_a_setting(self):
        portal = new_test_user(self.env, 'oauth2_portal', groups='base.group_portal', password='oauth2_portal')
        self.log_in('oauth2_portal')
        self.assert_refused(self.ask_for(), 'you may not use')
        self.assertEqual(self.fetched(), 0)
        settings = self.env['res.config.settings'].create({
            'oauth2_unregistered_group_ids': [Command.set(self.env.ref('base.group_portal').ids)]})
        settings.set_values()
        self.env.flush_all()
        self.assertIn('wants access', self.ask_for().text)
        self.log_in()
        self.assertIn('You may not use', self.ask_for().text)
        self.assertTrue(portal.has_group('restapi_oauth2.group_oauth2_unregistered'))

    def test_only_listed_ones_come_where_only_these_may(self):
        self.let('client_documents', 'listed')
        self.assert_refused(self.ask_for(), 'This application may not connect here')
        listed = self.env['oauth2.listed.client'].create({'name': 'Assistant', 'uri': self.url})
        self.env.flush_all()
        self.assert_refused(self.ask_for())
        self.assertEqual(self.site.asked, [])
        listed.is_allowed = True
        self.env.flush_all()
        code = self.arrived(self.answer(self.ask_for(), 'allow'), self.callback)['code']
        refresh_token = self.exchange(code).json()['refresh_token']
        listed.is_allowed = False
        self.env.flush_all()
        self.assert_refused(self.ask_for())
        again = self.ask('access_token', data={
            'grant_type': 'refresh_token', 'client_id': self.url, 'refresh_token': refresh_token})
        self.assertEqual(again.json()['error'], 'invalid_client')

    @requirement('attack', '63', 'No default that somebody has stored gives anything to a client that comes by itself.')
    def test_defaults_give_it_nothing(self):
        for user_id in (self.person.id, True, False):
            for name, value in DEFAULTS.items():
                self.env['ir.default'].set('oauth2.client', name, value, user_id=user_id)
        self.env.flush_all()
        self.assertEqual(self.ask_for().status_code, 200)
        self.assertFalse(chosen_by_default(self.stored()))
        self.assertEqual(self.stored().allowed_group_ids, self.env.ref('restapi_oauth2.group_oauth2_unregistered'))

    def test_nobody_says_who_has_brought_it(self):
        self.ask_for()
        for client in (self.stored(), self.client):
            self.assert_impossible(lambda client=client: client.write({'brought_by_id': self.env.uid}))

    def test_one_that_is_blocked_does_not_come_back(self):
        self.ask_for()
        self.stored().action_archive()
        self.env.flush_all()
        self.assert_refused(self.ask_for())
        self.assertEqual(self.fetched(), 1)

    def test_a_user_brings_only_so_many_that_are_not_used(self):
        for number in range(MOST_UNUSED):
            self.publish(f'/{number}.json')
            self.assertEqual(self.ask_for(self.site.url(f'/{number}.json')).status_code, 200)
        self.assertEqual(self.ask_for().status_code, 503)
        self.assertFalse(self.stored())
        self.assertEqual(self.fetched(), 0)
        self.clients.search([('registration', '!=', 'administrator')], limit=1).is_approved = True
        self.env.flush_all()
        self.assertEqual(self.ask_for().status_code, 200)

    def test_what_nobody_uses_goes(self):
        urls = [self.site.url(f'/{number}.json') for number in range(4)]
        for number, url in enumerate(urls):
            self.publish(f'/{number}.json')
            page = self.ask_for(url)
            if number == 1:
                self.answer(page, 'allow')
        unused, used, blocked, approved = (self.stored(url) for url in urls)
        blocked.action_archive()
        approved.is_approved = True
        self.env.flush_all()
        self.clients._gc_unused()
        self.assertTrue(self.stored(urls[0]))
        self.env.cr.execute("UPDATE oauth2_client SET create_date = create_date - interval '2 days'")
        self.clients._gc_unused()
        self.assertFalse(unused.exists())
        self.assertEqual((used + blocked + approved).exists(), used + blocked + approved)

    def test_an_administrator_cannot_take_the_limits_off(self):
        self.ask_for()
        client = self.stored().with_user(new_test_user(
            self.env, 'oauth2_keeper', groups='base.group_user,restapi_oauth2.group_oauth2_administrator'))
        odoo = self.env.ref('restapi_oauth2.scope_odoo')
        for values in ({'registration': 'administrator'}, {'scope_ids': [Command.link(odoo.id)]},
                       {'default_scope_ids': [Command.link(self.env.ref('restapi_oauth2.scope_openid').id)]},
                       {'grant_client_credentials': True}, {'cors_origins': 'https://app.example.com'},
                       {'is_public': False, 'pkce': 'never'}, {'is_resource_server': True},
                       {'redirect_uri_ids': [Command.create({'uri': 'com.example.app:/callback'})]}):
            with self.subTest(values):
                self.assert_impossible(lambda values=values: client.write(values))
        self.assert_impossible(lambda: self.clients.with_user(client.env.user).create(
            {'name': 'Mine', 'registration': 'dynamic', 'pkce': 'required'}))

    @mute_logger('odoo.sql_db')
    def assert_impossible(self, step):
        try:
            with self.cr.savepoint():
                step()
                self.env.flush_all()
        except (UserError, IntegrityError):
            self.env.invalidate_all()
            return
        self.fail('it was done')


class TestDocuments(DocumentCase):

    @requirement('attack', '63', 'A document that breaks a rule is refused, with a reason that an administrator sees.')
    @requirement('CIMD', '5.1', 'Where a document cannot be had or used, the request ends, nobody is sent anywhere.')
    def test_what_is_refused(self):
        for members, words in (
                ({'client_id': self.site.url('/other.json')}, 'client_id in the document'),
                ({'client_secret': 'x'}, 'client_secret'),
                ({'client_secret_expires_at': 0}, 'client_secret_expires_at'),
                ({'token_endpoint_auth_method': 'client_secret_basic'}, 'token_endpoint_auth_method'),
                ({'token_endpoint_auth_method': 'private_key_jwt'}, 'neither jwks nor jwks_uri'),
                ({'redirect_uris': ['http://app.example.com/']}, 'redirect_uris'),
                ({'redirect_uris': ['javascript:alert(1)']}, 'redirect_uris'), ({'redirect_uris': []}, 'redirect_uris'),
                ({'redirect_uris': None}, 'redirect_uris'), ({'client_name': ['x']}, 'client_name')):
            with self.subTest(members):
                fetching._failures.clear()
                self.env['oauth2.event'].search([('name', '=', 'document_refused')]).unlink()
                self.env.flush_all()
                self.publish(**members)
                self.assert_refused(self.ask_for(), words)
                self.assertFalse(self.stored())
                event = self.last_event()
                self.assertIn(words, event.detail)
                self.assertIn(self.url, event.detail)
                self.assertEqual(event.user_id, self.person)

    def test_what_cannot_be_fetched(self):
        for status in (301, 302, 404, 500):
            with self.subTest(status):
                fetching._failures.clear()
                self.publish(status=status, headers={'Location': '/elsewhere'})
                response = self.ask_for()
                self.assert_refused(response, 'cannot be fetched')
                self.assertNotIn(str(status), response.text)
        self.assertIn('the status of the answer is 301', self.last_event().detail)
        self.assertNotIn('/elsewhere', [path for path, _headers in self.site.asked])

    @requirement('attack', '63', 'Whatever addresses a user is sent with leave one event of an hour.')
    def test_many_refusals_leave_one_event(self):
        for number in range(3):
            self.assert_refused(self.ask_for(self.site.url(f'/missing{number}.json')))
        self.assertEqual(self.env['oauth2.event'].search_count([('name', '=', 'document_refused')]), 1)

    @requirement('attack', '63', 'For a user, one document is fetched at a time.')
    def test_a_user_fetches_one_at_a_time(self):
        with self.env['oauth2.document.fetch']._claimed(f'user {self.person.id}'):
            self.assertEqual(self.ask_for().status_code, 503)
            self.assertEqual(self.fetched(), 0)
        self.assertEqual(self.ask_for().status_code, 200)

    @requirement('attack', '63', 'What failed is not asked again for a minute.')
    def test_a_failure_is_remembered(self):
        self.publish(client_secret='x')
        for _again in range(3):
            self.assert_refused(self.ask_for())
        self.assertEqual(self.fetched(), 1)

    @requirement('attack', '63', 'Nothing is fetched from this machine, unless the settings name its network.')
    def test_without_the_setting_nothing_is_fetched_from_here(self):
        for value in ('', '10.0.0.0/8', 'nonsense'):
            with self.subTest(value):
                fetching._failures.clear()
                self.let('fetch_networks', value)
                self.assert_refused(self.ask_for())
        self.assertIn('no address of the public Internet', self.last_event().detail)
        self.assertEqual(self.site.asked, [])

    @requirement('attack', '63', 'A document of 10 MB, and one that never ends, are refused.')
    def test_documents_without_end(self):
        def never_ends(handler):
            handler.send_response(200)
            handler.send_header('Content-Type', 'application/json')
            handler.end_headers()
            while not stop.wait(0.3):
                handler.wfile.write(b' ')
        stop = threading.Event()
        self.addCleanup(stop.set)
        for page, reason in (((200, {'Content-Type': 'application/json'}, b' ' * 10_000_000), 'longer than 5120'),
                             (never_ends, 'takes too long')):
            with self.subTest(reason):
                fetching._failures.clear()
                self.env['oauth2.event'].search([('name', '=', 'document_refused')]).unlink()
                self.env.flush_all()
                self.site.pages['/client.json'] = page
                self.assert_refused(self.ask_for(), 'cannot be fetched')
                self.assertIn(reason, self.last_event().detail)

    @requirement('CIMD', '3', 'A client ID that is no address of a document is an unknown client.')
    def test_what_is_no_address_of_a_document(self):
        for url in (self.site.url(''), self.site.url('/a/../client.json'), self.url + '#x',
                    self.url.replace('https', 'http'), self.url.replace('//', '//me@'), 'https://app.example.com'):
            with self.subTest(url):
                self.assert_refused(self.ask_for(url))
        self.assertEqual(self.site.asked, [])


class TestChanges(DocumentCase):

    @requirement('CIMD', '5.2', 'A document counts until its time is over; then it is fetched again.')
    @requirement('attack', '63', 'A document that has changed counts as it is now.')
    def test_a_document_that_changes(self):
        self.publish(headers={'Cache-Control': 'max-age=3600'}, client_uri=self.site.url('/old'))
        self.ask_for()
        fresh_for = (self.stored().document_fresh_until - fields.Datetime.now()).total_seconds()
        self.assertAlmostEqual(fresh_for, 3600, delta=30)
        other = self.site.url('/other')
        self.publish(client_name='Renamed', redirect_uris=[other], client_uri=None)
        self.assert_refused(self.ask_for(redirect_uri=other))
        self.assertEqual(self.fetched(), 1)
        self.expire()
        self.assertIn('Renamed', self.ask_for(redirect_uri=other).text)
        client = self.stored()
        self.assertEqual((client.redirect_uri_ids.mapped('uri'), client.client_uri), ([other], False))
        self.assert_refused(self.ask_for())
        self.assertEqual(self.fetched(), 2)
        made, changed = self.env['oauth2.event'].search(
            [('client_id', '=', client.id), ('name', 'in', ('application_made', 'application_changed'))], order='id')
        self.assertEqual((made.name, changed.name, changed.user_id.id, changed.actor_id.id),
                         ('application_made', 'application_changed', self.person.id, False))
        self.assertEqual((changed.old_value, changed.new_value), (
            f'name: Assistant; client_uri: {self.site.url("/old")}; '
            f'redirect_uris: http://127.0.0.1/callback {self.callback}',
            f'name: Renamed; client_uri: ; redirect_uris: {other}'))

    def test_a_document_that_has_become_bad_ends_the_request(self):
        page = self.ask_for()
        self.expire()
        self.publish(client_secret='x')
        self.assert_refused(self.ask_for(), 'client_secret')
        # What was asked before is answered as it was shown.
        code = self.arrived(self.answer(page, 'allow'), self.callback)['code']
        self.assertEqual(self.exchange(code).status_code, 200)

    def test_nobody_has_it_fetched_again_who_is_not_logged_in(self):
        self.ask_for()
        self.expire()
        self.opener.cookies.clear()
        self.assertIn('/web/login', self.ask_for().headers['Location'])
        self.assertEqual(self.fetched(), 1)

    def test_an_administrator_has_it_fetched_again(self):
        self.ask_for()
        self.stored().action_fetch_again()
        self.env.flush_all()
        self.ask_for()
        self.assertEqual(self.fetched(), 2)
        with self.assertRaises(AccessError):
            self.stored().with_user(self.person).action_fetch_again()

    def test_fetching_again_is_no_change(self):
        self.ask_for()
        self.expire()
        before = self.env['oauth2.event'].search_count([])
        self.ask_for()
        self.assertEqual(self.env['oauth2.event'].search_count([]), before)

    def test_another_request_is_waited_for(self):
        with self.env['oauth2.document.fetch']._claimed(self.url) as is_first:
            self.assertTrue(is_first)
            self.assertTrue(self.env['oauth2.document.fetch'].search([]))
            with self.env['oauth2.document.fetch']._claimed(self.url) as is_second:
                self.assertFalse(is_second)
            with self.env['oauth2.document.fetch']._claimed(self.url + '2') as is_other:
                self.assertTrue(is_other)
        self.env['oauth2.document.fetch']._wait(self.url)
        self.assertFalse(self.env['oauth2.document.fetch'].search([]))


class TestLogos(DocumentCase):

    def show(self, body, content_type='image/png', path='/logo.png'):
        self.put(path, body, content_type)
        self.publish(logo_uri=self.site.url(path))
        return self.ask_for()

    @requirement('CIMD', '8.8', 'The logo is fetched here, made anew, and shown from here: it is never linked.')
    def test_a_logo_is_made_anew(self):
        for form in ('PNG', 'JPEG', 'GIF'):
            with self.subTest(form):
                fetching._failures.clear()
                hidden = picture(form) + b'<script>alert(1)</script>'
                page = self.show(hidden, f'image/{form.lower()}')
                logo = base64.b64decode(self.stored().logo)
                self.assertTrue(logo.startswith(b'\x89PNG'))
                self.assertNotIn(b'script', logo)
                self.assertEqual(Image.open(io.BytesIO(logo)).size, (256, 128))
                self.assertIn('data:image/png;base64', page.text)
                self.assertNotIn('logo.png', page.text)
                self.stored().unlink()
                self.env.flush_all()

    @requirement('attack', '63', 'A logo that is no picture is left out, and an administrator sees why.')
    def test_what_is_no_picture_is_left_out(self):
        svg = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
        cut = picture()[:20]
        bomb = io.BytesIO()
        Image.new('1', (20_000, 20_000)).save(bomb, 'PNG')
        for body, content_type in (
                (b'no picture', 'image/png'), (svg, 'image/svg+xml'), (svg, 'image/png'), (cut, 'image/png'),
                (picture('GIF'), 'image/png'), (picture(), 'text/html'), (b'', 'image/png'),
                (b'\x89PNG\r\n\x1a\n' + b'x' * 100, 'image/png'), (b'GIF89a' + b'\xff' * 50, 'image/gif'),
                (b'\xff\xd8\xff' + b'\x00' * 50, 'image/jpeg'), (bomb.getvalue(), 'image/png'),
                (with_chunk(picture(), b'eXIf', b'II*\0'), 'image/png'),
                (picture('JPEG') + b'\xff\xda' * MOST_SCANS, 'image/jpeg'),
                (b'x' * 300_000, 'image/png')):
            with self.subTest(content_type, body=body[:20]):
                fetching._failures.clear()
                self.env['oauth2.event'].search([('name', '=', 'document_refused')]).unlink()
                self.env.flush_all()
                page = self.show(body, content_type)
                self.assertEqual(page.status_code, 200)
                self.assertFalse(self.stored().logo)
                self.assertIn('logo:', self.last_event().detail)
                self.stored().unlink()
                self.env.flush_all()

    @requirement('attack', '63', 'A logo with more than 4 megapixels is left out.')
    def test_a_logo_that_is_too_large(self):
        for size, is_shown in (((2000, 2000), True), ((2001, 2000), False)):
            with self.subTest(size):
                self.assertEqual(self.show(picture(size=size)).status_code, 200)
                self.assertEqual(bool(self.stored().logo), is_shown)
                self.stored().unlink()
                self.env.flush_all()
        self.assertIn('4 megapixels', self.last_event().detail)

    def test_a_logo_is_not_fetched_from_here(self):
        self.publish(logo_uri='https://localhost/logo.png')
        self.let('fetch_networks', '127.0.0.1')
        self.publish(logo_uri='https://10.0.0.1/logo.png')
        self.assertEqual(self.ask_for().status_code, 200)
        self.assertIn('no address of the public Internet', self.last_event().detail)


class TestMetadata(DocumentCase):

    @requirement('CIMD', '6', 'The metadata says whether clients may come by a document.')
    def test_the_metadata_tells_the_truth(self):
        for which, public, supported in (('off', 'True', False), ('listed', 'True', True), ('any', 'True', True),
                                         ('nonsense', 'True', False), ('any', 'False', True)):
            with self.subTest(which, public=public):
                self.let('client_documents', which)
                self.let('public_clients', public)
                metadata = self.url_open(METADATA).json()
                self.assertIs(metadata['client_id_metadata_document_supported'], supported)
                self.assertEqual('none' in metadata['token_endpoint_auth_methods_supported'], public == 'True')

    def test_assistants_are_shipped_and_none_may_come(self):
        shipped = self.env['oauth2.listed.client'].search([])
        self.assertIn('https://claude.ai/oauth/mcp-oauth-client-metadata', shipped.mapped('uri'))
        self.assertFalse(any(shipped.mapped('is_allowed')))

    def test_a_list_takes_addresses_of_documents_only(self):
        for uri in ('https://app.example.com', 'http://app.example.com/client', 'app', 'https://me@app.example.com/x'):
            with self.subTest(uri), self.assertRaises(ValidationError), self.cr.savepoint():
                self.env['oauth2.listed.client'].create({'name': 'x', 'uri': uri})

    def test_networks_that_are_fetched_from_are_found(self):
        health = self.env['oauth2.health']
        self.assertEqual([found.detail for found in health._finds_fetch_networks()], ['127.0.0.0/8'])
        self.assertIn('127.0.0.0/8', health._tells_fetch_networks(None, '127.0.0.0/8').sentence)
        health._mends_fetch_networks(None)
        self.assertEqual(list(health._finds_fetch_networks()), [])
