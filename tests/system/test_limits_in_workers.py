"""Tokens with limits at four worker processes: no limit carries over to another request, and none is forgotten."""
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from xmlrpc.client import Fault

from administrator import Administrator, WebClient
from client import AT_ONCE, SystemCase
from requirement import requirement

DENIED, CLOSED = 3, 4  # the numbers that XML-RPC has for AccessDenied and AccessError
ROUNDS = 6


class LimitsCase(SystemCase):
    """The application `Robot`, which acts for a user of the test class, or for an administrator."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = Administrator()
        cls.login = cls.__name__.lower()
        cls.user = cls.administrator.make_user(cls.login)
        cls.admin_key = cls.administrator.make_api_key()

    def robot(self, user, *scopes):
        """An application with these scopes. Gives its record's id, its client ID and its secret."""
        return self.administrator.register_robot(user, self.administrator.scopes(*scopes))

    def as_admin(self, model, method, **arguments):
        """What an administrator's script does with an API key."""
        response = self.json2(self.admin_key, model, method, **arguments)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def by_json2(self, credential, model):
        """What comes of reading: `open`, `closed` where the scope is too small, `denied` where the token is no good."""
        response = self.json2(credential, model, 'search_read', domain=[], fields=['display_name'], limit=2)
        if response.status_code == 200:
            return 'open' if response.json() else 'empty'
        for answer, status, error in (('closed', 403, 'insufficient_scope'), ('denied', 401, 'invalid_token')):
            if response.status_code == status and f'error="{error}"' in response.headers.get('WWW-Authenticate', ''):
                return answer
        return f'{response.status_code} {response.text}'

    def by_xmlrpc(self, credential, model):
        """The same by XML-RPC."""
        try:
            rows = self.xmlrpc(self.user, credential, model, 'search_read', [], fields=['display_name'], limit=2)
            return 'open' if rows else 'empty'
        except Fault as fault:
            return {DENIED: 'denied', CLOSED: 'closed'}.get(fault.faultCode, fault.faultString)

    def assertEverywhere(self, expected, credential, model):
        """All workers give this answer, to calls one after the other and at the same moment, by both protocols."""
        answers = [*self.everywhere(lambda: self.by_json2(credential, model), 8),
                   *self.at_once(lambda: self.by_xmlrpc(credential, model), 12)]
        self.assertEqual(Counter(answers), {expected: 20})


class TestMixedCalls(LimitsCase):

    @requirement('contract', '7', 'The limit of a token is for its own request, whatever else a worker is asked')
    def test_calls_with_and_without_limits_at_the_same_time(self):
        _record, client_id, secret = self.robot(self.user, 'contacts.read', 'odoo')
        web_client = WebClient(self.login, self.login)
        key = web_client.make_api_key()
        narrow, whole = (self.token(client_id, secret, scope) for scope in ('contacts.read', 'odoo'))

        def by_session(_credential, model):
            return 'open' if web_client.call(model, 'search_read', [], ['display_name'], limit=2) else 'empty'

        limited = {'res.partner': 'open', 'res.users': 'closed'}
        unlimited = dict.fromkeys(limited, 'open')
        callers = [
            (self.by_json2, narrow, limited), (self.by_json2, key, unlimited), (self.by_json2, whole, unlimited),
            (self.by_xmlrpc, narrow, limited), (self.by_xmlrpc, key, unlimited), (self.by_xmlrpc, whole, unlimited),
            (self.by_xmlrpc, self.login, unlimited), (self.by_json2, narrow, limited), (by_session, None, unlimited),
            (self.by_xmlrpc, narrow, limited),
        ]
        start = threading.Barrier(len(callers))

        def ask(caller):
            call, credential, _expected = caller
            start.wait()
            return Counter((model, call(credential, model)) for _time in range(ROUNDS) for model in limited)

        with ThreadPoolExecutor(len(callers)) as pool:
            results = list(pool.map(ask, callers))
        for (call, _credential, expected), answers in zip(callers, results, strict=True):
            with self.subTest(call.__name__, expected=expected):
                self.assertEqual(answers, dict.fromkeys(expected.items(), ROUNDS))


class TestChanges(LimitsCase):
    """A change at one worker takes effect at all of them."""

    def setUp(self):
        super().setUp()
        self.name = f'test.{self.id().rpartition(".")[2]}'
        [self.scope] = self.as_admin('oauth2.scope', 'create', vals_list=[{
            'name': self.name, 'description': 'Test', 'line_ids': [(0, 0, {'model': 'res.partner'})]}])
        self.record, self.client_id, self.secret = self.robot(self.user, self.name, 'odoo.read')

    def by_admin(self, model, method, *arguments):
        """What an administrator's script does with a password."""
        return self.xmlrpc(self.administrator.user, self.administrator.password, model, method, *arguments)

    @requirement('contract', '7', 'A change of what a scope opens counts at every worker with the next request')
    def test_lines_of_a_scope(self):
        token = self.token(self.client_id, self.secret, self.name)
        self.assertEverywhere('open', token, 'res.partner')
        self.assertEverywhere('closed', token, 'res.country')
        [line] = self.as_admin('oauth2.scope.line', 'search', domain=[('scope_id', '=', self.scope)])
        self.as_admin('oauth2.scope.line', 'write', ids=[line], vals={'model': 'res.country'})
        self.assertEverywhere('closed', token, 'res.partner')
        self.assertEverywhere('open', token, 'res.country')
        self.by_admin('oauth2.scope.line', 'unlink', [line])
        self.assertEverywhere('closed', token, 'res.country')
        self.by_admin('oauth2.scope', 'write', [self.scope], {'opens': 'reading'})
        self.assertEverywhere('open', token, 'res.users')

    @requirement('contract', '7', 'A scope that is taken from a client is gone at every worker with the next request')
    def test_scopes_of_a_client(self):
        token = self.token(self.client_id, self.secret, f'{self.name} odoo.read')
        self.assertEverywhere('open', token, 'res.users')
        self.as_admin('oauth2.client', 'write', ids=[self.record], vals={
            'scope_ids': [(3, scope) for scope in self.administrator.scopes('odoo.read')]})
        self.assertEverywhere('closed', token, 'res.users')
        self.assertEverywhere('open', token, 'res.partner')
        self.by_admin('oauth2.client', 'write', [self.record], {
            'scope_ids': [(4, scope) for scope in self.administrator.scopes('odoo.read')]})
        self.assertEverywhere('open', token, 'res.users')

    @requirement('contract', '7', 'A token that was revoked is refused by XML-RPC and JSON-RPC at once')
    def test_a_token_that_was_revoked(self):
        token = self.token(self.client_id, self.secret, self.name)
        self.assertEverywhere('open', token, 'res.partner')
        response = self.post('revoke', client_id=self.client_id, client_secret=self.secret, token=token)
        self.assertEqual(response.status_code, 200, response.text)
        self.assertEverywhere('denied', token, 'res.partner')


class TestReadOnly(LimitsCase):
    """A server action that ends its transaction and continues: with a token that only reads, none of it may write."""

    def setUp(self):
        super().setUp()
        name = f'running.{self.id().rpartition(".")[2]}'
        self.as_admin('oauth2.scope', 'create', vals_list=[{'name': name, 'description': 'Run', 'line_ids': [
            (0, 0, {'model': 'ir.actions.server', 'method_names': 'run'})]}])
        _record, client_id, secret = self.robot(self.administrator.user, name, 'odoo.read', 'odoo')
        self.reading, self.whole = (self.token(client_id, secret, scope) for scope in (f'{name} odoo.read', 'odoo'))
        self.ref = self.id()
        [self.model] = self.as_admin('ir.model', 'search', domain=[('model', '=', 'res.partner')])

    def action(self, *lines):
        """A server action with this code."""
        [action] = self.as_admin('ir.actions.server', 'create', vals_list=[{
            'name': 'Test', 'state': 'code', 'model_id': self.model, 'code': '\n'.join(lines)}])
        return action

    def written(self):
        """How many partners the action has made, as one sees who is not limited."""
        return self.as_admin('res.partner', 'search_count', domain=[('ref', '=', self.ref)])

    def run_with(self, credential, action):
        return self.json2(credential, 'ir.actions.server', 'run', ids=[action])

    @requirement('contract', '7', 'A token that only reads writes nothing, also after a commit in the middle of a call')
    def test_what_ends_its_transaction_does_not_write(self):
        create = f'env["res.partner"].sudo().create({{"name": "Written", "ref": "{self.ref}"}})'
        for name, lines in {
            'at once': (create,),
            'commit': ('env.cr.commit()', create),
            'rollback': ('env.cr.rollback()', create),
            'both, and a commit': ('env.cr.commit()', 'env.cr.rollback()', create, 'env.cr.commit()'),
            'SQL': ('env.cr.commit()', f"""env.cr.execute("UPDATE res_partner SET ref = '{self.ref}'")"""),
            # In a function: the jump over an `except` to what follows is byte code of Python 3.13 that Odoo refuses.
            'an error that is caught': (
                'def attempt():', '    env.cr.commit()', '    try:', f'        {create}', '    except Exception:',
                '        env.cr.rollback()', 'attempt()', create),
        }.items():
            action = self.action(*lines)
            with self.subTest(name):
                response = self.run_with(self.reading, action)
                self.assertEqual(self.written(), 0)
                self.assertEqual(response.status_code, 403, response.text)
                self.assertIn('error="insufficient_scope"', response.headers.get('WWW-Authenticate', ''))
            with self.subTest(name, by='XML-RPC'):
                with self.assertRaises(Fault) as caught:
                    self.xmlrpc(self.administrator.user, self.reading, 'ir.actions.server', 'run', [action])
                self.assertEqual(self.written(), 0)
                self.assertEqual(caught.exception.faultCode, CLOSED, caught.exception.faultString)
        action = self.action('env.cr.commit()', create)
        response = self.run_with(self.whole, action)
        self.assertEqual((response.status_code, self.written()), (200, 1), response.text)

    @requirement('contract', '7', 'Whoever comes next to the same worker and connection may write again')
    def test_the_next_request_on_the_same_connection_writes(self):
        connection = 'env.cr.execute("SELECT pg_backend_pid(), current_setting(\'transaction_read_only\')")'
        asks = self.action('env.cr.commit()', connection, 'action = {"pid": env.cr.fetchone()}')
        writes = self.action(f'env["res.partner"].sudo().create({{"name": "Written", "ref": "{self.ref}"}})',
                             connection, 'action = {"pid": env.cr.fetchone()}')

        def told(credential, action):
            """The connections that were met, each with its setting; where there are several workers, several."""
            answers = self.at_once(lambda: self.run_with(credential, action))
            self.assertEqual({answer.status_code for answer in answers}, {200}, answers[0].text)
            return dict(answer.json()['pid'] for answer in answers)

        made_read_only = told(self.reading, asks)
        self.assertEqual(set(made_read_only.values()), {'on'})
        for credential in (self.whole, self.admin_key):
            wrote = told(credential, writes)
            self.assertEqual(set(wrote.values()), {'off'})
            self.assertTrue(made_read_only.keys() & wrote.keys(), 'no connection was met twice')
        self.assertEqual(self.written(), 2 * AT_ONCE)
