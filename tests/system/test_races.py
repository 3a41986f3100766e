"""The same code or token, thirty times at once, at four worker processes."""
import os
import time
from collections import Counter
from urllib.parse import parse_qs, urlsplit

import jwt
from administrator import Administrator
from client import AT_ONCE, CLIENT_SECRET, REDIRECT_URI, SystemCase
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from passlib.hash import pbkdf2_sha512
from requirement import requirement
from sign_in import VERIFIER, App, Person


class TestRaces(SystemCase):

    def authorizations(self):
        """How many there are, ended ones included."""
        return self.sql('SELECT count(*) FROM oauth2_authorization')[0][0]

    @requirement('attack', '19', 'Of thirty, one is answered; no tokens are made that nobody is given')
    def test_attack_19_a_code_is_honoured_once(self):
        code, before = self.code(), self.authorizations()
        answers = self.at_once(lambda: self.redeem(code))
        self.assertEqual(Counter(answer.status_code for answer in answers), {200: 1, 401: AT_ONCE - 1})
        self.assertEqual({answer.json()['error'] for answer in answers if answer.status_code == 401}, {'invalid_grant'})
        self.assertEqual(self.authorizations(), before + 1, 'tokens were made that nobody was given')
        # The others proved that they hold the code, too: what came of it is over.
        tokens = next(answer.json() for answer in answers if answer.status_code == 200)
        self.assertEqual(self.call(tokens['access_token']).status_code, 401)
        self.assertEqual(self.refresh(tokens['refresh_token']).status_code, 400)

    @requirement('attack', '25', 'All thirty get the same successor, and nobody is logged out')
    def test_attack_25_a_refresh_token_has_one_successor(self):
        tokens = self.tokens()
        answers = self.at_once(lambda: self.refresh(tokens['refresh_token']))
        self.assertEqual(Counter(answer.status_code for answer in answers), {200: AT_ONCE})
        successors = {answer.json()['refresh_token'] for answer in answers}
        self.assertEqual(len(successors), 1)
        self.assertEqual({self.call(answer.json()['access_token']).status_code for answer in answers}, {200})
        self.assertEqual(self.refresh(successors.pop()).status_code, 200, 'the user was logged out')

    @requirement('attack', '26', 'A replay ends the family also where it comes thirty times at once')
    def test_an_old_refresh_token_ends_the_family_once_for_all(self):
        first = self.tokens()
        second = self.refresh(first['refresh_token']).json()
        third = self.refresh(second['refresh_token']).json()
        answers = self.at_once(lambda: self.refresh(first['refresh_token']))
        self.assertEqual(Counter(answer.status_code for answer in answers), {400: AT_ONCE})
        self.assertEqual(self.refresh(third['refresh_token']).status_code, 400)
        self.assertEqual(self.call(third['access_token']).status_code, 401)

    @requirement('contract', '4', 'Any number of tabs work at once')
    def test_tabs_at_once(self):
        administrator = Administrator()
        administrator.make_user('many_tabs')
        record, client_id = administrator.register('Tabs', ['https://app.example.com/callback'])
        app = App(self.url, client_id, administrator.generate_secret(record))
        person = Person(self.url, 'many_tabs')
        for tabs in (2, 3, 5):
            with self.subTest(tabs=tabs):
                pages = self.at_once(lambda: person.ask(app, 'openid', prompt='consent'), tabs)
                self.assertEqual([page.status_code for page in pages], [200] * tabs)
                for answer in self.at_once(lambda pages=pages: person.allow(pages.pop()), tabs):
                    self.assertIn('access_token', person.arrive(app, answer))

    @requirement('attack', '76', 'Guesses at the same moment lock nobody out, and leave few events')
    def test_attack_76_wrong_secrets_at_once(self):
        self.sql('DELETE FROM oauth2_event')
        code = self.code()
        answers = self.at_once(lambda: self.redeem(code, 'wrong'))
        self.assertEqual({answer.status_code for answer in answers}, {401})
        self.assertEqual(self.redeem(code).status_code, 200)
        [(events,)] = self.sql("SELECT count(*) FROM oauth2_event WHERE name = 'authentication_failed'")
        self.assertLessEqual(events, 4)  # as many as there are worker processes

    @requirement('attack', '60', 'Of one assertion thirty times at once, one is taken')
    def test_attack_60_an_assertion_at_once(self):
        key = ec.generate_private_key(ec.SECP256R1())
        administrator = Administrator()
        _record, client_id = administrator.register(
            'Keyed', [REDIRECT_URI], user_id=administrator.make_user(f'keyed{os.getpid()}'),
            grant_client_credentials=True, proof='key', key_set=key.public_key().public_bytes(
                Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())
        assertion = jwt.encode({
            'iss': client_id, 'sub': client_id, 'aud': self.url, 'jti': 'once', 'exp': int(time.time()) + 60,
        }, key, algorithm='ES256')
        answers = self.at_once(lambda: self.post(
            'access_token', grant_type='client_credentials', scope='odoo', client_assertion=assertion,
            client_assertion_type='urn:ietf:params:oauth:client-assertion-type:jwt-bearer'))
        self.assertEqual(sorted(answer.status_code for answer in answers), [200] + [401] * (len(answers) - 1))

    @requirement('attack', '76', 'A hash of an earlier version is replaced by whoever uses its secret first')
    def test_attack_76_a_slow_hash_is_replaced_by_thirty_at_once(self):
        slow = pbkdf2_sha512.using(rounds=6000).hash(CLIENT_SECRET)
        self.sql('UPDATE oauth2_client_secret SET hash = %s WHERE last_characters = %s', slow, CLIENT_SECRET[-4:])
        tokens = self.tokens()
        self.sql('UPDATE oauth2_client_secret SET hash = %s WHERE last_characters = %s', slow, CLIENT_SECRET[-4:])
        answers = self.at_once(lambda: self.refresh(tokens['refresh_token']))
        self.assertEqual({answer.status_code for answer in answers}, {200})
        [(stored,)] = self.sql(
            'SELECT hash FROM oauth2_client_secret WHERE last_characters = %s', CLIENT_SECRET[-4:])
        self.assertTrue(stored.startswith('$pbkdf2-sha512$1$'), stored)

    @requirement('RFC 6749', '4.4', 'However many tokens an application asks for itself, it has one authorization')
    def test_the_first_requests_of_an_application_that_acts_for_itself_share_one_authorization(self):
        administrator = Administrator()
        record, client_id = administrator.register(
            'Nightly job', ['https://127.0.0.1/callback'], user_id=administrator.make_user('nightly_job'),
            grant_client_credentials=True)
        secret = administrator.generate_secret(record)
        answers = self.at_once(lambda: self.post(
            'access_token', client_id=client_id, client_secret=secret, grant_type='client_credentials',
            scope='odoo'))
        self.assertEqual(Counter(answer.status_code for answer in answers), {200: AT_ONCE})
        self.assertEqual({self.call(answer.json()['access_token']).status_code for answer in answers}, {200})
        rows = self.sql('SELECT count(*) FROM oauth2_authorization WHERE client_id = %s', record)
        self.assertEqual(rows, [(1,)])

    @requirement('contract', '5', 'There are two valid secrets at the most, however many administrators make one')
    def test_administrators_who_generate_secrets_at_once_store_two(self):
        record, client_id = Administrator().register(
            'Shared', ['https://127.0.0.1/callback'], user_id=Administrator().make_user('shared'),
            grant_client_credentials=True)
        administrators = [Administrator() for _session in range(8)]

        def generate():
            try:
                return administrators.pop().generate_secret(record), None
            except AssertionError as refused:
                return None, str(refused)

        answers = self.at_once(generate, len(administrators))
        secrets = [secret for secret, _refused in answers if secret]
        self.assertEqual(len(secrets), 2)
        rows = self.sql('SELECT count(*) FROM oauth2_client_secret WHERE client_id = %s', record)
        self.assertEqual(rows, [(2,)])
        for secret in secrets:
            self.token(client_id, secret, 'odoo')
        for _secret, refused in answers:
            self.assertTrue(refused is None or 'has 2 valid secrets' in refused, refused)

    @requirement('contract', '4', 'Of many first redemptions with PKCE at once, each is answered')
    def test_an_application_that_uses_pkce_for_the_first_time(self):
        administrator = Administrator()
        administrator.make_user('first_pkce')
        record, client_id = administrator.register('First PKCE', ['https://app.example.com/callback'])
        app = App(self.url, client_id, administrator.generate_secret(record))
        person = Person(self.url, 'first_pkce')
        person.allow(person.ask(app, 'openid'))
        codes = [parse_qs(urlsplit(person.ask(app, 'openid').headers['Location']).query)['code'][0]
                 for _number in range(AT_ONCE)]
        answers = self.at_once(lambda: app.ask(
            'access_token', grant_type='authorization_code', code=codes.pop(), code_verifier=VERIFIER,
            redirect_uri='https://app.example.com/callback'))
        self.assertEqual(Counter(answer.status_code for answer in answers), {200: AT_ONCE})
        [(has_used,)] = self.sql('SELECT pkce_used_at IS NOT NULL FROM oauth2_client WHERE id = %s', record)
        self.assertTrue(has_used)

    @requirement('contract', '5', 'A kept refresh token is answered however often it comes at once')
    def test_a_refresh_token_that_is_kept(self):
        administrator = Administrator()
        record, client_id = administrator.register(
            'Forgetful', [REDIRECT_URI], user_id=administrator.make_user('forgetful'), has_direct_authorization=True,
            refresh_rotation='keep')
        app = App(self.url, client_id, administrator.generate_secret(record))
        token = app.act()['refresh_token']
        answers = self.at_once(lambda: app.ask('access_token', grant_type='refresh_token', refresh_token=token))
        self.assertEqual(Counter(answer.status_code for answer in answers), {200: AT_ONCE})
        self.assertEqual({answer.json()['refresh_token'] for answer in answers}, {token})

    def test_administrators_who_look_at_the_health_at_once_find_each_thing_once(self):
        administrators = [Administrator() for _session in range(8)]
        record, _client_id = administrators[0].register(
            'Forgetful', ['https://127.0.0.1/callback'], refresh_rotation='keep')
        for value, count in (('keep', 1), ('rotate', 0)):
            administrators[0].call('oauth2.client', 'write', [record], {'refresh_rotation': value})
            sessions = list(administrators)
            self.at_once(lambda sessions=sessions: sessions.pop().call('oauth2.finding', 'action_open'), 8)
            found = self.sql('SELECT count(*) FROM oauth2_finding WHERE client_id = %s', record)
            self.assertEqual(found, [(count,)])
