"""RFC 6749 §3.3: the scope of a token, from the request to the last refresh."""
from odoo.exceptions import UserError, ValidationError

from .endpoints import EndpointCase, claims_of
from .requirement import requirement


class TestScopes(EndpointCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.read = cls.env['oauth2.scope'].create({'name': 'shop.read', 'description': 'Read the shop'})
        cls.client.scope_ids += cls.read

    def scope(self, response):
        """The scope of an answer, by each way of telling it."""
        self.assertEqual(response.status_code, 200, response.text)
        answer = response.json()
        self.assertEqual(claims_of(answer['access_token'])['scope'], answer['scope'])
        return answer['scope']

    def secret_of(self, client):
        """The secret that a client was made with."""
        return 'S' + client.client_id[1:][::-1]

    def take(self, *names, client=None):
        """Take scopes from a client."""
        client = client or self.client
        client.scope_ids = client.scope_ids.filtered(lambda scope: scope.name not in names)

    # ------------------------------------------------------------------
    # What may be asked for
    # ------------------------------------------------------------------

    @requirement('RFC 6749', '3.3', 'A request without a scope gets those that are given by default')
    @requirement('contract', '4', 'Without `scope`, the client gets its own default scopes')
    def test_no_scope(self):
        self.assertEqual(self.scope(self.redeem(self.code())), 'odoo')
        self.client.default_scope_ids += self.read
        self.assertEqual(self.scope(self.redeem(self.code())), 'odoo shop.read')
        self.take('odoo')
        self.assertEqual(self.scope(self.redeem(self.code())), 'shop.read')

    @requirement('contract', '4', "A new client's defaults never are `odoo`, unless it is for direct authorization")
    def test_no_scope_of_a_new_application_that_signs_people_in(self):
        self.assertIn('odoo', self.wiki.scope_ids.mapped('name'))
        self.log_in()
        self.assertEqual(self.tokens_of_wiki(scope=None)['scope'], 'openid profile email')
        self.wiki.scope_ids -= self.env.ref('restapi_oauth2.scope_odoo')
        self.assertEqual(self.tokens_of_wiki(scope=None, prompt='consent')['scope'], 'openid profile email')
        self.setting('openid_connect', False)
        self.assertEqual(self.arrived(self.begin(scope=None))['error'], 'invalid_scope')

    def test_no_scope_and_no_redirect_uri_is_no_request_of_openid_connect(self):
        self.log_in()
        self.assertIn('code', self.arrived(self.answer(self.begin(scope=None, redirect_uri=None), 'allow')))

    def test_what_is_given_by_default_follows_direct_authorization(self):
        self.read.is_default = True
        everything = self.env['oauth2.scope'].create({
            'name': 'all.of.it', 'description': 'Everything', 'opens': 'everything', 'is_default': True})
        people, _secret = self.make_client('People')
        self.assertEqual(people.default_scope, 'openid profile email shop.read')
        program, _secret = self.make_client('Program', self.user)
        self.assertEqual(program.default_scope, 'odoo all.of.it shop.read')
        people.write({'scope_ids': everything.ids, 'user_id': self.user.id, 'has_direct_authorization': True})
        self.assertEqual(people.default_scope, 'odoo all.of.it shop.read')
        self.assertEqual(self.scope(self.redeem(self.code(people), people, self.secret_of(people))), 'all.of.it')

    @requirement('RFC 6749', '3.3', 'Where nothing is given by default, a request without a scope is invalid_scope')
    def test_no_scope_where_there_is_no_default(self):
        self.take('odoo')
        self.assertRefused(self.authorize(), 400, 'invalid_scope')
        self.assertEqual(self.scope(self.redeem(self.code(scope='shop.read'))), 'shop.read')

    @requirement('OWASP ASVS 5.0', '10.4.11', 'A client gets the scopes that it was given, and no others')
    @requirement('contract', '4', "What is not this client's is left out, and the answer says what was granted")
    def test_each_client_has_its_own(self):
        self.assertEqual(self.scope(self.redeem(self.code(scope='nonsense odoo Odoo "'))), 'odoo')
        self.take('shop.read')
        self.assertEqual(self.scope(self.redeem(self.code(scope='shop.read odoo'))), 'odoo')
        self.assertEqual(self.authorization().scope, 'odoo')
        self.client.scope_ids = False
        self.assertRefused(self.authorize(), 400, 'invalid_scope')
        self.assertRefused(self.authorize(scope='odoo'), 400, 'invalid_scope')

    @requirement('contract', '4', 'White space may be loose, and a comma counts as such')
    def test_white_space_may_be_loose(self):
        for scope in ('odoo  shop.read', ' odoo shop.read ', 'odoo,shop.read', ' ,odoo, shop.read,odoo,'):
            with self.subTest(scope):
                self.assertEqual(self.scope(self.redeem(self.code(scope=scope))), 'odoo shop.read')
        for scope in (' ', ',', ' , '):
            with self.subTest(scope):
                self.assertRefused(self.authorize(scope=scope), 400, 'invalid_scope')

    @requirement('contract', '4', '`invalid_scope` only if nothing is left')
    def test_what_applications_ask_for_by_themselves(self):
        self.log_in()
        for asked, granted in (
            ('openid profile email nosuchscope', 'openid profile email'), ('openid,profile', 'openid profile'),
            ('openid  profile ', 'openid profile'),
            (' '.join(self.metadata().json()['scopes_supported']), self.wiki.scope),
        ):
            with self.subTest(asked):
                self.assertEqual(self.tokens_of_wiki(scope=asked, prompt='consent')['scope'].split(), granted.split())
        self.setting('openid_connect', False)
        self.assertEqual(self.tokens_of_wiki(scope='openid odoo', prompt='consent')['scope'], 'odoo')

    def test_a_scope_that_was_renamed_is_another(self):
        code = self.code(scope='odoo shop.read')
        self.read.name = 'shop.write'
        self.assertEqual(self.scope(self.redeem(code)), 'odoo')
        self.assertEqual(self.scope(self.redeem(self.code(scope='shop.write'))), 'shop.write')

    def test_names_of_scopes(self):
        for name in ('a', 'a.b', 'shop:read', 'a-b_c', 'a1'):
            self.env['oauth2.scope'].create({'name': name, 'description': 'x'})
        for name in ('A', 'a b', 'a..b', '.a', 'a"', 'ü', 'a\n', 'a,b', ','):
            with self.subTest(name), self.assertRaises(ValidationError), self.cr.savepoint():
                self.env['oauth2.scope'].create({'name': name, 'description': 'x'})

    def test_openid_connect_switched_off_takes_its_scopes_away(self):
        self.setting('openid_connect', False)
        self.log_in()
        self.assertEqual(self.arrived(self.begin(scope='openid email'))['error'], 'invalid_scope')
        self.assertNotIn('Know your email address', self.begin(scope='odoo email').text)
        self.assertRefused(self.authorize(scope='odoo openid'), 400, 'invalid_scope')
        self.assertEqual(self.scope(self.redeem(self.code())), 'odoo')

    # ------------------------------------------------------------------
    # What a refresh may ask for
    # ------------------------------------------------------------------

    @requirement('RFC 6749', '6', 'The scope of a refreshed access token may be smaller')
    @requirement('contract', '5', 'Scope may shrink, never grow')
    def test_an_access_token_may_have_less_and_the_refresh_token_keeps_all(self):
        answer = self.redeem(self.code(scope='odoo shop.read'))
        self.assertEqual(self.scope(answer), 'odoo shop.read')
        for asked, expected in (('shop.read', 'shop.read'), (None, 'odoo shop.read'),
                                ('shop.read odoo', 'shop.read odoo'), ('odoo', 'odoo')):
            with self.subTest(asked):
                answer = self.refresh(answer.json()['refresh_token'], scope=asked)
                self.assertEqual(self.scope(answer), expected)
        self.assertEqual(self.authorization().scope, 'odoo shop.read')

    def test_a_narrow_access_token_does_not_open_everything(self):
        tokens = self.redeem(self.code(scope='odoo shop.read')).json()
        narrow = self.refresh(tokens['refresh_token'], scope='shop.read').json()['access_token']
        self.assertChallenged(self.call(narrow), 403, 'scope="contacts.read shop.read"')

    @requirement('RFC 6749', '6', 'A refresh cannot ask for what was not granted')
    def test_more_than_was_granted_is_refused_and_uses_nothing_up(self):
        tokens = self.redeem(self.code(scope='odoo')).json()
        for scope in ('odoo shop.read', 'odoo,shop.read', 'shop.read', 'nonsense', '"', ' '):
            with self.subTest(scope):
                self.assertRefused(self.refresh(tokens['refresh_token'], scope=scope), 400, 'invalid_scope')
        self.assertEqual(self.authorization().generation, 0)
        self.assertAlive(tokens)

    @requirement('contract', '4', 'At refresh, too, what is unknown or not this client\'s is left out')
    def test_a_refresh_leaves_out_what_the_client_cannot_have(self):
        tokens = self.redeem(self.code(scope='odoo shop.read')).json()
        answer = self.refresh(tokens['refresh_token'], scope=' odoo,nonsense  contacts.read "')
        self.assertEqual(self.scope(answer), 'odoo')
        self.take('odoo')
        answer = self.refresh(answer.json()['refresh_token'], scope='odoo shop.read')
        self.assertEqual(self.scope(answer), 'shop.read')

    def test_a_scope_in_the_token_request_for_a_code_is_passed_over(self):
        self.assertEqual(self.scope(self.redeem(self.code(scope='odoo'), scope='shop.read')), 'odoo')

    # ------------------------------------------------------------------
    # What is taken from a client
    # ------------------------------------------------------------------

    @requirement('contract', '6', 'A scope that is taken from a client is gone from its tokens at once')
    def test_a_scope_that_was_taken_away(self):
        code = self.code(scope='odoo shop.read')
        tokens = self.redeem(self.code(scope='odoo shop.read')).json()
        self.take('odoo')
        self.assertChallenged(self.call(tokens['access_token']), 403, 'insufficient_scope')
        self.assertEqual(self.scope(self.redeem(code)), 'shop.read')
        answer = self.refresh(tokens['refresh_token'])
        self.assertEqual(self.scope(answer), 'shop.read')
        self.assertRefused(self.refresh(answer.json()['refresh_token'], scope='odoo'), 400, 'invalid_scope')
        authorization = self.env['oauth2.authorization'].search(
            [('name', '=', claims_of(tokens['access_token'])['authorization'])])
        authorization.invalidate_recordset()
        self.assertEqual(authorization.generation, 1)
        self.client.scope_ids += self.env.ref('restapi_oauth2.scope_odoo')
        self.assertEqual(self.scope(self.refresh(answer.json()['refresh_token'])), 'odoo shop.read')

    def test_where_nothing_is_left_a_refresh_uses_nothing_up(self):
        tokens = self.tokens()
        self.take('odoo')
        self.assertRefused(self.refresh(tokens['refresh_token']), 400, 'invalid_scope')
        self.assertEqual(self.authorization().generation, 0)
        self.assertRefused(self.refresh(tokens['refresh_token']), 400, 'invalid_scope')
        self.client.scope_ids += self.env.ref('restapi_oauth2.scope_odoo')
        self.assertAlive(tokens)

    def test_a_scope_that_was_taken_away_is_gone_for_userinfo_too(self):
        self.log_in()
        token = self.tokens_of_wiki(scope='openid email')['access_token']
        self.person.email = 'ada@example.com'
        self.assertIn('email', self.userinfo(token).json())
        self.take('email', client=self.wiki)
        self.assertNotIn('email', self.userinfo(token).json())
        self.take('openid', client=self.wiki)
        self.assertChallenged(self.userinfo(token), 403, 'insufficient_scope')

    # ------------------------------------------------------------------
    # offline_access
    # ------------------------------------------------------------------

    @requirement('OIDC Core', '11', 'offline_access is granted to a client that may refresh')
    def test_offline_access(self):
        self.log_in()
        page = self.begin(scope='openid offline_access')
        self.assertIn('Go on after you have signed out', page.text)
        self.assertEqual(self.tokens_of_wiki(scope='openid offline_access')['scope'], 'openid offline_access')

    @requirement('OIDC Core', '11', 'offline_access is passed over where a client may not refresh')
    def test_offline_access_of_a_client_that_may_not_refresh(self):
        self.log_in()
        self.wiki.grant_refresh_token = False
        page = self.begin(scope='openid offline_access')
        self.assertNotIn('Go on after', page.text)
        tokens = self.tokens_of_wiki(scope='openid offline_access')
        self.assertEqual(tokens['scope'], 'openid')
        self.assertNotIn('refresh_token', tokens)

    def test_what_the_protocol_knows_by_name_is_not_deleted(self):
        scopes = self.env['oauth2.scope']
        for name in ('odoo', 'openid', 'offline_access'):
            with self.subTest(name), self.assertRaisesRegex(UserError, name):
                scopes.search([('name', '=', name)]).unlink()
        scopes.search([('name', '=', 'odoo.read')]).unlink()
        self.read.unlink()
