"""Tokens that are narrower than their users, and assertions about them."""
import json

from odoo import Command
from odoo.tests import new_test_user

from .endpoints import EndpointCase

# What a browser sends when a person opens an address: Odoo then takes the session where it takes a token.
AS_A_PERSON = {'Sec-Fetch-Dest': 'document', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Site': 'none',
               'Sec-Fetch-User': '?1'}


class ScopedCase(EndpointCase):
    """The application `Robot`, which acts for the user, and with tokens of the scopes, that a test chooses.

    `Ann` may change contacts. `Acme` is a company; `Bob` works there, and the scope `companies` does not open him.
    """

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.ann = new_test_user(
            cls.env,
            'oauth2_ann',
            groups='base.group_user,base.group_partner_manager,base.group_allow_export',
            password='oauth2_ann',
            name='Ann',
        )
        cls.robot, cls.robot_secret = cls.make_client('Robot', cls.ann, grant_client_credentials=True)
        cls.robot.scope_ids = cls.env['oauth2.scope'].search([('name', 'like', '%.%')])
        partners = cls.env['res.partner']
        cls.acme = partners.create(
            {
                'name': 'Acme Test',
                'is_company': True,
                'email': 'acme@example.com',
                'phone': '+32 1',
                'vat': 'BE0477472701',
                'user_id': cls.ann.id,
                'comment': 'A secret remark',
            }
        )
        cls.bob = partners.create(
            {
                'name': 'Bob Test',
                'parent_id': cls.acme.id,
                'email': 'bob@example.com',
                'phone': '+32 2',
                'ref': 'B-4711',
            }
        )

    @classmethod
    def make_scope(cls, name, *lines, opens='lines'):
        """A scope that Robot may ask for. Each line is a dictionary; without operations it opens reading."""
        scope = cls.env['oauth2.scope'].create({
            'name': name, 'description': name, 'opens': opens,
            'line_ids': [Command.create(line) for line in lines]})
        cls.robot.scope_ids += scope
        return scope

    def token_with(self, scope, user=None):
        """An access token with these scopes, of Ann if no other user is named."""
        user = user or self.ann
        if self.robot.user_id != user:
            self.robot.user_id = user
        response = self.for_itself(self.robot, self.robot_secret, scope=scope)
        self.assertEqual(response.status_code, 200, response.text)
        return response.json()['access_token']

    def ok(self, token, model, method, **arguments):
        """The result of a call that is allowed."""
        response = self.call(token, model, method, **arguments)
        self.assertEqual(response.status_code, 200, response.text[:1000])
        return response.json()

    def call_as(self, user, model, method, **arguments):
        """The same call in a session of a user, whose password is the login, as of all users of the tests."""
        if self.session_of != user:
            self.authenticate(user.login, user.login)
            self.session_of = user
        return self.url_open(f'/json/2/{model}/{method}', data=json.dumps(arguments or {'domain': []}), headers={
            'Content-Type': 'application/json', **AS_A_PERSON})

    session_of = None

    def leave_session(self):
        """Come without a session again."""
        self.authenticate(None, None)
        self.session_of = None

    def assertLacks(self, response, scope):
        """It is a 403 that names the scope which would have sufficed (RFC 6750 §3.1), and Odoo's own error."""
        self.assertEqual(response.status_code, 403, response.text[:1000])
        challenge = response.headers.get('WWW-Authenticate', '')
        self.assertIn('Bearer error="insufficient_scope"', challenge, response.text[:1000])
        self.assertIn(scope, challenge.partition('scope="')[2].partition('"')[0].split(), challenge)
        self.assertEqual(response.json()['name'], 'odoo.exceptions.AccessError')

    def assertClosed(self, token, model, method, **arguments):
        """The call is refused, whatever the reason, and not as a failure of the server."""
        response = self.call(token, model, method, **arguments)
        self.assertIn(response.status_code, (403, 404, 422), f'{model}.{method} {arguments}: {response.text[:1000]}')
        return response
