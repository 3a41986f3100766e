"""What the screens promise to an administrator, without a browser."""
from unittest.mock import patch

import psycopg2

from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Datetime
from odoo.tests import Form, TransactionCase, new_test_user, tagged
from odoo.tools import SQL, mute_logger

from ..protocol.redirect_uri import LIMIT, Problem
from .requirement import requirement

# One address for each kind of problem, and words of the message that names it.
PROBLEMS = {
    Problem.TOO_LONG: ('https://app.example.com/' + 'a' * LIMIT, 'longer than 2048'),
    Problem.CHARACTERS: ('https://app.example.com/aé', 'percent-encode'),
    Problem.NOT_ABSOLUTE: ('//app.example.com/', 'Write https:// before it'),
    Problem.WILDCARD: ('https://*.example.com/', 'Wildcards'),
    Problem.FRAGMENT: ('https://app.example.com/#', 'fragment'),
    Problem.USER_INFO: ('https://app@example.com/', 'user name'),
    Problem.HOST: ('https:///callback', 'host or port'),
    Problem.PLAIN_HTTP: ('http://app.example.com/', 'use https'),
    Problem.SCHEME: ('myapp:/callback', 'scheme has to be https'),
    Problem.NEVER_SCHEME: ('ftp://app.example.com/', 'This scheme cannot belong to a program'),
    Problem.DOT_SEGMENTS: ('https://app.example.com/../callback', 'must not have "."'),
    Problem.ANSWER_PARAMETER: ('https://app.example.com/?code=1', 'query must not name'),
}
GOOD = ['https://app.example.com/callback', 'http://127.0.0.1/callback', 'com.example.app:/callback']

MODELS = ['oauth2.client', 'oauth2.redirect.uri', 'oauth2.client.secret', 'oauth2.authorization',
          'oauth2.signing.key', 'oauth2.authorization.code', 'oauth2.authorization.end',
          'oauth2.subject']
RIGHTS = {  # of the group; all others have none
    'oauth2.client': 'create read unlink write',
    'oauth2.redirect.uri': 'create read unlink write',
    'oauth2.client.secret': 'read unlink write',
    'oauth2.client.secret.show': 'create read',
    'oauth2.authorization': 'read',
    'oauth2.signing.key': 'read',
    'oauth2.authorization.code': '',
    'oauth2.authorization.end': '',
    'oauth2.subject': '',
}
FOR_NOBODY = ['oauth2.authorization.code', 'oauth2.authorization.end', 'oauth2.subject']


class BackendCase(TransactionCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = new_test_user(
            cls.env, 'oauth2_backend',
            groups='base.group_user,base.group_allow_export,restapi_oauth2.group_oauth2_administrator')
        cls.user = new_test_user(
            cls.env, 'oauth2_backend_user', groups='base.group_user,base.group_allow_export')
        cls.client = cls.env['oauth2.client'].create({
            'name': 'Shop', 'user_id': cls.user.id, 'has_direct_authorization': True,
            'redirect_uri_ids': [Command.create({'uri': GOOD[0]})]})
        cls.env['oauth2.client.secret']._store(cls.client, 'S' * 32)

    def authorize(self, client=None):
        """An authorization, and a code that is still good; and a failed attempt."""
        client = client or self.client
        codes = self.env['oauth2.authorization.code']
        used, _unused = (
            codes._issue(client, client.user_id.id, 'odoo', redirect_uri=GOOD[0], is_direct=True) for _time in range(2))
        grant = self.env['oauth2.authorization']._begin(client, codes._find(used))
        return (self.env['oauth2.authorization'].browse(grant.id),
                codes.search([('client_id', '=', client.id)], limit=1))

    def assertCodesAreDead(self, codes):
        """Nothing that these codes rest on is as they have seen it."""
        codes.env.cr.execute(SQL('SELECT code.id FROM oauth2_authorization_code code %s WHERE code.id IN %s',
                                 codes._standing(SQL('code')), codes._ids))
        self.assertFalse(codes.env.cr.fetchall())

    def assertRefusedByDatabase(self, statement, *parameters):
        with self.assertRaises(psycopg2.IntegrityError), mute_logger('odoo.sql_db'), self.env.cr.savepoint():
            self.env.cr.execute(statement, parameters)


@tagged('post_install', '-at_install')
class TestRedirectURIs(BackendCase):

    def test_what_is_wrong_is_told_while_it_is_typed(self):
        self.assertEqual(set(PROBLEMS), set(Problem))
        form = Form(self.env['oauth2.client'])
        for kind, (uri, words) in PROBLEMS.items():
            with self.subTest(kind), form.redirect_uri_ids.new() as line:
                line.uri = uri
                self.assertIn(words, line.problem)

    def test_what_people_often_type_has_a_remedy_of_its_own(self):
        addresses = self.env['oauth2.redirect.uri']
        for uri, words in (('https://app.example.com/call back', 'write %20'),
                           ('HTTPS://App.Example.com/', 'small letters'),
                           ('app.example.com/callback', 'Write https:// before it'), ('https://', 'host is missing')):
            with self.subTest(uri):
                self.assertIn(words, addresses._problem_of(uri))

    def test_nothing_is_told_of_a_good_one(self):
        form = Form(self.env['oauth2.client'])
        for uri in GOOD:
            with self.subTest(uri), form.redirect_uri_ids.new() as line:
                line.uri = uri
                self.assertFalse(line.problem)

    def test_one_listed_twice_is_told_when_it_is_saved(self):
        uris = self.env['oauth2.redirect.uri']
        with self.assertRaises(psycopg2.errors.UniqueViolation) as caught, mute_logger('odoo.sql_db'):
            uris.create({'client_id': self.client.id, 'uri': GOOD[0]})
        self.assertEqual(uris._sql_error_to_message(caught.exception), 'A redirect URI is listed twice.')

    def test_saving_says_which_one_is_wrong_and_why(self):
        for kind, (uri, words) in PROBLEMS.items():
            with self.subTest(kind):
                with self.assertRaises(ValidationError) as caught:
                    self.client.redirect_uri_ids = [Command.create({'uri': uri})]
                self.assertIn(words, str(caught.exception))
                self.assertIn(uri, str(caught.exception))
                with self.assertRaises(ValidationError) as caught:
                    self.client.redirect_uri_ids.uri = uri
                self.assertIn(words, str(caught.exception))

    def test_the_database_refuses_what_is_no_address(self):
        for kind in (Problem.TOO_LONG, Problem.CHARACTERS, Problem.NOT_ABSOLUTE, Problem.WILDCARD, Problem.FRAGMENT):
            with self.subTest(kind):
                self.assertRefusedByDatabase(
                    "INSERT INTO oauth2_redirect_uri (client_id, uri) VALUES (%s, %s)",
                    self.client.id, PROBLEMS[kind][0])

    def test_the_database_refuses_the_same_twice_for_one_application_only(self):
        insert = "INSERT INTO oauth2_redirect_uri (client_id, uri) VALUES (%s, %s)"
        self.assertRefusedByDatabase(insert, self.client.id, GOOD[0])
        other = self.client.copy({'redirect_uri_ids': []})
        self.env.cr.execute(insert, [other.id, GOOD[0]])


@tagged('post_install', '-at_install')
class TestAccess(BackendCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.outsiders = (
            cls.user
            | new_test_user(cls.env, 'oauth2_backend_portal', groups='base.group_portal')
            | new_test_user(cls.env, 'oauth2_backend_rights', groups='base.group_user,base.group_erp_manager')
            | cls.env.ref('base.public_user'))

    def assertUnreadable(self, user, model):
        records = self.env[model].with_user(user)
        record = records.sudo().search([], limit=1).with_user(user)
        self.assertTrue(record, 'there is nothing that could be read')
        for name, read in {
            'read': lambda: record.read(['display_name']),
            'search_read': lambda: records.search_read([], ['id']),
            'search_count': lambda: records.search_count([]),
            'name_search': lambda: records.name_search(''),
            'read_group': lambda: records.formatted_read_group([], aggregates=['__count']),
            'web_search_read': lambda: records.web_search_read([], {'id': {}}),
        }.items():
            with self.subTest(user.login, model=model, read=name), self.assertRaises(AccessError):
                read()
        # Without the right to export at all, it is another error.
        with self.subTest(user.login, model=model, read='export'), self.assertRaises(UserError):
            record.export_data(['.id', 'display_name'])

    @requirement('attack', '64', 'Only the administrators of OAuth2 read anything at all')
    def test_nobody_outside_of_the_group_reads_anything(self):
        authorization, _code = self.authorize()
        authorization._revoke('administrator')
        for user in self.outsiders:
            for model in MODELS:
                self.assertUnreadable(user, model)

    @requirement('attack', '64', 'Codes are read by nobody')
    def test_nobody_at_all_reads_codes_and_failed_attempts(self):
        authorization, _code = self.authorize()
        authorization._revoke('administrator')
        for user in self.administrator | self.env.ref('base.user_admin'):
            for model in FOR_NOBODY:
                self.assertUnreadable(user, model)

    def test_an_outsider_does_not_see_it_through_a_user(self):
        for user in self.outsiders - self.env.ref('base.public_user'):
            with self.subTest(user.login):
                self.assertFalse(self.user.with_user(user).fields_get(['oauth2_client_ids', 'oauth2_client_count']))
                with self.assertRaises(AccessError):
                    self.user.with_user(user).read(['oauth2_client_ids'])

    def test_the_group_reads_what_is_on_its_screens(self):
        self.authorize()
        for model in set(MODELS) - set(FOR_NOBODY):
            records = self.env[model].with_user(self.administrator)
            with self.subTest(model):
                self.assertTrue(records.search_read([]))
                self.assertTrue(records.search([]).export_data(['.id', 'display_name'])['datas'])
                self.assertTrue(records.name_search(''))
                self.assertTrue(records.formatted_read_group([], aggregates=['__count']))

    def test_the_rights_are_these_and_no_others(self):
        operations = ('create', 'read', 'unlink', 'write')
        self.assertEqual(set(RIGHTS), set(MODELS) | {'oauth2.client.secret.show'})
        for model, rights in RIGHTS.items():
            for user in self.administrator | self.env.ref('base.user_admin') | self.outsiders:
                group = user not in self.outsiders
                records = self.env[model].with_user(user)
                with self.subTest(user.login, model=model):
                    self.assertEqual([operation for operation in operations if records.has_access(operation)],
                                     rights.split() if group else [])

    def test_an_administrator_of_odoo_has_the_group(self):
        group = self.env.ref('restapi_oauth2.group_oauth2_administrator')
        self.assertIn(group, self.env.ref('base.group_system').all_implied_ids)
        for below in ('base.group_erp_manager', 'base.group_user', 'base.group_portal', 'base.group_public'):
            self.assertNotIn(group, self.env.ref(below).all_implied_ids)

    def test_the_group_alone_finds_the_menu_and_nothing_of_the_settings(self):
        def menus(user):
            loaded = self.env['ir.ui.menu'].with_user(user).load_menus(False)
            return {menu.get('xmlid') for menu in loaded.values()}

        ours, settings = 'restapi_oauth2.menu_oauth2', 'base.menu_administration'
        self.assertIn(ours, menus(self.administrator))
        self.assertNotIn(settings, menus(self.administrator))
        self.assertFalse({ours, settings} & menus(self.user))
        self.assertLessEqual({ours, settings}, menus(self.env.ref('base.user_admin')))

    @requirement('attack', '64', 'No field holds a hash or a private key, not even for the superuser')
    def test_no_field_holds_a_hash_or_a_private_key(self):
        self.authorize()
        for model, column in (('oauth2.client.secret', 'hash'), ('oauth2.authorization.code', 'code_hash'),
                              ('oauth2.signing.key', 'private_key')):
            with self.subTest(model):
                records = self.env[model].sudo()
                self.env.cr.execute(
                    "SELECT FROM information_schema.columns WHERE table_name = %s AND column_name = %s",
                    [records._table, column])
                self.assertTrue(self.env.cr.rowcount, 'this test looks for the wrong column')
                self.assertNotIn(column, records.fields_get())
                with self.assertRaises(ValueError):
                    records.search([]).read([column])
                with self.assertRaises(ValueError):
                    records.search([(column, '=like', '%')])

    def test_nobody_writes_an_authorization(self):
        authorization, _code = self.authorize()
        for user in self.administrator | self.env.ref('base.user_admin'):
            with self.assertRaises(AccessError):
                authorization.with_user(user).write({'expires_at': '2099-01-01'})
            with self.assertRaises(AccessError):
                authorization.with_user(user).unlink()
            with self.assertRaises(AccessError):
                self.env['oauth2.authorization'].with_user(user).create({})

    def test_the_group_revokes_an_authorization(self):
        authorization, _code = self.authorize()
        with self.assertRaises(AccessError):
            authorization.with_user(self.user).action_revoke()
        self.assertTrue(authorization.is_active)
        authorization.with_user(self.administrator).action_revoke()
        self.assertFalse(authorization.is_active)
        self.assertEqual(authorization.revoked_because, 'administrator')


@tagged('post_install', '-at_install')
class TestSecrets(BackendCase):

    def generate(self, client):
        """What the button does once the password was typed."""
        client = client.with_user(self.env.ref('base.user_admin'))
        return type(client).action_generate_secret.__wrapped__(client)

    def as_caller(self, user):
        """As if this user had sent the request: Odoo gives commands of x2many fields that user's rights."""
        return patch.object(self.env.transaction, 'default_env', self.env(user=user))

    def test_making_one_asks_for_the_password_and_ending_one_does_not(self):
        for method, asks in ((type(self.env['oauth2.client']).action_generate_secret, True),
                             (type(self.env['oauth2.client.secret']).action_delete, False)):
            self.assertEqual(getattr(method, '__has_check_identity', False), asks)
        self.client.secret_ids.with_user(self.administrator).action_delete()
        self.assertFalse(self.client.secret_ids)

    def test_a_third_one_is_refused(self):
        self.generate(self.client)
        with self.assertRaises(UserError) as caught:
            self.generate(self.client)
        self.assertIn('has 2 valid secrets', str(caught.exception))
        self.assertEqual(len(self.client.secret_ids), 2)

    def test_one_that_has_ended_makes_room(self):
        self.client.secret_ids.expires_at = Datetime.subtract(Datetime.now(), days=1)
        self.generate(self.client)
        self.generate(self.client)
        self.assertEqual(len(self.client.secret_ids), 3)

    def test_one_that_has_ended_does_not_come_back(self):
        secret, later = self.client.secret_ids, Datetime.add(Datetime.now(), days=1)
        settings = self.env.ref('base.user_admin')
        secret.with_user(settings).expires_at = later
        secret.with_user(settings).expires_at = False
        secret.expires_at = Datetime.subtract(Datetime.now(), days=1)
        for end in (False, later):
            for user in self.administrator | settings:
                with self.assertRaises(UserError) as caught, self.env.cr.savepoint():
                    secret.with_user(user).expires_at = end
                self.assertIn(f'The secret …{secret.last_characters} has expired', str(caught.exception))
        secret.with_user(self.administrator).expires_at = Datetime.subtract(Datetime.now(), days=2)

    def test_a_label_tells_them_apart(self):
        secret = self.client.secret_ids
        secret.with_user(self.administrator).label = 'production'
        self.assertEqual(secret.label, 'production')
        with self.assertRaises(AccessError):
            secret.with_user(self.user).label = 'mine'
        with self.assertRaises(AccessError):
            secret.with_user(self.administrator).used_at = Datetime.now()

    def test_the_second_is_shown_with_what_to_do_next(self):
        self.client.secret_ids.unlink()
        first, second = self.generate(self.client), self.generate(self.client)
        self.assertFalse(first['context']['default_is_second'])
        self.assertTrue(second['context']['default_is_second'])

    def test_they_cannot_be_created_by_hand(self):
        for user in self.administrator | self.env.ref('base.user_admin'):
            with self.assertRaises(AccessError):
                self.env['oauth2.client.secret'].with_user(user).create(
                    {'client_id': self.client.id, 'last_characters': 'abcd'})
            with self.assertRaises(AccessError), self.as_caller(user):
                self.client.with_user(user).secret_ids = [Command.create({'last_characters': 'abcd'})]

    def test_the_database_refuses_one_without_a_hash(self):
        self.assertRefusedByDatabase(
            "INSERT INTO oauth2_client_secret (client_id, last_characters) VALUES (%s, 'abcd')", self.client.id)

    def test_they_cannot_be_given_to_another_application(self):
        other = self.client.copy()
        secret = self.client.secret_ids
        for user in self.administrator | self.env.ref('base.user_admin'):
            with self.assertRaises(AccessError):
                secret.with_user(user).client_id = other
            with self.assertRaises(AccessError), self.as_caller(user):
                other.with_user(user).secret_ids = [Command.link(secret.id)]
            secret.with_user(user).expires_at = Datetime.now()

    def test_no_field_of_a_record_in_sudo_leads_to_them(self):
        """As if another addon wrote a user's input in sudo."""
        for records, field, comodel in (
            (self.user, 'oauth2_client_ids', 'oauth2.client'),
            (self.client, 'secret_ids', 'oauth2.client.secret'),
            (self.client, 'authorization_ids', 'oauth2.authorization'),
        ):
            self.authorize()
            record = self.env[comodel].search([], limit=1)
            for command in (Command.delete(record.id), Command.update(record.id, {'create_date': False})):
                with self.subTest(field, command=command), self.as_caller(self.user), self.assertRaises(AccessError):
                    records.sudo().write({field: [command]})

    def test_the_dialog_is_filled_and_never_stored(self):
        action = self.generate(self.client)
        secret = action['context']['default_secret']
        show = self.env[action['res_model']].with_user(self.env.ref('base.user_admin'))
        show = show.with_context(**action['context'])
        values = show.onchange({}, [], {'secret': {}, 'client_identifier': {}})['value']
        self.assertEqual(values, {'secret': secret, 'client_identifier': self.client.client_id})
        # What a browser that is closed over the dialog sends. A failed query would put the secret into the log.
        with self.assertRaises(AccessError), self.assertNoLogs('odoo.sql_db', 'ERROR'):
            show.web_save({'secret': secret}, {'id': {}})

    def test_the_dialog_is_for_the_group(self):
        with self.assertRaises(AccessError):
            self.env['oauth2.client.secret.show'].with_user(self.user).onchange({}, [], {'secret': {}})


@tagged('post_install', '-at_install')
class TestApplications(BackendCase):

    def test_a_copy_has_the_addresses_but_neither_the_id_nor_the_secrets(self):
        self.authorize()
        copy = self.client.copy()
        self.assertEqual(copy.name, 'Shop (copy)')
        self.assertEqual(copy.redirect_uri_ids.mapped('uri'), GOOD[:1])
        self.assertNotEqual(copy.client_id, self.client.client_id)
        self.assertFalse(copy.secret_ids)
        self.assertFalse(copy.authorization_ids)

    @requirement(
        'attack', '32',
        'Archiving an application ends authorizations and codes, and coming back does not bring them back')
    def test_archiving_ends_authorizations_and_codes(self):
        authorization, code = self.authorize()
        self.client.action_archive()
        self.assertEqual(authorization.revoked_because, 'client')
        self.client.action_unarchive()
        authorization.invalidate_recordset()
        self.assertEqual((authorization.is_active, authorization.revoked_because), (False, 'client'))
        self.assertCodesAreDead(code)

    def test_changing_the_user_ends_what_the_former_user_gave(self):
        authorization, code = self.authorize()
        other = new_test_user(self.env, 'oauth2_backend_other', groups='base.group_user')
        self.client.user_id = self.user
        self.assertTrue(authorization.is_active, 'the same user is no change')
        self.client.user_id = other
        self.assertEqual(authorization.revoked_because, 'client')
        self.client.user_id = self.user
        authorization.invalidate_recordset()
        self.assertFalse(authorization.is_active, 'what came back is another decision')
        self.assertCodesAreDead(code)

    def test_deleting_deletes_all_that_it_holds(self):
        authorization, code = self.authorize()
        held = [self.client.secret_ids, self.client.redirect_uri_ids]
        self.client.unlink()
        for records in held:
            self.assertFalse(records.exists())
        for record in (authorization, code):
            self.assertTrue(record.exists(), 'not in the same transaction')
            self.assertFalse(record.search([('id', '=', record.id)]), 'but nobody sees it any more')
        self.assertCodesAreDead(code)
        authorization._gc_authorizations()
        code._gc_codes()
        self.assertFalse(authorization.exists() or code.exists())

    def test_it_acts_for_nobody_who_cannot_log_in(self):
        self.user.action_archive()
        for user in (self.env.ref('base.public_user'), self.env.ref('base.user_root'), self.user):
            with self.subTest(user.login), self.assertRaises(ValidationError):
                self.env['oauth2.client'].create({'name': 'Robot', 'user_id': user.id})
        # Nor for these two where they are active, as the public user is made to be by some.
        for user in (self.env.ref('base.public_user'), self.env.ref('base.user_root')):
            self.env.cr.execute('UPDATE res_users SET active = TRUE WHERE id = %s', [user.id])
            self.env.invalidate_all()
            with self.subTest(user.login, active=True), self.assertRaises(ValidationError):
                self.env['oauth2.client'].create({'name': 'Robot', 'user_id': user.id})

    def test_the_database_refuses_another_form_of_client_id(self):
        for client_id in ('', 'A' * 7, 'A' * 129, '1' * 32, 'A' * 31 + '+', 'A' * 32 + '\n', 'ü' * 32):
            with self.subTest(client_id):
                self.assertRefusedByDatabase(
                    "UPDATE oauth2_client SET client_id = %s WHERE id = %s", client_id, self.client.id)

    def test_the_form_is_for_the_group_alone(self):
        form = Form(self.env['oauth2.client'].with_user(self.administrator))
        form.name = 'By hand'
        client = form.save()
        self.assertRegex(client.client_id, '^[A-Za-z0-9]{32}$')
        self.assertTrue(client.grant_authorization_code and client.grant_refresh_token)

    def test_the_list_counts_active_authorizations(self):
        authorization, _code = self.authorize()
        self.authorize()
        self.assertEqual(self.client.authorization_count, 2)
        authorization.action_revoke()
        self.client.invalidate_recordset()
        self.assertEqual(self.client.authorization_count, 1)
        action = self.client.action_authorizations()
        self.assertEqual(self.env[action['res_model']].search_count(action['domain']), 2)

    def test_the_users_form_leads_to_the_applications_that_act_for_that_user(self):
        other = self.client.copy({'user_id': False, 'has_direct_authorization': False})
        form = Form(self.user.with_user(self.env.ref('base.user_admin')), 'base.view_users_form')
        self.assertEqual(form.oauth2_client_count, 1)
        action = self.user.with_user(self.administrator).action_oauth2_clients()
        found = self.env[action['res_model']].search(action['domain'])
        self.assertEqual(found, self.client)
        self.assertNotIn(other, found)

    def test_an_authorization_has_a_name(self):
        authorization, _code = self.authorize()
        self.assertEqual(authorization.display_name, f'Shop for {self.user.name}')
