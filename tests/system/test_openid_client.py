"""An application made with openid-client, in a real browser."""
import json

from application import NodeApplication
from browser import BrowserCase
from joserfc.jwk import ECKey
from requirement import requirement

SCOPE = 'openid profile email odoo offline_access'


class TestOpenIDClient(BrowserCase):

    def application(self, key=None, **settings):
        """An application, and what it was told when it was installed.

        :param key: by which it proves itself, in place of a secret.
        """
        application = NodeApplication('openid_client.mjs')
        self.addCleanup(application.close)
        told = self.register(application.address, **({} if key is None else {
            'proof': 'key', 'key_set': json.dumps(key.as_dict(private=False))}))
        if key is not None:
            told = {**told, 'client_secret': None, 'key': key.as_dict(private=True)}
        application.configure(**told, scope=SCOPE, **settings)
        return application, told

    def assertSignedOut(self, window):
        window.open(f'{self.url}/odoo')
        window.wait_for_address(f'{self.url}/web/login')

    @requirement('OIDC Core', '3.1', 'Other people\'s code signs users in: code, PKCE, nonce, state, signature')
    @requirement('OIDC Discovery', '4', 'An application finds all it needs from the issuer alone')
    @requirement('OIDC RP-Initiated Logout', '2', 'Who signs out at an application is asked, and comes back to it')
    def test_an_application_that_knows_only_the_issuer_and_its_secret_does_everything(self):
        (application, told), window = self.application(), self.window()

        def step(path, name):
            window.open(f'{application.address}{path}')
            return application.told(name)

        # Discovery, the user's login and consent, the code with PKCE; nonce, state and the signature are checked.
        window.open(application.address)
        window.sign_in(self.login, self.login)
        window.wait_for('button[value=allow]')
        for shown in ('Test application', self.login.capitalize()):
            self.assertIn(shown, window.text)
        window.answer('allow')
        claims = application.told('claims')
        self.assertEqual((claims['iss'], claims['aud']), (self.url, told['client_id']))
        window.wait_for_address(f'{application.address}/callback')
        self.assertEqual(window.text, 'Signed in')

        self.assertTrue(step('/refresh', 'rotated'))

        partners = step('/read', 'partners')
        self.assertEqual({tuple(sorted(partner)) for partner in partners}, {('id', 'name')})

        userinfo = step('/userinfo', 'userinfo')
        self.assertEqual(userinfo['sub'], claims['sub'])
        self.assertEqual((userinfo['name'], userinfo['email']), (
            self.login.capitalize(), f'{self.login}@example.com'))

        introspection = step('/introspect', 'introspection')
        self.assertTrue(introspection['active'])
        self.assertEqual(
            (introspection['iss'], introspection['sub'], introspection['client_id']),
            (self.url, claims['sub'], told['client_id']))
        self.assertEqual(set(introspection['scope'].split()), set(SCOPE.split()))

        revoked = step('/revoke', 'revoked')
        self.assertEqual((revoked['challenge']['status'], revoked['challenge']['scheme']), (401, 'bearer'))
        self.assertEqual(revoked['challenge']['parameters']['error'], 'invalid_token')
        self.assertEqual(revoked['refused'], 'invalid_grant')
        self.assertFalse(revoked['active'])

        window.open(f'{application.address}/logout')
        window.answer('sign_out')
        self.assertTrue(application.told('goodbye'), 'the state was lost on the way')
        window.wait_for_address(f'{application.address}/goodbye')
        self.assertSignedOut(window)

    @requirement('RFC 7523', '2.2', 'A library of others proves an application by its key, at every endpoint')
    def test_an_application_with_a_key(self):
        (application, told), window = self.application(ECKey.generate_key('P-256')), self.window()
        self.allow(window, application.address)
        self.assertEqual(application.told('claims')['aud'], told['client_id'])
        for path, name in (('/refresh', 'rotated'), ('/introspect', 'introspection'), ('/revoke', 'revoked')):
            window.open(f'{application.address}{path}')
            answer = application.told(name)
            self.assertTrue(answer)
        self.assertEqual((answer['refused'], answer['active']), ('invalid_grant', False))

    @requirement('OIDC RP-Initiated Logout', '2', 'A valid id_token_hint of this session signs out unasked')
    def test_whoever_signs_out_in_the_application_is_not_asked_again(self):
        (application, _told), window = self.application(sends_hint=True), self.window()
        self.allow(window, application.address)
        application.told('claims')
        window.open(f'{application.address}/logout')
        self.assertTrue(application.told('goodbye'), 'the state was lost on the way')
        self.assertSignedOut(window)
