"""Which applications run on devices without a browser (RFC 8628)."""
import base64
import io

import qrcode  # as Odoo's own module auth_totp does it

from odoo import api, fields, models

_PIXELS = 8  # of each square


class OAuth2Client(models.Model):
    _inherit = 'oauth2.client'

    grant_device_code = fields.Boolean(
        'Device code', help='For a device without a browser: it shows a code, which its user types at an address of '
                            'this server, on a phone or a computer.')
    verification_qr_code = fields.Binary(
        'QR code of the page', compute='_compute_verification_qr_code',
        help='For the manual, or to be stuck on the device: it opens the page where its users type the code.')

    @api.depends('verification_uri')
    def _compute_verification_qr_code(self):
        for client in self:
            client.verification_qr_code = bool(client.verification_uri) and _qr_code(client.verification_uri)


def _qr_code(text):
    file = io.BytesIO()
    qrcode.make(text, box_size=_PIXELS).save(file, format='PNG')
    return base64.b64encode(file.getvalue())
