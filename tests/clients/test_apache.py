"""Apache, with mod_auth_openidc before a web application, and with mod_oauth2 before an API, as docs/connect/apache.md
has it.
"""
import re
import time
from urllib.parse import urlencode

import apache
import requests
from client_case import ClientCase
from devtools import PATIENCE
from documents import blocks
from sign_in import App, Person


def documented(test, word, **values):
    """What docs/connect/apache.md shows, with the values of a test.

    :param word: what stands in that block alone.
    :param values: texts of the page, and what takes their place.
    """
    [text] = [text for _language, text in blocks('docs/connect/apache.md') if word in text]
    for old, new in {'https://odoo.example.com': test.url, 'https://www.example.com': test.site, **values}.items():
        test.assertIn(old, text)
        text = text.replace(old, new)
    return text


class TestModAuthOpenIDC(ClientCase):

    def test_it_signs_in_refreshes_and_signs_out(self):
        connection = self.connect('apache', goodbye='/goodbye')
        self.assertEqual(connection['OAUTH2_REDIRECT_URI'], f'{self.site}/secure/redirect_uri')
        apache.serve(self, documented(self, 'OIDCClientID', **{
            'OIDCClientID …': f'OIDCClientID {connection["OAUTH2_CLIENT_ID"]}',
            'OIDCClientSecret …': f'OIDCClientSecret {connection["OAUTH2_CLIENT_SECRET"]}',
            'OIDCCryptoPassphrase …': 'OIDCCryptoPassphrase of-this-server-alone',
        }))
        self.allow(self.page, f'{self.site}/secure/home')
        seen = self.told('/secure/home')
        self.assertEqual((seen['OIDC_CLAIM_NAME'], seen['OIDC_CLAIM_EMAIL']), (
            self.login.capitalize(), f'{self.login}@example.com'))
        self.assertIn(connection['OAUTH2_CLIENT_ID'], seen['OIDC_CLAIM_AUD'])
        self.assertEqual(self.userinfo(seen).json()['sub'], seen['OIDC_CLAIM_SUB'])

        refreshed = self.ask('/secure/redirect_uri?' + urlencode({
            'refresh': f'{self.site}/secure/home', 'access_token': seen['OIDC_ACCESS_TOKEN']}), '/secure/home')
        self.assertNotEqual(refreshed['OIDC_ACCESS_TOKEN'], seen['OIDC_ACCESS_TOKEN'])
        self.assertEqual(self.userinfo(refreshed).status_code, 200)

        left = self.ask('/secure/redirect_uri?' + urlencode({'logout': f'{self.site}/goodbye'}), '/goodbye')
        self.assertNotIn('OIDC_ACCESS_TOKEN', left)
        self.assertEqual(self.userinfo(refreshed).status_code, 401)
        self.assertSignedOut()

    def userinfo(self, seen):
        """The answer of userinfo to the application behind Apache."""
        return requests.get(self.discover()['userinfo_endpoint'], timeout=60, headers={
            'Authorization': f'Bearer {seen["OIDC_ACCESS_TOKEN"]}'})


class TestModOAuth2(ClientCase):

    def setUp(self):
        super().setUp()
        self.api = f'{self.site}/api'
        self.shown = self.administrator.new_application('resource', name='API', api_uri=self.api)
        call = self.administrator.call
        [resource] = call('oauth2.resource', 'search', [('uri', '=', self.api)])
        self.scope = f'api.read{self.port}'
        [scope] = call('oauth2.scope', 'create', [{
            'name': self.scope, 'description': 'Read what the API has', 'resource_id': resource}])
        record, client_id = self.administrator.register(
            'Application', ['https://app.example.com/callback'], scope_ids=[
                (6, 0, [scope, *self.administrator.scopes('contacts.read')])])
        self.app = App(self.url, client_id, self.administrator.generate_secret(record))
        self.person = Person(self.url, self.login)

    def tokens(self, scope, **parameters):
        """Tokens of a person who has signed in to an application."""
        page = self.person.ask(self.app, scope, **parameters)
        return self.person.arrive(self.app, page if page.is_redirect else self.person.allow(page))

    def answer_to(self, tokens):
        """The answer of the API."""
        return requests.get(f'{self.api}/things', timeout=60, headers={
            'Authorization': f'Bearer {tokens["access_token"]}'})

    def check(self, configuration):
        """Take a person's token for the API, and no others. Gives it."""
        apache.serve(self, configuration)
        tokens = self.tokens(self.scope, resource=self.api)
        answer = self.answer_to(tokens)
        self.assertEqual(answer.status_code, 200, answer.text)
        seen = answer.json()
        self.assertEqual(seen['OAUTH2_CLAIM_SCOPE'], self.scope)
        [user] = self.administrator.call('res.users', 'search_read', [('login', '=', self.login)], ['oauth2_subject'])
        self.assertEqual(seen['OAUTH2_CLAIM_SUB'], user['oauth2_subject'])
        # A token of Odoo's own API is none for this one.
        self.assertEqual(self.answer_to(self.tokens('contacts.read')).status_code, 401)
        self.assertEqual(requests.get(self.api, timeout=60).status_code, 401)
        return tokens

    def test_it_asks_this_server(self):
        tokens = self.check(documented(self, 'introspect', **{
            'client_id=…': f"client_id={self.shown['client_identifier']}",
            'client_secret=…': f"client_secret={self.shown['secret']}",
            'expiry=60': 'expiry=1',
        }))
        self.app.ask('revoke', token=tokens['refresh_token'])
        end = time.monotonic() + PATIENCE
        while self.answer_to(tokens).status_code == 200 and time.monotonic() < end:
            time.sleep(0.2)
        self.assertEqual(self.answer_to(tokens).status_code, 401)

    def test_it_verifies_by_the_published_keys(self):
        self.check(re.sub(
            r'introspect http.*\n.*', f"jwks_uri {self.shown['jwks_uri']}", documented(self, 'introspect')))
