"""A web site made with Django and mozilla-django-oidc."""
import os
import sys
import tempfile
import time
from pathlib import Path

from client_case import ClientCase
from devtools import PATIENCE

SCOPES = ('openid', 'profile', 'email', 'contacts.read')


class TestMozillaDjangoOIDC(ClientCase):

    def check(self, **settings):
        connection = self.connect('web', '/oidc/callback/', SCOPES, goodbye='/goodbye')
        database = Path(self.enterContext(tempfile.TemporaryDirectory()), 'site.sqlite3')
        self.serve(sys.executable, 'python/django_site.py', database, **connection, **settings,
                   PYTHONPATH=os.environ['RESTAPI_OAUTH2_PYTHON_CLIENTS'])
        self.allow(self.page, self.site)
        self.arrive('/')
        self.assertIn(f'{self.login}@example.com', self.page.text)
        answer = self.ask('/contacts')
        self.assertEqual((answer['status'], len(answer['contacts'])), (200, 3), answer)

        # It asks anew, of whoever is still signed in here, without a question.
        renewed, end = answer, time.monotonic() + PATIENCE
        while renewed['token'] == answer['token'] and time.monotonic() < end:
            time.sleep(0.5)
            renewed = self.ask('/contacts')
        self.assertNotEqual(renewed['token'], answer['token'])
        self.assertEqual(renewed['status'], 200)

        self.page.open(self.site)
        self.page.press('button')
        self.arrive('/goodbye')
        for token in (answer['token'], renewed['token']):
            self.assertEqual(self.json2(token, 'res.partner', 'search_read').status_code, 401)
        self.assertSignedOut()

    def test_it_signs_in_calls_asks_anew_and_signs_out(self):
        self.check(USE_PKCE='False')

    def test_the_same_with_pkce(self):
        self.check(USE_PKCE='True')
