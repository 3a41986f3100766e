"""The contract's requests that wait for a person: how long they may be, how long they wait, and for whom."""
import json
import time
from email.utils import parsedate_to_datetime
from http.cookies import SimpleCookie

from odoo.http import root
from odoo.tests import HOST

from .browser import WAITING
from .common import PATH
from .requirement import requirement
from .test_oidc_prompt import PagesCase

SIX_KILOBYTES = 6 * 1024
FOUR_KILOBYTES = 4 * 1024


class TestWaitingRequests(PagesCase):

    def cookies(self):
        """What the browser sends of ours."""
        return {cookie.name: cookie.value for cookie in self.opener.cookies if cookie.name.startswith(WAITING)}

    def put(self, name, value):
        self.opener.cookies.set(name, value, domain=HOST, path=PATH)

    def set_cookies(self, response):
        """The cookies of ours that a response sets or deletes."""
        return [header for header in response.raw.headers.getlist('Set-Cookie') if header.startswith(WAITING)]

    # ------------------------------------------------------------------
    # How long they may be
    # ------------------------------------------------------------------

    @requirement('contract', '4', 'What a browser is given to keep, it can keep until the end')
    def test_a_request_that_may_wait_is_not_too_long_later(self):
        """The longest state that is accepted before the login is also accepted after the login and the page."""
        self.wiki.scope_ids = self.env['oauth2.scope'].search([])
        scope = ' '.join(self.wiki.scope_ids.mapped('name'))
        short, long = 0, 4096
        while long - short > 1:
            length = (short + long) // 2
            self.authenticate(None, None)
            if self.begin(state='x' * length, scope=scope).status_code == 303:
                short = length
            else:
                long = length
        parameters = self.parameters(state='x' * short, scope=scope)
        self.assertGreater(sum(map(len, [*parameters, *parameters.values()])), 2700)
        self.authenticate(None, None)
        page = self.come_back(self.begin(state='x' * short, scope=scope))
        self.assertPage(page, 'Wiki wants access to your YourCompany account')
        [(name, value)] = self.cookies().items()
        self.assertLessEqual(len(name) + len(value), FOUR_KILOBYTES)
        self.assertEqual(self.arrived(self.answer(page, 'allow'))['state'], 'x' * short)

    def test_other_letters_take_no_more_room_than_their_bytes(self):
        page = self.begin(state='ä' * 1100)
        self.assertPage(page, 'Wiki wants access to your YourCompany account')

    @requirement('contract', '4', 'All together stay below 6 KB, those that nobody can open any more included')
    def test_cookies_that_cannot_be_opened_make_room_first(self):
        keys = self.env['oauth2.signing.key']
        for number in range(5):
            self.begin(state=f'{number}' + 'x' * 400)
        lost = set(self.cookies())
        type(keys).action_replace_now.__wrapped__(keys)
        self.put(WAITING + 'x', 'x' * 500)
        for number in range(3):
            self.begin(state=f'{number}' + 'x' * 400)
            sent = '; '.join(f'{name}={value}' for name, value in self.cookies().items())
            self.assertLessEqual(len(sent), SIX_KILOBYTES)
            self.assertEqual(len(set(self.cookies()) - lost - {WAITING + 'x'}), number + 1)

    # ------------------------------------------------------------------
    # How long they wait
    # ------------------------------------------------------------------

    @requirement('contract', '4', 'A request waits for 30 minutes, however often its page is loaded')
    def test_loading_the_page_again_does_not_prolong_the_time(self):
        address, _hidden = self.form(self.begin())
        [(name, value)] = self.waiting().items()
        self.wait(name, {**value, 'asked_at': time.time() - 1790})
        self.assertPage(self.visit(address), 'Wiki wants access to your YourCompany account')
        [(name, value)] = self.waiting().items()
        self.wait(name, {**value, 'asked_at': value['asked_at'] - 11})
        self.assertStale(self.visit(address))

    @requirement('contract', '4', 'The browser forgets it after 30 minutes, and when it is answered')
    def test_no_cookie_outlives_its_time(self):
        page = self.begin()
        for response, seconds in ((page, 1800), (self.answer(page, 'deny'), 0)):
            [morsel] = SimpleCookie(self.set_cookies(response)[0]).values()
            self.assertEqual(morsel['max-age'], str(seconds))
            expires = parsedate_to_datetime(morsel['expires']) - parsedate_to_datetime(response.headers['Date'])
            self.assertLessEqual(abs(expires.total_seconds() - seconds), 2)

    def test_what_another_version_of_this_addon_has_sealed_is_out_of_date(self):
        address, _hidden = self.form(self.begin())
        [name] = self.waiting()
        for value in ({'parameters': {}}, {}, [], [{}], None, 'x', [{}, 1.0, None, None, None, None, None]):
            with self.subTest(json.dumps(value)):
                self.put(WAITING + name, self.seal(name, value))
                self.assertStale(self.visit(address))

    # ------------------------------------------------------------------
    # For whom
    # ------------------------------------------------------------------

    @requirement('contract', '4', 'What waits holds the request and what was shown, and no decision')
    def test_what_waits_holds_no_decision(self):
        page = self.begin(prompt='select_account')
        before = self.waiting()
        consent = self.visit(self.answer(page, 'continue').headers['Location'])
        self.assertPage(consent, 'Wiki wants access to your YourCompany account')
        [(name, value)] = self.waiting().items()
        self.assertEqual({key for key, kept in value.items() if kept != before[name][key]}, {'shown'})
        loaded_again = self.visit(self.form(consent)[0])
        self.assertPage(loaded_again, 'Wiki wants access to your YourCompany account')
        self.answer(consent, 'allow')
        # With a consent to remember, the choice is the answer.
        page = self.begin(prompt='select_account')
        self.assertPage(page, 'Which account for Wiki?')
        self.assertIn('code', self.arrived(self.answer(page, 'continue')))

    @requirement('contract', '4', 'The session is checked uncached, in the snapshot that the code is made in')
    def test_a_session_that_only_a_cache_takes_for_good(self):
        self.allow()
        page = self.begin(prompt='consent')
        # As it is in a worker that has not been told yet, or has cached anew what it read before.
        self.sql("UPDATE res_users SET password = 'another' WHERE id = %s", self.person.id)
        for response in (self.begin(prompt='none'), self.ask(
                'authorize', 'GET', {'Accept': 'application/json'}, params=self.parameters())):
            self.assertIn('login_required', response.headers.get('Location') or response.text)
        response = self.answer(page, 'allow')
        self.assertTrue(response.headers['Location'].startswith('/web/login?'), response.headers['Location'])
        self.assertIsNone(root.session_store.get(self.opener.cookies.get('session_id', domain=HOST)).uid)
