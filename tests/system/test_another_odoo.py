"""The users of another Odoo sign in here, with the values from the tab *Odoo* of the connection."""
import requests
from administrator import Administrator
from client import CONNECTION, SystemCase
from lxml import etree, html
from sign_in import Person

from development import community, databases, odoo_program, odoo_source

ADDONS = (*odoo_source.OURS, community.ADDONS)


class TestAnotherOdoo(SystemCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        other = cls.enterClassContext(databases.scratch(CONNECTION))
        databases.make(CONNECTION, other)
        odoo_program.install(CONNECTION, other, 'auth_oidc', log='another-odoo-install', addons=ADDONS)
        cls.other = cls.start_server('another-odoo', database=other, addons=ADDONS)
        cls.there = Administrator(cls.other, other)
        cls.here = Administrator()
        cls.here.make_user('another_odoo', name='Ada Elsewhere', email='ada@example.com')

    def told(self, shown):
        """What the tab of the dialog says: its text, and its values by their labels."""
        arch = self.here.call('oauth2.client.secret.show', 'get_views', [(False, 'form')])['views']['form']['arch']
        [tab] = etree.fromstring(arch).xpath('//page[@name="odoo"]')
        values = {field.get('string'): shown[field.get('name')] for field in tab.iter('field')}
        return ' '.join(''.join(tab.itertext()).split()), values

    def make_provider(self, text, values):
        """Enter in the other Odoo's form what the tab says."""
        arch = self.there.call('auth.oauth.provider', 'get_views', [(False, 'form')])['views']['form']['arch']
        fields = self.there.call('auth.oauth.provider', 'fields_get', [], ['string', 'selection'])
        names = {fields[node.get('name')]['string']: node.get('name') for node in etree.fromstring(arch).iter('field')}
        [flow] = [value for value, label in fields[names['Auth Flow']]['selection'] if label in text]
        for label in ('Auth Flow', 'Allowed', 'UserInfo URL', 'Data Endpoint'):
            self.assertIn(label, text)
            self.assertIn(label, names)
        self.there.call('auth.oauth.provider', 'create', [{
            'name': 'Our Odoo', 'body': 'Sign in with our Odoo', names['Auth Flow']: flow, names['Allowed']: True,
            **{names[label]: value for label, value in values.items()}}])
        self.there.call('ir.config_parameter', 'set_param', 'auth_signup.invitation_scope', 'b2c')  # Free sign up

    def sign_in(self, person):
        """Press the button of the other Odoo's login page. Gives what it calls who has come in."""
        browser = requests.Session()
        page = html.fromstring(browser.get(f'{self.other}/web/login', timeout=60).text)
        [link] = [one.get('href') for one in page.iter('a') if 'Sign in with our Odoo' in one.text_content()]
        asked = person.open(link)
        back = asked if asked.is_redirect else person.allow(asked)
        self.assertTrue(back.headers['Location'].startswith(f'{self.other}/auth_oauth/signin?'), back.text)
        browser.get(back.headers['Location'], timeout=60)
        answer = browser.post(f'{self.other}/web/session/get_session_info', json={'params': {}}, timeout=60).json()
        return answer.get('result', answer)

    def test_the_tab_tells_what_to_enter(self):
        shown = self.here.new_application('odoo', name='Other Odoo', site=self.other)
        self.make_provider(*self.told(shown))
        person = Person(self.url, 'another_odoo')
        for _time in range(2):
            self.assertEqual(self.sign_in(person).get('name'), 'Ada Elsewhere')
        [user] = self.there.call('res.users', 'search_read', [('name', '=', 'Ada Elsewhere')], ['login', 'oauth_uid'])
        self.assertEqual(user['login'], 'ada@example.com')
        [subject] = self.here.call('res.users', 'search_read', [('login', '=', 'another_odoo')], ['oauth2_subject'])
        self.assertEqual(user['oauth_uid'], subject['oauth2_subject'])

    def test_the_form_tells_the_same(self):
        """Except the secret, which the form does not know."""
        arch = self.here.call('oauth2.client', 'get_views', [(False, 'form')])['views']['form']['arch']
        [tab] = etree.fromstring(arch).xpath('//page[@name="odoo"]')
        shown = self.here.new_application('odoo', name='Other Odoo', site=self.other)
        _text, values = self.told(shown)
        names = {field.get('string'): field.get('name') for field in tab.iter('field')}
        [client] = self.here.call('oauth2.client', 'search_read', [
            ('client_id', '=', shown['client_identifier'])], list(names.values()))
        self.assertEqual({label: client[name] for label, name in names.items()} | {
            'Client Secret': shown['secret']}, values)
