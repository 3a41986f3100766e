"""What people, mostly administrators, do in Odoo's web client, by the same requests as the web client."""
import os

import requests

PASSWORD = 'admin'


class WebClient:
    """A session of a user, at the server that all tests share or at another one."""

    def __init__(self, login, password, url=None, database=None):
        self.url = url or os.environ['RESTAPI_OAUTH2_URL']
        self.session = requests.Session()
        self.password = password
        self.user = self._ask('/web/session/authenticate', db=database or os.environ['RESTAPI_OAUTH2_DATABASE'],
                              login=login, password=password)['uid']

    def _ask(self, path, **parameters):
        response = self.session.post(f'{self.url}{path}', json={'jsonrpc': '2.0', 'params': parameters}, timeout=60)
        answer = response.json()
        assert 'error' not in answer, answer['error']['data']['debug']
        # Of a method that returns nothing there is none.
        return answer.get('result')

    def call(self, model, method, *arguments, **named):
        """Call a method of a model."""
        return self._ask(f'/web/dataset/call_kw/{model}/{method}', model=model, method=method, args=arguments,
                         kwargs=named)

    def confirmed(self, model, method, *arguments):
        """Press a button, confirm the password if asked, and give what is shown then."""
        shown = self.call(model, method, *arguments)
        if shown['res_model'] == 'res.users.identitycheck':
            shown = self.call(shown['res_model'], 'run_check', [shown['res_id']], context={'password': self.password})
        return shown.get('context')

    def make_api_key(self):
        """Press *New API Key*, and copy the key that is shown."""
        [description] = self.call('res.users.apikeys.description', 'create', [{'name': 'Script', 'duration': '1'}])
        return self.confirmed('res.users.apikeys.description', 'make_key', [description])['default_key']


class Administrator(WebClient):
    """A session of the user `admin`."""

    def __init__(self, url=None, database=None):
        super().__init__('admin', PASSWORD, url, database)

    def register(self, name, redirect_uris, **values):
        """Make an application. Returns its record's id and its client ID."""
        [record] = self.call('oauth2.client', 'create', [{
            'name': name, 'redirect_uri_ids': [(0, 0, {'uri': uri}) for uri in redirect_uris], **values}])
        [client] = self.call('oauth2.client', 'read', [record], ['client_id'])
        return record, client['client_id']

    def generate_secret(self, record):
        """Press *Generate a secret*, confirm the password if asked, and copy the secret that is shown."""
        return self.confirmed('oauth2.client', 'action_generate_secret', [record])['default_secret']

    def new_application(self, template, **values):
        """Fill in the dialog of a template, and press *Create*. Gives what the dialog with the secret shows; without a
        secret, the ID of the application's record.
        """
        [template_id] = self.call('ir.model.data', 'search_read', [
            ('module', '=', 'restapi_oauth2'), ('name', '=', f'template_{template}')], ['res_id'])
        [new] = self.call('oauth2.client.new', 'create', [{'template_id': template_id['res_id'], **values}])
        shown = self.call('oauth2.client.new', 'action_make', [new])
        if shown.get('res_model') == 'res.users.identitycheck':
            shown = self.call(shown['res_model'], 'run_check', [shown['res_id']], context={'password': self.password})
        if 'params' not in shown:
            return shown['res_id']
        return {name.removeprefix('default_'): value for name, value in shown['params']['dialog']['context'].items()}

    def scopes(self, *names):
        """The ids of scopes."""
        return self.call('oauth2.scope', 'search', [('name', 'in', names)])

    def register_robot(self, user, scopes):
        """Make an application that acts for itself, in the name of a user, and may ask for these scopes (ids).

        Returns its record's id, its client ID and its secret.
        """
        record, client_id = self.register(
            'Robot', ['https://127.0.0.1/callback'], user_id=user, grant_client_credentials=True,
            scope_ids=[(6, 0, scopes)])
        return record, client_id, self.generate_secret(record)

    def make_user(self, login, **values):
        """Make an internal user, whose password is the login."""
        [user] = self.call('res.users', 'create', [{
            'name': login.capitalize(), 'login': login, 'password': login, **values}])
        return user
