"""An application made with Passport and passport-oauth2, in a real browser."""
from application import NodeApplication
from browser import BrowserCase
from requirement import requirement


class TestPassport(BrowserCase):

    @requirement('contract', '4', 'Programs sign in with their own defaults, which have no PKCE')
    def test_its_own_defaults(self):
        application = NodeApplication('passport.mjs')
        self.addCleanup(application.close)
        application.configure(**self.register(application.address), scope='openid profile email')
        window = self.window()
        self.allow(window, application.address)
        signed_in = application.told('signed_in')
        self.assertEqual((signed_in['name'], signed_in['email'], signed_in['scope'], signed_in['refreshes']), (
            self.login.capitalize(), f'{self.login}@example.com', 'openid profile email', True))
        window.wait_for_address(f'{application.address}/callback')
        self.assertEqual(window.text, 'Signed in')
