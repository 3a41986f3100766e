"""README and the pages of docs/: each command runs as printed, and each answer looks as printed.

What this server cannot show is tested elsewhere: copies of databases in test_copies.py, addons in
tests/business/test_documented_addon.py, links in tests/protocol/test_links.py.
"""
import json
import os
import re
import subprocess
import tempfile
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import requests
from administrator import Administrator
from client import PATH, SystemCase
from client import REDIRECT_URI as PRINTED
from documents import HTTP, ROOT, Reader, blocks, pages
from reference_page import tokens
from requirement import requirement
from sign_in import REDIRECT_URI, App, Person

from development import paths

SERVER = 'http://127.0.0.1:8069'  # where ./dev serve serves
EXAMPLE = 'https://your-odoo.example.com'
# How many blocks of code each page has. Another one needs a test.
BLOCKS = {
    'README.md': 7,
    'docs/addon-developer.md': 4,
    'docs/administrator.md': 2,
    'docs/architecture.md': 2,
    'docs/client-developer.md': 10,
    'docs/examples/tool_server/README.md': 1,  # its server is run by test_tool_server.py
}
# Of these, nothing is run: commands, and folders of pages.
NOT_RUN = {
    'docs/connect/': 'the settings of other products, which are not on this machine',
    './dev serve': 'it runs until somebody ends it; the server of these tests is started by the same code',
    './dev test': 'it runs this test',
}


class TestDocuments(SystemCase):

    def test_no_block_is_forgotten(self):
        counts = {page: len(blocks(page)) for page in pages() if not page.startswith('docs/connect/')}
        self.assertEqual({page: count for page, count in counts.items() if count}, BLOCKS)

    def test_the_folders_of_the_architecture(self):
        _language, tree = blocks('docs/architecture.md')[0]
        for line in tree.splitlines():
            if match := re.match(r'( *)((?:\w+/ ?)+)', line):
                for folder in match[2].split():
                    with self.subTest(folder):
                        self.assertTrue((ROOT / ('models' if match[1] else '') / folder).is_dir())
        rooms = {path.name for path in (ROOT / 'models').iterdir() if path.is_dir() and path.name != '__pycache__'}
        self.assertEqual(rooms, set(re.findall(r'^  (\w+)/', tree, re.MULTILINE)))


class TestReadme(SystemCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blocks = [text for _language, text in blocks('README.md')]

    def reader(self):
        return Reader(self, {SERVER: self.url})

    def test_try_it(self):
        commands = re.findall(r'^\$ (\./dev \w+)', self.blocks[0], re.MULTILINE)
        self.assertEqual({'./dev demo'}, set(commands) - set(NOT_RUN))
        os.chdir(ROOT)
        self.reader().run('$ ./dev demo')

    def test_sign_in_by_hand(self):
        reader = self.reader()
        demo = Person(self.url, 'demo')
        page = demo.open(reader.put(self.blocks[1]).strip())
        back = page if page.is_redirect else demo.allow(page)
        query = parse_qs(urlsplit(back.headers['Location']).query)
        self.assertTrue(back.headers['Location'].startswith('https://127.0.0.1/callback?'))
        reader.answers['code'] = query['code'][0]
        reader.run(self.blocks[2])
        self.assertTrue(reader.answers['sub'])

    def test_install(self):
        """With the libraries of this machine, so that nothing is fetched."""
        folder = self.enterContext(tempfile.TemporaryDirectory())
        replaced = {'/opt/odoo/venv/bin/pip': str(paths.PYTHON.parent / 'pip'), '/opt/odoo/venv': f'{folder}/venv'}
        functions = 'sudo() { [ "$1" != -u ] || shift 2; "$@"; }'
        for block in self.blocks[3:5]:
            Reader(self, replaced, functions).run(block, PIP_NO_INDEX='1', PIP_DISABLE_PIP_VERSION_CHECK='1')
        self.assertTrue(Path(folder, 'venv', 'bin', 'pip').exists())

    def test_the_flow_with_curl(self):
        reader = self.reader()
        reader.run(self.blocks[5])
        self.assertEqual(reader.answers['issuer'], self.url)

    def test_the_flow_with_a_narrow_scope(self):
        reader = self.reader()
        start = self.blocks[5][:self.blocks[5].index('$ REFRESH_TOKEN')]
        reader.run(start.replace("state='anything'", "state='anything', scope='contacts.read'"))
        self.assertEqual(reader.answers['scope'], 'contacts.read')
        reader.run(self.blocks[6])


class TestClientDeveloper(SystemCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.blocks = [text for _language, text in blocks('docs/client-developer.md')]
        cls.administrator = Administrator()
        cls.login = f'reader{os.getpid()}'
        cls.user = cls.administrator.make_user(cls.login)

    @requirement('contract', '1', 'The addresses are those that the page lists')
    def test_the_addresses(self):
        choose = self.administrator.call
        choose('ir.config_parameter', 'set_param', 'restapi_oauth2.dynamic_registration', 'open')  # off: 404
        self.addCleanup(choose, 'ir.config_parameter', 'set_param', 'restapi_oauth2.dynamic_registration', False)
        text = (ROOT / 'docs' / 'client-developer.md').read_text()
        rows = re.findall(r'^\| (.*`/.*) \| ((?:GET|POST|HEAD)[^|]*) \|', text, re.MULTILINE)
        self.assertGreater(len(rows), 8)
        for addresses, methods in rows:
            full = addresses.replace('`/json/2', '`/.well-known/oauth-protected-resource/json/2')
            for address in re.findall(r'`(/[^`]*)`', full):
                with self.subTest(address):
                    options = {'timeout': 60, 'allow_redirects': False, 'headers': {'Accept': 'application/json'}}
                    known = {method: requests.request(method, f'{self.url}{address}', **options).status_code
                             for method in ('GET', 'POST')}
                    self.assertNotIn(404, known.values())
                    self.assertEqual([method for method, status in known.items() if status != 405],
                                     [method for method in known if method in methods])

    def test_authorize_with_a_browser(self):
        _record, client_id = self.administrator.register('Reader', [REDIRECT_URI])
        values = {'client_id': client_id, 'state': 'x', 'nonce': 'x',
                  'code_challenge': 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'}
        address = re.sub(r'\s', '', self.blocks[0]).replace(EXAMPLE, self.url)
        address = re.sub(r'(\w+)=…', lambda match: f'{match[1]}={values[match[1]]}', address)
        person = Person(self.url, self.login)
        back = person.allow(person.open(address)).headers['Location']
        self.assertTrue(back.startswith(f'{REDIRECT_URI}?'))
        self.assertEqual(list(parse_qs(urlsplit(back).query)), ['code', 'state', 'iss'])

    def application(self, template, **values):
        """Client ID and secret of an application that *New application* makes."""
        name = f'Reader of {self.id()}'
        shown = self.administrator.new_application(template, name=name, **values)
        [client] = self.administrator.call('oauth2.client', 'search_read', [('name', '=', name)], ['client_id'])
        return client['client_id'], shown['secret']

    def program(self, template='direct', **values):
        """The same, of one that acts for the user and may read contacts."""
        scopes = [(6, 0, self.administrator.scopes('contacts.read'))]
        return self.application(template, user_id=self.user, scope_ids=scopes, **values)

    def program_token(self):
        return tokens(self.url, *self.program(redirect_uris=PRINTED))['access_token']

    def test_direct_mode(self):
        request, header = self.blocks[1].splitlines()
        method, path, _version = request.split()
        name, _colon, value = header.partition(': ')
        client_id, _secret = self.program(redirect_uris=REDIRECT_URI)
        value = value.replace("client_id='…'", f"client_id='{client_id}'").replace('…', 'x')
        answer = requests.request(method, f'{self.url}{path}', headers={name: value}, timeout=60)
        self.assertEqual(answer.status_code, 200, answer.text)
        self.assertEqual(list(answer.json()), list(json.loads(self.blocks[2])))

    def test_the_answer_with_tokens(self):
        person = Person(self.url, self.login)
        answer = person.sign_in(App(self.url, *self.application('web', redirect_uris=REDIRECT_URI)), 'openid')
        self.assertEqual(list(answer), list(json.loads(self.blocks[3])))

    def test_tokens_for_yourself(self):
        client_id, secret = self.program('service')
        Reader(self, {EXAMPLE: self.url, 'CLIENT_ID=…': f'CLIENT_ID={client_id}',
                      'CLIENT_SECRET=…': f'CLIENT_SECRET={secret}'}).run(self.blocks[4])

    def test_token_exchange(self):
        uri = f'https://{self.login}.example.com'
        self.administrator.call('oauth2.resource', 'create', [{
            'name': 'Reader', 'uri': uri, 'exchange_scope_ids': [(6, 0, self.administrator.scopes('contacts.read'))],
            'scope_ids': [(0, 0, {'name': 'reader.run', 'description': 'Run'})]}])
        api = self.administrator.new_application('resource', name='API of a reader', api_uri=uri)
        [record] = self.administrator.call('oauth2.client', 'search', [('client_id', '=', api['client_identifier'])])
        self.administrator.call('oauth2.client', 'write', [record], {'grant_token_exchange': True})
        client = App(self.url, *self.application('web', redirect_uris=REDIRECT_URI, scope_ids=[
            (6, 0, self.administrator.scopes('reader.run', 'contacts.read'))]))
        person = Person(self.url, self.login)
        given = person.arrive(client, person.allow(person.ask(client, 'reader.run contacts.read', resource=uri)))
        reader = Reader(self, {EXAMPLE: self.url})
        reader.variables = {'P': f'{self.url}{PATH}', 'CLIENT_ID': api['client_identifier'],
                            'CLIENT_SECRET': api['secret'], 'TOKEN_OF_THE_CALLER': given['access_token']}
        reader.run(self.blocks[5])
        self.assertEqual(client.call(reader.answers, 'res.partner', 'search_count', domain=[]).status_code, 200)

    def test_a_key(self):
        commands = re.findall(r'^\$ (.*)$', self.blocks[6], re.MULTILINE)
        folder = self.enterContext(tempfile.TemporaryDirectory())
        public = subprocess.run(
            ' && '.join(commands), shell=True, cwd=folder, text=True, stdout=subprocess.PIPE, check=True).stdout
        first, _key, last = self.blocks[6].splitlines()[-3:]
        self.assertEqual((public.splitlines()[0], public.splitlines()[-1]), (first, last))
        _record, client_id = self.administrator.register(
            'Reader with a key', [REDIRECT_URI], user_id=self.user, grant_client_credentials=True, proof='key',
            key_set=public, scope_ids=[(6, 0, self.administrator.scopes('contacts.read'))])
        names = {}
        exec(self.blocks[7].replace(EXAMPLE, self.url).replace("'…'", repr(client_id)).replace(
            'key.pem', f'{folder}/key.pem'), names)
        self.assertEqual(names['answer'].get('scope'), 'contacts.read', names['answer'])

    def test_a_refusal(self):
        status, *header, body = [line for line in self.blocks[8].replace(EXAMPLE, self.url).splitlines() if line]
        answer = self.json2(self.program_token(), 'res.company', 'search_read', domain=[])
        self.assertEqual(f'{HTTP} {answer.status_code} {answer.reason}', status)
        name, _colon, value = ' '.join(line.strip() for line in header).partition(': ')
        self.assertRegex(answer.headers[name], re.escape(value).replace('…', '.*'))
        self.assertRegex(answer.text, re.escape(body).replace('…', '.*'))

    def test_xml_rpc(self):
        program = self.blocks[9].replace(EXAMPLE, self.url).replace('your-database', self.database)
        names = {'access_token': self.program_token()}
        exec(program.replace('ada@example.com', self.login), names)
        self.assertEqual(names['number'], self.user)
