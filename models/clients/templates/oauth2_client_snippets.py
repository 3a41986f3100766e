"""Programs that developers can run as they are: they contain the application's own values."""
import json
import re
import shlex

from odoo import api, fields, models
from odoo.tools import file_open

# The fields, and the endings of the files in data/snippets/ that they are made from.
SNIPPETS = {
    'snippet_curl': 'sh', 'snippet_python': 'py', 'snippet_javascript': 'mjs', 'snippet_php': 'php',
    'snippet_postman': 'json',
}


def _php(text):
    """A text in PHP, in single quotes, which expand no variables."""
    return "'%s'" % text.replace('\\', '\\\\').replace("'", "\\'")


# How each language writes a text: whatever it contains, nothing of it runs.
_QUOTES = {'sh': shlex.quote, 'py': repr, 'mjs': json.dumps, 'php': _php, 'json': json.dumps, 'env': shlex.quote}
_PLACE = re.compile(r'@@(\w+)@@')
# A part that is left out if one of its values is empty: @@{&resource=@@resource@@}@@.
_PART = re.compile(r'@@\{(.*?)\}@@', re.DOTALL)


class OAuth2Snippets(models.AbstractModel):
    """The fields of the form of an application, and of the dialog with its new secret."""
    _name = 'oauth2.snippets'
    _description = 'OAuth2 Snippets'

    dotenv = fields.Text('.env', compute='_compute_snippets')
    snippet_curl = fields.Text('curl', compute='_compute_snippets')
    snippet_python = fields.Text('Python', compute='_compute_snippets')
    snippet_javascript = fields.Text('JavaScript', compute='_compute_snippets')
    snippet_php = fields.Text('PHP', compute='_compute_snippets')
    snippet_postman = fields.Text('Postman', compute='_compute_snippets')

    def _compute_snippets(self):
        self.update(dict.fromkeys(('dotenv', *SNIPPETS), False))


class OAuth2Client(models.Model):
    _name = 'oauth2.client'
    _inherit = ['oauth2.client', 'oauth2.snippets']

    @api.depends('kind', 'name', 'client_id', 'redirect_uri_ids.uri', 'scope', 'scope_ids.resource_id.uri',
                 'resource_id.uri', 'proof')
    def _compute_snippets(self):
        for client in self:
            client.update(client._snippets(self.env._('the secret')))

    def _snippets(self, secret):
        """Programs with the values of this application.

        :param secret: the client secret, or a text in its place.
        :return: names of fields of :class:`OAuth2Snippets` to texts; False if there is none for this kind, and for all
            if this server has no issuer. The programs use a secret: there are none for a key.
        """
        self.ensure_one()
        addresses, has_secret = self._addresses(), self.proof == 'secret'
        asked, *others = self._asked_apis() or [self.env['oauth2.resource']]
        if not addresses['issuer']:
            return dict.fromkeys(('dotenv', *SNIPPETS), False)
        values = {
            **addresses,
            'api': f"{addresses['issuer']}/json/2",
            'contacts': f"{addresses['issuer']}/json/2/res.partner/search_read",
            'name': _plain(self.name),
            'client_id': self.client_id,
            'client_secret': not self.is_public and has_secret and secret,
            'redirect_uri': self.grant_authorization_code and self.redirect_uri_ids[:1].uri,
            'scope': self.scope,
            'resource': asked.uri,
            'other_apis': ' '.join(api.uri for api in others),
            # What Postman sends: a token for an API opens nothing here.
            'request_name': _plain(asked.name) or 'Who signed in',
            'request_url': asked.uri or addresses['userinfo_endpoint'],
        }
        kind = {'web': 'people', 'service': 'service_api' if asked else 'service'}.get(self.kind, self.kind)
        needed = {**values, **self._connection(), 'api': self.kind != 'resource' and values['api'],
                  'audience': self.resource_id.uri}
        return {
            'dotenv': _filled('connection.env', needed),
            **{name: has_secret and _filled(f'{kind}.{language}.txt', values) for name, language in SNIPPETS.items()},
        }


def _plain(name):
    """A name without `{{`, with which a variable of Postman begins."""
    return re.sub(r'\{(?=\{)', '{ ', name or '')


def _filled(name, values):
    """A file of data/snippets/ filled with these values; False if there is none."""
    language = name.split('.')[1]
    try:
        with file_open(f'restapi_oauth2/data/snippets/{name}') as file:
            text = file.read()
    except FileNotFoundError:
        return False
    if language == 'env':
        # Leave out lines without a value.
        text = ''.join(line for line in text.splitlines(keepends=True) if values[_PLACE.search(line)[1]])
    text = _PART.sub(lambda part: part[1] if all(values[name] for name in _PLACE.findall(part[1])) else '', text)
    # openid-client must be told that an issuer may lack https: one on this machine, for trying things out.
    options = '{}' if str(values['issuer']).startswith('https:') else '{ execute: [client.allowInsecureRequests] }'
    return _PLACE.sub(
        lambda place: options if place[1] == 'discovery_options' else _QUOTES[language](values[place[1]] or ''), text)
