"""What an administrator does in the browser."""
from odoo.models import MAGIC_COLUMNS
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger


@tagged('post_install', '-at_install')
class TestTours(HttpCase):
    """The tours in static/tests/tours, and what the database holds after them."""

    def test_an_administrator_creates_an_application_copies_its_secret_and_archives_it(self):
        new_test_user(self.env, 'oauth2_tour_administrator', groups='base.group_system')
        user = new_test_user(self.env, 'oauth2_tour_integration', groups='base.group_user', name='Tour integration')

        self.start_tour('/odoo', 'restapi_oauth2_application', login='oauth2_tour_administrator')

        client = self.env['oauth2.client'].with_context(active_test=False).search([('name', '=', 'Tour shop')])
        self.assertFalse(client.active)
        self.assertEqual(client.user_id, user)
        self.assertEqual(client.redirect_uri_ids.mapped('uri'), ['https://shop.example.com/callback'])
        self.assertEqual(client.authorization_ids.mapped('revoked_because'), ['client'])
        self.env.cr.execute("SELECT * FROM oauth2_client_secret WHERE client_id = %s", [client.id])
        [secret] = self.env.cr.dictfetchall()
        self.assertTrue(secret['hash'].startswith('$pbkdf2-sha512$'))
        self.assertEqual(len(secret['last_characters']), 4)
        self.assertEqual(secret.keys() - MAGIC_COLUMNS, {'client_id', 'last_characters', 'expires_at', 'hash'})

    @mute_logger('odoo.http')
    def test_an_administrator_of_nothing_else_is_told_what_is_wrong_with_a_redirect_uri(self):
        new_test_user(self.env, 'oauth2_tour_only', groups='base.group_user,restapi_oauth2.group_oauth2_administrator')

        self.start_tour('/odoo', 'restapi_oauth2_redirect_uri', login='oauth2_tour_only')

        client = self.env['oauth2.client'].search([('name', '=', 'Tour redirects')])
        self.assertEqual(client.redirect_uri_ids.mapped('uri'), ['http://127.0.0.1/callback'])
