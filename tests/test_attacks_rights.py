"""The catalogue of attacks (docs/security.md), cases 58 and 64: a token opens what its user may do, and no more."""
from odoo.tests import new_test_user

from .browser import BrowserCase
from .requirement import requirement

MODELS = (
    'oauth2.client', 'oauth2.client.secret', 'oauth2.authorization', 'oauth2.authorization.code', 'oauth2.signing.key',
    'oauth2.redirect.uri', 'oauth2.post.logout.redirect.uri', 'oauth2.scope',
    'oauth2.event', 'ir.config_parameter',
)


class TestRightsOfTokens(BrowserCase):

    @requirement('attack', '64', 'By way of a token no user reads or changes what applications, keys and settings are')
    def test_attack_64_what_a_token_reaches_of_this_addon(self):
        portal = new_test_user(self.env, 'oauth2_portal', groups='base.group_portal', password='oauth2_portal')
        for user in (self.person, portal):
            self.log_in(user.login)
            token = self.tokens_of_wiki(scope='openid odoo')['access_token']
            self.authenticate(None, None)
            self.assertEqual(self.call(token, 'res.users', 'context_get', ids=[]).status_code, 200)
            for model in MODELS:
                for method, arguments in {
                    'search_read': {'domain': []}, 'search_count': {'domain': []}, 'name_search': {'name': ''},
                    'read': {'ids': [1], 'fields': ['id']}, 'export_data': {'ids': [1], 'fields_to_export': ['id']},
                    'write': {'ids': [1], 'vals': {}}, 'create': {'vals_list': [{}]}, 'unlink': {'ids': [1]},
                }.items():
                    with self.subTest(user.login, model=model, method=method):
                        response = self.call(token, model, method, **arguments)
                        self.assertIn(response.status_code, (403, 422), response.text[:300])
                        self.assertIn('Error', response.json()['name'])
            for model, method, arguments in (
                ('oauth2.authorization', 'action_revoke', {'ids': self.authorization(self.wiki).ids}),
                ('oauth2.client.secret.show', 'create', {'vals_list': [{}]}),
                ('oauth2.authorization', '_revoke', {'ids': [1], 'because': 'user'}),
                ('oauth2.client.secret', '_store', {'client': 1, 'secret': 'x'}),
                ('oauth2.signing.key', '_generate', {'purpose': 'access_token'}),
                ('oauth2.authorization.code', '_issue', {'client': 1, 'user_id': 2, 'scope': 'odoo'}),
            ):
                with self.subTest(user.login, model=model, method=method):
                    response = self.call(token, model, method, **arguments)
                    self.assertGreaterEqual(response.status_code, 400, response.text[:300])
            self.assertWorks(token)

    @requirement('attack', '64', 'What wants a password does nothing for a token, not even for an administrator\'s')
    def test_attack_64_what_wants_a_password(self):
        self.person.group_ids += self.env.ref('base.group_system')
        self.log_in()
        token = self.tokens_of_wiki(scope='odoo')['access_token']
        self.authenticate(None, None)
        before = self.rows(), self.env['oauth2.signing.key'].search([])
        for model, method, ids in (
            ('oauth2.signing.key', 'action_rotate', []), ('oauth2.signing.key', 'action_replace_now', []),
            ('oauth2.client', 'action_generate_secret', self.client.ids),
        ):
            with self.subTest(model, method=method):
                response = self.call(token, model, method, ids=ids)
                self.assertEqual(response.json()['res_model'], 'res.users.identitycheck', response.text)
                self.assertEqual((self.rows(), self.env['oauth2.signing.key'].search([])), before)

    @requirement('attack', '58', 'The companies of a token are those of its user, whatever the context says')
    def test_attack_58_other_companies(self):
        other = self.env['res.company'].create({'name': 'Other'})
        hidden = self.env['res.partner'].create({'name': 'Hidden', 'company_id': other.id})
        self.log_in()
        token = self.tokens_of_wiki(scope='odoo')['access_token']
        self.authenticate(None, None)
        domain = [['id', '=', hidden.id]]
        self.assertEqual(self.call(token, domain=domain).json(), 0)
        for companies in ([other.id], [self.person.company_id.id, other.id]):
            response = self.call(token, domain=domain, context={'allowed_company_ids': companies})
            self.assertEqual(response.status_code, 403, response.text[:300])
        self.person.company_ids |= other
        # The person has allowed the application the company that there was; nobody has asked about another one.
        response = self.call(token, domain=domain, context={'allowed_company_ids': [other.id]})
        self.assertEqual(response.status_code, 403, response.text[:300])
        self.assertEqual(self.call(token, domain=domain).json(), 0)

    @requirement('attack', '58', 'Neither context nor cookies widen a token')
    def test_attack_58_widened_by_the_caller(self):
        self.log_in()
        token = self.tokens_of_wiki(scope='openid')['access_token']
        self.authenticate(None, None)
        wide = {'scope': 'odoo', 'uid': 1, 'su': True, 'oauth2_scope': 'odoo', 'active_test': False}
        self.assertEqual(self.call(token, domain=[], context=wide).status_code, 403)
        self.log_in()
        response = self.call(token, headers={'X-OpenERP-Session-Id': 'x', 'X-OAuth2-Scope': 'odoo'})
        self.assertEqual(response.status_code, 403)

    @requirement('attack', '58', 'The session of somebody else does not go with a token')
    def test_attack_58_a_session_and_a_token_of_two_users(self):
        self.log_in()
        token = self.tokens_of_wiki(scope='odoo')['access_token']
        new_test_user(self.env, 'oauth2_second', groups='base.group_user', password='oauth2_second')
        self.log_in('oauth2_second')
        self.assertEqual(self.call(token).status_code, 403)
