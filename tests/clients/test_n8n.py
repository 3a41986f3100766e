"""n8n's credential OAuth2 API, by the library that n8n uses for it."""
from client_case import ClientCase


class TestN8n(ClientCase):

    def setUp(self):
        super().setUp()
        connection = self.connect('n8n')
        self.assertEqual(set(connection['OAUTH2_SCOPE'].split()), {'openid', 'contacts.read'})
        self.serve_script('n8n.mjs', 'N8N_CLIENT', **connection)

    def check(self, grant, authentication, is_first):
        self.page.open(f'{self.site}/connect?grant={grant}&authentication={authentication}')
        if is_first:
            self.page.sign_in(self.login, self.login)
            self.page.answer('allow')
        connected = self.told('/rest/oauth2-credential/callback')
        self.assertIn('access_token', connected, connected)
        answer = self.ask('/call')
        self.assertEqual((answer['status'], len(answer['contacts'])), (200, 3), answer)
        refreshed = self.ask('/refresh')
        for token in ('access_token', 'refresh_token'):
            self.assertNotEqual(refreshed[token], connected[token])
        self.assertEqual(self.ask('/call')['status'], 200)

    def test_it_connects_calls_and_refreshes(self):
        # PKCE last: from then on it has to be used.
        for number, (grant, authentication) in enumerate([
            ('authorizationCode', 'header'), ('authorizationCode', 'body'), ('pkce', 'header'), ('pkce', 'body')]):
            with self.subTest(grant, authentication=authentication):
                self.check(grant, authentication, is_first=not number)
