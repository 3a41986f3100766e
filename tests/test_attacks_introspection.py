"""The catalogue of attacks (docs/security.md), cases 54 and 56: what introspection reveals, and to whom."""
from odoo.tests import new_test_user

from .requirement import requirement
from .test_attacks_token_endpoints import ShownTokensCase


class TestIntrospectionAttacks(ShownTokensCase):

    def introspected(self, token, client=None, secret=None):
        response = self.show('introspect', token, client, secret)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    @requirement('attack', '56', 'A client is told of its own tokens; of all only a resource server')
    @requirement('RFC 7662', '2.2', 'Who may not know of a token gets the answer of one that never was')
    def test_attack_56_tokens_of_others(self):
        tokens = self.tokens()
        for kind in ('access_token', 'refresh_token'):
            self.assertTrue(self.introspected(tokens[kind])['active'])
            self.assertEqual(self.introspected(tokens[kind], self.other, self.other_secret), {'active': False})
        self.other.is_resource_server = True
        for kind, is_told in (('access_token', True), ('refresh_token', False)):
            self.assertEqual(self.introspected(tokens[kind], self.other, self.other_secret)['active'], is_told)

    @requirement('attack', '56', 'Nobody is told anything without a client\'s secret')
    @requirement('RFC 7662', '2.1', 'The introspection endpoint asks for authentication')
    def test_attack_56_nobody(self):
        token = self.tokens()['access_token']
        self.assertRefused(self.ask('introspect', data={'token': token}), 401, 'invalid_client')
        bearer = self.ask('introspect', data={'token': token}, headers={'Authorization': f'Bearer {token}'})
        self.assertRefused(bearer, 401, 'invalid_client')

    @requirement('attack', '56', 'Of a token that is good for nothing, nothing is told')
    def test_attack_56_dead_tokens(self):
        endings = {
            'revoked': lambda client, user: self.authorization(client)._revoke('administrator'),
            'expired': lambda client, user: self.sql(
                "UPDATE oauth2_authorization SET expires_at = '2020-01-01', idle_expires_at = '2020-01-01'"),
            'user archived': lambda client, user: user.write({'active': False}),
            'user archived behind the ORM': lambda client, user: self.sql(
                'UPDATE res_users SET active = FALSE WHERE id = %s', user.id),
            'client archived': lambda client, user: client.write({'active': False}),
            'client deleted': lambda client, user: client.unlink(),
            'password changed': lambda client, user: user.write({'password': 'Another one 1'}),
        }
        self.other.is_resource_server = True
        for number, (name, end) in enumerate(endings.items()):
            user = new_test_user(self.env, f'oauth2_ending_{number}', groups='base.group_user')
            client, secret = self.make_client('Ending', user)
            tokens = self.tokens(client, secret)
            self.assertTrue(self.introspected(tokens['access_token'], self.other, self.other_secret)['active'])
            self.assertTrue(self.introspected(tokens['refresh_token'], client, secret)['active'])
            end(client, user)
            askers = [(self.other, self.other_secret), *([] if 'client' in name else [(client, secret)])]
            for kind in ('access_token', 'refresh_token'):
                for asker in askers:
                    with self.subTest(name, kind=kind):
                        self.assertEqual(self.introspected(tokens[kind], *asker), {'active': False})
        for text in ('x', 'a.b.c', self.secret, tokens['access_token'][:-4] + 'AAAA'):
            self.assertEqual(self.introspected(text, self.other, self.other_secret), {'active': False})

    @requirement('attack', '56', 'A refresh token that was used is good for nothing, and asking about it ends nothing')
    def test_attack_56_used_refresh_tokens(self):
        first = self.tokens()
        second = self.refresh(first['refresh_token']).json()
        self.assertEqual(self.introspected(first['refresh_token']), {'active': False})
        self.assertAlive(second)

    @requirement('attack', '56', 'A client does not learn a login that no scope has told it')
    def test_attack_56_login_names(self):
        self.log_in()
        token = self.tokens_of_wiki(scope='odoo')['access_token']
        self.assertNotIn('oauth2_person', str(self.introspected(token, self.wiki, self.wiki_secret)))
        told = self.tokens_of_wiki(scope='odoo profile')['access_token']
        self.assertEqual(self.introspected(told, self.wiki, self.wiki_secret)['username'], 'oauth2_person')
        self.other.is_resource_server = True
        self.assertEqual(self.introspected(token, self.other, self.other_secret)['username'], 'oauth2_person')

    @requirement('attack', '54', 'Of tokens of another database nothing is told, and they revoke nothing')
    def test_attack_54_another_database(self):
        tokens = self.tokens()
        uuid = self.env['ir.config_parameter'].get_param('database.uuid')
        self.env['ir.config_parameter'].set_param('database.uuid', '00000000-0000-0000-0000-000000000000')
        self.env['oauth2.configuration']._confirm_issuer('https://odoo.example.com')  # the very same
        self.env.registry.clear_cache()
        for kind in ('access_token', 'refresh_token'):
            self.assertEqual(self.introspected(tokens[kind]), {'active': False})
            self.assertEqual(self.show('revoke', tokens[kind]).status_code, 200)
        userinfo = self.ask('userinfo', 'GET', {'Authorization': f"Bearer {tokens['access_token']}"})
        self.assertRefused(userinfo, 401, 'invalid_token')
        self.env['ir.config_parameter'].set_param('database.uuid', uuid)
        self.env['oauth2.configuration']._confirm_issuer('https://odoo.example.com')
        self.env.registry.clear_cache()
        self.assertAlive(tokens)
