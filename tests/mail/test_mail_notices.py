"""With `mail`, people are told when an application gets access to their account."""
import json

from odoo.tests import TransactionCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged('post_install', '-at_install', '-standard', 'restapi_oauth2_mail')
class TestNotices(TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env['oauth2.configuration']._confirm_issuer('https://odoo.example.com')
        cls.user = new_test_user(
            cls.env, 'oauth2_noticed', groups='base.group_user', name='Nora', email='nora@example.com')
        cls.wiki = cls.env['oauth2.client'].create({'name': 'Wiki <b>'})

    def allow(self, scope):
        self.env['oauth2.consent']._record(
            self.wiki, self.user.id, scope, 'https://odoo.example.com', 'https://app.example.com/')
        self.env.flush_all()
        return self.env['mail.message'].search(
            [('partner_ids', 'in', self.user.partner_id.ids), ('subject', 'like', 'Wiki')])

    def test_a_new_application_is_told_of_once_with_the_way_to_undo_it(self):
        notice = self.allow('openid email')
        self.assertEqual(len(notice), 1)
        self.assertIn('Wiki <b> has access', notice.subject)
        for words in ('Wiki &lt;b&gt;', 'Know your email address',
                      'https://odoo.example.com/restapi/1.0/common/oauth2/connected-apps'):
            self.assertIn(words, notice.body)
        self.assertEqual(self.allow('openid email profile'), notice)

    def test_who_has_odoo_open_sees_it_at_once(self):
        self.allow('openid email')
        self.env.cr.precommit.run()
        [seen] = [message['payload'] for row in self.env['bus.bus'].search([])
                  if (message := json.loads(row.message))['type'] == 'simple_notification']
        self.assertIn('Wiki <b> has access', seen['title'])  # the client shows texts as texts
        self.assertIn('Connected apps', seen['message'])

    def test_an_application_that_came_by_itself_is_called_by_where_it_sends_people(self):
        clients = self.env['oauth2.client']
        self.wiki = clients.create({
            **clients._unregistered_values('dynamic'), 'name': 'Your Bank',
            'redirect_uri_ids': [(0, 0, {'uri': 'https://wiki.example.com/'})]})
        self.env['oauth2.consent']._record(
            self.wiki, self.user.id, 'openid', 'https://odoo.example.com', 'https://wiki.example.com/')
        self.env.flush_all()
        notice = self.env['mail.message'].search([('subject', 'like', 'wiki.example.com has access')])
        self.assertEqual(notice.partner_ids, self.user.partner_id)
        self.assertNotIn('Your Bank', notice.subject + notice.body)

    @mute_logger('odoo.addons.restapi_oauth2.models.authorizations.oauth2_consent')
    def test_a_sign_in_does_not_fail_because_a_notice_does(self):
        self.patch(type(self.env['res.partner']), 'message_notify', lambda *_args, **_options: 1 / 0)
        self.assertFalse(self.allow('openid'))
        self.assertTrue(self.env['oauth2.consent'].search([('client_id', '=', self.wiki.id)]))
