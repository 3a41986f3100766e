"""The events that an auditor finds afterwards."""
import logging
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user

from ..models import noted
from .browser import BrowserCase
from .common import REDIRECT_URI
from .requirement import requirement


class TestEvents(BrowserCase):

    def setUp(self):
        super().setUp()
        self.env['oauth2.event'].search([]).unlink()

    def events(self):
        """What was recorded, oldest first: event, application, about whom, by whom."""
        self.env.invalidate_all()
        return [(event.name, event.client_id, event.user_id, event.actor_id, event.detail)
                for event in self.env['oauth2.event'].search([], order='id')]

    def test_consent_given_and_withdrawn(self):
        nobody = self.env['res.users']
        self.log_in()
        self.tokens_of_wiki()
        self.assertEqual(self.events(), [('consent_given', self.wiki, self.person, nobody, 'openid')])
        self.disconnect()
        self.assertEqual(self.events()[1:], [('consent_withdrawn', self.wiki, self.person, self.person, False)])

    def test_of_guessing_the_first_of_an_hour(self):
        code = self.code()
        for _time in range(3):
            self.redeem(code, secret='wrong')
        nobody = self.env['res.users']
        self.assertEqual(self.events(), [('authentication_failed', self.client, nobody, nobody, False)])
        self.assertEqual(self.env['oauth2.event'].search([]).address, '127.0.0.1')
        self.sql("UPDATE oauth2_event SET happened_at = happened_at - interval '1 hour'")
        self.redeem(code, secret='wrong')
        self.assertEqual(len(self.events()), 2)

    def test_everyday_use_writes_none(self):
        tokens = self.tokens()
        self.refresh(tokens['refresh_token'])
        self.assertWorks(tokens['access_token'])
        self.assertEqual(self.events(), [])

    def test_secrets_and_keys(self):
        self.client.secret_ids.unlink()
        self.env['oauth2.client.secret']._store(self.client, 'S' * 28 + 'last')
        self.env['oauth2.signing.key']._rotate()
        names = [event[0] for event in self.events()]
        self.assertEqual(names, ['secret_deleted', 'secret_made', 'key_made', 'key_made', 'key_made'])
        self.assertEqual(self.events()[1][4], '…last')

    def test_they_are_kept_for_a_set_time(self):
        self.redeem(self.code(), secret='wrong')
        event = self.env['oauth2.event'].search([])
        event._gc_events()
        self.assertTrue(event.exists())
        self.sql("UPDATE oauth2_event SET happened_at = happened_at - interval '366 days'")
        event._gc_events()
        self.assertFalse(event.exists())

    def test_nobody_but_oauth2_administrators_reads_them_and_nobody_changes_them(self):
        self.redeem(self.code(), secret='wrong')
        manager = new_test_user(
            self.env, 'oauth2_manager', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')
        event = self.env['oauth2.event'].search([])
        self.assertEqual(event.with_user(manager).name, 'authentication_failed')
        for user in (self.person, manager):
            for act in (event.with_user(user).unlink, lambda user=user: event.with_user(user).write({'detail': 'x'}),
                        lambda user=user: event.with_user(user).create({'name': 'key_made'})):
                with self.assertRaises(AccessError):
                    act()
        with self.assertRaises(AccessError):
            event.with_user(self.person).read(['name'])

    @requirement('attack', '86', 'Whatever gives or takes rights is recorded, with old and new value and who did it')
    def test_attack_86_changes_are_recorded(self):
        admin = self.env.ref('base.user_admin')
        wiki = self.wiki.with_user(admin)
        portal = self.env.ref('base.group_portal').with_user(admin)
        unregistered = self.env.ref('restapi_oauth2.group_oauth2_unregistered').with_user(admin)
        scope = self.env['oauth2.scope'].with_user(admin).create({
            'name': 'things.read', 'description': 'Read things', 'line_ids': [[0, 0, {'model': 'res.country'}]]})
        [line] = scope.line_ids
        secret = wiki.secret_ids[:1]
        former = wiki.scope_ids.mapped('name')
        for act, event, detail, old, new in (
            (lambda: wiki.write({'redirect_uri_ids': [[0, 0, {'uri': 'https://new.example.com/cb'}]]}),
             'address_made', 'https://new.example.com/cb', None, 'https://new.example.com/cb'),
            (lambda: wiki.write({'scope_ids': [[4, scope.id]]}),
             'application_changed', 'Scopes', ', '.join(former), 'things.read'),
            (lambda: wiki.write({'grant_client_credentials': True}),
             'application_changed', wiki._fields['grant_client_credentials'].string, 'False', 'True'),
            (lambda: wiki.write({'user_id': admin.id}), 'application_changed', '', None, admin.name),
            (lambda: wiki.write({'active': False}), 'application_changed', 'Active', 'True', 'False'),
            (lambda: wiki.redirect_uri_ids.filtered(lambda row: 'new.' in row.uri).unlink(),
             'address_deleted', 'https://new.example.com/cb', 'https://new.example.com/cb', None),
            (lambda: line.write({'perm_write': True}), 'scope_line_changed', 'Write', 'False', 'True'),
            (lambda: line.write({'domain': "[('id', '=', 1)]"}), 'scope_line_changed', '', None, "[('id', '=', 1)]"),
            (lambda: secret.write({'expires_at': '2031-05-06 07:08:09'}),
             'secret_changed', secret.last_characters, None, '2031-05-06 07:08:09'),
            (line.unlink, 'scope_line_deleted', '', 'res.country', None),
            (scope.unlink, 'scope_deleted', 'things.read', 'things.read', None),
            (lambda: self.env['res.config.settings'].with_user(admin).create({'oauth2_event_days': 77}).execute(),
             'setting_changed', 'event_days', None, '77'),
            (lambda: portal.write({'implied_ids': [Command.link(unregistered.id)]}),
             'setting_changed', 'unregistered_groups', unregistered.implied_by_ids[:1].full_name, 'Portal'),
            (wiki.unlink, 'application_deleted', 'Wiki', 'Wiki', None),
        ):
            with self.subTest(event, detail=detail):
                self.env['oauth2.event'].search([]).unlink()
                act()
                self.env.flush_all()
                self.env.invalidate_all()
                found = self.env['oauth2.event'].search([('name', '=', event)]).filtered(
                    lambda found, detail=detail: detail in found.detail)
                self.assertEqual(len(found), 1, self.events())
                self.assertIn(old or '', found.old_value or '')
                self.assertIn(new or '', found.new_value or '')
                self.assertEqual(bool(found.old_value), old is not None and old != '')
                self.assertEqual((found.actor_id, found.actor_text), (admin, f'{admin.name} ({admin.login})'))

    @requirement('attack', '86', 'Events are read after the application and the user are gone')
    def test_attack_86_names_stay(self):
        self.log_in()
        self.tokens_of_wiki()
        name, person = f'{self.wiki.name} ({self.wiki.client_id})', f'{self.person.name} ({self.person.login})'
        self.wiki.unlink()
        self.env.flush_all()
        self.sql('UPDATE oauth2_event SET user_id = NULL')
        self.env.invalidate_all()
        event = self.env['oauth2.event'].search([('name', '=', 'consent_given')])
        self.assertEqual((event.client_id.id, event.client_text, event.user_text), (False, name, person))

    @requirement('attack', '86', 'No context hides a change, and what changes nothing writes nothing')
    def test_attack_86_nothing_hides_a_change(self):
        self.wiki.with_context(install_mode=True, tracking_disable=True, module='restapi_oauth2').name = 'Other'
        self.wiki.write({'name': 'Other', 'scope_ids': [[6, 0, self.wiki.scope_ids.ids]]})
        self.assertEqual([event[0] for event in self.events()], ['application_changed'])

    @requirement('attack', '86', 'What follows from a change is no change of its own')
    def test_attack_86_a_change_is_told_once(self):
        self.env['oauth2.event'].search([]).unlink()
        self.wiki.write({'grant_authorization_code': False, 'is_resource_server': True, 'grant_refresh_token': False})
        self.assertEqual(self.wiki.kind, 'resource')
        changes = [event[-1] for event in self.events() if event[0] == 'application_changed']
        self.assertEqual(set(changes), {f'Wiki: {label}' for label in (
            'Authorization code', 'Refresh token', 'Resource server')})
        self.assertEqual(len(changes), 3)

    @requirement('attack', '86', 'No event holds what is worth keeping from those who read events')
    def test_attack_86_no_secret_stands_in_an_event(self):
        parameters = self.env['ir.config_parameter'].sudo()
        parameters.search([('key', '=', 'restapi_oauth2.issuer_database')]).unlink()
        self.env['oauth2.configuration']._confirm_issuer('https://moved.example.com')
        self.assertTrue(parameters.get_param('restapi_oauth2.issuer_database'))
        self.env['oauth2.client.secret']._store(self.wiki, 'S' * 28 + 'last')
        self.env.invalidate_all()
        texts = [f'{event.detail} {event.old_value} {event.new_value}' for event in self.env['oauth2.event'].search([])]
        self.assertTrue(any('https://moved.example.com' in text for text in texts))
        for secret in (parameters.get_param('database.uuid'), 'SSSS'):
            self.assertFalse([text for text in texts if secret in text])

    @requirement('attack', '86', 'No name and no reason begins a line of the log')
    def test_attack_86_no_line_of_the_log_is_forged(self):
        with self.assertLogs('odoo.addons.restapi_oauth2', logging.INFO) as logs:
            self.wiki.name = 'Wiki\n2026-11-28 00:00:00,000 1 INFO odoo odoo.addons: made up'
            self.wiki._end_all('Reason\r\n2026-11-28 00:00:00,000 1 INFO odoo odoo.addons: made up')
        self.assertTrue(logs.records)
        self.assertFalse([record for record in logs.records if {'\r', '\n'} & set(record.getMessage())])

    @requirement('attack', '86', 'An event of a request says from which IP address it came')
    def test_attack_86_addresses(self):
        self.log_in()
        self.tokens_of_wiki()
        self.assertEqual(self.env['oauth2.event'].search([('name', '=', 'consent_given')]).address, '127.0.0.1')


class TestRefusedRequests(BrowserCase):

    @requirement('attack', '86', 'Of a refused request an auditor finds what was sent, and nothing secret of it')
    def test_attack_86_what_was_sent(self):
        code = self.code()
        self.log_in()
        token, begin = self.token, self.begin
        for act, client, name, detail, told in (
            (lambda: token(grant_type='authorization_code', code='NOSUCHCODE', redirect_uri=REDIRECT_URI),
             self.client, 'authentication_failed', None,
             f'grant_type=authorization_code redirect_uri={REDIRECT_URI} client_id=… client_secret=… code=…'),
            (lambda: token(grant_type='refresh_token', refresh_token='a.b.c', scope='odoo', secret='WRONGSECRET'),
             self.client, 'authentication_failed', None,
             'grant_type=refresh_token scope=odoo client_id=… client_secret=… refresh_token=…'),
            (lambda: token(grant_type='password', username='USERNAME', password='PASSWORD'),
             self.client, 'request_refused', 'unsupported_grant_type: grant_type may be: ',
             'grant_type=password client_id=… client_secret=…'),
            (lambda: self.redeem(code, code_verifier='V' * 43),
             self.client, 'request_refused', 'invalid_grant: code_verifier without code_challenge, or the reverse',
             f'grant_type=authorization_code redirect_uri={REDIRECT_URI} client_id=… client_secret=… code=… '
             'code_verifier=…'),
            (lambda: begin(scope='things', nonce='NONCE'), self.wiki, 'request_refused', 'invalid_scope: ',
             f'response_type=code redirect_uri={REDIRECT_URI} scope=things code_challenge_method=S256 client_id=… '
             'code_challenge=… nonce=… state=…'),
            (lambda: begin(redirect_uri='https://evil.example.com/\u202e', state=None, code_challenge=None),
             self.wiki, 'redirect_uri_refused', 'https://evil.example.com/\\u202e',
             'response_type=code redirect_uri=https://evil.example.com/\\u202e scope=openid code_challenge_method=S256 '
             'client_id=…'),
            (lambda: begin(redirect_uri='https://user:SECRET@evil.example.com/cb?code=SECRET&a=SECRET#SECRET',
                           state=None, code_challenge=None),
             self.wiki, 'redirect_uri_refused', 'https://…@evil.example.com/cb?code=…&a=…#…',
             'response_type=code redirect_uri=https://…@evil.example.com/cb?code=…&a=…#… scope=openid '
             'code_challenge_method=S256 client_id=…'),
            (lambda: self.authorize(response_type='x' * 2000), self.client, 'request_refused',
             'unsupported_response_type: ',
             f'response_type={"x" * 299}… redirect_uri={REDIRECT_URI} client_id=… state=…'),
        ):
            with self.subTest(name, detail=detail):
                self.env['oauth2.event'].search([]).unlink()
                act()
                self.env.invalidate_all()
                event = self.env['oauth2.event'].search([])
                self.assertEqual((event.name, event.client_id, event.address), (name, client, '127.0.0.1'))
                self.assertEqual(event.request, told.replace(' ', '\n'))
                self.assertTrue((event.detail or '').startswith(detail or ''), event.detail)

    def test_what_happens_every_day_is_no_refusal(self):
        self.begin(prompt='none')
        self.log_in()
        self.begin(prompt='none')
        self.answer(self.begin(), 'deny')
        self.env['oauth2.event'].search([('name', '=', 'setting_changed')]).unlink()
        self.assertFalse(self.env['oauth2.event'].search([('request', '!=', False)]))

    @requirement('attack', '75', 'Of each kind of refusal of an application one event of an hour is kept')
    def test_attack_75_refusals_fill_no_table(self):
        self.log_in()
        self.env['oauth2.event'].search([]).unlink()
        for number in range(12):
            self.token(grant_type=f'made-up-{number}')
            self.begin(scope=f'scope{number}')
            self.begin(resource=f'https://{number}.example.com')
            self.begin(response_type=f'type{number}')
            self.begin(redirect_uri=f'https://{number}.example.com')
        self.env.invalidate_all()
        self.assertEqual(sorted(
            (event.detail or '').partition(':')[0] for event in self.env['oauth2.event'].search([])),
            ['https', 'invalid_scope', 'invalid_target', 'unsupported_grant_type', 'unsupported_response_type'])


class TestUse(BrowserCase):

    def events(self, name):
        self.env.invalidate_all()
        return self.env['oauth2.event'].search([('name', '=', name), ('client_id', '=', self.client.id)])

    def note_use(self, user, address, agent):
        """Odoo's tests run nothing after a commit: what runs then is called here."""
        noted._noted.clear()
        self.addCleanup(self.env.cr.postcommit.clear)
        self.addCleanup(noted._noted.clear)
        ir_http = type(self.env['ir.http'])
        with (patch.object(ir_http, '_oauth2_caller', lambda _self: address),
              patch.object(ir_http, '_oauth2_agent', lambda _self: agent)):
            self.env['oauth2.use']._note(self.client.id, user.id, is_direct=True)
        self.env.cr.postcommit.run()

    def test_the_first_use_of_an_application(self):
        def use(user, address):
            self.note_use(user, address, 'curl/8')
            self.sql("UPDATE oauth2_use SET used_at = used_at - interval '1 hour'")

        use(self.user, '192.0.2.1')
        use(self.user, '192.0.2.2')
        use(self.person, '192.0.2.3')
        event = self.events('first_use')
        self.assertEqual((len(event), event.user_id, event.address, event.detail),
                         (1, self.user, '192.0.2.1', 'curl/8'))

    def test_what_was_in_use_before_is_not_used_for_the_first_time(self):
        self.tokens()
        self.sql("UPDATE oauth2_authorization SET create_date = create_date - interval '2 hours'")
        self.note_use(self.user, '192.0.2.1', 'curl/8')
        self.assertFalse(self.events('first_use'))

    @requirement('attack', '25', 'A refresh token that comes twice from two places is told of')
    def test_attack_25_a_repeated_refresh_from_elsewhere(self):
        for address, agent, count in (
                ('127.0.0.1', 'shop/1', 0), ('192.0.2.7', 'thief/1', 0), ('192.0.2.7', 'shop/1', 1)):
            with self.subTest(address, agent=agent):
                self.sql('DELETE FROM oauth2_use')
                self.note_use(self.user, address, agent)
                old = self.tokens()['refresh_token']
                for _time in range(2):
                    answer = self.refresh(old, headers={'User-Agent': 'thief/1'})
                    self.assertEqual(answer.status_code, 200)
                self.assertEqual(len(self.events('refresh_repeated_elsewhere')), count)
        event = self.events('refresh_repeated_elsewhere')
        self.assertEqual((event.user_id, event.address, event.detail), (self.user, '127.0.0.1', 'thief/1'))


class TestForwarding(BrowserCase):

    def setUp(self):
        super().setUp()
        self.addCleanup(self.env.cr.postcommit.clear)
        self.env.cr.postcommit.clear()
        self.forwarded = []

        def forward(events):  # what docs/addon-developer.md shows
            for event in events:
                self.forwarded.append((event.name, event.client_text, event.detail))

        self.patch(type(self.env['oauth2.event']), '_forward', forward)

    def test_what_is_committed_is_forwarded_once_and_in_order(self):
        self.wiki._end_all('one')
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.wiki._end_all('taken back')
            1 / 0  # noqa: B018
        self.wiki._end_all('two')
        self.env.cr.postcommit.run()
        name = f'Wiki ({self.wiki.client_id})'
        self.assertEqual(self.forwarded, [('application_ended', name, 'one'), ('application_ended', name, 'two')])
        self.env.cr.postcommit.run()
        self.assertEqual(len(self.forwarded), 2)

    def test_what_is_rolled_back_is_not_forwarded(self):
        self.wiki._end_all('one')
        self.env.cr.postcommit.clear()  # as a rollback does
        self.env.cr.postcommit.run()
        self.assertFalse(self.forwarded)

    def test_nothing_fails_because_a_forwarder_does(self):
        self.patch(type(self.env['oauth2.event']), '_forward', lambda _events: 1 / 0)
        self.wiki._end_all('one')
        with self.assertLogs('odoo.addons.restapi_oauth2.models.events.oauth2_event_forward', logging.ERROR):
            self.env.cr.postcommit.run()
