"""After a restored backup: numbers of rows are used again, and clients know more than the database."""
from odoo.tests import new_test_user, tagged

from .browser import VERIFIER
from .endpoints import EndpointCase, claims_of
from .requirement import requirement


@tagged('post_install', '-at_install')
class TestRestoredBackup(EndpointCase):
    """Tokens from the lost time meet rows that were made since."""

    def setUp(self):
        super().setUp()
        self.log_in()

    @requirement('attack', '74', 'A token of the lost time never meets another row')
    def test_attack_74_an_authorization_of_the_same_number(self):
        lost = self.tokens_of_wiki(scope='openid odoo')
        number = self.authorization(self.wiki).id
        self.sql('DELETE FROM oauth2_authorization WHERE id = %s', number)
        self.sql("SELECT setval('oauth2_authorization_id_seq', %s, FALSE)", number)
        other = new_test_user(self.env, 'oauth2_other', password='oauth2_other', groups='base.group_user')
        self.log_in('oauth2_other')
        good = self.tokens_of_wiki(scope='openid odoo')
        self.assertEqual(self.authorization(self.wiki).id, number, 'this is what the test is about')
        self.assertEqual(self.call(lost['access_token']).status_code, 401)
        self.assertRefused(self.refresh(lost['refresh_token'], self.wiki, self.wiki_secret), 400, 'invalid_grant')
        self.assertEqual(self.introspect(lost['access_token'], self.wiki, self.wiki_secret).json(), {'active': False})
        self.assertEqual(self.revoke(lost['refresh_token'], self.wiki, self.wiki_secret).status_code, 200)
        self.assertWorks(good['access_token'])
        self.assertEqual(claims_of(good['access_token'])['sub'], self.subject(other))

    @requirement('attack', '74', 'A user whose number comes again has another name')
    @requirement('contract', '6', 'A user has a name of its own, which nobody else ever gets')
    def test_attack_74_a_user_of_the_same_number(self):
        names = []
        for _time in range(2):
            user = new_test_user(self.env, 'oauth2_again', password='oauth2_again', groups='base.group_user')
            self.log_in('oauth2_again')
            tokens = self.tokens_of_wiki(scope='openid odoo', prompt='consent')
            names.append((user.id, claims_of(tokens['id_token'])['sub']))
            user.unlink()
            self.sql("SELECT setval('res_users_id_seq', %s, FALSE)", user.id)
            self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        (first_number, first_name), (second_number, second_name) = names
        self.assertEqual(first_number, second_number, 'this is what the test is about')
        self.assertNotEqual(first_name, second_name)
        self.assertFalse({first_name, second_name} & {str(first_number)})

    def _ahead(self, client, secret, steps=2):
        """Tokens, and a row that is older than they are."""
        tokens = self.tokens_of_wiki(client, secret)
        before = self._row(client)
        for _time in range(steps):
            tokens = self.refresh(tokens['refresh_token'], client, secret).json()
        self.sql('UPDATE oauth2_authorization SET (generation, rotated_at, idle_expires_at) = (%s, %s, %s)'
                 ' WHERE client_id = %s', *before, client.id)
        return tokens

    def _row(self, client):
        self.env.cr.execute('SELECT generation, rotated_at, idle_expires_at FROM oauth2_authorization'
                            ' WHERE client_id = %s', [client.id])
        return self.env.cr.fetchone()

    def _seen(self, client):
        return self.env['oauth2.event'].search_count(
            [('name', '=', 'restored_backup_seen'), ('client_id', '=', client.id)])

    @requirement('attack', '74', 'A token that is ahead of its row is no replay: a client that proves itself goes on')
    @requirement('contract', '5', 'The row goes on from a token that is ahead of it')
    def test_attack_74_a_confidential_client_goes_on(self):
        tokens = self._ahead(self.wiki, self.wiki_secret)
        answer = self.refresh(tokens['refresh_token'], self.wiki, self.wiki_secret)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(self._row(self.wiki)[0], 3)
        self.assertEqual(self._seen(self.wiki), 1)
        again = self.refresh(answer.json()['refresh_token'], self.wiki, self.wiki_secret)
        self.assertEqual(again.status_code, 200, again.text)
        self.assertEqual(self._seen(self.wiki), 1, 'once is enough')

    @requirement('RFC 6749', '6', 'A client that is refused a scope keeps its token, also after a backup was restored')
    def test_a_refused_scope_moves_nothing(self):
        tokens = self._ahead(self.wiki, self.wiki_secret)
        before = self._row(self.wiki)
        refused = self.refresh(tokens['refresh_token'], self.wiki, self.wiki_secret, scope='contacts.read')
        self.assertRefused(refused, 400, 'invalid_scope')
        self.assertEqual(self._row(self.wiki), before)
        answer = self.refresh(tokens['refresh_token'], self.wiki, self.wiki_secret)
        self.assertEqual(answer.status_code, 200, answer.text)

    @requirement('attack', '74', 'Nor is one with the number of the row that the row would not make')
    def test_attack_74_the_same_generation_of_another_time(self):
        tokens = self._ahead(self.wiki, self.wiki_secret, steps=1)
        self.sql("UPDATE oauth2_authorization SET generation = 1, rotated_at = rotated_at + interval '3 seconds'"
                 " WHERE client_id = %s", self.wiki.id)
        answer = self.refresh(tokens['refresh_token'], self.wiki, self.wiki_secret)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(self._row(self.wiki)[0], 2)
        self.assertEqual(self._seen(self.wiki), 1)

    @requirement('attack', '74', 'Of a public client such a token is refused, and its family lives on')
    def test_attack_74_a_public_client_signs_in_again(self):
        public, _secret = self.make_client('Phone', is_public=True)
        self.sql('DELETE FROM oauth2_client_secret WHERE client_id = %s', public.id)
        code = self.allow(public, scope='openid offline_access')['code']
        tokens = self.token(public, grant_type='authorization_code', code=code, code_verifier=VERIFIER,
                            redirect_uri='https://app.example.com/callback', client_secret=None).json()
        self.sql("UPDATE oauth2_authorization SET rotated_at = rotated_at - interval '5 seconds' WHERE client_id = %s",
                 public.id)
        for _time in range(3):
            response = self.token(public, grant_type='refresh_token', refresh_token=tokens['refresh_token'],
                                  client_secret=None)
            self.assertRefused(response, 400, 'invalid_grant')
        self.assertTrue(self.authorization(public).is_active)
        self.assertEqual(self._row(public)[0], 0)
        self.assertEqual(self._seen(public), 1, 'a loop does not fill the table')
