"""Programs that do not know OAuth, with an access token of a narrow scope in place of a password or API key."""
from urllib.parse import urlsplit
from xmlrpc.client import Fault, ServerProxy

import odoolib
import odoorpc
import requests
from administrator import Administrator
from client import SystemCase
from httpx import HTTPStatusError
from odoolib.tools import JsonRPCException
from requirement import requirement


class OdooClientCase(SystemCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        administrator = Administrator()
        cls.login = f'clerk_{cls.__name__.lower()}'
        groups = administrator.call('ir.model.data', 'search_read', [
            ['model', '=', 'res.groups'], ['name', 'in', ['group_user', 'group_partner_manager', 'group_allow_doc']]],
            ['res_id'])
        cls.uid = administrator.make_user(cls.login, group_ids=[(6, 0, [group['res_id'] for group in groups])])
        _record, *cls.application = administrator.register_robot(
            cls.uid, administrator.scopes('contacts.read', 'contacts.write'))
        cls.host = urlsplit(cls.url)

    def setUp(self):
        super().setUp()
        self.reading = self.token(*self.application, 'contacts.read')
        self.writing = self.token(*self.application, 'contacts.write')


class TestOdooRPC(OdooClientCase):

    def connect(self, token):
        odoo = odoorpc.ODOO(self.host.hostname, port=self.host.port)
        odoo.login(self.database, self.login, token)
        return odoo

    @requirement('contract', '7', 'OdooRPC works as it is with a token of a narrow scope')
    def test_reading_and_writing(self):
        partners = self.connect(self.reading).env['res.partner']
        found = partners.browse(partners.search([('is_company', '=', True)], limit=3))
        self.assertTrue([(partner.name, partner.country_id.name) for partner in found])
        with self.assertRaisesRegex(odoorpc.error.RPCError, 'contacts.write'):
            partners.create({'name': 'x'})
        partners = self.connect(self.writing).env['res.partner']
        number = partners.create({'name': 'By OdooRPC', 'phone': '1'})
        partner = partners.browse(number)
        partner.phone = '2'
        self.assertEqual(partners.read([number], ['phone']), [{'id': number, 'phone': '2'}])
        with self.assertRaisesRegex(odoorpc.error.RPCError, 'odoo'):
            partners.unlink([number])


class TestOdooClientLib(OdooClientCase):

    @requirement('contract', '7', 'odoo-client-lib works as it is with a token of a narrow scope')
    def test_reading_and_writing(self):
        for protocol in ('xmlrpc', 'jsonrpc', 'json2'):
            with self.subTest(protocol):
                def model(token, name='res.partner', protocol=protocol):
                    connection = odoolib.get_connection(
                        hostname=self.host.hostname, protocol=protocol, port=self.host.port, database=self.database,
                        login=self.login, password=token)
                    connection.check_login()
                    return connection.get_model(name)

                partners = model(self.reading)
                found = partners.search_read(domain=[['is_company', '=', True]], fields=['name', 'country_id'], limit=3)
                self.assertTrue(all(partner['name'] for partner in found) and found)
                ids = partners.search([('is_company', '=', True)])
                self.assertTrue(partners.read(ids[:2], ['name']))
                with self.assertRaises((ValueError, Fault, JsonRPCException, HTTPStatusError)):
                    model(self.reading, 'res.users').search([])
                partners = model(self.writing)
                number = partners.create({'name': 'By odoo-client-lib'}) if protocol != 'json2' else partners.create(
                    vals_list=[{'name': 'By odoo-client-lib'}])[0]
                partners.write([number], {'phone': '3'})
                read = partners.read([number], ['phone'])
                self.assertEqual((read[0] if isinstance(read, list) else read)['phone'], '3')


class TestXMLRPC(OdooClientCase):

    @requirement('contract', '7', "Python's xmlrpc.client works as in Odoo's documentation, with a token")
    def test_the_calls_of_the_documentation(self):
        common, models = (ServerProxy(f'{self.url}/xmlrpc/2/{name}') for name in ('common', 'object'))
        uid = common.authenticate(self.database, self.login, self.reading, {})
        self.assertEqual(uid, self.uid)

        def call(token, model, method, *arguments, **options):
            return models.execute_kw(self.database, uid, token, model, method, list(arguments), options)

        self.assertTrue(call(self.reading, 'res.partner', 'check_access_rights', 'read', raise_exception=False))
        self.assertFalse(call(self.reading, 'res.partner', 'check_access_rights', 'write', raise_exception=False))
        ids = call(self.reading, 'res.partner', 'search', [['is_company', '=', True]], offset=0, limit=5)
        self.assertEqual(call(self.reading, 'res.partner', 'search_count', [['id', 'in', ids]]), len(ids))
        self.assertIn('name', call(self.reading, 'res.partner', 'read', [ids[0]])[0])
        self.assertIn('name', call(self.reading, 'res.partner', 'fields_get', [], attributes=['string', 'type']))
        self.assertTrue(call(self.reading, 'res.partner', 'search_read', [['is_company', '=', True]],
                             fields=['name', 'country_id', 'comment'], limit=5))
        number = call(self.writing, 'res.partner', 'create', {'name': 'New Partner'})
        call(self.writing, 'res.partner', 'write', [number], {'name': 'Newer partner'})
        self.assertEqual(call(self.writing, 'res.partner', 'read', [number], ['display_name']),
                         [{'id': number, 'display_name': 'Newer partner'}])
        with self.assertRaises(Fault) as refused:
            call(self.writing, 'res.partner', 'unlink', [number])
        self.assertEqual(refused.exception.faultCode, 4)


class TestN8n(OdooClientCase):
    """The calls of n8n's node for Odoo: JSON-RPC, by position, with empty lists and zeros for omitted arguments."""

    def call(self, service, method, *arguments):
        response = requests.post(f'{self.url}/jsonrpc', timeout=60, json={
            'jsonrpc': '2.0', 'method': 'call', 'params': {'service': service, 'method': method, 'args': arguments},
            'id': 7})
        body = response.json()
        self.assertEqual(response.status_code, 200)
        if 'error' in body:
            raise PermissionError(body['error']['data']['message'])
        return body['result']

    @requirement('contract', '7', "The calls of n8n's node for Odoo work as they are with a token of a narrow scope")
    def test_its_operations(self):
        uid = self.call('common', 'login', self.database, self.login, self.writing)
        self.assertEqual(uid, self.uid)

        def on_contacts(*arguments):
            return self.call('object', 'execute', self.database, uid, self.writing, 'res.partner', *arguments)

        fields = on_contacts('fields_get', [], ['string', 'type', 'help', 'required', 'name'])
        self.assertIn('phone', fields)
        number = on_contacts('create', {'name': 'By n8n'})
        self.assertTrue(on_contacts('write', [number], {'phone': '5'}))
        self.assertEqual(on_contacts('read', [number], ['name', 'phone']), [
            {'id': number, 'name': 'By n8n', 'phone': '5'}])
        self.assertEqual(on_contacts('read', [number], [])[0]['name'], 'By n8n')
        self.assertTrue(on_contacts('search_read', [], [], 0, 0))
        self.assertTrue(on_contacts('search_read', [['name', '=', 'By n8n']], ['name'], 0, 10))
        with self.assertRaises(PermissionError):
            on_contacts('unlink', [number])
        with self.assertRaises(PermissionError):
            self.call('object', 'execute', self.database, uid, self.writing, 'ir.model', 'search_read', [], ['name'])
