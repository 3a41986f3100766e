"""OpenID Connect Core §5: who a token's user is."""
import base64
import xml.etree.ElementTree as ElementTree
from unittest.mock import patch

import jwt

from odoo.exceptions import AccessError
from odoo.tests import new_test_user
from odoo.tools import file_open

from .endpoints import ISSUER, EndpointCase, claims_of
from .requirement import requirement


class TestUserinfo(EndpointCase):

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        belgium = cls.env.ref('base.be')
        cls.person.write({'tz': 'Europe/Brussels', 'lang': 'en_US'})
        cls.person.partner_id.write({
            'email': 'ada@example.com', 'phone': '+32 9 000 00 00', 'website': 'https://ada.example.com',
            'street': 'Street 1', 'street2': 'Box 2', 'zip': '9000', 'city': 'Gent', 'country_id': belgium.id,
            'state_id': cls.env['res.country.state'].create({
                'name': 'East', 'code': 'E', 'country_id': belgium.id}).id})
        cls.env.flush_all()

    def setUp(self):
        super().setUp()
        self.log_in()

    def told(self, scope, **headers):
        """What userinfo answers for a scope."""
        response = self.userinfo(self.tokens_of_wiki(scope=scope, prompt='consent')['access_token'], **headers)
        self.assertEqual(response.status_code, 200, response.text)
        return response

    # ------------------------------------------------------------------
    # Claims
    # ------------------------------------------------------------------

    def test_no_user_is_no_trouble(self):
        self.assertFalse(self.env['res.users'].create([]))

    @requirement('OIDC Core', '5.4', 'Each scope opens its claims, and no others')
    @requirement('OIDC Core', '5.1', 'picture is an address of the picture')
    def test_picture(self):
        self.person.image_1920 = False
        token = self.tokens_of_wiki(scope='openid profile')['access_token']
        self.assertNotIn('picture', self.userinfo(token).json())
        self.person.image_1920 = base64.b64encode(file_open('base/static/img/avatar_grey.png', 'rb').read())
        picture = self.userinfo(token).json()['picture']
        self.assertTrue(picture.startswith(f'{ISSUER}/web/image/'), picture)
        self.authenticate(None, None)
        response = self.url_open(picture.removeprefix(ISSUER))
        self.assertEqual((response.status_code, response.headers['Content-Type']), (200, 'image/png'))
        self.assertEqual(response.content, base64.b64decode(self.person.image_128))
        without = self.url_open(picture.removeprefix(ISSUER).partition('?')[0])
        self.assertNotEqual(without.content, response.content)
        self.assertNotIn('picture', self.person._oauth2_claims({'profile'}))  # in no token that is stored for long

    @requirement('OIDC Core', '5.4', 'The scope groups tells the groups that the application may know')
    def test_groups(self):
        known, other = self.env.ref('base.group_partner_manager'), self.env.ref('base.group_multi_company')
        self.person.group_ids += known + other
        self.wiki.scope_ids += self.env.ref('restapi_oauth2.scope_groups')
        self.wiki.has_claims_in_id_token = True
        for listed, told in ((self.env['res.groups'], []), (known, ['base.group_partner_manager']),
                             (known + self.env.ref('base.group_system'), ['base.group_partner_manager']),
                             (self.env.ref('base.group_user'), ['base.group_user'])):
            with self.subTest(told):
                self.wiki.claimed_group_ids = listed
                tokens = self.tokens_of_wiki(scope='openid groups', prompt='consent')
                self.assertEqual(self.userinfo(tokens['access_token']).json()['groups'], told)
                self.assertEqual(claims_of(tokens['id_token'])['groups'], told)
        self.assertNotIn('groups', self.told('openid profile').json())

    def test_claims_by_scope(self):
        updated_at = int(self.person.partner_id.write_date.timestamp())
        expected = {
            '': {},
            'profile': {'name': 'Ada Person', 'preferred_username': 'oauth2_person', 'zoneinfo': 'Europe/Brussels',
                        'website': 'https://ada.example.com', 'locale': 'en-US'},
            'email': {'email': 'ada@example.com'},
            'phone': {'phone_number': '+32 9 000 00 00'},
            'address': {'address': {
                'formatted': 'Street 1\nBox 2\n9000 Gent\nBelgium', 'street_address': 'Street 1\nBox 2',
                'locality': 'Gent', 'region': 'East', 'postal_code': '9000', 'country': 'Belgium'}},
        }
        for scope, claims in expected.items():
            with self.subTest(scope):
                told = self.told(f'openid {scope}'.strip()).json()
                if scope == 'profile':
                    self.assertTrue(told.pop('picture').startswith(f'{ISSUER}/web/image/res.users/'))
                    self.assertIsInstance(told['updated_at'], int)
                    self.assertLessEqual(abs(told.pop('updated_at') - updated_at), 24 * 3600)
                if scope == 'address':
                    self.assertIn('Gent', told['address']['formatted'])
                    told['address']['formatted'] = claims['address']['formatted']
                self.assertEqual(told, {'sub': self.subject(self.person), **claims})
                self.assertEqual(next(iter(told)), 'sub')

    @requirement('OIDC Core', '5.3.2', 'sub is that of the ID token')
    @requirement('OWASP ASVS 5.0', '10.3.3', 'sub is the number of the user, which is never given again')
    def test_the_subject(self):
        self.assertEqual(self.told('openid').json(), {'sub': self.subject(self.person)})

    @requirement('contract', '6', 'Administrators see by which name applications know a user, and find the user by it')
    def test_administrators_see_the_subject(self):
        users = self.env['res.users']
        new = new_test_user(self.env, 'oauth2_new', groups='base.group_user')
        for user in self.person, new, self.env.ref('base.user_admin'):
            self.assertEqual(user.oauth2_subject, self.subject(user))
            self.assertEqual(users.search([('oauth2_subject', '=', user.oauth2_subject)]), user)
        self.assertEqual(self.told('openid').json()['sub'], self.person.oauth2_subject)
        with self.assertRaises(AccessError):
            users.with_user(new).browse(new.id).read(['oauth2_subject'])
        with self.assertRaises(AccessError):
            users.with_user(new).search([('oauth2_subject', '=', new.oauth2_subject)])

    @requirement('OIDC Core', '5.3.2', 'What is not known is left out')
    def test_what_is_not_known_is_left_out(self):
        self.person.write({'tz': False, 'email': False, 'image_1920': False})
        self.person.partner_id.write(dict.fromkeys((
            'phone', 'website', 'street', 'street2', 'zip', 'city', 'country_id', 'state_id'), False))
        told = self.told('openid profile email phone address').json()
        self.assertEqual(set(told), {'sub', 'name', 'preferred_username', 'locale', 'updated_at'})
        self.assertNotIn(None, told.values())

    @requirement('contract', '1', 'Another addon may tell more, under a scope of its own')
    def test_another_addon_tells_more(self):
        self.env['oauth2.scope'].create({'name': 'shop.member', 'description': 'Know your membership'})
        self.wiki.scope_ids = self.env['oauth2.scope'].search([])
        of_odoo = type(self.env['res.users'])._oauth2_claims

        def with_membership(user, scopes):
            claims = of_odoo(user, scopes)
            return {**claims, 'membership': {'level': 'gold', 'is_new': True}} if 'shop.member' in scopes else claims

        with patch.object(type(self.env['res.users']), '_oauth2_claims', with_membership):
            told = self.told('openid email shop.member')
            self.assertEqual(told.json()['membership'], {'level': 'gold', 'is_new': True})
            self.assertEqual(told.json()['email'], 'ada@example.com')
            self.assertNotIn('membership', self.told('openid email').json())

    def test_a_portal_user(self):
        new_test_user(
            self.env, 'oauth2_portal', groups='base.group_portal', password='oauth2_portal', name='Per Portal')
        self.log_in('oauth2_portal')
        told = self.told('openid profile').json()
        self.assertEqual((told['name'], told['preferred_username']), ('Per Portal', 'oauth2_portal'))

    # ------------------------------------------------------------------
    # Formats
    # ------------------------------------------------------------------

    @requirement('OIDC Core', '5.3.2', 'The claims are JSON')
    @requirement('contract', '3', 'XML has one root, response, a child per member, and is escaped')
    def test_json_and_xml(self):
        self.assertEqual(self.told('openid').headers['Content-Type'], 'application/json; charset=utf-8')
        response = self.told('openid email address', Accept='application/xml')
        self.assertEqual(response.headers['Content-Type'], 'application/xml; charset=utf-8')
        root = ElementTree.fromstring(response.content)
        self.assertEqual(root.findtext('sub'), self.subject(self.person))
        self.assertEqual(root.findtext('address/locality'), 'Gent')

    @requirement('OIDC Core', '5.3.2', 'The claims are a signed JWT for who asks for application/jwt')
    def test_a_signed_answer(self):
        token = self.tokens_of_wiki(scope='openid email')['access_token']
        response = self.userinfo(token, Accept='application/jwt')
        self.assertEqual(response.headers['Content-Type'], 'application/jwt')
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
        header = jwt.get_unverified_header(response.text)
        self.assertEqual((header['typ'], header['alg']), ('userinfo+jwt', 'RS256'))
        keys = jwt.PyJWKSet.from_dict(self.ask('jwks', 'GET').json())
        claims = jwt.decode(response.text, keys[header['kid']], algorithms=['RS256'], issuer=ISSUER,
                            audience=self.wiki.client_id)
        self.assertEqual(claims, {
            'iss': ISSUER, 'aud': self.wiki.client_id, 'sub': self.subject(self.person), 'email': 'ada@example.com'})
        self.assertEqual(self.call(response.text).status_code, 401)
        self.assertChallenged(self.userinfo(response.text), 401, 'invalid_token')

    def test_answers_may_be_read_by_pages_and_are_not_stored(self):
        response = self.told('openid')
        self.assertEqual(response.headers['Access-Control-Allow-Origin'], '*')
        self.assertEqual(response.headers['Cache-Control'], 'no-store')
        self.assertNotIn('Set-Cookie', response.headers)

    # ------------------------------------------------------------------
    # Tokens
    # ------------------------------------------------------------------

    @requirement('OIDC Core', '5.3.1', 'GET and POST are answered')
    @requirement('RFC 6750', '2.2', 'The token may stand in a form')
    def test_the_three_ways_of_a_token(self):
        token = self.tokens_of_wiki()['access_token']
        responses = [self.userinfo(token), self.userinfo(token, 'POST'),
                     self.ask('userinfo', data={'access_token': token}),
                     self.ask('userinfo', headers={'Authorization': f'bEARER   {token}'}, data={'x': 'y'})]
        for response in responses:
            self.assertEqual(response.json(), {'sub': self.subject(self.person)})

    @requirement('RFC 6750', '2.3', 'A token in the address is not read')
    @requirement('RFC 6750', '3.1', 'A request without a token is told how to come, and no error code')
    def test_where_a_token_is_not_read(self):
        token = self.tokens_of_wiki()['access_token']
        for response in (self.ask('userinfo', 'GET'), self.ask('userinfo', 'GET', params={'access_token': token}),
                         self.ask('userinfo', json={'access_token': token}),
                         self.ask('userinfo', files={'access_token': (None, token)}),
                         self.ask('userinfo', 'GET', {'Authorization': f'OAuth access_token={token}'}),
                         self.ask('userinfo', data={'access_token': ''})):
            self.assertEqual(response.status_code, 401)
            self.assertEqual(response.headers['WWW-Authenticate'], 'Bearer realm="Odoo"')

    @requirement('RFC 6750', '2', 'A token that is sent in two ways is invalid_request')
    def test_a_token_in_two_places(self):
        token = self.tokens_of_wiki()['access_token']
        headers = {'Authorization': f'Bearer {token}'}
        response = self.ask('userinfo', headers=headers, data={'access_token': token})
        self.assertRefused(response, 400, 'invalid_request')
        response = self.ask('userinfo', data=[('access_token', token), ('access_token', token)])
        self.assertRefused(response, 400, 'invalid_request')

    @requirement('OIDC Core', '5.3.3', 'A token that is not good is refused as RFC 6750 says')
    def test_bad_tokens(self):
        tokens = self.tokens_of_wiki()
        for token in ('x', 'a.b.c', tokens['refresh_token'], tokens['access_token'] + 'A', '0' * 8192):
            with self.subTest(token[:10]):
                response = self.userinfo(token)
                self.assertChallenged(response, 401, 'error="invalid_token"')
                self.assertRefused(response, 401, 'invalid_token')

    @requirement('RFC 6750', '3.1', 'A token without the scope openid is insufficient_scope')
    def test_a_token_without_openid(self):
        response = self.userinfo(self.tokens_of_wiki(scope='odoo email')['access_token'])
        self.assertChallenged(response, 403, 'scope="openid"')
        self.assertRefused(response, 403, 'insufficient_scope')

    @requirement('contract', '6', 'Every token dies at once when its authorization is revoked')
    def test_what_ends_a_token(self):
        token = self.tokens_of_wiki()['access_token']
        self.env['oauth2.consent'].search([('client_id', '=', self.wiki.id)]).action_withdraw()
        self.assertChallenged(self.userinfo(token), 401, 'invalid_token')
        token = self.tokens_of_wiki()['access_token']
        self.person.active = False
        self.assertChallenged(self.userinfo(token), 401, 'invalid_token')

    def test_the_session_of_another_user_does_not_matter(self):
        token = self.tokens_of_wiki()['access_token']
        self.user.password = 'oauth2_integration'
        self.log_in('oauth2_integration')
        self.assertEqual(self.userinfo(token).json()['sub'], self.subject(self.person))

    def test_switched_off(self):
        token = self.tokens_of_wiki(scope='openid odoo')['access_token']
        self.setting('openid_connect', False)
        self.assertRefused(self.userinfo(token), 404, 'not_found')
        self.authenticate(None, None)
        self.assertWorks(token)
