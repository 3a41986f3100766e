"""Which clients have to use PKCE (RFC 7636, RFC 9700 §2.1.1)."""
from odoo import api, fields, models
from odoo.tools import SQL

from ...protocol.errors import InvalidRequest, PKCELeftOut

PKCE = [
    ('automatic', 'Required once it has used it'),
    ('required', 'Always required'),
    ('never', 'Never asked for'),
]


class OAuth2Client(models.Model):
    """Public clients always use PKCE. Whether a client with a secret can use it is often unknown. Once it has, PKCE is
    required from then on, so that nobody can remove the challenge from its requests.

    The time of the first use is in an SQL column that the ORM does not know, so that nobody can write it.
    """
    _inherit = 'oauth2.client'

    pkce = fields.Selection(
        PKCE, 'PKCE', required=True, default='automatic',
        help='Protects codes on their way through the browser. Without it, the secret alone does. Public applications '
             'always use it.')
    has_used_pkce = fields.Boolean('Has used PKCE', compute='_compute_has_used_pkce')

    def init(self):
        super().init()
        self.env.cr.execute(SQL('ALTER TABLE oauth2_client ADD COLUMN IF NOT EXISTS pkce_used_at timestamp'))

    def _compute_has_used_pkce(self):
        used = dict(self.env.execute_query(SQL(
            'SELECT id, %s FROM oauth2_client client WHERE id = ANY(%s)', self._has_used_pkce_sql(), self.ids)))
        for client in self:
            client.has_used_pkce = used.get(client.id, False)

    @api.model
    def _has_used_pkce_sql(self):
        """The SQL of the field, for the table or alias `client`."""
        return SQL('(client.pkce_used_at IS NOT NULL)')

    def _check_code_challenge(self, challenge, is_direct=False):
        """Refuse a request without PKCE if this client has to use it (RFC 9700 §2.1.1).

        :param is_direct: the code goes straight to the caller, so nobody can intercept it. Then only a public client
            needs PKCE, because it has no other proof.
        :raises InvalidRequest: see above.
        """
        if challenge is not None or not self._has_to_use_pkce(is_direct):
            return
        has_used = self.pkce == 'automatic' and self.has_used_pkce
        raise (PKCELeftOut if has_used else InvalidRequest)(
            'code_challenge is missing: this client has to use PKCE with S256')

    def _has_to_use_pkce(self, is_direct):
        if self.is_public or is_direct:
            return self.is_public
        return (self.env['oauth2.configuration']._allows('pkce_required') or self.pkce == 'required'
                or (self.pkce == 'automatic' and self.has_used_pkce))

    def _note_pkce(self):
        """Remember that this client has redeemed a code with its secret and the right verifier.

        Of several simultaneous requests one writes, and none waits.
        """
        if not self.is_public and not self.has_used_pkce:
            self.env.cr.execute(SQL(
                """ UPDATE oauth2_client SET pkce_used_at = now() AT TIME ZONE 'UTC'
                     WHERE id IN (SELECT id FROM oauth2_client WHERE id = %s AND pkce_used_at IS NULL
                                     FOR NO KEY UPDATE SKIP LOCKED) """, self.id), log_exceptions=False)

    def action_forget_pkce(self):
        """The administrator's button: the application need not use PKCE, until it has used it again."""
        self.check_access('write')
        self.env.cr.execute(SQL('UPDATE oauth2_client SET pkce_used_at = NULL WHERE id = ANY(%s)', self.ids))
        self.invalidate_recordset(['has_used_pkce'])
        for client in self:
            self.env['oauth2.event']._record('pkce_forgotten', client)
