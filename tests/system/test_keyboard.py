"""Everything can be done with the keyboard alone."""
from urllib.parse import urlencode

from application import Application
from browser import BrowserCase
from client import PATH

# What has the focus, as somebody who does not see it is told; an outline shows it to all others.
FOCUS = """(() => {
    const one = document.activeElement;
    const {outlineStyle, outlineWidth, boxShadow} = getComputedStyle(one);
    const isShown = outlineStyle != 'none' && parseFloat(outlineWidth) >= 1 || boxShadow != 'none';
    return [one.value && one.type == 'submit' ? one.value : one.innerText || one.name || one.tagName, isShown];
})()"""


class TestKeyboard(BrowserCase):

    def setUp(self):
        super().setUp()
        self.application = Application()
        self.addCleanup(self.application.close)
        self.told = self.register(self.application.address, publisher='Makers', client_uri='https://app.example.com')

    def tab_until(self, window, expression):
        """Press Tab until this is true of what has the focus, `one`. What had it on the way."""
        passed = []
        for _press in range(80):
            window.key('Tab')
            passed.append(window.look(FOCUS))
            if window.look(f'((one) => {expression})(document.activeElement)'):
                return passed
        raise AssertionError(f'Tab does not come to {expression}, but to {passed}')

    def test_somebody_signs_in_allows_an_application_and_disconnects_it(self):
        window = self.window()
        window.open(f'{self.url}{PATH}/authorize?' + urlencode({
            'client_id': self.told['client_id'], 'response_type': 'code', 'redirect_uri': self.application.redirect_uri,
            'scope': 'odoo'}))
        window.wait_for('form.oe_login_form input[name=login]')
        window.wait('document.readyState == "complete" && document.activeElement.name == "login"')
        window.write(self.login)
        self.tab_until(window, 'one.name == "password"')
        window.write(self.login)
        window.key('Enter')
        window.wait_for('button[value=allow]')
        page = window.url
        passed = self.tab_until(window, 'one.value == "allow"')
        self.assertEqual([name for name, _shown in passed], ['Website', 'sign_in', 'deny', 'allow'])
        self.assertTrue(all(is_shown for _name, is_shown in passed), passed)
        window.key('Escape')
        self.assertEqual((window.url, window.look('document.body.dataset.sent')), (page, None))
        window.key('Enter')
        self.assertIn('code=', self.application.answer())

        window.open(f'{self.url}{PATH}/connected-apps')
        window.wait_for('summary')
        passed = self.tab_until(window, 'one.matches("summary")')
        self.assertEqual(passed, [['Disconnect', True]])
        window.key('Enter')
        self.assertEqual(self.tab_until(window, 'one.value == "disconnect"'), [['disconnect', True]])
        window.key('Enter')
        window.wait('document.body.innerText.includes("No application is connected")')

    def leave_search(self, window, card):
        """Go from Odoo's search box, which keeps Tab to itself, to the cards."""
        window.wait_for(card)
        window.wait('document.activeElement.matches(".o_searchview_input")')
        window.key('ArrowDown')

    def test_an_administrator_registers_an_application_and_copies_its_secret(self):
        window = self.window()
        window.resize(1400, 900)
        window.open(f'{self.url}/web/login')
        window.sign_in('admin', 'admin')
        window.wait_for('.o_main_navbar')
        window.open(f'{self.url}/odoo/oauth2-applications')
        self.leave_search(window, '.o_kanban_record')
        self.assertTrue(window.look('document.activeElement.matches(".o_kanban_record")'))
        window.key('c', alt=True)  # as in all of Odoo
        self.leave_search(window, '.o_kanban_record .fa-2x')
        self.tab_until(window, 'one.matches(".o_kanban_record") && one.innerText.includes("It runs by itself")')
        window.key('Enter')
        window.confirm('admin', '.modal [name=name] input')
        window.wait('document.activeElement.matches("[name=name] input")')
        window.write('By keyboard')
        self.tab_until(window, 'one.closest("[name=user_id]") && one.matches("input")')
        window.write('Marc Demo')
        window.wait('document.querySelector(".o-autocomplete--dropdown-item")?.innerText.includes("Marc Demo")')
        window.key('Enter')
        self.tab_until(window, 'one.closest("[name=scope_ids]") && one.type == "checkbox"')
        window.key(' ')
        self.tab_until(window, 'one.name == "action_make"')
        window.key('Enter')
        window.wait_for('.modal [name=secret] .o_clipboard_button')
        # Nobody may read the clipboard of a browser without a window.
        window.look('navigator.clipboard.writeText = async (text) => { window.copied = text }; null')
        self.tab_until(window, 'one.closest("[name=secret]") && one.matches(".o_clipboard_button")')
        window.key('Enter')
        secret = window.wait('window.copied')
        [client_id] = self.sql("SELECT client_id FROM oauth2_client WHERE name = 'By keyboard' ORDER BY id DESC")[0]
        [ending] = self.sql(""" SELECT last_characters FROM oauth2_client_secret secret
            JOIN oauth2_client client ON client.id = secret.client_id WHERE client.client_id = %s""", client_id)[0]
        self.assertEqual(secret[-4:], ending)
        self.tab_until(window, 'one.innerText.includes("I have copied it")')
        window.key('Enter')
        window.wait('!document.querySelector(".modal")')
