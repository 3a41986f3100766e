"""The programs on the screens run as they are, with their values."""
import base64
import hashlib
import json
import os
import secrets
import subprocess
import sys
import tempfile
from contextlib import suppress
from pathlib import Path
from urllib.parse import parse_qs, quote, urlencode, urlsplit

import requests
from administrator import Administrator
from application import Application
from client import SystemCase
from devtools import PATIENCE
from sign_in import REDIRECT_URI, Person

API = 'https://tools.example.com/mcp'
NODE_MODULES = Path(os.environ['RESTAPI_OAUTH2_NODE_CLIENTS']).parent / 'node_modules'
PROGRAMS = {
    'snippet_curl': ('snippet.sh', ['sh']),
    'snippet_python': ('snippet.py', [sys.executable]),
    'snippet_javascript': ('snippet.mjs', [os.environ['RESTAPI_OAUTH2_NODE']]),
    'snippet_php': ('snippet.php', [os.environ['RESTAPI_OAUTH2_PHP']]),
}


class TestSnippets(SystemCase):

    @classmethod
    def setUpClass(cls):
        cls.administrator = Administrator()
        login = f'snippets{os.getpid()}'
        cls.user = cls.administrator.make_user(login)
        cls.person = Person(cls.url, login)
        cls.scopes = [(6, 0, cls.administrator.scopes('contacts.read'))]
        cls.server = Application()
        cls.addClassCleanup(cls.server.close)
        cls.api = f'{cls.server.address}/mcp'
        [api] = cls.administrator.call('oauth2.resource', 'create', [{'name': 'Tools {{of}} ours', 'uri': cls.api}])
        cls.scope = f'tools.run{secrets.token_hex(4)}'
        [scope] = cls.administrator.call('oauth2.scope', 'create', [{
            'name': cls.scope, 'description': 'Run our tools', 'resource_id': api}])
        cls.of_api = [(4, scope)]

    def run_snippet(self, shown, name, *arguments):
        """Start a program as somebody does who has copied it into a file."""
        file, command = PROGRAMS[name]
        folder = Path(self.enterContext(tempfile.TemporaryDirectory()))
        (folder / 'node_modules').symlink_to(NODE_MODULES.resolve())
        (folder / file).write_text(shown[name])
        process = subprocess.Popen(
            [*command, folder / file, *arguments], cwd=folder, text=True, stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            # Authlib wants to be told that an address without https is meant.
            env={**os.environ, 'AUTHLIB_INSECURE_TRANSPORT': '1', 'PYTHONUNBUFFERED': '1'})
        self.addCleanup(self.end, process)
        return process

    def end(self, process):
        process.kill()
        with suppress(ValueError):  # it has been read to its end
            process.communicate()

    def finish(self, process, typed=''):
        """What it prints to its end."""
        printed, errors = process.communicate(typed, timeout=PATIENCE)
        self.assertEqual(process.returncode, 0, printed + errors)
        return printed

    def test_what_runs_by_itself(self):
        shown = self.administrator.new_application(
            'service', name="Nightly 'report'", user_id=self.user, scope_ids=self.scopes)
        for name in PROGRAMS:
            with self.subTest(name):
                self.assertIn('name', self.finish(self.run_snippet(shown, name)))

    def test_the_documented_interface(self):
        shown = self.administrator.new_application(
            'direct', name='Documented', user_id=self.user, scope_ids=self.scopes, redirect_uris=REDIRECT_URI)
        for name in PROGRAMS:
            with self.subTest(name):
                self.assertIn('name', self.finish(self.run_snippet(shown, name)))

    def test_an_api_that_takes_tokens(self):
        shown = self.administrator.new_application('resource', name='API', api_uri=API)
        self.assertIn(f"OAUTH2_AUDIENCE={API}", shown['dotenv'])
        token = self.token_for_api()
        for name in PROGRAMS:
            with self.subTest(name):
                self.assertRegex(self.finish(self.run_snippet(shown, name, token)), r"(?i)active['\"]?: ?true")

    def token_for_api(self):
        """An access token for the API that the dialog has made, of an application that acts for itself."""
        call = self.administrator.call
        [api] = call('oauth2.resource', 'search', [('uri', '=', API)])
        name = f'tools.run{secrets.token_hex(4)}'
        scope = call('oauth2.scope', 'create', [{'name': name, 'description': 'Run tools', 'resource_id': api}])
        _record, client_id, secret = self.administrator.register_robot(self.user, scope)
        answer = self.post('access_token', client_id=client_id, client_secret=secret, resource=API,
                           grant_type='client_credentials', scope=name)
        return answer.json()['access_token']

    def test_an_api_beside_odoo_s(self):
        """Who has scopes of an API gets a token for it: the programs name the API."""
        service = self.administrator.new_application('service', name='Runner', user_id=self.user, scope_ids=self.of_api)
        self.assertIn(f'OAUTH2_RESOURCE={self.api}\n', service['dotenv'])
        for name in PROGRAMS:
            with self.subTest('service', name=name):
                self.assertIn(self.scope, self.finish(self.run_snippet(service, name)))
        self.assertEqual(self.run_collection(service['snippet_postman']), 'Hello')
        web = self.administrator.new_application(
            'web', name='Assistant', redirect_uris=REDIRECT_URI, scope_ids=self.of_api)
        app = self.shown('app', name='Assistant', redirect_uris=REDIRECT_URI, scope_ids=self.of_api)
        for kind, shown in (('web', web), ('app', app)):
            for name in PROGRAMS:
                with self.subTest(kind, name=name):
                    self.sign_in(shown, name, self.scope)
            self.assertEqual(self.run_collection(shown['snippet_postman']), 'Hello')
        device = self.shown('device', name='Speaker', scope_ids=self.of_api)
        for name in PROGRAMS:
            with self.subTest('device', name=name):
                self.connect(device, name, self.scope)

    def shown(self, kind, **values):
        """The programs on the form of an application without a secret."""
        record = self.administrator.new_application(kind, **values)
        return self.administrator.call('oauth2.client', 'read', [record], [*PROGRAMS, 'snippet_postman'])[0]

    def test_what_is_wrong_is_said(self):
        """A user who entered a wrong secret reads that, and a script that calls the program notices it."""
        for kind, values in (
            ('service', {'user_id': self.user, 'scope_ids': self.scopes}),
            ('direct', {'user_id': self.user, 'scope_ids': self.scopes, 'redirect_uris': REDIRECT_URI}),
            ('resource', {'api_uri': API}),
        ):
            shown = self.administrator.new_application(kind, name='Wrong', **values)
            for name in PROGRAMS:
                with self.subTest(kind, name=name):
                    wrong = {name: shown[name].replace(shown['secret'], 'wrong')}
                    process = self.run_snippet(wrong, name, 'no token')
                    printed, errors = process.communicate(timeout=PATIENCE)
                    self.assertIn('invalid_client', printed + errors)
                    self.assertNotEqual(process.returncode, 0)

    def test_people_sign_in(self):
        web = self.administrator.new_application('web', name='Wiki', redirect_uris=REDIRECT_URI)
        app = self.shown('app', name='Phone', redirect_uris=REDIRECT_URI)
        for kind, shown in (('web', web), ('app', app)):
            for name in PROGRAMS:
                with self.subTest(kind, name=name):
                    self.sign_in(shown, name)

    def sign_in(self, shown, name, allowed='openid'):
        program = self.run_snippet(shown, name)
        program.stdout.readline()  # Open this in a browser:
        page = self.person.open(program.stdout.readline().strip())
        if not page.is_redirect:
            page = self.person.allow(page)
        back = page.headers['Location']
        self.assertTrue(back.startswith(REDIRECT_URI), back)
        self.assertIn(allowed, self.finish(program, back + '\n'))

    def test_a_device(self):
        device = self.shown('device', name='Television')
        for name in PROGRAMS:
            with self.subTest(name):
                self.connect(device, name)

    def connect(self, shown, name, allowed='openid'):
        program = self.run_snippet(shown, name)
        program.stdout.readline()  # Open this on a phone or a computer:
        address = program.stdout.readline().strip()
        program.stdout.readline()  # It has to show this code:
        code = program.stdout.readline().strip()
        self.assertTrue(address.endswith(f'?user_code={code}'), address)
        self.person.connect_device(address)
        self.assertIn(allowed, self.finish(program))

    def test_postman(self):
        """A small imitation of Postman: it gets a token as the collection says, and sends its requests."""
        service = self.administrator.new_application(
            'service', name='Nightly {{report}}', user_id=self.user, scope_ids=self.scopes)
        self.assertIn('name', self.run_collection(service['snippet_postman']))
        resource = self.administrator.new_application('resource', name='API', api_uri=API)
        answer = self.run_collection(resource['snippet_postman'], token=self.token_for_api())
        self.assertTrue(json.loads(answer)['active'])
        web = self.administrator.new_application('web', name='Wiki', redirect_uris=REDIRECT_URI)
        app = self.shown('app', name='Phone', redirect_uris=REDIRECT_URI)
        for shown in (web, app):
            self.assertIn('sub', json.loads(self.run_collection(shown['snippet_postman'])))

    def run_collection(self, text, **variables):
        """The answer to the last request of a collection (v2.1)."""
        for name, value in variables.items():
            text = text.replace('{{%s}}' % name, value)
        self.assertNotIn('{{', text)
        collection = json.loads(text)
        kind = collection['auth']['type']
        settings = {one['key']: one['value'] for one in collection['auth'][kind]}
        session = requests.Session()
        if kind == 'basic':
            session.auth = settings['username'], settings['password']
        else:
            session.headers['Authorization'] = f'Bearer {self.token_for(settings)}'
        for item in collection['item']:
            request = item['request']
            body = request.get('body', {'mode': 'raw', 'raw': None})
            data = (body['raw'] if body['mode'] == 'raw'
                    else {one['key']: one['value'] for one in body['urlencoded']})
            answer = session.request(request['method'], request['url'], data=data, timeout=60, headers={
                one['key']: one['value'] for one in request.get('header', ())})
            self.assertEqual(answer.status_code, 200, answer.text)
        return answer.text

    def token_for(self, settings):
        more, asked = ({one['key']: one['value'] for one in settings.get(name, ())}
                       for name in ('tokenRequestParams', 'authRequestParams'))
        grant = {'grant_type': 'client_credentials', 'scope': settings['scope'], **more}
        if settings['grant_type'] == 'authorization_code_with_pkce':
            verifier = secrets.token_urlsafe(32)
            challenge = hashlib.sha256(verifier.encode()).digest()
            page = self.person.open(settings['authUrl'] + '?' + urlencode({
                'response_type': 'code', 'client_id': settings['clientId'], 'scope': settings['scope'],
                'redirect_uri': settings['redirect_uri'], 'code_challenge_method': settings['challengeAlgorithm'],
                'code_challenge': base64.urlsafe_b64encode(challenge).decode().rstrip('='), **asked}))
            page = page if page.is_redirect else self.person.allow(page)
            [code] = parse_qs(urlsplit(page.headers['Location']).query)['code']
            grant = {'grant_type': 'authorization_code', 'code': code, 'code_verifier': verifier,
                     'redirect_uri': settings['redirect_uri']}
        if settings['client_authentication'] == 'header':
            proof = {'auth': (settings['clientId'], settings['clientSecret'])}
        else:
            proof, grant = {}, {**grant, 'client_id': settings['clientId']}
        answer = requests.post(settings['accessTokenUrl'], data=grant, timeout=60, **proof)
        self.assertEqual(answer.status_code, 200, answer.text)
        return answer.json()['access_token']

    def test_values_run_nothing(self):
        uri = "https://app.example.com/$(touch$IFS$9owned)'$(touch$IFS$9owned)"
        shown = self.administrator.new_application(
            'direct', name='Odd', user_id=self.user, scope_ids=self.scopes, redirect_uris=uri)
        for name in PROGRAMS:
            with self.subTest(name):
                process = self.run_snippet(shown, name)
                self.assertIn('name', self.finish(process))
                self.assertFalse([file for file in Path(process.args[-1]).parent.iterdir() if file.name == 'owned'])
        uri = "https://app.example.com/'+process.exit(1)+'"
        shown = self.administrator.new_application('web', name='Odd', redirect_uris=uri)
        process = self.run_snippet(shown, 'snippet_javascript')
        process.stdout.readline()
        self.assertIn(quote(uri, safe=''), process.stdout.readline())
        settings = json.loads(shown['snippet_postman'])['auth']['oauth2']
        self.assertIn({'key': 'redirect_uri', 'value': uri, 'type': 'string'}, settings)
