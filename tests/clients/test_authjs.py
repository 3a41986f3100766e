"""A web site made with Auth.js (@auth/express)."""
import time

from client_case import ClientCase
from devtools import PATIENCE

SCOPES = ('openid', 'profile', 'email', 'contacts.read')


class TestAuthJS(ClientCase):

    def session(self):
        """What the site knows of whoever has signed in; None for nobody."""
        return self.ask('/auth/session')

    def test_it_signs_in_calls_refreshes_and_signs_out(self):
        connection = self.connect('web', '/auth/callback/odoo', SCOPES, goodbye='/auth/signout')
        self.serve_script('authjs.mjs', **connection)
        self.page.open(f'{self.site}/auth/signin')
        self.page.press('button[type=submit]')
        self.page.sign_in(self.login, self.login)
        self.page.answer('allow')
        self.page.wait_for_address(f'{self.site}/')
        session = self.session()
        self.assertEqual((session['user']['name'], session['user']['email']), (
            self.login.capitalize(), f'{self.login}@example.com'))
        answer = self.ask('/contacts')
        self.assertEqual((answer['status'], len(answer['contacts'])), (200, 3), answer)

        refreshed, end = session, time.monotonic() + PATIENCE
        while refreshed['access_token'] == session['access_token'] and time.monotonic() < end:
            time.sleep(0.5)
            refreshed = self.session()
        self.assertNotIn('error', refreshed)
        self.assertNotEqual(refreshed['access_token'], session['access_token'])
        self.assertEqual(self.ask('/contacts')['status'], 200)

        self.page.open(f'{self.site}/leave')
        self.arrive('/auth/signout')
        self.page.press('button[type=submit]')
        self.page.wait_for_address(f'{self.site}/auth/')
        self.assertEqual(self.json2(refreshed['access_token'], 'res.partner', 'search_read').status_code, 401)
        self.assertIsNone(self.session())
        self.assertSignedOut()
