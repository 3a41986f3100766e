"""A security key in software: it makes passkeys and signs with them, according to Web Authentication (W3C, level 2)."""
import hashlib
import json
import os
import struct
from base64 import urlsafe_b64encode

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256

USER_PRESENT, USER_VERIFIED, CREDENTIAL_INCLUDED = 0x01, 0x04, 0x40


def encoded(data):
    """Base64url without padding."""
    return urlsafe_b64encode(data).rstrip(b'=').decode()


class Authenticator:
    """One passkey, for one site.

    :param origin: the site's address, without a slash at its end.
    """

    def __init__(self, origin):
        self.origin = origin
        self.site = origin.partition('//')[2].partition(':')[0]
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.identifier = os.urandom(16)
        self.count = 0

    def register(self, challenge):
        """The answer to a site that asks for a new passkey (§5.1.3), without attestation."""
        public = self.key.public_key().public_numbers()
        # RFC 9053 §7.1.1: an elliptic curve key, for ES256, on P-256.
        cose_key = {1: 2, 3: -7, -1: 1, -2: public.x.to_bytes(32, 'big'), -3: public.y.to_bytes(32, 'big')}
        credential = bytes(16) + struct.pack('>H', len(self.identifier)) + self.identifier + cbor2.dumps(cose_key)
        data = self._authenticator_data(CREDENTIAL_INCLUDED) + credential
        return self._answer({
            'clientDataJSON': encoded(self._client_data('webauthn.create', challenge)),
            'attestationObject': encoded(cbor2.dumps({'fmt': 'none', 'attStmt': {}, 'authData': data})),
        })

    def sign(self, challenge):
        """The answer to a site that asks who is there (§5.1.4)."""
        self.count += 1
        data, client_data = self._authenticator_data(), self._client_data('webauthn.get', challenge)
        signature = self.key.sign(data + hashlib.sha256(client_data).digest(), ec.ECDSA(SHA256()))
        return self._answer({
            'clientDataJSON': encoded(client_data),
            'authenticatorData': encoded(data),
            'signature': encoded(signature),
        })

    def _authenticator_data(self, flags=0):
        """§6.1."""
        flags |= USER_PRESENT | USER_VERIFIED
        return hashlib.sha256(self.site.encode()).digest() + struct.pack('>BI', flags, self.count)

    def _client_data(self, kind, challenge):
        """§5.8.1."""
        return json.dumps({'type': kind, 'challenge': challenge, 'origin': self.origin}).encode()

    def _answer(self, response):
        identifier = encoded(self.identifier)
        return {'id': identifier, 'rawId': identifier, 'type': 'public-key', 'response': response}
