"""A single-page application made with oidc-client-ts: what it asks the server comes from a page of another origin."""
import json

from client_case import ClientCase
from requirement import requirement

SCOPES = ('openid', 'profile', 'email', 'contacts.read')


class TestOIDCClientTS(ClientCase):

    def setUp(self):
        super().setUp()
        connection = self.connect('app', '/callback', SCOPES, goodbye='/goodbye', cors_origins=self.site)
        self.assertNotIn('OAUTH2_CLIENT_SECRET', connection)
        self.serve_script('oidc_client_ts.mjs', **connection)

    def sign_in(self):
        """What the application knows when somebody has signed in."""
        self.allow(self.page, self.site)
        self.arrive('/callback')
        user = self.page.wait('window.told')
        self.assertIn('profile', user, user)
        return user

    def do(self, function, *arguments):
        """What a function of the page comes to."""
        return self.page.run(f'{function}({", ".join(map(json.dumps, arguments))})')

    @requirement('contract', '7', 'A page of an origin that is named for an application reads with its tokens')
    @requirement('OIDC RP-Initiated Logout', '2', 'A valid id_token_hint of this session signs out unasked')
    def test_it_signs_in_calls_renews_and_signs_out(self):
        user = self.sign_in()
        self.assertEqual((user['profile']['iss'], user['profile']['name'], user['profile']['email']), (
            self.url, self.login.capitalize(), f'{self.login}@example.com'))
        self.assertEqual((user['state'], set(user['scope'].split())), ('as it was sent', set(SCOPES)))
        answer = self.do('call', 'res.partner', user)
        self.assertEqual((answer['status'], len(answer['body'])), (200, 3), answer)
        self.assertEqual(self.do('call', 'res.users', user)['status'], 403)

        renewed = self.do('renewByItself')
        self.assertEqual(renewed['profile']['sub'], user['profile']['sub'])
        for token in ('access_token', 'refresh_token'):
            self.assertNotEqual(renewed[token], user[token])
        self.assertEqual(self.do('call', 'res.partner', renewed)['status'], 200)

        self.do('signOut')
        self.arrive('/goodbye')
        self.assertEqual(self.page.wait('window.told'), {'state': 'goodbye', 'user': None})
        self.assertEqual(self.do('call', 'res.partner', renewed)['status'], 401)
        self.assertSignedOut()

    def test_it_revokes_its_tokens(self):
        user = self.sign_in()
        self.do('revoke')
        self.assertEqual(self.do('call', 'res.partner', user)['status'], 401)
        self.assertEqual(self.json2(user['access_token'], 'res.partner', 'search_read').status_code, 401)

    def test_a_frame_that_nobody_sees_gets_no_answer_of_its_own(self):
        """Any program on this machine could be at a loopback address: its user is asked each time."""
        self.sign_in()
        self.assertEqual(self.do('askInFrame'), 'consent_required')
