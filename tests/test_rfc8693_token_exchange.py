"""RFC 8693: an API acts in Odoo for its caller, with no more than that user allowed."""
from psycopg2.errors import CheckViolation

from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import warmup
from odoo.tools import mute_logger

from ..models import noted
from .browser import VERIFIER
from .common import PATH, REDIRECT_URI
from .endpoints import ISSUER, JSON_2, claims_of
from .requirement import requirement
from .scoped import ScopedCase
from .test_companies import CompaniesCase
from .test_pages import text
from .test_statements import StatementsCase

TOOLS = 'https://tools.example.com/mcp'
GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange'
ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'
JWT = 'urn:ietf:params:oauth:token-type:jwt'
ID_TOKEN = 'urn:ietf:params:oauth:token-type:id_token'


class Exchanging:
    """An API `Tools`, which may read contacts in Odoo, and `Wiki`, which uses it for `Ann`."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        scopes = cls.env['oauth2.scope'].search([('name', 'in', ('contacts.read', 'contacts.write', 'odoo'))])
        cls.tools = cls.env['oauth2.resource'].create({
            'name': 'Tools', 'uri': TOOLS, 'exchange_scope_ids': [Command.set(
                scopes.filtered(lambda scope: scope.name != 'odoo').ids)],
            'scope_ids': [Command.create({'name': name, 'description': f'Do {name}'})
                          for name in ('tools.run', 'tools.look')]})
        cls.server, cls.server_secret = cls.make_client(
            'Tool server', resource_id=cls.tools.id, grant_token_exchange=True, grant_authorization_code=False,
            grant_refresh_token=False)
        cls.wiki.scope_ids += scopes + cls.tools.scope_ids
        cls.observer, cls.observer_secret = cls.make_client('Observer', is_resource_server=True)

    def for_tools(self, scope='tools.run contacts.read', **parameters):
        """What Wiki gets for the API when its user allows it."""
        return self.tokens_of_wiki(scope=scope, resource=TOOLS, prompt='consent', **parameters)

    def exchange(self, token, client=None, secret=None, **parameters):
        """The API asks for a token of Odoo in exchange."""
        return self.token(client or self.server, secret or self.server_secret, **{
            'grant_type': GRANT_TYPE, 'subject_token': token, 'subject_token_type': ACCESS_TOKEN, **parameters})

    def exchanged(self, scope='tools.run contacts.read', **parameters):
        """A token of Odoo that the API has got."""
        response = self.exchange(self.for_tools(scope)['access_token'], **parameters)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()['access_token']

    def asked_by_tools(self, token):
        return self.introspect(token, self.server, self.server_secret).json()

    def assertOver(self, token):
        """It opens nothing, and whoever may ask is told so."""
        self.env.flush_all()
        self.assertEqual(self.call(token).status_code, 401)
        self.assertEqual(self.introspect(token, self.observer, self.observer_secret).json(), {'active': False})


class ExchangeCase(Exchanging, ScopedCase):

    def setUp(self):
        super().setUp()
        self.log_in('oauth2_ann')


class TestExchange(ExchangeCase):

    @requirement('RFC 8693', '2.2.1', 'The answer has the token, what it is, how long it lives, and no refresh token')
    @requirement('RFC 8693', '4.1', 'The new token names who acts')
    @requirement('RFC 8693', '4.3', 'client_id is the client that asked for the token')
    def test_the_answer(self):
        given = claims_of(self.for_tools()['access_token'])
        self.assertEqual((given['aud'], given['scope']), (TOOLS, 'tools.run contacts.read'))
        response = self.exchange(self.for_tools()['access_token'])
        answer = response.json()
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
        self.assertEqual(
            {name: answer[name] for name in answer
             if name not in ('access_token', 'access_token_validity', 'expires_in')}, {
                'token_type': 'bearer', 'issued_token_type': ACCESS_TOKEN, 'scope': 'contacts.read'})
        claims = claims_of(answer['access_token'])
        self.assertEqual(
            (claims['aud'], claims['sub'], claims['client_id'], claims['act'], claims['scope']),
            (ISSUER, given['sub'], self.server.client_id, {'sub': self.server.client_id}, 'contacts.read'))
        found = self.ok(answer['access_token'], 'res.partner', 'search_read', domain=[('id', '=', self.acme.id)],
                        fields=['name'])
        self.assertEqual([partner['name'] for partner in found], ['Acme Test'])

    @requirement('RFC 8693', '2.1', 'resource and audience name what the new token is for')
    def test_what_it_is_for(self):
        token = self.for_tools()['access_token']
        for parameters, audience in (
                ({}, ISSUER), ({'resource': ISSUER + '/'}, ISSUER), ({'resource': JSON_2}, JSON_2),
                ({'audience': JSON_2}, JSON_2), ({'audience': ISSUER, 'resource': ISSUER}, ISSUER),
                ({'requested_token_type': ACCESS_TOKEN, 'subject_token_type': JWT}, ISSUER)):
            with self.subTest(parameters):
                answer = self.exchange(token, **parameters)
                self.assertEqual(claims_of(answer.json()['access_token'])['aud'], audience)
        for parameters in ({'resource': TOOLS}, {'audience': 'https://other.example.com'},
                           {'resource': JSON_2, 'audience': ISSUER}):
            with self.subTest(parameters):
                self.assertRefused(self.exchange(token, **parameters), 400, 'invalid_target')

    @requirement('RFC 8693', '2.1', 'An access token is exchanged for another one, and nothing else for anything else')
    @requirement('RFC 8693', '2.2.2', 'A token that is not accepted is an invalid_request')
    def test_what_is_no_exchange(self):
        tokens = self.for_tools('openid tools.run contacts.read')
        token = tokens['access_token']
        for parameters in (
                {'subject_token_type': None}, {'subject_token_type': ID_TOKEN}, {'requested_token_type': ID_TOKEN},
                {'requested_token_type': JWT}, {'actor_token': token}, {'actor_token_type': ACCESS_TOKEN},
                {'subject_token': None}, {'subject_token': 'nonsense'}, {'subject_token': tokens['id_token']},
                {'subject_token': tokens['refresh_token']}, {'subject_token': token[:-2]},
                {'subject_token': self.tokens_of_wiki(scope='contacts.read')['access_token']}):
            with self.subTest(parameters):
                self.assertRefused(self.exchange(token, **parameters), 400, 'invalid_request')
        self.assertRefused(
            self.ask('access_token', data={'grant_type': GRANT_TYPE, 'client_id': self.server.client_id,
                                           'client_secret': self.server_secret, 'subject_token_type': ACCESS_TOKEN},
                     params={'subject_token': token}), 400, 'invalid_request')
        self.assertRefused(self.exchange(token, secret='wrong'), 401, 'invalid_client')

    @requirement('RFC 8693', '2.1', 'A request may name less than what the token may do, and not more')
    def test_scope(self):
        token = self.for_tools('tools.run contacts.read contacts.write')['access_token']
        for asked, got in ((None, 'contacts.read contacts.write'), ('contacts.read', 'contacts.read')):
            self.assertEqual(set(self.exchange(token, scope=asked).json()['scope'].split()), set(got.split()))
        narrow = self.for_tools('tools.run contacts.read')['access_token']
        for asked in ('contacts.write', 'contacts.read contacts.write', 'odoo', 'tools.run', 'openid', 'moon'):
            with self.subTest(asked):
                self.assertRefused(self.exchange(narrow, scope=asked), 400, 'invalid_scope')
        self.assertRefused(self.exchange(self.for_tools('tools.run')['access_token']), 400, 'invalid_scope')

    @requirement('RFC 8707', '2', 'A token for an API opens nothing in Odoo, whatever its scopes')
    def test_the_token_of_the_api_opens_nothing(self):
        token = self.for_tools()['access_token']
        self.assertEqual(self.call(token).status_code, 401)
        self.assertChallenged(self.userinfo(token), 401, 'invalid_token')
        self.assertEqual(self.asked_by_tools(token)['scope'], 'tools.run contacts.read')

    def test_userinfo_tells_an_api_nothing(self):
        token = self.exchanged('openid profile tools.run contacts.read')
        self.assertChallenged(self.userinfo(token), 403, 'insufficient_scope')

    # ------------------------------------------------------------------
    # Who may exchange
    # ------------------------------------------------------------------

    def test_who_may_exchange(self):
        token = self.for_tools()['access_token']
        other = self.env['oauth2.resource'].create({'name': 'Other', 'uri': 'https://other.example.com'})
        for values, error in (
                ({'resource_id': self.tools.id}, 'unauthorized_client'),
                ({'grant_token_exchange': True}, 'unauthorized_client'),
                ({'grant_token_exchange': True, 'is_resource_server': True}, 'unauthorized_client'),
                ({'grant_token_exchange': True, 'resource_id': other.id}, 'invalid_request')):
            with self.subTest(values):
                client, secret = self.make_client('Third', **values)
                self.assertRefused(self.exchange(token, client, secret), 400, error)
        self.assertRefused(self.exchange(token, self.wiki, self.wiki_secret), 400, 'unauthorized_client')
        with self.assertRaises(CheckViolation), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            self.make_client('Public', is_public=True, grant_token_exchange=True)

    def test_nobody_was_asked(self):
        """No user has allowed what an application gets in its own name."""
        self.robot.scope_ids += self.tools.scope_ids
        token = self.for_itself(self.robot, self.robot_secret, resource=TOOLS, scope='tools.run contacts.read').json()
        self.assertRefused(self.exchange(token['access_token']), 400, 'invalid_request')
        direct = self.redeem(self.code(self.robot, resource=TOOLS, scope='tools.run contacts.read'),
                             self.robot, self.robot_secret).json()
        self.assertEqual(direct['scope'], 'tools.run contacts.read')
        self.assertRefused(self.exchange(direct['access_token']), 400, 'invalid_request')

    def test_what_is_offered(self):
        self.assertIn(GRANT_TYPE, self.metadata().json()['grant_types_supported'])
        token = self.for_tools()['access_token']
        self.tools.exchange_scope_ids = False
        self.env.flush_all()
        self.assertNotIn(GRANT_TYPE, self.metadata().json()['grant_types_supported'])
        self.assertRefused(self.exchange(token), 400, 'unsupported_grant_type')

    # ------------------------------------------------------------------
    # What an administrator registers
    # ------------------------------------------------------------------

    def test_what_an_api_may_use(self):
        for name in ('odoo', 'openid', 'offline_access', 'groups', 'tools.run'):
            scope = self.env['oauth2.scope'].search([('name', '=', name)])
            with self.subTest(name), self.env.cr.savepoint(), self.assertRaises(ValidationError):
                self.tools.exchange_scope_ids += scope

    def test_what_becomes_of_a_scope_that_an_api_uses(self):
        scope = self.env['oauth2.scope'].create({'name': 'moon', 'description': 'Fly'})
        self.tools.exchange_scope_ids += scope
        for active in (True, False):
            self.tools.active = active
            for values in ({'opens': 'everything'}, {'resource_id': self.tools.id}):
                with self.subTest(values), self.env.cr.savepoint(), self.assertRaises(ValidationError):
                    scope.write(values)

    # ------------------------------------------------------------------
    # What a person sees
    # ------------------------------------------------------------------

    @requirement('contract', '7', 'The consent page tells what an API may do in Odoo')
    def test_the_consent_page(self):
        page = self.begin(scope='openid tools.run contacts.read', resource=TOOLS)
        words = text(page)
        places = [words.index(part) for part in (
            'With Tools, it will be able to', 'Do tools.run', 'Who you are', 'In Odoo, through Tools',
            'Read your contacts')]
        self.assertEqual(places, sorted(places))
        self.assertNotIn('Your data', words)
        page = self.begin(scope='contacts.read')
        self.assertNotIn('Tools', text(page))
        # What was allowed the API is not allowed the application itself.
        self.for_tools()
        self.assertIn('Read your contacts', text(self.begin(scope='contacts.read')))

    def test_the_list_of_access_tells_through_what(self):
        """Odoo's tests run nothing after a commit, so the test plays a process that has noted nothing yet."""
        self.for_tools()
        noted._noted.clear()
        self.addCleanup(noted._noted.clear)
        access = self.env['oauth2.access'].search([('client_id', '=', self.wiki.id)])
        for resource, through in ((None, False), (TOOLS, 'Tools'), (None, False), (TOOLS, 'Tools')):
            noted._noted.clear()
            self.env['oauth2.use']._note(self.wiki.id, self.ann.id, False, resource)
            self.env.cr.postcommit.run()
            self.env.invalidate_all()
            self.assertEqual(access.through, through)
        self.assertIn('through Tools', text(self.visit(f'{PATH}/connected-apps')))


class TestAttack93(ExchangeCase):
    """An exchanged token outlives, or reaches further than, the original; or is exchanged again."""

    def test_attack_93_it_does_not_live_longer(self):
        self.wiki.access_token_lifetime = 2
        self.server.access_token_lifetime = 30
        given = self.for_tools()['access_token']
        answer = self.exchange(given).json()
        self.assertEqual(claims_of(answer['access_token'])['exp'], claims_of(given)['exp'])
        self.assertLessEqual(answer['expires_in'], 120)
        self.server.access_token_lifetime = 1
        self.assertLessEqual(self.exchange(given).json()['expires_in'], 60)

    def test_attack_93_it_is_not_exchanged_again(self):
        for resource in (None, JSON_2):
            token = self.exchanged(resource=resource)
            self.assertRefused(self.exchange(token), 400, 'invalid_request')
            with self.subTest('by an API that lies where Odoo does'), self.assertRaises(ValidationError):
                self.env['oauth2.resource'].create({'name': 'Here', 'uri': resource or ISSUER})

    def test_attack_93_it_dies_with_its_authorization(self):
        given = self.for_tools()
        token = self.exchange(given['access_token']).json()['access_token']
        self.assertWorks(token)
        self.assertEqual(self.asked_by_tools(token)['act'], {'sub': self.server.client_id})
        self.revoke(given['refresh_token'], self.wiki, self.wiki_secret)
        self.assertOver(token)
        self.assertRefused(self.exchange(given['access_token']), 400, 'invalid_request')

    def assertEndedBy(self, *steps):
        """It works until the last step, and never again."""
        given = self.for_tools()['access_token']
        token = self.exchange(given).json()['access_token']
        self.assertWorks(token)
        steps[0]()
        self.assertOver(token)
        self.assertNotEqual(self.exchange(given).status_code, 200)
        for step in steps[1:]:
            step()
            self.assertOver(token)

    def test_attack_93_it_dies_with_the_consent(self):
        self.person = self.ann
        self.assertEndedBy(self.disconnect)
        self.log_in('oauth2_ann')
        again = self.for_tools()['access_token']
        self.assertEqual(self.exchange(again).status_code, 200)

    def test_attack_93_it_dies_with_the_application(self):
        self.assertEndedBy(lambda: self.wiki.write({'active': False}), lambda: self.wiki.write({'active': True}))

    def test_attack_93_it_dies_with_the_client_of_the_api(self):
        self.assertEndedBy(lambda: self.server.write({'active': False}), lambda: self.server.write({'active': True}))

    def test_attack_93_it_dies_with_the_grant_type(self):
        self.assertEndedBy(lambda: self.server.write({'grant_token_exchange': False}),
                           lambda: self.server.write({'grant_token_exchange': True}))

    def test_attack_93_it_dies_when_the_client_of_the_api_is_deleted(self):
        given = self.for_tools()['access_token']
        token = self.exchange(given).json()['access_token']
        self.server.unlink()
        self.env.flush_all()
        self.assertEqual(self.call(token).status_code, 401)

    def test_attack_93_it_dies_when_the_client_is_no_application_of_the_api_any_more(self):
        self.assertEndedBy(lambda: self.server.write({'resource_id': False}))

    def test_attack_93_it_dies_with_the_api(self):
        self.assertEndedBy(lambda: self.tools.write({'active': False}))

    def test_attack_93_it_dies_when_the_api_moves(self):
        self.assertEndedBy(lambda: self.tools.write({'uri': 'https://elsewhere.example.com'}))

    def test_attack_93_it_dies_when_all_of_the_client_of_the_api_is_ended(self):
        given = self.for_tools()['access_token']
        token = self.exchange(given).json()['access_token']
        self.server._end_all('administrator')
        self.assertOver(token)
        self.assertWorks(self.exchange(given).json()['access_token'])

    def test_attack_93_it_dies_with_everything(self):
        self.assertEndedBy(self.env['oauth2.ending']._end_everything)

    def test_attack_93_it_dies_with_the_password(self):
        self.assertEndedBy(lambda: self.ann.write({'password': 'another one'}))

    def test_attack_93_it_dies_with_the_user(self):
        self.assertEndedBy(lambda: self.ann.write({'active': False}), lambda: self.ann.write({'active': True}))

    def test_attack_93_it_dies_when_the_user_may_use_one_of_the_two_no_more(self):
        for client in (self.wiki, self.server):
            with self.subTest(client.name):
                self.assertEndedBy(lambda client=client: client.write({'open_to': 'listed'}))
                client.open_to = 'everybody'
                self.env.flush_all()

    def test_attack_93_the_scope_shrinks_with_what_is_taken(self):
        token = self.exchanged('tools.run contacts.read contacts.write')
        self.assertEqual(self.asked_by_tools(token)['scope'], 'contacts.read contacts.write')
        write = self.env['oauth2.scope'].search([('name', '=', 'contacts.write')])
        for record, name in ((self.tools, 'exchange_scope_ids'), (self.wiki, 'scope_ids')):
            with self.subTest(record.name):
                record[name] -= write
                self.env.flush_all()
                self.assertEqual(self.asked_by_tools(token)['scope'], 'contacts.read')
                response = self.call(token, method='write', ids=self.acme.ids, vals={'name': 'A'})
                self.assertLacks(response, 'contacts.write')
                record[name] += write
                self.env.flush_all()

    def test_attack_93_an_api_that_may_use_less_gives_less_at_refresh(self):
        given = self.for_tools('tools.run contacts.read contacts.write')
        write = self.env['oauth2.scope'].search([('name', '=', 'contacts.write')])
        self.tools.exchange_scope_ids -= write
        self.env.flush_all()
        self.assertEqual(self.asked_by_tools(given['access_token'])['scope'], 'tools.run contacts.read')
        fresh = self.refresh(given['refresh_token'], self.wiki, self.wiki_secret).json()
        self.assertEqual(fresh['scope'], 'tools.run contacts.read')

    def test_attack_93_who_learns_of_it(self):
        token = self.exchanged()
        described = self.asked_by_tools(token)
        self.assertEqual((described['client_id'], described['aud'], described['scope']),
                         (self.server.client_id, ISSUER, 'contacts.read'))
        self.assertNotIn('client_epoch', described)
        third, secret = self.make_client('Third', resource_id=self.tools.id, grant_token_exchange=True)
        for client, proof in ((self.wiki, self.wiki_secret), (third, secret)):
            self.assertEqual(self.introspect(token, client, proof).json(), {'active': False})

    @requirement('RFC 7009', '2.1', 'A client that did not get the authorization cannot end it')
    def test_attack_93_the_api_ends_nothing_of_the_application(self):
        given = self.for_tools()
        token = self.exchange(given['access_token']).json()['access_token']
        self.assertRefused(self.revoke(token, self.server, self.server_secret), 400, 'unsupported_token_type')
        self.assertEqual(self.revoke(given['access_token'], self.server, self.server_secret).status_code, 200)
        self.assertWorks(token)
        self.revoke(given['access_token'], self.wiki, self.wiki_secret)
        self.assertOver(token)


class TestCompaniesOfAnExchange(Exchanging, CompaniesCase):

    @requirement('contract', '7', 'The companies that a user chooses hold for what an API does in Odoo')
    def test_the_companies_of_the_consent(self):
        page = self.begin(scope='tools.run', resource=TOOLS)
        self.assertFalse(self.proposed(page))
        page = self.begin(scope='tools.run contacts.read', resource=TOOLS)
        self.assertEqual(self.proposed(page), {'Gent': True, 'Brugge': False})
        code = self.arrived(self.tick(page, self.brugge), REDIRECT_URI)['code']
        given = self.redeem(code, self.wiki, self.wiki_secret, code_verifier=VERIFIER).json()['access_token']
        self.leave_session()
        self.assertEqual(self.seen(self.exchange(given).json()['access_token']), {'Brugge'})


class TestStatementsOfAnExchange(Exchanging, StatementsCase):

    def setUp(self):
        super().setUp()
        self.log_in()
        self.given = self.for_tools()['access_token']
        self.own = self.tokens_of_wiki(scope='contacts.read')['access_token']

    @warmup
    def test_an_exchange_costs_three(self):
        with self.assertStatements(3):
            self.exchange(self.given)

    @warmup
    def test_a_token_that_was_exchanged_costs_what_any_other_costs(self):
        spent = []
        self.authenticate(None, None)
        for token in (self.own, self.exchange(self.given).json()['access_token']):
            for _time in range(2):
                before = self.cr.sql_log_count
                self.assertWorks(token)
            spent.append(self.cr.sql_log_count - before)
        self.assertEqual(spent[0], spent[1])
