"""The ways in which platforms and assistants send the requests of RFC 6749: each signs in, calls and refreshes."""
from typing import NamedTuple

from .browser import VERIFIER
from .common import REDIRECT_URI, basic_header
from .endpoints import ISSUER, JSON_2, EndpointCase
from .requirement import requirement

SCOPE = 'openid profile contacts.read'
NO_PKCE = {'code_challenge': None, 'code_challenge_method': None}


class Form(NamedTuple):
    """What one kind of platform sends, beside what all of them send; None leaves a parameter out.

    :ivar authorize: to the authorization endpoint.
    :ivar redeem: to the token endpoint, with the code.
    :ivar refresh: to the token endpoint, with the refresh token.
    :ivar secret: where it sends the secret: in the `body`, or in the header (`basic`).
    """
    authorize: dict = {}
    redeem: dict = {}
    refresh: dict = {}
    secret: str = 'body'


FORMS = {
    'PKCE, and the secret in the body': Form(),
    'PKCE, and the secret in the header': Form(secret='basic'),
    'no PKCE, and the secret in the body': Form(NO_PKCE, {'code_verifier': None}),
    'the client ID beside the header': Form(redeem={'client_id': '…'}, refresh={'client_id': '…'}, secret='basic'),
    "Google's access_type": Form({'access_type': 'offline', 'include_granted_scopes': 'true'}),
    "Google's access_type, and approval_prompt": Form({'access_type': 'offline', 'approval_prompt': 'force'}),
    "Auth0's audience": Form({'audience': JSON_2}, {'audience': JSON_2}, {'audience': JSON_2}),
    "Auth0's audience, of another API": Form({'audience': 'https://api.example.com'}),
    "Microsoft's resource, as this server": Form({'resource': ISSUER}, {'resource': ISSUER}, {'resource': ISSUER}),
    'prompt=consent': Form({'prompt': 'consent'}),
    'prompt=consent and access_type, for a refresh token': Form({'prompt': 'consent', 'access_type': 'offline'}),
    'scopes with commas': Form({'scope': SCOPE.replace(' ', ',')}),
    'scopes with commas and spaces': Form({'scope': SCOPE.replace(' ', ', ')}),
    'scopes twice, with spaces at the ends': Form({'scope': f' {SCOPE}  openid '}),
    'the redirect URI at refresh': Form(refresh={'redirect_uri': REDIRECT_URI}),
    'the scope at refresh': Form(refresh={'scope': SCOPE}),
    'the scope with the code': Form(redeem={'scope': SCOPE}),
    'the state with the code': Form(redeem={'state': 'as-sent', 'response_type': 'code'}),
    'empty parameters': Form({'nonce': '', 'login_hint': ''}, {'scope': '', 'resource': ''}, {'scope': ''}),
    'all of it': Form(
        {'access_type': 'offline', 'audience': JSON_2, 'prompt': 'consent', 'scope': SCOPE.replace(' ', ',')},
        {'audience': JSON_2, 'scope': SCOPE}, {'redirect_uri': REDIRECT_URI, 'scope': SCOPE, 'audience': JSON_2}),
}


class TestPlatformForms(EndpointCase):

    def setUp(self):
        super().setUp()
        self.wiki.scope_ids += self.env.ref('restapi_oauth2.scope_contacts_read')
        self.log_in()

    def send(self, form, **parameters):
        """A token request, with the secret where this platform has it."""
        body = {'client_id': self.wiki.client_id, 'client_secret': self.wiki_secret} if form.secret == 'body' else {}
        headers = {'Authorization': basic_header(self.wiki.client_id, self.wiki_secret)} if not body else {}
        if parameters.get('client_id'):
            parameters['client_id'] = self.wiki.client_id
        response = self.ask('access_token', headers=headers, data={
            name: value for name, value in {**body, **parameters}.items() if value is not None})
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()

    def check(self, form):
        """Sign in, call, refresh, call."""
        page = self.begin(**{'scope': SCOPE, **form.authorize})
        code = self.arrived(self.answer(page, 'allow') if page.status_code == 200 else page)['code']
        tokens = self.send(form, **{'grant_type': 'authorization_code', 'code': code, 'redirect_uri': REDIRECT_URI,
                                    'code_verifier': VERIFIER, **form.redeem})
        fresh = self.send(form, grant_type='refresh_token', refresh_token=tokens['refresh_token'], **form.refresh)
        self.assertNotEqual(fresh['refresh_token'], tokens['refresh_token'])
        for answer in (tokens, fresh):
            self.assertEqual(set(answer['scope'].split()), set(SCOPE.split()))
            self.assertWorks(answer['access_token'])
            self.assertEqual(self.userinfo(answer['access_token']).status_code, 200)

    @requirement('contract', '4', 'The forms of platforms that differ from RFC 6749 are understood')
    @requirement('RFC 6749', '3.1', 'Unknown parameters are passed over')
    def test_every_form(self):
        for name, form in FORMS.items():
            with self.subTest(name):
                self.wiki.action_forget_pkce()
                self.check(form)

    @requirement('OIDC Core', '3.1.2.1', 'prompt=consent asks also who has allowed it before')
    def test_prompt_consent_asks_again(self):
        self.check(FORMS['PKCE, and the secret in the body'])
        self.assertEqual(self.begin(scope=SCOPE).status_code, 303)
        self.assertEqual(self.begin(scope=SCOPE, prompt='consent').status_code, 200)
