"""What a person does in a browser: open an address, type, press a button, read the page."""
import base64
import json
import time

import requests
from administrator import Administrator
from client import SystemCase
from devtools import PATIENCE, Chromium, DevToolsError

LOGIN = 'form.oe_login_form'
# What a key is called on a keyboard, its number, and what it writes.
KEYS = {
    'Tab': ('Tab', 9, ''), 'Enter': ('Enter', 13, '\r'), 'Escape': ('Escape', 27, ''), ' ': ('Space', 32, ' '),
    'ArrowDown': ('ArrowDown', 40, ''), 'c': ('KeyC', 67, ''),
}


class Window:
    """A browser window of a person who is new here: it shares no cookie with other windows."""

    def __init__(self, chromium):
        self.chromium = chromium
        self.context = chromium.order('Target.createBrowserContext')['browserContextId']
        target = chromium.order('Target.createTarget', url='about:blank', browserContextId=self.context)['targetId']
        self.session = chromium.order('Target.attachToTarget', targetId=target, flatten=True)['sessionId']
        self._order('Page.enable')
        self._order('Emulation.setFocusEmulationEnabled', enabled=True)  # keys go to it, whichever was opened last

    def switch_scripts_off(self):
        """From the next page on, JavaScript does not run, as some people and companies have it."""
        self._order('Emulation.setScriptExecutionDisabled', value=True)

    def close(self):
        """Close it, and forget its cookies."""
        self.chromium.order('Target.disposeBrowserContext', browserContextId=self.context)

    def _order(self, method, **parameters):
        return self.chromium.order(method, self.session, **parameters)

    # ------------------------------------------------------------------
    # Looking
    # ------------------------------------------------------------------

    def look(self, expression, **how):
        """The value of an expression in the page. This works with the page's own scripts switched off, too."""
        result = self._order('Runtime.evaluate', expression=expression, returnByValue=True, **how)
        if 'exceptionDetails' in result:
            raise DevToolsError(result['exceptionDetails']['exception'].get('description'))
        return result['result'].get('value')

    def run(self, expression):
        """What the promise comes to that an expression is in the page."""
        return self.look(expression, awaitPromise=True)

    @property
    def url(self):
        """The address of the page."""
        return self.look('location.href')

    @property
    def text(self):
        """What can be read on the page."""
        return self.look('document.body.innerText')

    def labels(self, within=''):
        """What stands on the page, or in a part, whatever it is about: headings, labels and buttons, in their order."""
        return self.look(f"""[...document.querySelectorAll(
            'label, th, button, summary, dt, .nav-link, .o_horizontal_separator, .o_menu_sections a')]
            .filter((one) => one.checkVisibility() && one.closest({within or 'body'!r}) && !one.closest(
                '.form-check, tbody, .o_kanban_record, .o_main_navbar'))
            .map((one) => one.innerText.trim()).filter(Boolean)""")

    def picture(self, width=1400, height=900):
        """A picture of the page in a window of this size: the bytes of a PNG file."""
        self.resize(width, height)
        self.run('new Promise((seen) => setTimeout(seen, 500))')  # until what moves stands still
        return base64.b64decode(self._order('Page.captureScreenshot', format='png')['data'])

    def resize(self, width, height):
        """Make the window so large."""
        self._order('Emulation.setDeviceMetricsOverride', width=width, height=height, deviceScaleFactor=1, mobile=False)

    def prefer(self, scheme):
        """Have the person prefer `dark` pages, or `light` ones."""
        self._order('Emulation.setEmulatedMedia', features=[{'name': 'prefers-color-scheme', 'value': scheme}])

    def fill(self, selector, text):
        """Type into a field of Odoo's web client, and leave it."""
        self.wait_for(selector)
        self.look(f'document.querySelector({selector!r}).focus()')
        self._order('Input.insertText', text=text)
        self.look(f'document.querySelector({selector!r}).blur()')

    def press_text(self, selector, text):
        """Click the first element that holds a text."""
        found = f'[...document.querySelectorAll({selector!r})].find((one) => one.innerText.includes({text!r}))'
        self.wait(f'Boolean({found})')
        self.look(f'{found}.click()')

    def wait(self, expression):
        """Wait until an expression is true in the page, whichever page that will be, and give its value."""
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                if value := self.look(expression):
                    return value
            except DevToolsError:
                pass  # between two pages
            time.sleep(0.05)
        raise AssertionError(f'{expression} never came true. {self.url} reads:\n{self.text}')

    def wait_for(self, selector):
        """Wait until there is something on the page."""
        self.wait(f'document.querySelector({json.dumps(selector)}) !== null')

    def wait_for_address(self, start):
        """Wait until the address begins so and the page is all there, and give the whole address."""
        return self.wait(
            f'location.href.startsWith({json.dumps(start)}) && document.readyState == "complete" && location.href')

    # ------------------------------------------------------------------
    # Acting
    # ------------------------------------------------------------------

    def open(self, url):
        """Go to an address, as if it were typed."""
        self._order('Page.navigate', url=url)

    def press(self, selector):
        """Click on the middle of something, once it is what lies there."""
        x, y = self.wait(f"""(() => {{
            const element = document.readyState == "complete" && document.querySelector({json.dumps(selector)});
            if (!element) return null;
            element.scrollIntoView({{block: "center", behavior: "instant"}});
            const {{x, y, width, height}} = element.getBoundingClientRect();
            const middle = [x + width / 2, y + height / 2];
            return element.contains(document.elementFromPoint(...middle)) && middle;
        }})()""")
        for kind in ('mousePressed', 'mouseReleased'):
            self._order('Input.dispatchMouseEvent', type=kind, x=x, y=y, button='left', clickCount=1)

    def type(self, selector, text):
        """Type into a field, over what stands there."""
        self.press(selector)
        self.wait(f'document.activeElement.matches({json.dumps(selector)}) && !document.activeElement.select()')
        self._order('Input.insertText', text=text)

    def press_enter(self, selector):
        """Press the Enter key where something has the focus."""
        self.wait_for(selector)
        self.look(f'document.querySelector({json.dumps(selector)}).focus()')
        self.key('Enter')

    def key(self, key, *, alt=False):
        """Press a key, and let it go."""
        code, number, text = KEYS[key]
        for kind, written in (('keyDown', text), ('keyUp', '')):
            self._order('Input.dispatchKeyEvent', type=kind, key=key, code=code, windowsVirtualKeyCode=number,
                        modifiers=int(alt), **({'text': written} if written else {}))

    def write(self, text):
        """Type where the focus is."""
        self._order('Input.insertText', text=text)

    def sign_in(self, login, password):
        """Fill Odoo's login form."""
        self.wait_for(LOGIN)
        self.type(f'{LOGIN} input[name=login]', login)
        self.type(f'{LOGIN} input[name=password]', password)
        self.press(f'{LOGIN} button[type=submit]')

    def confirm(self, password, then):
        """Enter the password before something that is worth one, where it was not entered a moment ago.

        :param then: a selector of what is there afterwards.
        """
        field = '.modal [name=password] input'
        self.wait_for(f'{field}, {then}')
        if self.look(f'Boolean(document.querySelector({field!r}))'):
            self.fill(field, password)
            self.press_text('.modal footer button', 'Confirm')
            self.wait_for(then)

    def answer(self, answer):
        """Press a button of one of the authorization server's pages, such as `allow` or `deny`."""
        self.press(f'button[name=answer][value={answer}]')


class BrowserCase(SystemCase):
    """Tests with a browser and a user: each class has its own, and every test opens its own windows."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.administrator = Administrator()
        cls.login = cls.__name__.lower()
        cls.administrator.make_user(cls.login, email=f'{cls.login}@example.com')
        cls.chromium = Chromium()
        cls.addClassCleanup(cls.chromium.close)

    def register(self, address, *, is_public=False, **values):
        """Register an application that serves at an address, and give what it has to be told.

        It is registered without its port, which it may choose anew each time it starts (RFC 8252 §7.3).
        """
        record, client_id = self.administrator.register(
            'Test application', ['http://127.0.0.1/callback'], is_public=is_public,
            post_logout_redirect_uri_ids=[(0, 0, {'uri': f'{address}/goodbye'})], **values)
        told = {'issuer': self.url, 'client_id': client_id}
        return told if is_public else told | {'client_secret': self.administrator.generate_secret(record)}

    def discover(self):
        """The server's metadata (OpenID Connect Discovery §4)."""
        response = requests.get(f'{self.url}/.well-known/openid-configuration', timeout=60)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def allow(self, window, url):
        """Sign in at an address of an application, and allow it what it asks for."""
        window.open(url)
        window.sign_in(self.login, self.login)
        window.answer('allow')

    def window(self):
        """A window without cookies."""
        window = Window(self.chromium)
        self.addCleanup(window.close)
        return window
