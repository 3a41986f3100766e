"""Accessibility: axe-core finds nothing on the pages for people, nor on our parts of the screens."""
import re
from urllib.parse import urlencode

import requests
from accessibility import OF_ODOO, PHONE, WIDE, findings
from browser import BrowserCase
from client import PATH

SCHEMES = ('light', 'dark')
CALLBACK = 'https://wiki.example.com/callback'


class TestPages(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        call = cls.administrator.call
        [second] = call('res.company', 'create', [{'name': f'Second of {cls.login}'}])
        [user] = call('res.users', 'search', [('login', '=', cls.login)])
        call('res.users', 'write', [user], {'company_ids': [(4, second)]})
        cls.addClassCleanup(call, 'res.users', 'write', [user], {'company_ids': [(3, second)]})
        cls.record, cls.client_id = cls.administrator.register(
            'Company wiki', [CALLBACK], publisher='Example Ltd.', client_uri='https://wiki.example.com',
            policy_uri='https://wiki.example.com/privacy',
            scope_ids=[(6, 0, cls.administrator.scopes('openid', 'profile', 'contacts.read'))])

    def address(self, **parameters):
        return f'{self.url}{PATH}/authorize?' + urlencode({
            'client_id': self.client_id, 'response_type': 'code', 'redirect_uri': CALLBACK,
            'scope': 'openid profile contacts.read', **parameters})

    def test_axe_finds_nothing(self):
        window = self.window()
        window.open(self.address())
        window.sign_in(self.login, self.login)
        window.wait_for('button[value=allow]')
        self.look_at(window, 'consent')
        user = self.sql('SELECT id FROM res_users WHERE login = %s', self.login)[0][0]
        for name, address, selector in (
            ('no connected apps', 'connected-apps', 'main'),
            ('account', self.address(prompt='select_account'), 'button[value=continue]'),
            ('sign in again', self.address(prompt='login'), 'button[value=sign_in]'),
            ('error', self.address(client_id='nobody'), 'dl'),
            ('stale', 'consent?request_id=nothing', 'main'),
            ('for programs', 'access_token', 'main'),
            ('unknown', 'nothing', 'main'),
            ('logout', 'logout', 'button[value=sign_out]'),
        ):
            window.open(address if '//' in address else f'{self.url}{PATH}/{address}')
            window.wait_for(selector)
            self.look_at(window, name)
        self.open_form_post(window)
        self.look_at(window, 'form post')
        for client in (self.record, 1):
            self.sql(
                """ INSERT INTO oauth2_consent
                                (client_id, user_id, scope, covered, redirect_hosts, create_date, write_date)
                         VALUES (%s, %s, 'openid profile contacts.read', '', 'wiki.example.com', now(), now()) """,
                client, user)
        window.open(f'{self.url}{PATH}/connected-apps')
        window.wait_for('section')
        window.look('document.querySelectorAll("details").forEach((one) => { one.open = true })')
        self.look_at(window, 'connected apps')
        window.open(f'{self.url}{PATH}/logout')
        window.answer('stay')
        window.wait('!document.querySelector("form")')
        self.look_at(window, 'still logged in')
        window.open(f'{self.url}{PATH}/logout')
        window.answer('sign_out')
        window.wait('!document.querySelector("form")')
        self.look_at(window, 'logged out')

    def open_form_post(self, window):
        """The page that sends an answer on. It would be gone at once, so it is shown without its script."""
        page = requests.get(self.address(prompt='none', response_mode='form_post'), headers={'Accept': 'text/html'},
                            timeout=60).text
        self.assertIn('<form', page)
        window.open('about:blank')
        window.wait('location.href == "about:blank"')
        window.look(f'document.write({re.sub("<script.*?</script>", "", page)!r}); document.close()')

    def look_at(self, window, name):
        for scheme in SCHEMES:
            window.prefer(scheme)
            for size in (WIDE, PHONE):
                window.resize(*size)
                with self.subTest(name, scheme=scheme, width=size[0]):
                    self.assertEqual(findings(window), [])
                    self.assertLessEqual(window.look('document.documentElement.scrollWidth'), size[0])


class TestScreens(BrowserCase):

    def test_axe_finds_nothing_that_is_ours(self):
        window = self.window()
        window.resize(*WIDE)
        window.open(f'{self.url}/web/login')
        window.sign_in('admin', 'admin')
        window.wait_for('.o_main_navbar')
        self.administrator.call('oauth2.finding', 'action_open')
        record, _client_id = self.administrator.register(
            'Accessible', [CALLBACK], user_id=self.administrator.user, grant_client_credentials=True,
            scope_ids=[(6, 0, self.administrator.scopes('contacts.read'))])
        form = f'oauth2-applications/{record}'
        for size, screens in (
            (WIDE, {
                'oauth2-applications': '.o_kanban_record', 'oauth2-applications?view_type=list': '.o_data_row',
                'oauth2-access': '.o_data_row', 'oauth2-authorizations': '.o_list_renderer',
                'oauth2-events': '.o_data_row', 'oauth2-health': '.o_data_row', 'oauth2-scopes': '.o_data_row',
                form: '[name=client_id] button',
            }),
            (PHONE, {
                'oauth2-access': '.o_kanban_record', 'oauth2-events': '.o_kanban_record',
                'oauth2-health': '.o_kanban_record', 'oauth2-scopes': '.o_kanban_record',
                'oauth2-new-application': '.o_kanban_record', form: '[name=client_id] button',
            }),
        ):
            window.resize(*size)
            for path, selector in screens.items():
                window.open(f'{self.url}/odoo/{path}')
                window.wait_for(f'.o_content {selector}')
                self.look_at(window, path, '.o_content > *')
        self.look_at_dialogs(window, form)

    def look_at_dialogs(self, window, form):
        window.resize(*WIDE)
        for button, selector in (('Test connection', '.modal [name=fine]'), ('Stop access', '.modal [name=reason]')):
            window.open(f'{self.url}/odoo/{form}')
            window.press_text('.o_statusbar_buttons button', button)
            window.wait_for(selector)
            self.look_at(window, button, '.modal-body > *')
        window.open(f'{self.url}/odoo/oauth2-new-application')
        window.press_text('.o_kanban_record', 'Grafana')
        window.confirm('admin', '.modal [name=site] input')
        window.fill('.modal [name=site] input', 'https://grafana.example.com')
        self.look_at(window, 'new application', '.modal-body > *')
        window.press_text('.modal footer button', 'Create')
        window.wait_for('.modal [name=secret]')
        self.look_at(window, 'secret', '.modal-body > *')

    def look_at(self, window, name, within):
        with self.subTest(name, width=window.look('innerWidth')):
            self.assertEqual(findings(window, within, OF_ODOO), [])
