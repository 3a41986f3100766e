"""A public client made with oauth4webapi, which checks answers more strictly than other libraries."""
from application import NodeApplication
from browser import BrowserCase
from requirement import requirement

SCOPE = 'openid email odoo offline_access'


class TestOAuth4WebAPI(BrowserCase):

    def application(self, **settings):
        """A public client, ready to sign somebody in."""
        application = NodeApplication('oauth4webapi.mjs')
        self.addCleanup(application.close)
        self.told = self.register(application.address, is_public=True)
        application.configure(**self.told, scope=SCOPE, audience=self.url, **settings)
        return application

    @requirement('RFC 8414', '3', 'Both documents say the same of what both name')
    @requirement('RFC 9068', '4', 'A resource server of other people accepts the access token')
    @requirement('RFC 8252', '8.4', 'A native app is a public client, and needs no secret')
    @requirement('OIDC Core', '5.3.2', 'userinfo is signed where that is asked for')
    def test_a_public_client_finds_all_it_is_given_as_the_specifications_have_it(self):
        application, window = self.application(), self.window()

        def step(path, name):
            window.open(f'{application.address}{path}')
            return application.told(name)

        self.allow(window, application.address)
        discovered = application.told('discovered')
        self.assertEqual(discovered['openid']['issuer'], self.url)
        for name in discovered['oauth'].keys() & discovered['openid'].keys():
            self.assertEqual(discovered['oauth'][name], discovered['openid'][name], name)
        self.assertTrue(discovered['openid']['authorization_response_iss_parameter_supported'])

        signed_in = application.told('signed_in')
        self.assertEqual(signed_in['claims']['at_hash'], signed_in['at_hash'])
        window.wait_for_address(f'{application.address}/callback')

        access_token = step('/access_token', 'access_token')
        self.assertEqual(access_token['client_id'], self.told['client_id'])
        self.assertEqual(set(access_token['scope'].split()), set(SCOPE.split()))

        userinfo = step('/userinfo', 'userinfo')
        self.assertEqual(userinfo['plain']['email'], f'{self.login}@example.com')
        self.assertEqual(userinfo['signed'], userinfo['plain'] | {'iss': self.url, 'aud': self.told['client_id']})

        self.assertEqual(set(step('/refresh', 'scope').split()), set(SCOPE.split()))

    @requirement('OAuth Form Post', '2', 'The browser posts the answer to the redirect URI')
    def test_the_answer_comes_as_a_form_where_that_was_asked_for(self):
        application, window = self.application(response_mode='form_post'), self.window()
        self.allow(window, application.address)
        application.told('discovered')
        self.assertEqual(application.told('signed_in')['claims']['iss'], self.url)
        self.assertEqual(window.wait_for_address(application.address), f'{application.address}/callback')


class TestSinglePage(BrowserCase):
    """An application in the browser: the browser decides what a page of another origin may read."""

    @requirement('contract', '3', 'An application in the browser may read all that it needs from another origin')
    def test_everything_that_an_application_in_the_browser_needs_is_open_to_other_origins(self):
        application = NodeApplication('single_page.mjs')
        self.addCleanup(application.close)
        told = self.register(application.address, is_public=True)
        application.configure(**told, scope=SCOPE, script='./single_page_script.mjs')
        window = self.window()
        self.allow(window, application.address)
        told = window.wait('window.told')
        self.assertEqual(told, {'email': f'{self.login}@example.com', 'refused': 'invalid_grant'})
