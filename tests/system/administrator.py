"""What an administrator does in Odoo's web client, by the requests that the web client makes for it."""
import os

import requests

PASSWORD = 'admin'


class Administrator:
    """A session of the user `admin`."""

    def __init__(self):
        self.url = os.environ['RESTAPI_OAUTH2_URL']
        self.session = requests.Session()
        self._ask('/web/session/authenticate', db=os.environ['RESTAPI_OAUTH2_DATABASE'], login='admin',
                  password=PASSWORD)

    def _ask(self, path, **parameters):
        response = self.session.post(f'{self.url}{path}', json={'jsonrpc': '2.0', 'params': parameters}, timeout=60)
        answer = response.json()
        assert 'error' not in answer, answer['error']['data']['debug']
        return answer['result']

    def call(self, model, method, *arguments, **named):
        """Call a method of a model."""
        return self._ask(f'/web/dataset/call_kw/{model}/{method}', model=model, method=method, args=arguments,
                         kwargs=named)

    def register(self, name, redirect_uris, **values):
        """Make an application. Returns its record's id and its client ID."""
        [record] = self.call('oauth2.client', 'create', [{
            'name': name, 'redirect_uri_ids': [(0, 0, {'uri': uri}) for uri in redirect_uris], **values}])
        [client] = self.call('oauth2.client', 'read', [record], ['client_id'])
        return record, client['client_id']

    def generate_secret(self, record):
        """Press *Generate a secret*, confirm the password if asked, and copy the secret that is shown."""
        shown = self.call('oauth2.client', 'action_generate_secret', [record])
        if shown['res_model'] == 'res.users.identitycheck':
            shown = self.call(shown['res_model'], 'run_check', [shown['res_id']], context={'password': PASSWORD})
        return shown['context']['default_secret']

    def make_user(self, login, **values):
        """Make an internal user, whose password is the login."""
        [user] = self.call('res.users', 'create', [{
            'name': login.capitalize(), 'login': login, 'password': login, **values}])
        return user
