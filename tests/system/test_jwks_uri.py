"""Many requests of a client whose keys have to be fetched, at the same moment, at several worker processes."""
import json
import time
import uuid
from collections import Counter

import jwt
import requests
from administrator import Administrator
from client import PATH, SystemCase
from cryptography.hazmat.primitives.asymmetric import ec
from publisher import trusted_site
from requirement import requirement

KEY = ec.generate_private_key(ec.SECP256R1())


class TestKeysAtAnAddress(SystemCase):

    @classmethod
    def setUpClass(cls):
        cls.site = cls.enterClassContext(trusted_site())
        cls.server_url = cls.start_server('jwks-uri', '--workers=4', '--max-cron-threads=0')
        cls.administrator = Administrator()
        cls.choose('127.0.0.0/8')
        cls.addClassCleanup(cls.choose, False)

    @classmethod
    def choose(cls, networks):
        cls.administrator.call('ir.config_parameter', 'set_param', 'restapi_oauth2.fetch_networks', networks)

    def ask(self, key=KEY):
        """A request with an assertion of its own."""
        now = int(time.time())
        assertion = jwt.encode({'iss': self.client_id, 'sub': self.client_id, 'aud': self.url, 'exp': now + 60,
                                'iat': now, 'jti': str(uuid.uuid4())}, key, algorithm='ES256',
                               headers={'kid': 'another'} if key is not KEY else None)
        return requests.post(f'{self.server_url}{PATH}/access_token', timeout=60, data={
            'grant_type': 'client_credentials', 'client_assertion': assertion,
            'client_assertion_type': 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'})

    @requirement('attack', '63', 'Of thirty requests that need the same keys, one has them fetched, and no other waits')
    def test_thirty_at_once(self):
        [user] = self.administrator.call('res.users', 'search', [('login', '=', 'demo')])
        _record, self.client_id = self.administrator.register(
            'Keys at an address', [], user_id=user, grant_client_credentials=True, proof='key',
            key_set_url=self.site.url('/jwks'), scope_ids=[(6, 0, self.administrator.scopes('contacts.read'))],
            default_scope_ids=[(6, 0, self.administrator.scopes('contacts.read'))])
        public = jwt.get_algorithm_by_name('ES256').to_jwk(KEY.public_key(), as_dict=True)

        def slowly(handler):
            time.sleep(0.5)
            handler.respond(200, {'Content-Type': 'application/json'}, json.dumps({'keys': [public]}).encode())
        self.site.pages['/jwks'] = slowly
        answers = self.at_once(self.ask)
        counted = Counter(answer.status_code for answer in answers)
        self.assertEqual(counted.keys() | {503}, {200, 503}, counted)
        self.assertTrue(all(answer.headers['Retry-After'] for answer in answers if answer.status_code == 503))
        self.assertEqual({answer.status_code for answer in self.at_once(self.ask)}, {200})
        stranger = ec.generate_private_key(ec.SECP256R1())
        self.assertEqual([self.ask(stranger).status_code for _time in range(3)], [401] * 3)
        self.assertEqual([path for path, _headers in self.site.asked], ['/jwks'])
