"""The catalogue of attacks (docs/security.md), cases 75 and 91: requests that wait in a browser."""
from http.cookies import SimpleCookie
from pathlib import Path

from odoo.http import root
from odoo.tests import HOST
from odoo.tools import SQL

from .browser import WAITING, BrowserCase
from .common import PATH
from .requirement import requirement

SIX_KILOBYTES = 6 * 1024


class TestWaiting(BrowserCase):

    def assertStale(self, response):
        self.assertEqual(response.status_code, 400, response.text)
        self.assertIn('This page is out of date', response.text)

    def address(self, request_id):
        return f'{PATH}/consent?request_id={request_id}'

    def sealed(self):
        """The cookies as they are, by their names."""
        return {cookie.name: cookie.value for cookie in self.opener.cookies if cookie.name.startswith(WAITING)}

    def put(self, cookies):
        for name, value in cookies.items():
            self.opener.cookies.set(name, value, domain=HOST, path=PATH)

    # ------------------------------------------------------------------
    # 75: what a stranger leaves behind
    # ------------------------------------------------------------------

    @requirement('attack', '75', 'Who is not logged in leaves no session and no row')
    @requirement('contract', '4', 'An anonymous request writes nothing, not even a session file')
    def test_attack_75_a_request_of_nobody_leaves_nothing(self):
        self.authenticate(None, None)
        self.opener.cookies.clear()
        self.visit('/web/health')  # whatever a first request makes
        before = self.files(), self.changes()
        for number in range(5):
            response = self.begin(state=f'{number}')
            self.assertTrue(response.headers['Location'].startswith('/web/login?'))
            self.assertEqual(len(self.waiting()), number + 1)
        self.assertEqual((self.files(), self.changes()), before)

    def files(self):
        """The files of the sessions."""
        return {path for path in Path(root.session_store.path).rglob('*') if path.is_file()}

    def changes(self):
        """How many rows of any table were written so far."""
        self.env.flush_all()
        return self.env.execute_query(SQL('SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_all_tables'))

    @requirement('attack', '75', 'Nor does who has a cookie and a form of the login page, whatever the answer is')
    def test_attack_75_an_answer_of_nobody_leaves_nothing(self):
        self.authenticate(None, None)
        login = self.begin().headers['Location']
        [request_id] = self.waiting()
        _action, hidden = self.form(self.visit(login))
        before = self.files(), self.changes()
        for answer in ('sign_in', 'continue', 'allow', 'deny'):
            with self.subTest(answer):
                response = self.visit(self.address(request_id), method='POST', data={
                    'csrf_token': hidden['csrf_token'], 'answer': answer})
                self.assertNotIn('session_id', response.headers.get('Set-Cookie', ''))
                self.assertEqual((self.files(), self.changes()), before)

    # ------------------------------------------------------------------
    # 91: the cookie
    # ------------------------------------------------------------------

    @requirement('contract', '4', 'One cookie for each request: HttpOnly, Secure, SameSite=Lax, 30 minutes')
    def test_attack_91_the_cookie(self):
        self.log_in()
        response = self.begin()
        [header] = [header for header in response.raw.headers.getlist('Set-Cookie') if header.startswith(WAITING)]
        [morsel] = SimpleCookie(header).values()
        self.assertEqual(
            (morsel['path'], morsel['max-age'], morsel['samesite'].lower(), morsel['httponly'], morsel['secure']),
            (PATH, '1800', 'lax', True, True))
        for word in ('Wiki', self.wiki.client_id, 'as-sent', 'app.example.com'):
            self.assertNotIn(word, morsel.value)
        self.setting_issuer('http://127.0.0.1:8069')
        self.assertNotIn('; Secure', self.begin().headers['Set-Cookie'])

    def setting_issuer(self, issuer):
        self.env['ir.config_parameter'].set_param('restapi_oauth2.issuer', issuer)

    @requirement('contract', '4', 'What is answered at once sets no cookie')
    def test_attack_91_what_is_answered_at_once(self):
        self.log_in()
        self.allow()
        for parameters in ({}, {'prompt': 'none'}, {'scope': 'nothing'}, {'redirect_uri': 'https://evil.example.com'}):
            with self.subTest(parameters):
                self.assertNotIn(WAITING, self.begin(**parameters).headers.get('Set-Cookie', ''))

    @requirement('contract', '4', 'A request that browsers do not keep is refused with a page')
    def test_attack_91_a_request_that_is_too_long(self):
        self.log_in()
        self.assertIn('value="allow"', self.begin(state='x' * 2000).text)
        response = self.begin(state='x' * 3500)
        self.assertEqual(response.status_code, 400)
        self.assertIn('too long for a browser to keep', response.text)
        self.assertNotIn(WAITING, response.headers.get('Set-Cookie', ''))
        self.assertEqual(len(self.waiting()), 1)

    @requirement('contract', '4', 'All of them together are shorter than proxies let pass: the oldest go')
    def test_attack_91_many_requests(self):
        self.log_in()
        for number in range(20):
            self.begin(state=f'{number} ' + 'x' * 100 * number)
            sent = '; '.join(f'{name}={value}' for name, value in self.sealed().items())
            self.assertLessEqual(len(sent), SIX_KILOBYTES)
        self.assertTrue(self.waiting())

    # ------------------------------------------------------------------
    # 91: opened elsewhere, again, or changed
    # ------------------------------------------------------------------

    @requirement('attack', '91', 'A request is opened in the browser that keeps it, and in no other')
    def test_attack_91_another_browser(self):
        self.log_in()
        self.begin()
        [request_id] = self.waiting()
        self.log_in()
        self.assertStale(self.visit(self.address(request_id)))

    @requirement('attack', '91', 'An answered request is not opened again, whichever answer it was')
    def test_attack_91_a_second_time(self):
        self.log_in()
        for word in ('deny', 'allow'):
            page = self.begin(prompt='consent')
            [request_id], kept = self.waiting(), self.sealed()
            self.arrived(self.answer(page, word))
            self.assertFalse(self.waiting())
            codes = self.env['oauth2.authorization.code'].search_count([])
            self.put(kept)  # a copy, or one that came too late
            self.assertStale(self.visit(self.address(request_id)))
            for other in ('allow', 'deny', 'continue', 'sign_in'):
                self.assertStale(self.answer(page, other))
            self.assertEqual(self.env['oauth2.authorization.code'].search_count([]), codes)
            self.opener.cookies.clear(HOST, PATH)

    @requirement('attack', '91', 'What a remembered consent has answered is answered, too')
    def test_attack_91_remembered_consent(self):
        self.log_in()
        self.allow()
        self.authenticate(None, None)
        self.begin()
        [request_id], kept = self.waiting(), self.sealed()
        self.sign_in('oauth2_person', self.address(request_id))
        self.assertIn('code', self.arrived(self.visit(self.address(request_id))))
        self.put(kept)
        self.assertStale(self.visit(self.address(request_id)))

    @requirement('attack', '91', 'A request is not opened under the name of another one, nor changed')
    def test_attack_91_another_name(self):
        self.log_in()
        self.begin()
        [(name, value)] = self.sealed().items()
        other = WAITING + 'A' * 22
        for cookies in ({other: value}, {other: value[:-2] + 'AA'}, {other: ''}, {other: 'x'}, {other: 'gAAAAA' * 100}):
            with self.subTest(len(cookies[other])):
                self.put(cookies)
                self.assertStale(self.visit(self.address('A' * 22)))
        self.assertEqual(self.visit(self.address(name.removeprefix(WAITING))).status_code, 200)
        for request_id in ('', 'x', '../x', 'A' * 23, 'ü' * 22):
            self.assertEqual(self.visit(self.address(request_id)).status_code, 400)

    @requirement('attack', '91', 'A rotated key opens what it sealed for half an hour, one that was taken away nothing')
    def test_attack_91_keys(self):
        self.log_in()
        page = self.begin()
        keys = self.env['oauth2.signing.key']
        keys._rotate()
        self.env.registry.clear_cache()
        [request_id] = self.waiting()
        self.assertEqual(self.visit(self.address(request_id)).status_code, 200)  # sealed anew, by the new key
        page = self.begin()
        type(keys).action_replace_now.__wrapped__(keys)
        self.env.registry.clear_cache()
        self.assertStale(self.answer(page, 'allow'))
        self.assertIn('code', self.arrived(self.answer(self.begin(), 'allow')))

    @requirement('contract', '4', 'Another login than the one of before is a new one, whatever the clocks say')
    def test_attack_91_no_clock_decides(self):
        self.log_in()
        page = self.begin(prompt='login')
        self.assertIn('sign in again', page.text)
        for name, value in self.waiting().items():
            self.wait(name, {**value, 'asked_at': value['asked_at'] + 3})  # another server, whose clock is ahead
        [request_id] = self.waiting()
        self.assertIn('sign in again', self.visit(self.address(request_id)).text)
        self.answer(page, 'sign_in')
        self.sign_in('oauth2_person', self.address(request_id))
        self.assertIn('value="allow"', self.visit(self.address(request_id)).text)
