"""XML-RPC and JSON-RPC with an access token in place of a password or an API key."""
import json
from xmlrpc.client import Fault

from odoo.exceptions import AccessDenied
from odoo.tests import new_test_user
from odoo.tests.common import get_db_name

from .endpoints import JSON_2
from .requirement import requirement
from .scoped import ScopedCase

DENIED, CLOSED = 3, 4  # the numbers that XML-RPC has for AccessDenied and AccessError


class TestRPC(ScopedCase):

    def xmlrpc(self, token, model, method, *arguments, uid=None, **options):
        return self.xmlrpc_object.execute_kw(
            get_db_name(), uid or self.ann.id, token, model, method, list(arguments), options)

    def jsonrpc(self, token, model, method, *arguments, uid=None, **options):
        response = self.url_open('/jsonrpc', headers={'Content-Type': 'application/json'}, data=json.dumps({
            'jsonrpc': '2.0', 'id': 1, 'method': 'call', 'params': {
                'service': 'object', 'method': 'execute_kw',
                'args': [get_db_name(), uid or self.ann.id, token, model, method, list(arguments), options]}}))
        body = response.json()
        if 'error' in body:
            name = body['error']['data']['name']
            raise Fault({'odoo.exceptions.AccessDenied': DENIED, 'odoo.exceptions.AccessError': CLOSED}.get(name, 0),
                        body['error']['data']['message'])
        return body['result']

    def assertFault(self, number, call, *arguments, **options):
        with self.assertRaises(Fault) as caught:
            call(*arguments, **options)
        self.assertEqual(caught.exception.faultCode, number, caught.exception)
        return caught.exception.faultString

    @requirement(
        'contract', '7', 'XML-RPC and JSON-RPC take an access token where they take an API key, with its limits'
    )
    def test_the_limits(self):
        token = self.token_with('contacts.read')
        for call in (self.xmlrpc, self.jsonrpc):
            with self.subTest(call.__name__):
                self.assertEqual(call(token, 'res.partner', 'read', [self.acme.id], ['phone']),
                                 [{'id': self.acme.id, 'phone': '+32 1'}])
                message = self.assertFault(CLOSED, call, token, 'res.users', 'search_read', [])
                self.assertIn('users.read', message)
                for model, method, arguments in (
                    ('res.partner', 'write', ([self.acme.id], {'name': 'x'})),
                    ('res.partner', 'create', ({'name': 'x'},)),
                    ('res.partner', 'unlink', ([self.bob.id],)),
                    ('res.partner', 'read', ([self.acme.id], ['user_ids'])),
                    ('res.partner', 'search', ([('user_ids.login', '=', 'admin')],)),
                    ('res.users', 'has_group', ('base.group_user',)),
                    ('ir.config_parameter', 'get_param', ('database.secret',)),
                    ('res.partner', 'create_company', ([self.bob.id],)),
                ):
                    self.assertFault(CLOSED, call, token, model, method, *arguments)
                self.assertFault(CLOSED, call, token, 'res.users', 'read', [1], context={'su': True, 'uid': 1})
        self.assertEqual((self.acme.name, self.bob.exists()), ('Acme Test', self.bob))

    def test_writing(self):
        token = self.token_with('contacts.write')
        for call in (self.xmlrpc, self.jsonrpc):
            created = call(token, 'res.partner', 'create', {'name': 'By RPC'})
            self.assertTrue(call(token, 'res.partner', 'write', [created], {'phone': '+32 3'}))
            self.assertEqual(self.env['res.partner'].browse(created).phone, '+32 3')
            self.assertFault(CLOSED, call, token, 'res.partner', 'unlink', [created])
        self.make_scope('acting', {'model': 'res.partner', 'method_names': 'create_company'})
        solo = self.env['res.partner'].create({'name': 'Solo', 'company_name': 'Solo Ltd.'})
        with self.assertLogs('odoo.sql_db', 'ERROR'):  # a scope that only reads writes nothing by its methods either
            self.assertFault(CLOSED, self.xmlrpc, self.token_with('acting'), 'res.partner', 'create_company', [solo.id])

    def test_the_whole_power_of_the_user(self):
        token = self.token_with('odoo.read')
        self.assertEqual(self.xmlrpc(token, 'res.users', 'context_get')['uid'], self.ann.id)
        self.robot.scope_ids += self.env.ref('restapi_oauth2.scope_odoo')
        token = self.token_with('odoo')
        self.assertTrue(self.xmlrpc(token, 'res.partner', 'write', [self.acme.id], {'name': 'Acme 3'}))

    @requirement('contract', '7', 'A token that was revoked is refused by XML-RPC and JSON-RPC at once')
    def test_revoked_at_once(self):
        for call in (self.xmlrpc, self.jsonrpc):
            token = self.token_with('contacts.read')
            for _time in range(3):
                call(token, 'res.partner', 'search_count', [])
            self.authorization(self.robot)._revoke('administrator')
            self.assertFault(DENIED, call, token, 'res.partner', 'search_count', [])

    def test_a_scope_that_was_taken_away_is_gone_at_once(self):
        token = self.token_with('contacts.read')
        self.xmlrpc(token, 'res.partner', 'search_count', [])
        self.robot.scope_ids -= self.env.ref('restapi_oauth2.scope_contacts_read')
        self.assertFault(CLOSED, self.xmlrpc, token, 'res.partner', 'search_count', [])

    @requirement('attack', '57', 'A token is good for its own user, and for what it was made for')
    def test_attack_57_tokens_of_others(self):
        token = self.token_with('contacts.read')
        other = new_test_user(self.env, 'oauth2_other', groups='base.group_user')
        narrow = self.for_itself(self.robot, self.robot_secret, scope='contacts.read', resource=JSON_2).json()
        for call in (self.xmlrpc, self.jsonrpc):
            for uid, credential in ((other.id, token), (1, token), (2, token), (self.ann.id, narrow['access_token']),
                                    (self.ann.id, token[:-4]), (self.ann.id, 'eyJ.eyJ.x'), (self.ann.id, token + '.x')):
                self.assertFault(DENIED, call, credential, 'res.partner', 'search_count', [], uid=uid)

    def test_finding_out_the_users_number(self):
        token = self.token_with('contacts.read')
        authenticate = self.xmlrpc_common.authenticate
        self.assertEqual(authenticate(get_db_name(), 'oauth2_ann', token, {}), self.ann.id)
        self.assertFalse(authenticate(get_db_name(), 'admin', token, {}))
        self.assertEqual(authenticate(get_db_name(), 'oauth2_ann', 'oauth2_ann', {}), self.ann.id)
        self.authorization(self.robot)._revoke('administrator')
        self.assertFalse(authenticate(get_db_name(), 'oauth2_ann', token, {}))

    @requirement('attack', '57', 'Where no call is made, a token is no password')
    def test_attack_57_tokens_elsewhere(self):
        token = self.token_with('contacts.read')
        users = self.env['res.users']
        with self.assertRaises(AccessDenied):
            users._check_uid_passwd(self.ann.id, token)
        credential = {'login': 'oauth2_ann', 'password': token, 'type': 'password'}
        for interactive in (True, False):
            with self.assertRaises(AccessDenied):
                users.with_user(self.ann)._check_credentials(credential, {'interactive': interactive})

    def test_passwords_go_on_working(self):
        token = self.token_with('contacts.read')
        for password in (None, 'eyJ.with.dots and more'):
            if password:
                self.ann.password = password
            for call in (self.xmlrpc, self.jsonrpc):
                if not password:
                    call(token, 'res.partner', 'search_count', [])
                self.assertGreater(call(password or 'oauth2_ann', 'res.users', 'search_count', []), 0)
        self.assertFault(DENIED, self.xmlrpc, 'wrong', 'res.users', 'search_count', [])
