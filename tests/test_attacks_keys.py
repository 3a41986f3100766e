"""The catalogue of attacks (docs/security.md), cases 69 and 77: keys that come, sign, verify, go, and are stolen."""
import time

import jwt

from odoo.tools import mute_logger

from .browser import BrowserCase
from .common import PATH
from .requirement import requirement
from .test_attacks_tokens import b64

PUBLIC = {'RS256': {'kty', 'n', 'e'}, 'ES256': {'kty', 'crv', 'x', 'y'}, 'EdDSA': {'kty', 'crv', 'x'}}


class TestKeyAttacks(BrowserCase):

    def setUp(self):
        super().setUp()
        self.keys = self.env['oauth2.signing.key']

    def jwks(self):
        return self.ask('jwks', 'GET').json()['keys']

    def pass_time(self, hours):
        """As if all keys had been made so much earlier."""
        self.sql("""UPDATE oauth2_signing_key SET activates_at = activates_at - make_interval(hours => %s),
                           retires_at = retires_at - make_interval(hours => %s)""", hours, hours)
        self.env.registry.clear_cache()

    def kid(self, token):
        return jwt.get_unverified_header(token)['kid']

    @requirement('attack', '69', 'A key is public before it signs, and verifies until its tokens have expired')
    @requirement('OIDC Core', '10.1.1', 'Keys are rotated without an outage')
    def test_attack_69_the_life_of_a_key(self):
        old = self.tokens()
        self.keys._rotate()
        new_kid, = {key['kid'] for key in self.jwks()} - {self.kid(old['access_token'])}
        announced = self.tokens()
        self.assertEqual(self.kid(announced['access_token']), self.kid(old['access_token']))
        self.pass_time(hours=3)
        tokens = self.refresh(old['refresh_token']).json()
        self.assertEqual(self.kid(tokens['access_token']), new_kid)
        self.assertWorks(old['access_token'])
        self.keys._cron_rotate()
        self.assertWorks(old['access_token'])
        self.assertEqual(len(self.jwks()), 2)
        self.pass_time(hours=25)
        self.keys._cron_rotate()
        self.assertEqual([key['kid'] for key in self.jwks()], [new_kid])
        self.assertEqual(self.call(old['access_token']).status_code, 401)
        self.assertWorks(tokens['access_token'])

    @requirement('attack', '69', 'A stolen key is deleted, and nothing that it signed is good any more')
    def test_attack_69_a_stolen_key(self):
        self.log_in()
        tokens = self.tokens_of_wiki(scope='openid odoo')
        stolen = self.keys._current('access_token')
        claims = jwt.decode(tokens['access_token'], options={'verify_signature': False})
        self.keys.search([('kid', '=', stolen.kid)]).unlink()
        forged = jwt.encode({**claims, 'exp': int(time.time()) + 60}, stolen.private, algorithm=stolen.algorithm,
                            headers={'typ': 'at+jwt', 'kid': stolen.kid})
        for token in (tokens['access_token'], forged):
            self.assertEqual(self.call(token).status_code, 401)
            bearer = {'Authorization': f'Bearer {token}'}
            self.assertRefused(self.ask('userinfo', 'GET', bearer), 401, 'invalid_token')
        self.assertEqual(self.arrived(self.begin(id_token_hint=tokens['id_token'], prompt='none'))['error'],
                         'login_required')
        renewed = self.refresh(tokens['refresh_token'], self.wiki, self.wiki_secret).json()
        self.assertWorks(renewed['access_token'])
        self.assertNotEqual(self.kid(renewed['access_token']), stolen.kid)
        self.assertNotIn(stolen.kid, [key['kid'] for key in self.jwks()])

    @requirement('attack', '69', 'Of no kind of key the private part is public, nor the key of refresh tokens')
    @requirement('RFC 7517', '9.2', 'Private keys are not published')
    def test_attack_69_public_keys_only(self):
        self.log_in()
        for algorithm in ('ES256', 'EdDSA', 'RS256'):
            self.env['ir.config_parameter'].set_param('restapi_oauth2.signing_algorithm', algorithm)
            self.keys._rotate()
            self.pass_time(hours=3)
            with self.subTest(algorithm):
                tokens = self.tokens_of_wiki(scope='openid odoo', prompt='consent')
                for token in (tokens['access_token'], tokens['id_token']):
                    self.assertEqual(jwt.get_unverified_header(token)['alg'], algorithm)
                self.assertWorks(tokens['access_token'])
        published = self.jwks()
        self.assertEqual({key['alg'] for key in published}, set(PUBLIC))
        for key in published:
            self.assertEqual(set(key), PUBLIC[key['alg']] | {'kid', 'use', 'alg'})
        refresh_kids = set(self.keys._by_kid('refresh_token'))
        self.assertTrue(refresh_kids)
        self.assertFalse(refresh_kids & {key['kid'] for key in published})

    @requirement('attack', '69', 'Copies of the key set live for less time than a new key waits')
    def test_attack_69_how_long_copies_live(self):
        response = self.ask('jwks', 'GET')
        self.assertEqual(response.headers['Cache-Control'], 'public, max-age=3600')
        self.assertGreater(self.env['oauth2.configuration'].KEY_ANNOUNCEMENT, 3600)

    # ------------------------------------------------------------------
    # Keys that were taken away
    # ------------------------------------------------------------------

    def replace_now(self):
        """Press the button, with the password confirmed."""
        type(self.keys).action_replace_now.__wrapped__(self.keys)

    def forge(self, key, token, token_type='at+jwt'):
        """What somebody signs who has stolen a key."""
        claims = {**jwt.decode(token, options={'verify_signature': False}), 'exp': int(time.time()) + 60}
        return jwt.encode(claims, key.private, algorithm=key.algorithm, headers={'typ': token_type, 'kid': key.kid})

    @requirement('attack', '77', 'A key that was replaced never signs again, whatever becomes of its successor')
    @requirement('contract', '6', 'A key that was replaced never signs again')
    def test_attack_77_a_replaced_key_never_signs_again(self):
        retired = {self.kid(self.tokens()[name]) for name in ('access_token', 'refresh_token')}
        self.keys._rotate()
        self.pass_time(hours=3)
        signing = self.tokens()
        self.keys.search([('kid', 'in', [self.kid(signing[name]) for name in ('access_token', 'refresh_token')])]
                         ).unlink()
        for _time in range(2):
            after = self.tokens()
            self.assertFalse(retired & {self.kid(after[name]) for name in ('access_token', 'refresh_token')})
            self.assertAlive(after)
            self.sql('DELETE FROM oauth2_signing_key WHERE retires_at IS NULL')  # not even by this way
            self.env.registry.clear_cache()

    @requirement('attack', '77', 'The key set and the metadata are never empty, without any token being asked for')
    @requirement('contract', '6', 'There is always a key that signs')
    def test_attack_77_there_is_always_a_key(self):
        def by_button():
            self.replace_now()

        def by_deleting():
            self.keys.search([]).unlink()

        def by_sql():
            self.sql('DELETE FROM oauth2_signing_key')
            self.env.registry.clear_cache()

        for take_away in (by_button, by_deleting, by_sql):
            with self.subTest(take_away.__name__):
                former = {key['kid'] for key in self.jwks()}
                take_away()
                with mute_logger('odoo.http'):  # a read-only route that writes is run again, with a warning
                    metadata = self.url_open('/.well-known/openid-configuration').json()
                self.assertEqual(metadata['id_token_signing_alg_values_supported'], ['RS256'])
                [published] = {key['kid'] for key in self.jwks()} - former
                self.assertEqual([key['kid'] for key in self.jwks()], [published])
                self.assertEqual(self.kid(self.tokens()['access_token']), published)
        self.sql('DELETE FROM oauth2_signing_key')
        self.env.registry.clear_cache()
        with mute_logger('odoo.http'):
            self.assertEqual(len(self.jwks()), 1)

    @requirement('attack', '77', 'Replace now ends all that the keys of that moment signed or will be made to sign')
    def test_attack_77_stolen_keys_are_replaced(self):
        self.log_in()
        tokens = self.tokens_of_wiki(scope='openid odoo')
        self.keys._rotate()  # so that there are keys of every state
        stolen = {purpose: self.keys._timed(purpose) for purpose in ('access_token', 'refresh_token')}
        self.assertEqual([len(keys) for keys in stolen.values()], [2, 2])
        self.replace_now()
        for timed in stolen['access_token']:
            self.assertEqual(self.call(self.forge(timed.key, tokens['access_token'])).status_code, 401)
            hint = self.forge(timed.key, tokens['id_token'], 'JWT')
            self.assertEqual(self.arrived(self.begin(id_token_hint=hint, prompt='none'))['error'], 'login_required')
            self.assertIn('Sign out of Odoo?', self.visit(f'{PATH}/logout?id_token_hint={hint}').text)
        for timed in stolen['refresh_token']:
            forged = self.forge(timed.key, tokens['refresh_token'], 'rt+jwt')
            self.assertRefused(self.refresh(forged, self.wiki, self.wiki_secret), 400, 'invalid_grant')
        for name in ('access_token', 'id_token'):
            self.assertRefused(self.ask('userinfo', 'GET', {'Authorization': f'Bearer {tokens[name]}'}),
                               401, 'invalid_token')
        self.assertIn('code', self.arrived(self.begin(prompt='none', scope='openid odoo')))  # what was allowed stays
        self.sql('SELECT kid FROM oauth2_signing_key')
        self.assertEqual(len(self.env.cr.fetchall()), 3)

    @requirement('attack', '77', 'ID tokens of rotated keys still work as hints; no access token of these keys does')
    @requirement('contract', '6', 'A key verifies hints for as long as authorizations can live')
    def test_attack_77_hints_of_rotated_keys(self):
        self.log_in()
        tokens = self.tokens_of_wiki(scope='openid odoo')
        rotated = self.keys._current('access_token')
        self.keys._rotate()
        self.pass_time(hours=24 * 3649)
        self.keys._cron_rotate()
        hint = tokens['id_token']
        self.assertIn('code', self.arrived(self.begin(id_token_hint=hint, prompt='none')))
        self.assertNotIn(rotated.kid, [key['kid'] for key in self.jwks()])
        for token in (tokens['access_token'], self.forge(rotated, tokens['access_token'])):
            self.assertEqual(self.call(token).status_code, 401)
            self.assertRefused(self.ask('userinfo', 'GET', {'Authorization': f'Bearer {token}'}), 401, 'invalid_token')
            self.assertEqual(self.arrived(self.begin(id_token_hint=token, prompt='none'))['error'], 'login_required')
        self.assertIn('You are signed out', self.visit(f'{PATH}/logout?id_token_hint={hint}').text)

    @requirement('attack', '46', 'A key of one algorithm does not verify another, of whichever kind it is')
    def test_attack_46_keys_of_several_kinds(self):
        self.env['ir.config_parameter'].set_param('restapi_oauth2.signing_algorithm', 'ES256')
        self.keys._rotate()
        self.pass_time(hours=3)
        token = self.tokens()['access_token']
        claims = jwt.decode(token, options={'verify_signature': False})
        by_algorithm = {key.algorithm: key for key in self.keys._by_kid('access_token').values()}
        for signer, named in (('ES256', 'RS256'), ('RS256', 'ES256')):
            key, other = by_algorithm[signer], by_algorithm[named]
            for algorithm in (signer, named):
                signing_input = f"{b64({'alg': algorithm, 'kid': other.kid, 'typ': 'at+jwt'})}.{b64(claims)}"
                signature = jwt.get_algorithm_by_name(signer).sign(signing_input.encode(), key.private)
                self.assertEqual(self.call(f'{signing_input}.{b64(signature)}').status_code, 401)
        self.assertWorks(token)
