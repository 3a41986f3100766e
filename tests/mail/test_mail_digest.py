"""With Odoo's module mail, administrators get a weekly mail about what is new on the page Health."""
from datetime import timedelta

from odoo import fields
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged('post_install', '-at_install', '-standard', 'restapi_oauth2_mail')
class TestDigest(TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['oauth2.configuration']._confirm_issuer('https://odoo.example.com')
        cls.administrator = new_test_user(
            cls.env, 'oauth2_digest', groups='base.group_user,restapi_oauth2.group_oauth2_administrator',
            email='digest@example.com')
        cls.user = new_test_user(cls.env, 'oauth2_digest_user', groups='base.group_user', email='user@example.com')
        cls.env['oauth2.finding']._look()
        cls.env['oauth2.finding'].search([]).write({'since': fields.Datetime.now() - timedelta(days=30)})

    def mails(self, user):
        """What a user got after the digest was sent."""
        self.env['oauth2.finding']._cron_digest()
        self.env.flush_all()
        return self.env['mail.message'].search([('partner_ids', 'in', user.partner_id.ids)])

    def test_what_is_new_is_told_to_administrators(self):
        self.assertFalse(self.mails(self.administrator))
        self.env['oauth2.client'].create({'name': 'Till <b>', 'refresh_rotation': 'keep'})
        mail = self.mails(self.administrator)
        self.assertEqual(len(mail), 1)
        for words in ('Till &lt;b&gt; keeps its refresh tokens', 'Low', '/odoo/oauth2-health'):
            self.assertIn(words, mail.body)
        self.assertFalse(self.mails(self.user))

    def test_what_is_accepted_is_not_told(self):
        client = self.env['oauth2.client'].create({'name': 'Till', 'refresh_rotation': 'keep'})
        self.env['oauth2.finding']._look()
        self.env['oauth2.finding'].search([('client_id', '=', client.id)]).acceptance = 'It is a till'
        self.assertFalse(self.mails(self.administrator))

    def test_each_week_what_is_new_since_the_last_one(self):
        self.env['oauth2.client'].create({'name': 'Till', 'refresh_rotation': 'keep'})
        digest = self.env['oauth2.finding'].with_context(lastcall=fields.Datetime.now() + timedelta(seconds=5))
        digest._cron_digest()
        self.assertFalse(self.env['mail.message'].search([('partner_ids', 'in', self.administrator.partner_id.ids)]))
