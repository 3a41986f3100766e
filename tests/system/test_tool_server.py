"""The example of a tool server (docs/examples/tool_server), and an assistant of the MCP SDK that works with it."""
import asyncio
import time
from urllib.parse import parse_qs, urlsplit

import httpx2
import requests
from application import Application
from browser import BrowserCase
from devtools import PATIENCE
from mcp import Client
from mcp.client.auth import AuthorizationCodeResult, OAuthClientProvider
from mcp.client.streamable_http import streamable_http_client
from mcp.shared.auth import OAuthClientInformationFull, OAuthClientMetadata
from requirement import requirement
from tool_server import ToolServer


class Storage:
    """What an assistant stores: its registration, and its tokens."""

    def __init__(self, registered):
        self.registered, self.tokens = registered, None

    async def get_client_info(self):
        """What it is registered as."""
        return self.registered

    async def set_client_info(self, registered):
        """Keep what it has registered itself as."""
        self.registered = registered

    async def get_tokens(self):
        """The tokens of before."""
        return self.tokens

    async def set_tokens(self, tokens):
        """Keep new tokens."""
        self.tokens = tokens


class TestToolServer(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        [group] = cls.administrator.call('ir.model.data', 'search_read', [
            ('module', '=', 'base'), ('name', '=', 'group_partner_manager')], ['res_id'])
        [user] = cls.administrator.call('res.users', 'search', [('login', '=', cls.login)])
        cls.administrator.call('res.users', 'write', [user], {'group_ids': [(4, group['res_id'])]})

    def setUp(self):
        super().setUp()
        self.application = Application()
        self.addCleanup(self.application.close)
        self.server = ToolServer(self)
        self.uri = self.server.uri
        self.page = self.window()
        self.asked = []  # what the consent pages said

    def registered(self):
        """An assistant that an administrator has registered; one that registers itself has nothing to begin with."""
        told = self.register(self.application.address, is_public=True, scope_ids=[
            (6, 0, self.administrator.scopes('tools.run', 'contacts.read', 'contacts.write'))])
        return OAuthClientInformationFull(
            client_id=told['client_id'], redirect_uris=[self.application.redirect_uri],
            token_endpoint_auth_method='none')

    def provider(self, storage):
        """The part of the SDK that signs in."""
        return OAuthClientProvider(
            self.uri, OAuthClientMetadata(
                client_name='Assistant', redirect_uris=[self.application.redirect_uri],
                grant_types=['authorization_code', 'refresh_token'], token_endpoint_auth_method='none'),
            storage, self.show, self.come_back)

    async def show(self, url):
        """The person allows what is asked, after having signed in if need be."""
        await asyncio.to_thread(self.allow_it, url)

    def allow_it(self, url):
        self.page.open(url)
        if not self.asked:
            self.page.sign_in(self.login, self.login)
        self.page.wait_for('button[name=answer][value=allow]')
        self.asked.append(self.page.text)
        self.page.answer('allow')

    async def come_back(self):
        """What arrives at the assistant's redirect URI."""
        query = parse_qs(urlsplit(await asyncio.to_thread(self.application.answer)).query)
        return AuthorizationCodeResult(**{name: query[name][0] for name in ('code', 'state', 'iss')})

    def call_by_hand(self, storage, tool):
        """A call of a tool by HTTP, as it stands in the protocol."""
        return requests.post(self.uri, timeout=PATIENCE, headers={
            'Accept': 'application/json, text/event-stream', 'Authorization': f'Bearer {storage.tokens.access_token}'},
            json={'jsonrpc': '2.0', 'id': 1, 'method': 'tools/call', 'params': {'name': tool, 'arguments': {}}})

    def test_its_metadata(self):
        challenge = requests.get(self.uri, timeout=PATIENCE)
        address = self.server.metadata
        self.assertEqual(challenge.status_code, 401)
        self.assertEqual(challenge.headers['WWW-Authenticate'],
                         f'Bearer scope="tools.run contacts.read", resource_metadata="{address}"')
        metadata = requests.get(address, timeout=PATIENCE).json()
        self.assertEqual((metadata['resource'], metadata['authorization_servers']), (self.uri, [self.url]))
        refused = requests.get(self.uri, timeout=PATIENCE, headers={'Authorization': 'Bearer nonsense'})
        self.assertIn('error="invalid_token"', refused.headers['WWW-Authenticate'])

    @requirement('RFC 8693', '1.1', 'A tool server works in Odoo for whoever signed in to an assistant')
    def test_the_life_of_an_assistant(self):
        asyncio.run(self.live(Storage(self.registered())))

    async def live(self, storage):
        provider = self.provider(storage)
        async with httpx2.AsyncClient(auth=provider, timeout=PATIENCE) as http, \
                Client(streamable_http_client(self.uri, http_client=http)) as client:
            names = {tool.name for tool in (await client.list_tools()).tools}
            self.assertLessEqual({'find_contacts', 'read_contact', 'add_contact'}, names)
            found = await client.call_tool('find_contacts', {'name': self.login})
            self.assertFalse(found.is_error, found)
            self.assertIn(f'{self.login}@example.com', str(found.content))
            self.assertEqual(len(self.asked), 1)
            self.assertIn('In Odoo, through Order tools', self.asked[0])
            self.assertEqual(storage.tokens.scope.split(), ['tools.run', 'contacts.read'])

            refused = await asyncio.to_thread(self.call_by_hand, storage, 'add_contact')
            self.assertEqual(refused.status_code, 403)
            self.assertIn('error="insufficient_scope", scope="tools.run contacts.read contacts.write"',
                          refused.headers['WWW-Authenticate'])
            added = await client.call_tool('add_contact', {'name': 'Grace', 'email': 'grace@example.com'})
            self.assertFalse(added.is_error, added)
            self.assertEqual(len(self.asked), 2)
            self.assertEqual(set(storage.tokens.scope.split()), {'tools.run', 'contacts.read', 'contacts.write'})

            former, provider.context.token_expiry_time = storage.tokens, time.time() - 1
            found = await client.call_tool('find_contacts', {'name': 'Grace'})
            self.assertIn('grace@example.com', str(found.content))
            self.assertEqual(len(self.asked), 2)
            self.assertNotEqual(storage.tokens.refresh_token, former.refresh_token)

            endpoint = self.discover()['revocation_endpoint']
            await asyncio.to_thread(requests.post, endpoint, timeout=PATIENCE, data={
                'client_id': storage.registered.client_id, 'token': storage.tokens.refresh_token})
            over = await asyncio.to_thread(self.call_by_hand, storage, 'find_contacts')
            self.assertEqual(over.status_code, 401)
            await client.call_tool('find_contacts', {'name': 'Grace'})
            self.assertEqual(len(self.asked), 3)  # the SDK has signed in anew
        [access] = self.administrator.call(
            'oauth2.access', 'search_read', [('client_id.client_id', '=', storage.registered.client_id)], ['through'])
        self.assertEqual(access['through'], 'Order tools')
