"""The screens warn before something is lost, and offer a way back."""
from browser import BrowserCase

ASKED = '.modal:not(.o_inactive_modal)'


class TestWarnings(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.record, _client_id = cls.administrator.register('Warned', ['https://app.example.com/callback'])
        cls.administrator.generate_secret(cls.record)

    def sign_in(self, width, path):
        """A window of the administrator's, at a page."""
        window = self.window()
        window.resize(width, 900)
        window.open(f'{self.url}/web/login')
        window.sign_in('admin', 'admin')
        window.wait_for('.o_main_navbar')
        window.open(f'{self.url}/odoo/{path}')
        return window

    def test_the_password_is_asked_for_before_anything_is_entered(self):
        """Because Odoo closes the dialog from which it asks."""
        window = self.sign_in(1400, 'oauth2-new-application')
        window.press_text('.o_kanban_record', 'Grafana')
        window.wait_for('.modal [name=password] input')
        window.press_text('.modal footer button', 'Discard')
        window.wait('!document.querySelector(".modal")')
        window.press_text('.o_kanban_record', 'Grafana')
        window.confirm('admin', '.modal [name=site] input')
        window.fill('.modal [name=site] input', 'https://grafana.example.com')
        window.press_text('.modal footer button', 'Create')
        window.wait_for('.modal [name=secret]')

    def test_nothing_but_its_button_closes_the_dialog_with_a_secret_unasked(self):
        window = self.sign_in(1400, f'oauth2-applications/{self.record}')
        window.press_text('.o_statusbar_buttons button', 'Generate another secret')
        window.confirm('admin', '.modal [name=secret]')
        secret = window.look('document.querySelector(".modal [name=secret]").innerText')
        for close in (lambda: window.key('Escape'), lambda: window.press('.modal .btn-close')):
            close()
            window.wait('document.querySelectorAll(".modal").length == 2')
            self.assertIn('Have you copied the secret?', window.text)
            window.press_text(f'{ASKED} footer button', 'Go back')
            window.wait('document.querySelectorAll(".modal").length == 1')
            self.assertEqual(window.look('document.querySelector(".modal [name=secret]").innerText'), secret)
        window.key('Escape')
        window.wait('document.querySelectorAll(".modal").length == 2')
        window.press_text(f'{ASKED} footer button', 'I have copied it')
        window.wait('!document.querySelector(".modal")')
        window.press_text('.nav-link', 'Secrets')
        window.press_text('[name=secret_ids] button[name=action_delete]', '')
        window.press_text(f'{ASKED} footer button', 'Delete')
        window.wait('!document.querySelector(".modal")')
        window.press_text('.o_statusbar_buttons button', 'Generate another secret')
        window.wait_for('.modal [name=secret]')
        window.press_text('.modal footer button', 'I have copied it')
        window.wait('!document.querySelector(".modal")')

    def test_what_becomes_public_loses_its_secrets(self):
        for width in (1400, 390):
            with self.subTest(width=width):
                window = self.sign_in(width, f'oauth2-applications/{self.record}')
                window.wait_for('.o_form_view [name=is_public] input')
                self.assertNotIn('its secrets are deleted', window.text)
                window.press('[name=is_public] input')
                window.wait('document.body.innerText.includes("its secrets are deleted when you save")')
                window.press('.o_form_button_cancel')
                window.wait('!document.body.innerText.includes("its secrets are deleted when you save")')
        self.assertTrue(self.sql('SELECT id FROM oauth2_client_secret WHERE client_id = %s', self.record))

    def test_health_looks_whichever_way_one_comes_and_takes_a_reason(self):
        self.sql('DELETE FROM oauth2_finding')
        for width, row in ((1400, '.o_data_row'), (390, '.o_kanban_record')):
            with self.subTest(width=width):
                window = self.sign_in(width, 'oauth2-health')
                window.press(f'{row} button[name=action_accept]')
                window.fill('.modal [name=acceptance] input', f'Right at {width}')
                window.press_text('.modal footer button', 'Save')
                window.wait(f'document.querySelector({row!r}) && document.body.innerText.includes("Right at {width}")')
                self.assertIn('/odoo/oauth2-health', window.url)
        self.assertEqual(
            sorted(self.sql('SELECT acceptance FROM oauth2_finding WHERE is_accepted')),
            [('Right at 1400',), ('Right at 390',)])
