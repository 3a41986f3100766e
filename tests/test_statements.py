"""How many SQL statements a request costs: counting protects the design."""
import contextlib
import json
import time
from datetime import datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric import ec

from odoo.tests import warmup

from .endpoints import ISSUER, JSON_2, EndpointCase

# What a browser sends when a person opens an address: Odoo then takes the session for a bearer route.
AS_A_BROWSER = {'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Site': 'none',
                'Sec-Fetch-User': '?1'}


class StatementsCase(EndpointCase):
    """With warm caches, as for all requests but a worker's first."""

    @contextlib.contextmanager
    def assertStatements(self, count):
        """Exactly so many: no more, and no fewer that nobody noticed."""
        for client in self.env['oauth2.client'].search([]):
            client.client_id  # noqa: B018 (read here, so that the request's own statements are counted alone)
        with self.assertQueryCount(count):
            before = self.cr.sql_log_count
            yield
            spent = self.cr.sql_log_count - before
        if self.warm:
            self.assertEqual(spent, count)

    def setUp(self):
        super().setUp()
        self.tokens()


class TestStatements(StatementsCase):

    @warmup
    def test_the_keys_cost_nothing(self):
        with self.assertStatements(0):
            self.ask('jwks', 'GET')

    @warmup
    def test_a_code_costs_three(self):
        with self.assertStatements(3):
            self.authorize()

    @warmup
    def test_redeeming_a_code_costs_three(self):
        code = self.code()
        with self.assertStatements(3):
            self.redeem(code)

    @warmup
    def test_a_refresh_costs_two(self):
        refresh_token = self.tokens()['refresh_token']
        with self.assertStatements(2):
            self.refresh(refresh_token)

    @warmup
    def test_a_bearer_request_costs_one_more_than_the_route_without(self):
        self.authenticate('admin', 'admin')
        self.client.user_id = self.env.ref('base.user_admin')
        access_token = self.tokens()['access_token']
        spent = []
        for authorization in (None, f'Bearer {access_token}'):
            headers = {**(AS_A_BROWSER if authorization is None else {'Authorization': authorization}),
                       'Content-Type': 'application/json'}
            for _time in range(2):
                before = self.cr.sql_log_count
                response = self.url_open('/json/2/res.partner/search_count', data='{"domain": []}', headers=headers)
                self.assertEqual(response.status_code, 200, response.text)
            spent.append(self.cr.sql_log_count - before)
        self.assertEqual(spent[1] - spent[0], 1)

    @warmup
    def test_a_token_costs_no_more_than_an_api_key(self):
        access_token = self.tokens()['access_token']
        key = self.env['res.users.apikeys'].with_user(self.user).sudo()._generate(
            None, 'Script', datetime.now() + timedelta(days=1))
        spent = []
        for credential in (key, access_token):
            for _time in range(2):
                before = self.cr.sql_log_count
                self.assertWorks(credential)
            spent.append(self.cr.sql_log_count - before)
        self.assertEqual(spent[0], spent[1])

    @warmup
    def test_a_scope_costs_nothing_but_the_statement_that_keeps_from_writing(self):
        scopes = ('odoo', 'odoo.read', 'contacts.read', 'contacts.write')
        self.client.scope_ids = self.env['oauth2.scope'].search([('name', 'in', scopes)])
        spent = {}
        for scope in scopes:
            access_token = self.redeem(self.code(scope=scope)).json()['access_token']
            for _time in range(2):
                before = self.cr.sql_log_count
                response = self.call(access_token, method='search_read', domain=[], limit=80, fields=[
                    'name', 'email', 'parent_id', 'country_id', 'create_uid'])
                self.assertEqual(response.status_code, 200, response.text[:300])
            spent[scope] = self.cr.sql_log_count - before
        odoo = spent['odoo']
        self.assertEqual(spent, {
            'odoo': odoo, 'odoo.read': odoo + 1, 'contacts.read': odoo + 1, 'contacts.write': odoo})

    @warmup
    def test_an_xmlrpc_call_costs_what_json_2_costs(self):
        access_token = self.tokens()['access_token']
        spent = []
        for call in (
            lambda: self.assertWorks(access_token),
            lambda: self.xmlrpc_object.execute_kw(
                self.cr.dbname, self.user.id, access_token, 'res.partner', 'search_count', [[]]),
        ):
            for _time in range(2):
                before = self.cr.sql_log_count
                call()
            spent.append(self.cr.sql_log_count - before)
        self.assertLessEqual(spent[1], spent[0])


class TestStatementsOfFurtherEndpoints(StatementsCase):

    def setUp(self):
        super().setUp()
        self.api, self.api_secret = self.make_client('API', is_resource_server=True)
        self.client.grant_client_credentials = True
        self.for_itself()
        self.person.email = 'ada@example.com'
        self.log_in()
        self.all_scopes = self.tokens_of_wiki(scope='openid profile email phone address odoo')
        self.one_scope = self.tokens_of_wiki(prompt='consent')

    @warmup
    def test_the_metadata_cost_nothing(self):
        for document in ('oauth-authorization-server', 'openid-configuration'):
            with self.assertStatements(0):
                self.metadata(document)

    @warmup
    def test_a_revocation_costs_four(self):
        refresh_token = self.tokens()['refresh_token']
        with self.assertStatements(4):
            self.revoke(refresh_token)

    @warmup
    def test_introspection_costs_two(self):
        for token in (self.all_scopes['access_token'], self.all_scopes['refresh_token']):
            with self.assertStatements(2):
                self.introspect(token, self.api, self.api_secret)

    @warmup
    def test_userinfo_costs_one_and_three_for_the_user(self):
        with self.assertStatements(1):
            self.userinfo(self.one_scope['access_token'])
        with self.assertStatements(4):  # the third: is there a picture?
            self.userinfo(self.all_scopes['access_token'])

    @warmup
    def test_a_key_in_place_of_a_secret_costs_one_more(self):
        key = ec.generate_private_key(ec.SECP256R1())
        client, _secret = self.make_client(
            'Keyed', self.user, has_direct_authorization=False, grant_client_credentials=True, proof='key',
            key_set=json.dumps(jwt.get_algorithm_by_name('ES256').to_jwk(key.public_key(), as_dict=True)))

        def ask():
            claims = {'iss': client.client_id, 'sub': client.client_id, 'aud': ISSUER, 'jti': str(time.time()),
                      'exp': int(time.time()) + 60}
            return self.token(client_id=None, client_secret=None, grant_type='client_credentials', scope='odoo',
                              client_assertion=jwt.encode(claims, key, algorithm='ES256'),
                              client_assertion_type='urn:ietf:params:oauth:client-assertion-type:jwt-bearer')
        self.assertEqual(ask().status_code, 200)
        with self.assertStatements(3):
            ask()

    @warmup
    def test_a_token_for_the_client_itself_costs_two(self):
        with self.assertStatements(2):
            self.for_itself()

    @warmup
    def test_a_refresh_with_scope_and_resource_costs_two(self):
        with self.assertStatements(2):
            self.refresh(self.all_scopes['refresh_token'], self.wiki, self.wiki_secret, scope='odoo', resource=JSON_2)

    @warmup
    def test_a_remembered_consent_costs_five(self):
        with self.assertStatements(5):
            self.begin()

    @warmup
    def test_an_answer_to_the_consent_page_costs_eight(self):
        page = self.begin(prompt='consent')
        with self.assertStatements(8):
            self.answer(page, 'allow')
