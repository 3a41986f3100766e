"""The pictures of the docs are of the screens as they are.

Each run takes them anew, into .dev/pictures/. What is compared is what stands on each screen whatever it is about: its
headings, labels and buttons (docs/images/labels.json). If that differs, the pictures are stale: run
`./dev test test_pictures`, look at .dev/pictures/, and copy it to docs/images/ (some also to static/description/).
"""
import json
import os
from pathlib import Path

from browser import BrowserCase

PICTURES = Path(os.environ['RESTAPI_OAUTH2_PICTURES'])
DOCS = Path(__file__).parents[2] / 'docs'
LABELS = 'labels.json'


class TestPictures(BrowserCase):

    def test_the_pictures_of_the_docs_are_of_these_screens(self):
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.labels = {}
        self.as_an_administrator(self.window())
        self.as_a_user(self.window())
        (PICTURES / LABELS).write_text(json.dumps(self.labels, indent=1, ensure_ascii=False) + '\n')
        stored = DOCS / 'images' / LABELS
        self.maxDiff = None
        self.assertEqual(self.labels, json.loads(stored.read_text()), f'docs/images is stale: see {__file__}')
        words = ''.join(page.read_text() for page in (*DOCS.glob('*.md'), DOCS.parent / 'README.md'))
        for name in self.labels:
            with self.subTest(name):
                self.assertTrue((DOCS / 'images' / f'{name}.png').exists())
                self.assertIn(f'images/{name}.png', words, 'no page of the docs shows it')

    def take(self, window, name, selector, height=900):
        window.wait_for(selector)
        (PICTURES / f'{name}.png').write_bytes(window.picture(height=height))
        self.labels[name] = window.labels

    def as_an_administrator(self, window):
        window.open(f'{self.url}/web/login')
        window.sign_in('admin', 'admin')
        window.wait_for('.o_main_navbar')
        window.open(f'{self.url}/odoo/oauth2-new-application')
        self.take(window, 'new-application', '.o_kanban_record')
        window.press_text('.o_kanban_record', 'Grafana')
        window.confirm('admin', '.modal [name=site] input')
        window.fill('.modal [name=site] input', 'https://grafana.example.com')
        self.take(window, 'new-grafana', '.modal [name=redirect_uris]')
        window.press_text('.modal footer button', 'Create')
        self.take(window, 'secret', '.modal [name=secret]', height=1000)
        window.press_text('.modal footer button', 'I have copied it')
        window.wait('!document.querySelector(".modal")')
        self.take(window, 'application', '.o_form_view [name=client_id]')
        for name, path, selector in (
            ('applications', 'oauth2-applications', '.o_kanban_view .o_kanban_record'),
            ('access', 'oauth2-access', '.o_list_view .o_data_row'),
            ('events', 'oauth2-events', '.o_list_view .o_data_row'),
            ('scopes', 'oauth2-scopes', '.o_list_view .o_data_row'),
        ):
            window.open(f'{self.url}/odoo/{path}')
            self.take(window, name, selector)
        window.press_text('.o_menu_sections a, .o_menu_sections button', 'Health')
        self.take(window, 'health', '.o_list_view th[data-name=sentence]')

    def as_a_user(self, window):
        record, client_id = self.administrator.register(
            'Company wiki', ['https://wiki.example.com/callback'], publisher='Example Ltd.',
            scope_ids=[(6, 0, self.administrator.scopes('openid', 'profile', 'email', 'contacts.read'))])
        window.open(
            f'{self.url}/restapi/1.0/common/oauth2/authorize?client_id={client_id}&response_type=code'
            '&redirect_uri=https%3A%2F%2Fwiki.example.com%2Fcallback&scope=openid%20profile%20email%20contacts.read')
        window.sign_in(self.login, self.login)
        self.take(window, 'consent', 'button[value=allow]')
        user = self.sql('SELECT id FROM res_users WHERE login = %s', self.login)[0][0]
        self.sql(
            """ INSERT INTO oauth2_consent (client_id, user_id, scope, covered, redirect_hosts, create_date, write_date)
                     VALUES (%s, %s, 'openid profile contacts.read', '', 'wiki.example.com', now(), now()) """,
            record, user)
        window.open(f'{self.url}/restapi/1.0/common/oauth2/connected-apps')
        self.take(window, 'connected-apps', 'section h2')
