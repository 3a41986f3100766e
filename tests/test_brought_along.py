"""Client IDs and secrets that move here from another provider."""
from secrets import token_hex, token_urlsafe

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user
from odoo.tools import SQL, mute_logger

from .common import REDIRECT_URI, OAuth2Case

SECRET = 'q8Zr2LkP0xVnT5sYwB7cD1mHf4gJ9aEu'


class BroughtCase(OAuth2Case):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.settings = new_test_user(cls.env, 'oauth2_brought', groups='base.group_system')
        cls.administrator = new_test_user(
            cls.env, 'oauth2_brought_not', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')

    def bring(self, client, secret, user=None):
        """Fill in the dialog, and press its button; the password was confirmed."""
        dialog = self.env['oauth2.client.secret.bring'].with_user(user or self.settings)
        brought = dialog.create({'client_id': client.id, 'secret': secret})
        return type(brought).action_bring.__wrapped__(brought)


class TestBroughtAlong(BroughtCase):

    def test_an_application_keeps_its_id_and_its_secret(self):
        new = self.env['oauth2.client.new'].with_user(self.settings).create({
            'template_id': self.env.ref('restapi_oauth2.template_service').id, 'name': 'Moved',
            'user_id': self.user.id, 'brought_client_id': '0f8fad5b-d9cb-469f-a165-70867728950e',
            'scope_ids': [Command.set(self.env.ref('restapi_oauth2.scope_contacts_read').ids)]})
        client = new._make()
        self.assertEqual(client.client_id, '0f8fad5b-d9cb-469f-a165-70867728950e')
        self.bring(client, SECRET)
        self.env.flush_all()
        self.assertEqual(self.token(client, SECRET, grant_type='client_credentials').status_code, 200)
        wrong = self.token(client, SECRET[:-1] + 'x', grant_type='client_credentials')
        self.assertRefused(wrong, 401, 'invalid_client')
        events = self.env['oauth2.event'].search([('client_id', '=', client.id)])
        self.assertIn('…9aEu brought along', events.mapped('detail'))
        self.assertIn(self.settings, events.actor_id)
        self.assertFalse(events.filtered(lambda event: SECRET in f'{event.detail} {event.new_value}'))

    def test_the_secret_stands_nowhere(self):
        self.client.secret_ids.unlink()
        self.bring(self.client, SECRET)
        self.env.flush_all()
        for table in ('oauth2_client_secret_bring', 'oauth2_client_secret', 'oauth2_event'):
            self.env.cr.execute(SQL('SELECT to_jsonb(one)::text FROM %s one', SQL.identifier(table)))
            self.assertFalse([row for row, in self.env.cr.fetchall() if SECRET in row], table)

    def test_the_secret_is_not_told_to_whoever_enters_it(self):
        dialogs = self.env['oauth2.client.secret.bring'].with_user(self.env.ref('base.user_admin'))
        client, _secret = self.make_client('Moved')
        [answer] = dialogs.web_save({'client_id': client.id, 'secret': SECRET}, {'secret': {}})
        self.assertFalse(answer['secret'])
        [answer] = dialogs.browse(answer['id']).web_save({'secret': SECRET}, {'secret': {}})
        self.assertFalse(answer['secret'])

    def test_what_could_be_guessed_is_refused(self):
        sequence = 'abcdefghijklmnopqrstuvwxyz0123456789'
        for secret in ('short', 'a' * 40, 'abcdefgh' * 4, sequence, SECRET + ' x', SECRET + 'é', SECRET * 8):
            with self.subTest(secret), self.assertRaises(ValidationError):
                self.bring(self.client, secret)
        with self.assertRaises(UserError):
            self.bring(self.client, False)

    def test_what_is_random_is_taken(self):
        for _time in range(200):
            for make in (token_hex, token_urlsafe):
                self.env['oauth2.client.secret']._check_looks_random(make(24))
            self.env['oauth2.client.secret']._check_looks_random(token_hex(16))

    def test_nobody_but_settings_does_it(self):
        with self.assertRaises(AccessError):
            self.bring(self.client, SECRET, self.administrator)
        brought = self.env['oauth2.client.secret.bring'].with_user(self.settings).create(
            {'client_id': self.client.id, 'secret': SECRET}).sudo().with_user(self.administrator).sudo(False)
        with self.assertRaises(AccessError):
            type(brought).action_bring.__wrapped__(brought)
        self.assertEqual(len(self.client.secret_ids), 1)
        new = self.env['oauth2.client.new'].with_user(self.administrator)
        values = {'template_id': self.env.ref('restapi_oauth2.template_web').id, 'name': 'Moved',
                  'redirect_uris': REDIRECT_URI}
        with self.assertRaises(AccessError):
            new.create({**values, 'brought_client_id': 'chosen-by-somebody'})
        chosen = new.create(values)
        chosen.sudo().brought_client_id = 'chosen-by-somebody'
        with self.assertRaises(AccessError):
            chosen._make()
        client = self.env['oauth2.client'].with_user(self.settings).create(
            {'name': 'By import', 'client_id': 'chosen-by-somebody'})
        self.assertNotEqual(client.client_id, 'chosen-by-somebody')

    def test_no_hash_is_handed_in(self):
        brought = self.env['oauth2.client.secret.bring'].with_user(self.settings).create(
            {'client_id': self.client.id, 'hash': 'x', 'last_characters': 'abcd'})
        self.assertFalse(brought.sudo().hash)
        with self.assertRaises(AccessError):
            brought.read(['hash'])
        brought.write({'last_characters': 'abcd'})
        self.assertFalse(brought.last_characters)

    def test_ids_that_cannot_be(self):
        clients = self.env['oauth2.client']
        with self.assertRaises(ValidationError):
            clients._brought_along(self.env['oauth2.subject'].search([], limit=1).name, {'name': 'As a user'})
        for client_id in ('12345678901', 'short', "quote'in-it", 'with space', 'x' * 129, self.client.client_id):
            with (self.subTest(client_id), mute_logger('odoo.sql_db'), self.env.cr.savepoint(),
                  self.assertRaises(psycopg2.IntegrityError)):
                clients._brought_along(client_id, {'name': 'Odd'}).flush_recordset()


class TestTakeover(BroughtCase):
    """The tests make the tables of the other module."""

    def setUp(self):
        super().setUp()
        self.env.cr.execute(
            """ CREATE TABLE auth_auth (
                    id serial PRIMARY KEY, name varchar, organization_name varchar, organization_website varchar,
                    privacy_policy_url varchar, terms_service_url varchar, consumer_key varchar,
                    consumer_secret varchar, user_id integer, active boolean);
                CREATE TABLE redirect_uri (id serial PRIMARY KEY, url varchar, auth_id integer) """)
        self.env.cr.execute(SQL(
            """ INSERT INTO auth_auth (id, name, organization_name, organization_website, consumer_key, consumer_secret,
                                       user_id, active)
                VALUES (1, 'Till', 'Example Ltd.', 'http://example.com', 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE', %(secret)s,
                        %(user)s, TRUE),
                       (2, 'Old till', NULL, NULL, 'bB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE', %(secret)s, %(user)s, FALSE),
                       (3, 'Nobody', NULL, NULL, '', '', %(user)s, TRUE);
                INSERT INTO redirect_uri (url, auth_id)
                VALUES (%(uri)s, 1), ('http://till.example.com/callback', 1) """,
            secret=SECRET, user=self.user.id, uri=REDIRECT_URI))
        self.finding = self.env['oauth2.finding'].with_user(self.settings)

    def take_over(self, user=None):
        """Press the button; the password was confirmed."""
        takeover = self.env['oauth2.takeover'].with_user(self.settings).create({}).with_user(user or self.settings)
        return type(takeover).action_take_over.__wrapped__(takeover)

    @mute_logger('odoo.sql_db')
    def test_what_cannot_be_taken_over_does_not_keep_the_others(self):
        self.env.cr.execute(SQL(
            """ INSERT INTO auth_auth (id, name, consumer_key, consumer_secret, user_id, active)
                VALUES (11, 'Weak', 'cB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE', 'weak', %(user)s, TRUE),
                       (12, 'Odd', 'a key', %(secret)s, %(user)s, TRUE) """, user=self.user.id, secret=SECRET))
        told = self.take_over()['params']
        self.assertIn('Weak: This secret could be guessed', told['message'])
        self.assertIn('Odd: A client ID is made of', told['message'])
        self.assertEqual(len(self.env['oauth2.client'].search(told['next']['domain'])), 1)

    @mute_logger('odoo.sql_db')
    def test_what_is_odd_there_is_told(self):
        archived = new_test_user(self.env, 'oauth2_taken_archived', active=False)
        self.env.cr.execute(SQL(
            """ INSERT INTO auth_auth (id, name, consumer_key, consumer_secret, user_id, organization_website, active)
                VALUES (21, 'Twice', 'dB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE', %(secret)s, %(user)s, NULL, TRUE),
                       (22, 'Again', 'dB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE', %(secret)s, 2, NULL, TRUE),
                       (23, 'Archived', 'eB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE', %(secret)s, %(archived)s, NULL, TRUE),
                       (24, 'Nobody''s', 'fB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE', %(secret)s, NULL, NULL, TRUE),
                       (25, 'Robot', 'gB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE', %(secret)s, 1, NULL, TRUE),
                       (26, '  ', 'hB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE', %(secret)s, %(user)s, 'https://u:p@x.example/',
                        TRUE);
                INSERT INTO redirect_uri (url, auth_id) VALUES ('', 26), (NULL, 26), (%(uri)s, 26) """,
            user=self.user.id, archived=archived.id, secret=SECRET, uri=REDIRECT_URI))
        told = self.take_over()['params']
        for name, why in (
                ('Twice', 'Another application of that module has the same consumer key.'),
                ('Again', 'Another application of that module has the same consumer key.'),
                ('Archived', 'Its user is missing or archived.'), ("Nobody's", 'Its user is missing or archived.'),
                ('Robot', 'Its user is missing or archived.')):
            self.assertIn(f'{name}: {why}', told['message'])
        made = self.env['oauth2.client'].with_context(active_test=False).search(told['next']['domain'])
        self.assertEqual(set(made.mapped('name')), {'Till', 'Old till', 'hB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE'})
        unnamed = made.filtered(lambda client: client.name == client.client_id)
        self.assertEqual((unnamed.redirect_uri_ids.mapped('uri'), unnamed.client_uri), ([REDIRECT_URI], False))

    def found(self):
        self.env.flush_all()
        self.finding.action_open()
        return self.finding.search([('check_name', '=', 'takeover')])

    def test_nothing_changes_at_the_application(self):
        self.assertEqual(self.found().detail, 'Till, Old till')
        self.assertEqual(self.found().action_mend()['res_model'], 'oauth2.takeover')
        self.take_over()
        self.assertFalse(self.found())
        clients = self.env['oauth2.client'].with_context(active_test=False)
        till = clients.search([('client_id', '=', 'aB3dE5gH7jK9mN1pQ3sT5vW7yZ9bC1dE')])
        self.assertEqual((till.name, till.publisher, till.user_id, till.kind, till.client_uri),
                         ('Till', 'Example Ltd.', self.user, 'direct', False))
        self.assertEqual(till.redirect_uri_ids.mapped('uri'), [REDIRECT_URI])
        self.assertIn('http://till.example.com/callback', till.notes)
        self.assertFalse(clients.search([('name', '=', 'Old till')]).active)
        self.assertWorks(self.tokens(till, SECRET)['access_token'])

    def test_nobody_but_settings_does_it(self):
        with self.assertRaises(AccessError):
            self.take_over(self.administrator)
        with self.assertRaises(AccessError):
            self.env['oauth2.takeover'].create({}).with_user(self.administrator)._compute_found()

    def test_without_the_tables_there_is_nothing(self):
        self.env.cr.execute('DROP TABLE auth_auth')
        self.assertFalse(self.found())
        with self.assertRaises(UserError):
            self.take_over()

    def test_other_tables_of_that_name(self):
        self.env.cr.execute('ALTER TABLE auth_auth DROP COLUMN consumer_secret')
        self.assertFalse(self.found())
        self.env.cr.execute('ALTER TABLE auth_auth ADD COLUMN consumer_secret varchar')
        self.env.cr.execute("UPDATE auth_auth SET consumer_secret = 'weak'")
        with self.assertRaises(UserError):
            self.take_over()
        self.env.cr.execute(SQL('UPDATE auth_auth SET consumer_secret = %s', SECRET))
        self.env.cr.execute('ALTER TABLE auth_auth DROP COLUMN terms_service_url; DROP TABLE redirect_uri')
        self.take_over()
        self.assertFalse(self.found())
