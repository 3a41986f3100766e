"""An administrator's two ways of revoking, as the application and its user see them."""
from lxml import etree

from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools.safe_eval import safe_eval

from .browser import VERIFIER, BrowserCase
from .requirement import requirement


class TestRevoking(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env, 'oauth2_administrator', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')

    def setUp(self):
        super().setUp()
        self.log_in()
        self.first = self.tokens_of_wiki(scope='openid odoo')
        self.authorizations = self.authorization(self.wiki).with_user(self.administrator)
        self.second = self._again()
        self.env['oauth2.event'].search([]).unlink()

    def _again(self):
        """What the application gets where the user is not asked."""
        code = self._asked_for_nothing()['code']
        return self.redeem(code, self.wiki, self.wiki_secret, code_verifier=VERIFIER).json()

    def _asked_for_nothing(self):
        return self.arrived(self.begin(scope='openid odoo', prompt='none'))

    def _events(self):
        events = self.env['oauth2.event'].search([('name', '!=', 'request_refused')], order='id')
        return [(event.name, event.client_id, event.user_id, event.actor_id) for event in events]

    def assertGone(self, tokens):
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertRefused(self.refresh(tokens['refresh_token'], self.wiki, self.wiki_secret), 400, 'invalid_grant')

    @requirement('contract', '6', 'Revoking an authorization ends its tokens, and nothing else: the consent stays')
    def test_revoke(self):
        self.authorizations.action_revoke()
        self.assertGone(self.first)
        self.assertWorks(self.second['access_token'])
        self.assertIn('code', self._asked_for_nothing())
        self.assertEqual(self._events(), [('authorization_revoked', self.wiki, self.person, self.administrator)])

    @requirement('contract', '6', 'Revoking and asking again ends all tokens of the application for this user')
    def test_revoke_and_ask_again(self):
        another = self.tokens_of_wiki(*self.make_client('Another'), scope='openid odoo')
        self.authorizations.action_revoke_and_ask_again()
        for tokens in (self.first, self.second):
            self.assertGone(tokens)
        self.assertEqual(self._asked_for_nothing()['error'], 'consent_required')
        self.assertWorks(another['access_token'])
        self.assertEqual(self.authorizations.revoked_because, 'administrator')
        self.assertEqual(self._events()[-2:], [
            ('authorization_revoked', self.wiki, self.person, self.administrator),
            ('consent_withdrawn', self.wiki, self.person, self.administrator)])

    def test_the_consents_of_others_stay(self):
        neighbour = new_test_user(self.env, 'oauth2_neighbour', groups='base.group_user', password='oauth2_neighbour')
        self.log_in(neighbour.login)
        tokens = self.tokens_of_wiki(scope='openid odoo')
        self.authenticate(None, None)
        self.authorizations.action_revoke_and_ask_again()
        self.assertWorks(tokens['access_token'])

    def test_where_nobody_was_asked_there_is_nobody_to_ask_again(self):
        tokens = self.tokens()
        authorization = self.authorization().with_user(self.administrator)
        authorization.action_revoke_and_ask_again()
        self.assertDead(tokens)
        self.assertEqual(self._events()[-1], ('authorization_revoked', self.client, self.user, self.administrator))

    @requirement('attack', '64', 'Only OAuth2 administrators revoke, whichever of the two it is')
    def test_attack_64_nobody_else(self):
        for user in (self.person, self.user):
            for name in ('action_revoke', 'action_revoke_and_ask_again'):
                with self.subTest(user.login, method=name), self.assertRaises(AccessError):
                    getattr(self.authorizations.with_user(user), name)()
                response = self.call(self.first['access_token'], 'oauth2.authorization', name,
                                     ids=self.authorizations.ids)
                self.assertEqual(response.status_code, 403, response.text)
        self.assertWorks(self.first['access_token'])
        self.assertIn('code', self._asked_for_nothing())

    def test_the_dialogs_say_which_of_the_two_does_what(self):
        for kind in ('list', 'form'):
            arch = etree.fromstring(self.authorizations.get_view(view_type=kind)['arch'])
            for is_direct, expected in {
                'False': {
                    'action_revoke': ('The consent stays', 'without asking', 'Revoke and ask again'),
                    'action_revoke_and_ask_again': ('consent', 'all tokens', 'asked again'),
                },
                'True': {'action_revoke': ('new tokens by itself',)},
            }.items():
                shown = [button for button in arch.iter('button') if not safe_eval(
                    button.get('invisible'), {'is_active': True, 'is_direct': is_direct == 'True'})]
                with self.subTest(kind, is_direct=is_direct):
                    self.assertEqual([button.get('name') for button in shown], list(expected))
                    for button in shown:
                        for words in expected[button.get('name')]:
                            self.assertIn(words, button.get('confirm'))
