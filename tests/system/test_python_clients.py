"""Applications made with Authlib and with requests-oauthlib."""
import json
import os
from unittest.mock import patch

import requests
from application import Application
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session as AuthlibSession
from authlib.oauth2.rfc7523 import PrivateKeyJWT
from authlib.oidc.core import CodeIDToken
from browser import BrowserCase
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet
from oauthlib.oauth2 import BackendApplicationClient, InvalidGrantError
from requests_oauthlib import OAuth2Session
from requirement import requirement

SCOPE = 'openid profile odoo offline_access'


class PythonCase(BrowserCase):

    def setUp(self):
        super().setUp()
        self.application = Application()
        self.addCleanup(self.application.close)
        self.metadata = self.discover()

    def names(self, session):
        """What the application reads with its access token."""
        response = session.post(f'{self.url}/json/2/res.partner/search_read', timeout=60, json={
            'domain': [], 'fields': ['name'], 'limit': 3})
        self.assertEqual(response.status_code, 200, response.text)
        return [partner['name'] for partner in response.json()]

    def arrival(self, url):
        """Allow what the application asks for at this address, and give the address to which the browser comes."""
        self.allow(self.window(), url)
        return self.application.answer()


class TestAuthlib(PythonCase):

    def session(self, told, **settings):
        return AuthlibSession(
            told['client_id'], told.get('client_secret'), scope=SCOPE, redirect_uri=self.application.redirect_uri,
            code_challenge_method='S256', **settings)

    @requirement('RFC 8252', '7.3', 'An application on this machine may listen on any port')
    def test_the_life_of_a_sign_in(self):
        told = self.register(self.application.address)
        session, verifier, nonce = self.session(told), generate_token(48), generate_token()
        url, state = session.create_authorization_url(
            self.metadata['authorization_endpoint'], code_verifier=verifier, nonce=nonce)
        tokens = session.fetch_token(
            self.metadata['token_endpoint'], authorization_response=self.arrival(url), state=state,
            code_verifier=verifier)

        keys = KeySet.import_key_set(requests.get(self.metadata['jwks_uri'], timeout=60).json())
        id_token = jwt.decode(
            tokens['id_token'], keys, algorithms=self.metadata['id_token_signing_alg_values_supported'])
        claims = CodeIDToken(id_token.claims, id_token.header, {
            'iss': {'essential': True, 'value': self.url},
            'aud': {'essential': True, 'value': told['client_id']},
            'at_hash': {'essential': True},
        }, {'nonce': nonce, 'client_id': told['client_id'], 'access_token': tokens['access_token']})
        claims.validate()
        userinfo = session.get(self.metadata['userinfo_endpoint'], timeout=60).json()
        self.assertEqual((userinfo['sub'], userinfo['name']), (claims['sub'], self.login.capitalize()))
        self.assertTrue(self.names(session))

        fresh = session.refresh_token(self.metadata['token_endpoint'])
        self.assertNotEqual(fresh['refresh_token'], tokens['refresh_token'])
        self.assertTrue(self.names(session))

        def introspection():
            return session.introspect_token(
                self.metadata['introspection_endpoint'], fresh['access_token'], 'access_token').json()

        self.assertEqual((introspection()['active'], introspection()['sub']), (True, claims['sub']))
        revocation = session.revoke_token(
            self.metadata['revocation_endpoint'], fresh['refresh_token'], 'refresh_token')
        self.assertEqual(revocation.status_code, 200)
        self.assertEqual(introspection(), {'active': False})
        self.assertEqual(session.get(self.metadata['userinfo_endpoint'], timeout=60).status_code, 401)

    @requirement('contract', '4', 'Programs sign in with their own defaults, which have no PKCE')
    def test_its_own_defaults(self):
        told = self.register(self.application.address)
        session = AuthlibSession(told['client_id'], told['client_secret'], scope='openid profile email groups roles',
                                 redirect_uri=self.application.redirect_uri)
        url, state = session.create_authorization_url(self.metadata['authorization_endpoint'])
        tokens = session.fetch_token(
            self.metadata['token_endpoint'], authorization_response=self.arrival(url), state=state)
        self.assertEqual(tokens['scope'], 'openid profile email groups')
        userinfo = session.get(self.metadata['userinfo_endpoint'], timeout=60).json()
        self.assertEqual(userinfo['name'], self.login.capitalize())
        self.assertIn('access_token', session.refresh_token(self.metadata['token_endpoint']))

    @requirement('RFC 7523', '2.2', 'A library of others proves an application by its key, at every endpoint')
    def test_a_client_with_a_key(self):
        key = ECKey.generate_key('P-256', {'kid': 'one'})
        told = self.register(self.application.address, proof='key', key_set=json.dumps(
            {'keys': [key.as_dict(private=False)]}))
        session = AuthlibSession(
            told['client_id'], key, 'private_key_jwt', revocation_endpoint_auth_method='private_key_jwt', scope=SCOPE,
            redirect_uri=self.application.redirect_uri, code_challenge_method='S256')
        session.register_client_auth_method(PrivateKeyJWT(self.url, alg='ES256'))  # whose audience is the issuer
        verifier = generate_token(48)
        url, state = session.create_authorization_url(
            self.metadata['authorization_endpoint'], code_verifier=verifier)
        tokens = session.fetch_token(
            self.metadata['token_endpoint'], authorization_response=self.arrival(url), state=state,
            code_verifier=verifier)
        self.assertTrue(self.names(session))
        fresh = session.refresh_token(self.metadata['token_endpoint'])
        self.assertNotEqual(fresh['refresh_token'], tokens['refresh_token'])
        self.assertTrue(session.introspect_token(
            self.metadata['introspection_endpoint'], fresh['access_token']).json()['active'])
        self.assertEqual(session.revoke_token(
            self.metadata['revocation_endpoint'], fresh['refresh_token']).status_code, 200)
        self.assertFalse(session.get(self.metadata['userinfo_endpoint'], timeout=60).ok)

    def test_a_public_client(self):
        told = self.register(self.application.address, is_public=True)
        session, verifier = self.session(told), generate_token(48)
        url, state = session.create_authorization_url(
            self.metadata['authorization_endpoint'], code_verifier=verifier)
        tokens = session.fetch_token(
            self.metadata['token_endpoint'], authorization_response=self.arrival(url), state=state,
            code_verifier=verifier)
        self.assertTrue(self.names(session))
        fresh = session.refresh_token(self.metadata['token_endpoint'])
        self.assertNotEqual(fresh['refresh_token'], tokens['refresh_token'])
        revocation = session.revoke_token(
            self.metadata['revocation_endpoint'], fresh['access_token'], 'access_token')
        self.assertEqual(revocation.status_code, 200)
        self.assertEqual(session.get(self.metadata['userinfo_endpoint'], timeout=60).status_code, 401)


# The library insists on https; here everything is on this machine.
@patch.dict(os.environ, {'OAUTHLIB_INSECURE_TRANSPORT': '1'})
class TestRequestsOAuthlib(PythonCase):

    def check(self, told, **how):
        """Sign in, refresh and read. `how` says how the application authenticates itself."""
        endpoint = self.metadata['token_endpoint']
        session = OAuth2Session(
            told['client_id'], scope=SCOPE.split(), redirect_uri=self.application.redirect_uri, pkce='S256')
        url, _state = session.authorization_url(self.metadata['authorization_endpoint'])
        tokens = session.fetch_token(endpoint, authorization_response=self.arrival(url), **how)
        self.assertEqual(set(tokens['scope']), set(SCOPE.split()))
        self.assertTrue(self.names(session))
        return session, tokens

    @requirement('RFC 6749', '2.3.1', 'A client authenticates with HTTP Basic')
    def test_a_client_with_a_secret(self):
        told = self.register(self.application.address)
        session, tokens = self.check(told, client_secret=told['client_secret'])
        fresh = session.refresh_token(
            self.metadata['token_endpoint'], auth=(told['client_id'], told['client_secret']))
        self.assertNotEqual(fresh['refresh_token'], tokens['refresh_token'])
        self.assertTrue(self.names(session))
        # The library has no word for revocation: it leaves the request to the application.
        revocation = requests.post(self.metadata['revocation_endpoint'], timeout=60, data={
            'token': fresh['refresh_token']}, auth=(told['client_id'], told['client_secret']))
        self.assertEqual(revocation.status_code, 200)
        with self.assertRaises(InvalidGrantError):
            session.refresh_token(self.metadata['token_endpoint'], auth=(told['client_id'], told['client_secret']))

    @requirement('contract', '4', 'Programs sign in with their own defaults, which have no PKCE')
    def test_its_own_defaults(self):
        told = self.register(self.application.address)
        session = OAuth2Session(
            told['client_id'], scope=['openid', 'profile', 'email'], redirect_uri=self.application.redirect_uri)
        url, _state = session.authorization_url(self.metadata['authorization_endpoint'])
        session.fetch_token(self.metadata['token_endpoint'], authorization_response=self.arrival(url),
                            client_secret=told['client_secret'])
        userinfo = session.get(self.metadata['userinfo_endpoint'], timeout=60).json()
        self.assertEqual(userinfo['name'], self.login.capitalize())

    @requirement('RFC 6749', '2.3.1', 'A client authenticates in the form')
    def test_a_client_that_sends_its_secret_in_the_form(self):
        told = self.register(self.application.address)
        self.check(told, client_secret=told['client_secret'], include_client_id=True)

    def test_a_public_client(self):
        told = self.register(self.application.address, is_public=True)
        session, tokens = self.check(told, include_client_id=True)
        fresh = session.refresh_token(self.metadata['token_endpoint'], client_id=told['client_id'])
        self.assertNotEqual(fresh['refresh_token'], tokens['refresh_token'])

    @requirement('RFC 6749', '4.4.2', 'A client gets a token for itself with its credentials alone')
    def test_an_application_that_acts_for_itself(self):
        user = self.administrator.make_user('backend_application')
        told = self.register(self.application.address, user_id=user, grant_client_credentials=True)
        session = OAuth2Session(client=BackendApplicationClient(told['client_id'], scope=['odoo']))
        tokens = session.fetch_token(self.metadata['token_endpoint'], client_secret=told['client_secret'])
        self.assertNotIn('refresh_token', tokens)
        self.assertTrue(self.names(session))
        context = session.post(f'{self.url}/json/2/res.users/context_get', json={}, timeout=60).json()
        self.assertEqual(context['uid'], user)
