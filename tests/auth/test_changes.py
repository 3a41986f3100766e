"""A change of what proves a user ends the user's tokens, once."""
from odoo import Command

from ..requirement import requirement
from .common import PASSWORD, SECRET, AuthCase, totp_code

NEW_PASSWORD = 'Another one 1'


class TestChanges(AuthCase):

    def setUp(self):
        super().setUp()
        users = self.env.registry['res.users']
        end = users._oauth2_end
        self.endings = []

        def noted(ended, because):
            self.endings.append((ended.ids, because))
            return end(ended, because)

        self.patch(users, '_oauth2_end', noted)
        self.hold()

    def hold(self):
        """Give the application tokens. What was ended before does not count."""
        self.held = self.tokens()
        self.endings.clear()

    def assertEnded(self):
        """The tokens are dead, and one change has ended them once."""
        self.assertDead(self.held)
        self.assertEqual(self.endings, [(self.user.ids, 'user')])

    # ------------------------------------------------------------------
    # Passwords
    # ------------------------------------------------------------------

    @requirement('attack', '31', 'A user who changes the password loses the tokens; the same one again is no change')
    def test_attack_31_change_password(self):
        self.sign_in_with_password()
        self.rpc('res.users', 'change_password', PASSWORD, PASSWORD)
        self.assertAlive(self.held)
        self.hold()
        self.sign_in_with_password()
        self.rpc('res.users', 'change_password', PASSWORD, NEW_PASSWORD)
        self.assertEnded()

    @requirement('attack', '31', 'A user who changes the password in the preferences loses the tokens')
    def test_attack_31_preferences(self):
        self.sign_in_with_password()
        wizard = self.rpc('change.password.own', 'create', {
            'new_password': NEW_PASSWORD, 'confirm_password': NEW_PASSWORD})
        self.press('change.password.own', 'change_password', wizard)
        self.assertEnded()

    @requirement('attack', '31', 'A user whom an administrator gives another password loses the tokens')
    def test_attack_31_administrators_wizard(self):
        def give(password):
            self.env['change.password.wizard'].with_user(self.env.ref('base.user_admin')).create({
                'user_ids': [Command.create({'user_id': self.user.id, 'new_passwd': password})],
            }).change_password_button()
        give(PASSWORD)
        self.assertAlive(self.held)
        self.hold()
        give(NEW_PASSWORD)
        self.assertEnded()

    @requirement('attack', '31', 'A user who sets a password by a link from an e-mail loses the tokens')
    def test_attack_31_reset_by_link(self):
        self.env['ir.config_parameter'].set_param('auth_signup.reset_password', 'True')
        self.user.partner_id.signup_prepare('reset')
        link = '/web/reset_password?token=' + self.user.partner_id._generate_signup_token()
        self.authenticate(None, None)
        _action, hidden = self.form(self.visit(link))
        response = self.visit(link, method='POST', data={
            **hidden, 'login': self.user.login, 'name': self.user.name,
            'password': NEW_PASSWORD, 'confirm_password': NEW_PASSWORD})
        self.assertEqual(response.status_code, 200)
        self.assertEnded()
        self.sign_in_with_password(NEW_PASSWORD)
        self.assertSignedIn()

    # ------------------------------------------------------------------
    # Second factors, passkeys, other servers
    # ------------------------------------------------------------------

    @requirement('attack', '31', 'A user who begins to use a second factor loses the tokens')
    def test_attack_31_second_factor_on(self):
        self.sign_in_with_password()
        wizard = self.press('res.users', 'action_totp_enable_wizard', self.user.id)['res_id']
        [values] = self.rpc('auth_totp.wizard', 'read', [wizard], ['secret'])
        self.press('auth_totp.wizard', 'enable', wizard, code=totp_code(values['secret'].replace(' ', '')))
        self.assertSignedIn()
        self.assertEnded()

    @requirement('attack', '31', 'A user who gives up the second factor loses the tokens')
    def test_attack_31_second_factor_off(self):
        self.user.totp_secret = SECRET
        self.hold()
        self.sign_in_with_password()
        _action, hidden = self.form(self.visit('/web/login/totp'))
        self.visit('/web/login/totp', method='POST', data={**hidden, 'totp_token': totp_code(SECRET)})
        self.press('res.users', 'action_totp_disable', self.user.id)
        self.user.invalidate_recordset()
        self.assertFalse(self.user.totp_enabled)
        self.assertEnded()

    @requirement('attack', '31', 'A user from whom an administrator takes the second factor loses the tokens')
    def test_attack_31_second_factor_taken(self):
        self.user.totp_secret = SECRET
        self.hold()
        self.authenticate('admin', 'admin')
        self.press('res.users', 'action_totp_disable', self.user.id, password='admin')
        self.user.invalidate_recordset()
        self.assertFalse(self.user.totp_enabled)
        self.assertEnded()

    @requirement('attack', '31', 'A user who adds a passkey loses the tokens')
    def test_attack_31_passkey_added(self):
        self.sign_in_with_password()
        self.add_passkey()
        self.assertEnded()

    @requirement('attack', '31', 'A user who deletes a passkey loses the tokens')
    def test_attack_31_passkey_deleted(self):
        passkey = self.give_passkey()
        self.press('auth.passkey.key', 'action_delete_passkey', passkey.id)
        self.assertEnded()

    @requirement('attack', '31', 'A user whose passkey an administrator deletes loses the tokens')
    def test_attack_31_passkey_taken(self):
        passkey = self.give_passkey()
        self.authenticate('admin', 'admin')
        self.assertTrue(self.rpc('auth.passkey.key', 'unlink', passkey.ids))
        self.assertEnded()

    def give_passkey(self):
        """Give the user a passkey, and then the application tokens. Returns the `auth.passkey.key`."""
        self.sign_in_with_password()
        _authenticator, passkey = self.add_passkey()
        self.hold()
        return passkey

    @requirement('attack', '31', 'A user who is to sign in as another one elsewhere loses the tokens')
    def test_attack_31_another_server(self):
        elsewhere = self.env['auth.oauth.provider'].create({
            'name': 'Elsewhere', 'auth_endpoint': 'https://elsewhere.example.com/authorize',
            'validation_endpoint': 'https://elsewhere.example.com/userinfo', 'body': 'Sign in elsewhere'})
        self.user.write({'oauth_provider_id': elsewhere.id, 'oauth_uid': 'ada-4711'})
        self.assertEnded()
        self.hold()
        self.user.write({'oauth_provider_id': elsewhere.id, 'oauth_uid': 'ada-4711'})
        self.assertAlive(self.held)
        self.hold()
        self.user.oauth_uid = 'somebody-else'
        self.assertEnded()
