"""The pictures of the docs show the screens as they are.

Each run takes them anew, into .dev/pictures/. It compares each screen's headings, labels and buttons
(docs/images/labels.json). If they differ, the pictures are out of date: run `./dev test test_pictures`, look at
.dev/pictures/, and copy it to docs/images/ (some also to static/description/).
"""
import io
import json
import os
from pathlib import Path
from urllib.parse import urlencode

from browser import BrowserCase
from client import PATH
from PIL import Image
from sign_in import REDIRECT_URI, App, Person

PICTURES = Path(os.environ['RESTAPI_OAUTH2_PICTURES'])
DOCS = Path(__file__).parents[2] / 'docs'
LABELS = 'labels.json'
SCOPES = ('openid', 'profile', 'email', 'contacts.read')
DESKTOP, PAGE, PHONE = (1400, 900), (1000, 800), (390, 844)
OURS = 'action-restapi_oauth2.action_oauth2'
# The screens that have an address, and what is there once they are.
SCREENS = {
    'applications': ('oauth2-applications', '.o_kanban_record'),
    'applications-list': ('oauth2-applications?view_type=list', '.o_data_row'),
    'access': ('oauth2-access', '.o_data_row'),
    'authorizations': ('oauth2-authorizations', '.o_data_row'),
    'sign-ins': ('oauth2-sign-ins', '.o_graph_renderer canvas'),
    'consents': (f'{OURS}_consent', '.o_data_row'),
    'events': ('oauth2-events', '.o_data_row'),
    'events-graph': ('oauth2-events?view_type=graph', '.o_graph_renderer canvas'),
    'health': ('oauth2-health', '.o_data_row'),
    'scopes': ('oauth2-scopes', '.o_data_row'),
    'templates': (f'{OURS}_client_template', '.o_data_row'),
    'apis': ('oauth2-apis', '.o_data_row'),
    'assistants': (f'{OURS}_listed_client', '.o_data_row'),
    'signing-keys': (f'{OURS}_signing_key', '.o_data_row'),
}
PHONE_SCREENS = {
    'phone-new-application': ('oauth2-new-application', '.o_kanban_record'),
    **{f'phone-{name}': (SCREENS[name][0], '.o_kanban_record') for name in (
        'applications', 'access', 'events', 'health', 'scopes')},
}


class TestPictures(BrowserCase):

    def test_the_pictures_of_the_docs_are_of_these_screens(self):
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.labels = {}
        self.keep_to_one_company()
        self.administrator.call('oauth2.resource', 'create', [{
            'name': 'Order tools', 'uri': 'https://orders.example.com/mcp',
            'scope_ids': [(0, 0, {'name': 'tools.orders', 'description': 'Look up your orders'})]}])
        self.record, self.client_id = self.administrator.register(
            'Company wiki', [REDIRECT_URI], publisher='Example Ltd.', client_uri='https://wiki.example.com',
            policy_uri='https://wiki.example.com/privacy', scope_ids=[(6, 0, self.administrator.scopes(*SCOPES))])
        self.app = App(self.url, self.client_id, self.administrator.generate_secret(self.record))
        self.as_a_user(self.window())
        window = self.window()
        self.as_an_administrator(window)
        self.application(window)
        self.dialogs(window)
        self.users(window)
        self.on_a_phone(window)
        (PICTURES / LABELS).write_text(json.dumps(self.labels, indent=1, ensure_ascii=False) + '\n')
        stored = DOCS / 'images' / LABELS
        self.maxDiff = None
        self.assertEqual(self.labels, json.loads(stored.read_text()), f'docs/images is stale: see {__file__}')
        words = ''.join(page.read_text() for page in (*DOCS.glob('*.md'), DOCS.parent / 'README.md'))
        for name in self.labels:
            with self.subTest(name):
                self.assertTrue((DOCS / 'images' / f'{name}.png').exists())
                self.assertIn(f'images/{name}.png', words, 'no page of the docs shows it')

    def keep_to_one_company(self):
        """Let the administrator have one company, as in a new database: other tests have made some."""
        call, me = self.administrator.call, [self.administrator.user]
        [had] = call('res.users', 'read', me, ['company_id', 'company_ids'])
        self.addCleanup(call, 'res.users', 'write', me, {'company_ids': [(6, 0, had['company_ids'])]})
        call('res.users', 'write', me, {'company_ids': [(6, 0, [had['company_id'][0]])]})

    def take(self, window, name, selector, size=DESKTOP, within=''):
        """A picture of what is there once there is something that matches the selector.

        :param within: a selector of the part whose labels are compared, where others are not ours.
        """
        window.wait_for(selector)
        picture = Image.open(io.BytesIO(window.picture(*size)))
        picture.convert('RGB').quantize(256).save(PICTURES / f'{name}.png', optimize=True)
        self.labels[name] = window.labels(within)

    def take_pages(self, window, pages, size=PAGE):
        for name, address, selector in pages:
            window.open(f'{self.url}{PATH}/{address}' if '//' not in address else address)
            self.take(window, name, selector, size)

    # ------------------------------------------------------------------
    # Pages for people
    # ------------------------------------------------------------------

    def address(self, **parameters):
        return f'{self.url}{PATH}/authorize?' + urlencode({
            'client_id': self.client_id, 'response_type': 'code', 'redirect_uri': REDIRECT_URI,
            'scope': ' '.join(SCOPES), **parameters})

    def as_a_user(self, window):
        window.open(self.address())
        self.take(window, 'login', 'form.oe_login_form:not(.d-none) input[name=login]', PAGE)
        window.sign_in(self.login, self.login)
        self.take(window, 'consent', 'button[value=allow]', PAGE)
        self.take(window, 'phone-consent', 'button[value=allow]', PHONE)
        [closed] = self.administrator.call('oauth2.client', 'create', [{
            'name': 'Time sheets', 'redirect_uri_ids': [(0, 0, {'uri': REDIRECT_URI})], 'open_to': 'listed',
            'scope_ids': [(6, 0, self.administrator.scopes('openid'))]}])
        [closed] = self.administrator.call('oauth2.client', 'read', [closed], ['client_id'])
        self.take_pages(window, (
            ('account', self.address(prompt='select_account'), 'button[value=continue]'),
            ('sign-in-again', self.address(prompt='login'), 'button[value=sign_in]'),
            ('not-admitted', self.address(client_id=closed['client_id'], scope='openid'), 'main h1'),
            ('stale-page', 'consent?request_id=nothing', 'main h1'),
            ('for-programs', 'access_token', 'main h1'),
            ('nothing-here', 'nothing', 'main h1'),
            ('device', 'device', 'input[name=user_code]'),
            ('sign-out', 'logout', 'button[value=stay]'),
        ))
        Person(self.url, self.login).sign_in(self.app, ' '.join(SCOPES))
        for name, size in (('connected-apps', PAGE), ('phone-connected-apps', PHONE)):
            self.take_pages(window, [(name, 'connected-apps', 'section h2')], size)
        for name, answer in (('still-signed-in', 'stay'), ('signed-out', 'sign_out')):
            window.open(f'{self.url}{PATH}/logout')
            window.answer(answer)
            window.wait('!document.querySelector("form")')
            self.take(window, name, 'main h1', PAGE)

    # ------------------------------------------------------------------
    # Screens
    # ------------------------------------------------------------------

    def open(self, window, path):
        window.open('about:blank')  # or the address would differ in its query alone
        window.open(f'{self.url}/odoo/{path}')

    def as_an_administrator(self, window):
        window.resize(*DESKTOP)
        window.open(f'{self.url}/web/login')
        window.sign_in('admin', 'admin')
        window.wait_for('.o_main_navbar')
        self.open(window, 'oauth2-applications')
        window.press_text('.o_control_panel button', 'New application')
        self.take(window, 'new-application', '.o_kanban_record .fa-2x')
        window.press_text('.o_kanban_record', 'Grafana')
        window.confirm('admin', '.modal [name=site] input')
        window.fill('.modal [name=site] input', 'https://grafana.example.com')
        self.take(window, 'new-grafana', '.modal [name=redirect_uris]')
        window.press_text('.modal footer button', 'Create')
        self.take(window, 'secret', '.modal [name=secret]', (1400, 1000))
        window.press_text('.modal .nav-link', 'Odoo')
        self.take(window, 'secret-odoo', '.modal .tab-pane [name=token_endpoint]', (1400, 1250))
        self.take(window, 'phone-secret', '.modal [name=secret]', PHONE)
        window.resize(*DESKTOP)
        window.press('.modal .btn-close')
        self.take(window, 'secret-closing', '.modal:not(.o_inactive_modal) .btn-primary')
        window.press_text('.modal:not(.o_inactive_modal) footer button', 'I have copied it')
        window.wait('!document.querySelector(".modal")')
        for name, (path, selector) in SCREENS.items():
            self.open(window, path)
            self.take(window, name, f'.o_content {selector}')
        for name, path, row in (('access-one', 'oauth2-access', 'Company wiki'), ('event', 'oauth2-events', 'Grafana'),
                                ('authorization', 'oauth2-authorizations', 'Company wiki'),
                                ('scope', 'oauth2-scopes', 'contacts.read'), ('template', SCREENS['templates'][0],
                                                                              'Grafana')):
            self.open(window, path)
            window.press_text('.o_data_row td:not(.o_list_record_selector)', row)
            self.take(window, name, '.o_form_view .o_form_sheet')

    def application(self, window):
        """The form of an application, with its tabs, and what its buttons open."""
        form = f'oauth2-applications/{self.record}'
        self.open(window, form)
        self.take(window, 'application', '.o_form_view [name=client_id]', (1400, 1100))
        window.resize(1400, 1400)  # so that it need not scroll
        for name in ('secrets', 'connection', 'snippets', 'presentation', 'rules'):
            window.press(f'.nav-link[name={name}]')
            self.take(window, f'application-{name}', f'.nav-link.active[name={name}]', (1400, 1400))
        window.press('[name=is_public] input')
        self.take(window, 'application-public', '.alert-warning[role=alert]')
        window.press('.o_form_button_cancel')
        for name, button, selector in (('test-connection', 'Test connection', '.modal [name=fine]'),
                                       ('stop-access', 'Stop access', '.modal [name=reason]')):
            window.press_text('.o_statusbar_buttons button', button)
            self.take(window, name, selector)
            window.press('.modal .btn-close')
            window.wait('!document.querySelector(".modal")')
        window.press('.nav-link[name=secrets]')
        window.press_text('.tab-pane button', 'Bring a secret along')
        self.take(window, 'secret-bring', '.modal [name=secret] input')
        window.open(f'{self.url}{PATH}/try?client_id={self.client_id}')
        self.take(window, 'try-sign-in', 'button[value=allow]', PAGE)
        window.answer('allow')
        window.wait('!document.querySelector("button[value=allow]")')
        self.take(window, 'tried', 'main h1', (1000, 1400))

    def dialogs(self, window):
        self.open(window, 'oauth2-health')
        window.press('.o_data_row button[name=action_accept]')
        self.take(window, 'health-accept', '.modal [name=acceptance] input')
        self.open(window, 'oauth2-scopes')
        window.press_text('.o_control_panel button', 'New from models')
        self.take(window, 'scope-from-models', '.modal [name=model_ids] input')
        self.open(window, 'oauth2-scopes')
        window.press_text('.o_data_row td:not(.o_list_record_selector)', 'contacts.read')
        window.press_text('button', 'What does it open?')
        window.press_text('.modal footer button', 'Look')
        self.take(window, 'scope-opened', '.modal .o_data_row')

    def users(self, window):
        """What stands on Odoo's own screens."""
        [user] = self.administrator.call('res.users', 'search', [('login', '=', self.login)])
        self.open(window, f'action-base.action_res_users/{user}')
        self.take(window, 'user', '[name=oauth2_access_count]', within='.o-form-buttonbox')
        self.open(window, 'settings')
        window.wait_for('#oauth2_applications')
        window.resize(1400, 1300)
        window.look('document.querySelector("#oauth2_applications").scrollIntoView()')
        self.take(window, 'settings', '#oauth2_applications', (1400, 1300), '.o_settings_container:has(#oauth2_issuer)')
        own = self.window()
        own.resize(*DESKTOP)
        own.open(f'{self.url}/web/login')
        own.sign_in(self.login, self.login)
        own.press('.o_user_menu button')
        own.press('.o-dropdown--menu [data-menu=preferences]')
        own.press('.modal .nav-link[name=page_security]')
        self.take(own, 'preferences', '[name=oauth2_connected_apps]', within='[name=oauth2_connected_apps]')
        self.take(own, 'phone-preferences', '[name=oauth2_connected_apps]', PHONE, '[name=oauth2_connected_apps]')

    def on_a_phone(self, window):
        window.resize(*PHONE)
        for name, (path, selector) in PHONE_SCREENS.items():
            self.open(window, path)
            self.take(window, name, f'.o_content {selector}', PHONE)
        self.open(window, f'oauth2-applications/{self.record}')
        self.take(window, 'phone-application', '.o_form_view [name=client_id]', PHONE)
