"""The page on which users see what acts for them, and end it."""
from urllib.parse import urlencode

from lxml import html

from odoo.tests import new_test_user

from .browser import BrowserCase, query_of
from .common import PATH
from .requirement import requirement
from .test_pages import text

ADDRESS = f'{PATH}/connected-apps'


class TestConnectedAppsPage(BrowserCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.portal = new_test_user(
            cls.env, 'oauth2_pia', groups='base.group_portal', password='oauth2_pia', name='Pia Portal')
        cls.shop, _secret = cls.make_client('Shop')

    def connect(self, user, *clients):
        for client in clients:
            self.env['oauth2.consent']._record(client, user.id, 'openid', 'https://odoo.example.com', 'https://x.example/')

    def names(self, page):
        return [name.text_content() for name in html.fromstring(page.content).xpath('//section//h2')]

    def press(self, page, at):
        """Press the button of one of the page's forms."""
        form = html.fromstring(page.content).forms[at]
        [button] = form.xpath('.//button[@name="answer"]')
        hidden = {field.name: field.value for field in form.xpath('.//input[@type="hidden"]')}
        return self.visit(form.action, method='POST', data={**hidden, 'answer': button.get('value')})

    @requirement('contract', '4', 'A portal user sees what acts for her, and ends it in two steps')
    def test_a_portal_user_disconnects(self):
        self.log_in('oauth2_pia')
        page = self.visit(ADDRESS)
        self.assertIn('No application is connected', text(page))
        self.connect(self.portal, self.wiki, self.shop)
        self.connect(self.person, self.wiki)
        page = self.visit(ADDRESS)
        self.assertEqual(self.names(page), ['Shop', 'Wiki'])
        self.assertIn('Wiki loses its access at once', text(page))
        done = self.press(page, 1)
        self.assertEqual((done.status_code, done.headers['Location']), (303, ADDRESS))
        self.assertEqual(self.names(self.visit(ADDRESS)), ['Shop'])
        left = self.env['oauth2.consent'].search([('client_id', '=', self.wiki.id)])
        self.assertEqual(left.user_id, self.person)
        self.assertEqual(self.press(page, 1).status_code, 303)  # in another tab, once more
        self.assertEqual(self.env['oauth2.event'].search([('name', '=', 'consent_withdrawn')]).user_id, self.portal)

    @requirement('contract', '4', 'All are disconnected at once')
    def test_all_are_disconnected(self):
        self.connect(self.portal, self.wiki, self.shop)
        self.log_in('oauth2_pia')
        self.press(self.visit(ADDRESS), -1)
        self.assertEqual(self.names(self.visit(ADDRESS)), [])

    @requirement('contract', '4', 'Tokens stop at once, and the application asks again')
    def test_tokens_stop(self):
        self.log_in()
        tokens = self.tokens_of_wiki(scope='openid odoo')
        self.assertWorks(tokens['access_token'])
        self.press(self.visit(ADDRESS), 0)
        self.assertRefused(self.refresh(tokens['refresh_token'], client=self.wiki, secret=self.wiki_secret),
                           400, 'invalid_grant')

    @requirement('contract', '4', 'Nobody ends what is another\'s, and no page from elsewhere ends anything')
    def test_forms_are_the_users_own(self):
        self.connect(self.portal, self.wiki)
        self.connect(self.person, self.shop)
        others = self.person.oauth2_access_ids
        self.log_in('oauth2_pia')
        _action, hidden = self.form(self.visit(ADDRESS))
        self.visit(ADDRESS, method='POST', data={**hidden, 'app': str(others.id), 'answer': 'disconnect'})
        for changed in ({'csrf_token': 'x'}, {'csrf_token': ''}):
            answer = self.visit(ADDRESS, method='POST', data={**hidden, 'answer': 'disconnect', **changed})
            self.assertEqual(answer.status_code, 400)
        for answer in ('', 'everything'):
            self.assertEqual(self.visit(ADDRESS, method='POST', data={**hidden, 'answer': answer}).status_code, 400)
        self.assertEqual(self.visit(f'{ADDRESS}?{urlencode({**hidden, "answer": "disconnect"})}').status_code, 200)
        self.env.invalidate_all()
        left = self.env['oauth2.consent'].search([])
        self.assertLessEqual(self.portal | self.person, left.user_id)

    @requirement('contract', '4', 'Who is not logged in logs in first, and comes back')
    def test_login_first(self):
        answer = self.visit(ADDRESS)
        self.assertEqual(answer.status_code, 303)
        self.assertEqual(query_of(answer.headers['Location']), {'redirect': ADDRESS})
        self.assertNotIn('Set-Cookie', answer.headers)
        self.sign_in('oauth2_pia', redirect=ADDRESS)
        self.assertIn('Pia Portal', text(self.visit(ADDRESS)))

    @requirement('contract', '4', 'The page is in the language of whoever looks at it, and shows names as they are')
    def test_names_and_times(self):
        self.shop.name = '<b>Evil</b> & Co'
        self.connect(self.portal, self.shop)
        self.portal.tz = 'Pacific/Auckland'
        self.log_in('oauth2_pia')
        page = self.visit(ADDRESS)
        self.assertEqual(self.names(page), ['<b>Evil</b> & Co'])
        self.assertNotIn('<b>Evil', page.text)
        self.assertIn('Since', text(page))

    @requirement('contract', '4', 'What an administrator lets act as the user is shown, and not to be ended there')
    def test_what_an_administrator_has_decided(self):
        self.shop.write({'user_id': self.portal.id, 'grant_client_credentials': True})
        self.env.flush_all()
        self.log_in('oauth2_pia')
        page = self.visit(ADDRESS)
        self.assertEqual(self.names(page), ['Shop'])
        self.assertIn('An administrator lets it act as you', text(page))
        self.assertFalse(html.fromstring(page.content).forms)
        self.connect(self.portal, self.wiki, self.shop)
        page = self.visit(ADDRESS)
        self.assertEqual(self.names(page), ['Shop', 'Wiki', 'Shop'])
        self.press(page, -1)  # all that the user has allowed
        self.assertEqual(self.names(self.visit(ADDRESS)), ['Shop'])
        self.shop.active = False
        self.env.flush_all()
        self.assertEqual(self.names(self.visit(ADDRESS)), [])
