"""The limits with `mail`: nearly every record has messages, followers and activities."""
from odoo.tests import new_test_user, tagged

from ..requirement import requirement
from ..scoped import ScopedCase

SECRET = 'The offer is 4711'


@tagged('-standard', 'restapi_oauth2_mail')
class TestMailLimits(ScopedCase):
    """Acme has a message, which a scope for contacts does not open."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dora = new_test_user(cls.env, 'oauth2_dora', groups='base.group_user', name='Dora')
        cls.message = cls.acme.message_post(body=SECRET, message_type='comment')
        cls.acme.message_subscribe(cls.dora.partner_id.ids)
        cls.acme.activity_schedule('mail.mail_activity_data_todo', summary=SECRET, user_id=cls.dora.id)

    def _messages(self, records):
        return self.env['mail.message'].search([('model', '=', records._name), ('res_id', 'in', records.ids)])

    @requirement('attack', '58', 'A scope for documents tells nothing of their messages, followers and activities')
    def test_attack_58_messages_are_closed(self):
        token = self.token_with('contacts.read')
        [contact] = self.ok(token, 'res.partner', 'read', ids=self.acme.ids)
        self.assertEqual(contact['name'], 'Acme Test')
        for field in ('message_ids', 'message_follower_ids', 'message_partner_ids', 'activity_ids', 'activity_summary',
                      'message_needaction'):
            with self.subTest(field):
                self.assertIn(field, self.acme._fields)
                self.assertNotIn(field, contact)
                self.assertClosed(token, 'res.partner', 'read', ids=self.acme.ids, fields=[field])
        for model in ('mail.message', 'mail.followers', 'mail.activity', 'mail.tracking.value', 'mail.notification'):
            with self.subTest(model):
                self.assertClosed(token, model, 'search_read', domain=[])
        self.assertClosed(token, 'res.partner', 'web_read', ids=self.acme.ids,
                          specification={'message_ids': {'fields': {'body': {}}}})

    @requirement('attack', '58', 'No contact is found by what stands in its messages')
    def test_attack_58_searching_by_messages(self):
        token = self.token_with('contacts.read')
        for domain in (
            [['message_ids.body', 'ilike', '4711']],
            [['message_ids', 'any', [['body', 'ilike', '4711']]]],
            [['message_ids', 'ilike', '4711']],
            [['message_partner_ids', 'in', self.dora.partner_id.ids]],
            [['message_follower_ids.partner_id.name', '=', 'Dora']],
            [['activity_ids.summary', 'ilike', '4711']],
            [['activity_summary', 'ilike', '4711']],
            [['message_is_follower', '=', True]],
        ):
            with self.subTest(domain):
                self.assertClosed(token, 'res.partner', 'search_count', domain=domain)
        for order in ('message_ids', 'activity_date_deadline'):
            self.assertClosed(token, 'res.partner', 'search', domain=[], order=order)

    @requirement('contract', '7', 'What a model has beside the methods of all models has to be named')
    def test_methods_of_mail_are_closed(self):
        token = self.token_with('contacts.write')
        before = self._messages(self.acme)
        for method, arguments in (
            ('message_post', {'body': 'Hello'}),
            ('message_subscribe', {'partner_ids': self.dora.partner_id.ids}),
            ('activity_schedule', {'summary': 'Call'}),
            ('message_unsubscribe', {'partner_ids': self.dora.partner_id.ids}),
        ):
            with self.subTest(method):
                response = self.assertClosed(token, 'res.partner', method, ids=self.acme.ids, **arguments)
                self.assertEqual(response.status_code, 403, response.text[:300])
        for values in ({'message_ids': [[0, 0, {'body': 'Hello'}]]}, {'message_follower_ids': [[5]]},
                       {'activity_ids': [[5]]}):
            with self.subTest(values):
                self.assertClosed(token, 'res.partner', 'write', ids=self.acme.ids, vals=values)
        self.assertEqual(self._messages(self.acme), before)
        self.assertIn(self.dora.partner_id, self.acme.message_partner_ids)

    @requirement('contract', '7', 'What Odoo does by itself for a change that is permitted, it does')
    def test_history_is_kept(self):
        token = self.token_with('contacts.write')
        [number] = self.ok(token, 'res.partner', 'create', vals_list=[{'name': 'Made by Robot'}])
        made = self.env['res.partner'].browse(number)
        self.assertTrue(self._messages(made), 'It does not say in its history that it was made')
        self.assertEqual(self._messages(made).author_id, self.ann.partner_id)
        self.ok(token, 'res.partner', 'write', ids=[number], vals={'email': 'robot@example.com'})
        made.invalidate_recordset()
        self.assertEqual(made.email, 'robot@example.com')

    @requirement('contract', '7', 'A message is open where its document is')
    def test_messages_follow_their_documents(self):
        self.bob.message_post(body='Bob is leaving')
        self.make_scope(
            'messages',
            {'model': 'mail.message', 'perm_create': True},
            {'model': 'res.partner', 'domain': "[('is_company', '=', True)]"},
        )
        token = self.token_with('messages')
        of_both = [['model', '=', 'res.partner'], ['res_id', 'in', (self.acme + self.bob).ids]]
        found = self.ok(token, 'mail.message', 'search_read', domain=of_both, fields=['body', 'res_id'])
        self.assertIn(self.message.id, [message['id'] for message in found])
        self.assertEqual({message['res_id'] for message in found}, {self.acme.id})
        before = self._messages(self.bob)
        self.assertClosed(token, 'mail.message', 'create', vals_list=[
            {'model': 'res.partner', 'res_id': self.bob.id, 'body': 'Hello'}])
        self.assertEqual(self._messages(self.bob), before)
