"""A web site made with Flask and Flask-Dance."""
import os
import sys

from client_case import ClientCase

SCOPES = ('openid', 'profile', 'contacts.read')


class TestFlaskDance(ClientCase):

    def check(self, **settings):
        connection = self.connect('web', '/login/odoo/authorized', SCOPES)
        self.serve(sys.executable, 'python/flask_site.py', **connection, **settings,
                   PYTHONPATH=os.environ['RESTAPI_OAUTH2_PYTHON_CLIENTS'],
                   OAUTHLIB_INSECURE_TRANSPORT='1')  # here everything is on this machine
        self.allow(self.page, self.site)
        connected = self.told('/')
        self.assertEqual((connected['status'], len(connected['contacts'])), (200, 3), connected)
        self.assertEqual(set(connected['token']['scope']), set(SCOPES))
        self.assertEqual(self.ask('/me')['name'], self.login.capitalize())

        refreshed = self.ask('/later', leads_to='/')
        self.assertEqual(refreshed['status'], 200)
        for name in ('access_token', 'refresh_token'):
            self.assertNotEqual(refreshed['token'][name], connected['token'][name])

        self.assertEqual(self.ask('/disconnect'), {'status': 200})
        self.assertEqual(self.json2(
            refreshed['token']['access_token'], 'res.partner', 'search_read').status_code, 401)

    def test_it_signs_in_calls_refreshes_and_disconnects(self):
        self.check(USE_PKCE='False')

    def test_the_same_with_pkce(self):
        self.check(USE_PKCE='True')
