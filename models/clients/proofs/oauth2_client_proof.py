"""How a client authenticates: by a secret that both sides know, or by a key that only the client has."""
from odoo import api, fields, models

from ....protocol import client_assertion
from ....protocol.errors import InvalidClient

PROOFS = [
    ('secret', 'A secret'),
    ('key', 'A key of its own (private_key_jwt)'),
]


class OAuth2Client(models.Model):
    """A client uses only one of them, so that an old secret opens nothing where a key is required.

    Setting an application's key is as powerful as making a secret for it.
    """
    _inherit = 'oauth2.client'

    proof = fields.Selection(
        PROOFS, 'Proves itself by', required=True, default='secret', copy=False,
        help='A key never leaves the application: it signs a short-lived assertion for each request, and this server '
             'knows the public half alone. While it proves itself by a key, its secrets are refused.')

    _public_proves_nothing = models.Constraint(
        "CHECK (NOT (is_public AND proof = 'key'))",
        'A public application cannot keep a key: let it prove itself by a key, or be public.')

    @api.model
    def _fields_for_requests(self):
        return [*super()._fields_for_requests(), 'proof']

    @api.model
    def _proves(self, client, credentials, known):
        """Whether they do, in this client's one way.

        :raises InvalidClient: with a reason that an administrator finds in the event.
        """
        is_asserted = credentials.client_assertion is not None
        if is_asserted and client.proof == 'key':
            client._verify_assertion(credentials.client_assertion)
            return True
        if is_asserted or client.proof == 'key':
            super()._proves(self.browse(), credentials, [])  # as much work as for a wrong secret
            raise InvalidClient(detail='it proves itself in another way')
        return super()._proves(client, credentials, known)

    def _verify_assertion(self, assertion):
        """Verify an assertion of this client, and use it up.

        :raises InvalidClient: it is invalid, or was used before.
        """
        verified = client_assertion.verify(
            assertion, self._keys(), self.client_id, self.env['oauth2.configuration']._issuer())
        self.env['oauth2.used.assertion']._use(self, verified)

    # ------------------------------------------------------------------
    # Who may change the proof
    # ------------------------------------------------------------------

    def _power(self):
        return super()._power() | self._proven_by()

    def _given_unasked(self):
        given = super()._given_unasked()
        return given | self._proven_by() if given else given

    def _proven_by(self):
        """The proofs that open this application: a set of pairs."""
        return {('proof', self.proof)}
