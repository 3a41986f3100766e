"""RFC 8707: a token for one API, and for nothing else."""
from .common import PATH
from .endpoints import ISSUER, JSON_2, EndpointCase, claims_of
from .requirement import requirement

OTHERS = ('https://api.example.com', JSON_2 + '//', JSON_2.upper(), ISSUER + ':443', JSON_2 + '#', '/json/2', 'x')
SPELLED_OTHERWISE = (JSON_2 + '/', 'https://ODOO.example.com/json/2', 'HTTPS://odoo.example.com/json/2/')


class TestResource(EndpointCase):

    def audience(self, response):
        self.assertEqual(response.status_code, 200, response.text)
        return claims_of(response.json()['access_token'])['aud']

    # ------------------------------------------------------------------
    # Which resource a token is for
    # ------------------------------------------------------------------

    @requirement('RFC 8707', '2', 'Without a resource a token is for the whole server')
    def test_no_resource(self):
        self.assertEqual(self.audience(self.redeem(self.code())), ISSUER)

    @requirement('RFC 8707', '2.1', 'A resource that is asked for with the code is the audience of every token')
    @requirement('RFC 9068', '3', 'The audience of an access token is the resource that was asked for')
    def test_a_resource_in_the_authorization_request(self):
        for resource in (JSON_2, ISSUER):
            with self.subTest(resource):
                response = self.redeem(self.code(resource=resource))
                self.assertEqual(self.audience(response), resource)
                refreshed = self.refresh(response.json()['refresh_token'])
                self.assertEqual(self.audience(refreshed), resource)

    @requirement('RFC 8707', '2.2', 'A token request may ask for one resource of those that were granted')
    def test_a_resource_in_the_token_request(self):
        response = self.redeem(self.code(), resource=JSON_2)
        self.assertEqual(self.audience(response), JSON_2)
        self.assertEqual(self.audience(self.redeem(self.code(resource=JSON_2), resource=JSON_2)), JSON_2)

    @requirement('RFC 8707', '2.2', 'What a token request asked for does not bind the next one')
    def test_the_refresh_token_keeps_what_was_granted(self):
        refresh_token = self.redeem(self.code(), resource=JSON_2).json()['refresh_token']
        for resource, expected in ((None, ISSUER), (JSON_2, JSON_2), (ISSUER, ISSUER), (None, ISSUER)):
            response = self.refresh(refresh_token, resource=resource)
            self.assertEqual(self.audience(response), expected)
            refresh_token = response.json()['refresh_token']

    def test_a_client_that_asks_for_itself(self):
        self.client.grant_client_credentials = True
        self.assertEqual(self.audience(self.for_itself(resource=JSON_2)), JSON_2)
        self.assertEqual(self.audience(self.for_itself()), ISSUER)

    def test_a_person_at_a_browser(self):
        self.log_in()
        tokens = self.tokens_of_wiki(scope='openid odoo', resource=JSON_2)
        self.assertEqual(claims_of(tokens['access_token'])['aud'], JSON_2)
        self.assertEqual(claims_of(tokens['id_token'])['aud'], self.wiki.client_id)

    # ------------------------------------------------------------------
    # What is refused
    # ------------------------------------------------------------------

    @requirement('RFC 8707', '2', 'A resource that is not known is invalid_target')
    def test_unknown_resources(self):
        self.client.grant_client_credentials = True
        refresh_token = self.tokens()['refresh_token']
        for resource in OTHERS:
            with self.subTest(resource):
                self.assertRefused(self.authorize(resource=resource), 400, 'invalid_target')
                self.assertRefused(self.redeem(self.code(), resource=resource), 400, 'invalid_target')
                self.assertRefused(self.for_itself(resource=resource), 400, 'invalid_target')
                self.assertRefused(self.refresh(refresh_token, resource=resource), 400, 'invalid_target')
        self.assertEqual(self.authorization().generation, 0)

    @requirement('RFC 8707', '2', 'The application is told so at its redirect URI')
    def test_unknown_resource_in_a_browser(self):
        self.log_in()
        self.assertEqual(self.arrived(self.begin(resource=OTHERS[0]))['error'], 'invalid_target')

    @requirement('RFC 8707', '2.2', 'A token request cannot ask for another resource than was granted')
    def test_another_resource_than_was_granted(self):
        code = self.code(resource=JSON_2)
        self.assertRefused(self.redeem(code, resource=ISSUER), 400, 'invalid_target')
        refresh_token = self.redeem(code).json()['refresh_token']  # the code was not used up
        self.assertRefused(self.refresh(refresh_token, resource=ISSUER), 400, 'invalid_target')
        self.assertEqual(self.authorization().generation, 0)  # nor the refresh token
        self.assertEqual(self.audience(self.refresh(refresh_token)), JSON_2)

    @requirement('contract', '4', 'A resource with a trailing slash, or its host in capitals, is the same resource')
    def test_a_resource_that_is_spelled_otherwise(self):
        self.client.grant_client_credentials = True
        for resource in SPELLED_OTHERWISE:
            with self.subTest(resource):
                response = self.redeem(self.code(resource=resource), resource=JSON_2)
                self.assertEqual(self.audience(response), JSON_2)
                self.assertEqual(self.authorization().resource, JSON_2)
                refreshed = self.refresh(response.json()['refresh_token'], resource=resource)
                self.assertEqual(self.audience(refreshed), JSON_2)
                self.assertEqual(self.audience(self.redeem(self.code(resource=JSON_2), resource=resource)), JSON_2)
                self.assertEqual(self.audience(self.for_itself(resource=resource)), JSON_2)
        self.assertEqual(self.audience(self.for_itself(resource=ISSUER.upper() + '/')), ISSUER)
        self.log_in()
        self.allow(scope='odoo', resource=JSON_2)
        self.assertIn('code', self.arrived(self.begin(scope='odoo', resource=SPELLED_OTHERWISE[0])))

    @requirement('RFC 8707', '2', 'A resource that comes twice is one; of two, no token is made')
    def test_a_resource_that_comes_twice(self):
        self.client.grant_client_credentials = True
        request = [('client_id', self.client.client_id), ('client_secret', self.secret),
                   ('grant_type', 'client_credentials')]
        twice = [('resource', JSON_2), ('resource', SPELLED_OTHERWISE[0]), ('resource', JSON_2)]
        self.assertEqual(self.audience(self.ask('access_token', data=[*request, *twice])), JSON_2)
        response = self.ask('access_token', data=[*request, *twice], params={'resource': JSON_2})
        self.assertEqual(self.audience(response), JSON_2)
        response = self.ask('access_token', data=[*request, *twice, ('resource', ISSUER)])
        self.assertRefused(response, 400, 'invalid_target')
        self.log_in()
        query = list(self.parameters(scope='odoo').items())
        for more, error in ((twice, None), ([*twice, ('resource', ISSUER)], 'invalid_target')):
            for method in ('GET', 'POST'):
                where = {'params': [*query, *more]} if method == 'GET' else {'data': [*query, *more]}
                response = self.visit(f'{PATH}/authorize', method=method, **where)
                if method == 'POST':
                    response = self.visit(response.headers['Location'])
                if error is None:
                    response = self.answer(response, 'deny')
                self.assertEqual(self.arrived(response)['error'], error or 'access_denied')

    @requirement('contract', '4', 'Remembered consent covers the resource that is asked for')
    def test_consent_for_one_resource_is_none_for_the_whole_server(self):
        self.log_in()
        self.allow(scope='odoo', resource=JSON_2)
        self.assertIn('code', self.arrived(self.begin(scope='odoo', resource=JSON_2)))
        self.assertIn('csrf_token', self.form(self.begin(scope='odoo'))[1])

    # ------------------------------------------------------------------
    # Where a token is taken
    # ------------------------------------------------------------------

    @requirement('RFC 9068', '4', 'A token is taken only by a resource that it names')
    @requirement('OWASP ASVS 5.0', '10.3.1', 'A token for /json/2 opens nothing else')
    def test_a_token_for_json_2_opens_that_alone(self):
        narrow = self.redeem(self.code(resource=JSON_2)).json()['access_token']
        wide = self.tokens()['access_token']
        for token, expected in ((wide, 200), (narrow, 200)):
            self.assertEqual(self.call(token).status_code, expected)
        for token, is_taken in ((wide, True), (narrow, False)):
            response = self.url_open('/json/1/nothing', headers={'Authorization': f'Bearer {token}'})
            self.assertEqual(response.status_code != 401, is_taken, response.text)
        self.assertChallenged(response, 401, 'error="invalid_token"')

    def test_an_issuer_with_a_path_is_the_resource_with_that_path(self):
        self.setting('issuer', ISSUER + '/erp')
        self.assertRefused(self.authorize(resource=JSON_2), 400, 'invalid_target')
        token = self.redeem(self.code(resource=ISSUER + '/erp/json/2')).json()['access_token']
        self.assertWorks(token)

    def test_userinfo_takes_a_token_for_any_resource_of_this_server(self):
        self.log_in()
        for resource in (None, ISSUER, JSON_2):
            with self.subTest(resource):
                self.env['oauth2.consent'].search([]).unlink()
                token = self.tokens_of_wiki(resource=resource)['access_token']
                self.assertEqual(self.userinfo(token).json()['sub'], self.subject(self.person))
        self.assertTrue(self.url_open(f'{PATH}/jwks').ok)
