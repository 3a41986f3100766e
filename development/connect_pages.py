"""The pages docs/connect: people write them, but the table of what a product's card sets is made from its record."""

import re
from typing import NamedTuple
from xml.etree import ElementTree

from . import paths

FOLDER = paths.ROOT / 'docs' / 'connect'
INDEX = FOLDER / 'README.md'
CARDS = paths.ROOT / 'data' / 'oauth2_client_template.xml'
BEGIN = '<!-- `./dev test` makes this table of data/oauth2_client_template.xml. -->\n'
END = '<!-- The end of the table. -->\n'
_TABLE = re.compile(f'{re.escape(BEGIN)}.*?{re.escape(END)}', re.DOTALL)
KINDS = {'web': 'people sign in; with a secret', 'app': 'people sign in; public, without a secret'}
# The words of the form for what a card may set beside kind, addresses and scopes, by field and value.
SETTINGS = {
    ('pkce', 'required'): '*PKCE* required',
    ('has_claims_in_id_token', 'True'): '*Claims in the ID token* on',
    ('grant_refresh_token', 'False'): '*Refresh token* off',
    ('access_token_validity', 'seconds'): '*Access token validity* in seconds',
    ('refresh_rotation', 'keep'): '*Refresh tokens* stay the same',
}


class Card(NamedTuple):
    """A product, by the name of its page, with the fields of its record."""

    page: str
    fields: dict

    @property
    def name(self):
        return self.fields['name']

    @property
    def redirect_uris(self):
        return self.fields.get('redirect_uris', '').split()


def cards():
    """All products, in the order of the file."""
    for record in ElementTree.parse(CARDS).getroot().iter('record'):  # noqa: S314 (it is our own)
        fields = {field.get('name'): field.text or field.get('eval') for field in record}
        if fields.get('section') == 'product':
            yield Card(record.get('id').removeprefix('template_').replace('_', '-') + '.md', fields)


def pages():
    """The right text of each page, by its path; None for one that is missing."""
    listed = sorted(cards(), key=lambda card: int(card.fields['sequence']))
    texts = {FOLDER / card.page: _table(card) for card in listed}
    texts[INDEX] = '| product | redirect URI |\n|---|---|\n' + ''.join(
        f'| [{card.name}]({card.page}) | {_addresses(card)} |\n' for card in listed)
    return {path: _with_table(path, table) for path, table in texts.items()}


def check(tally):
    """Write the tables anew; fail if one was out of date, or if a page is missing or superfluous."""
    expected = pages()
    for path, text in expected.items():
        if text is None:
            tally.fail(f'{path.relative_to(paths.ROOT)} is missing, or has no place for its table:\n{BEGIN}{END}')
        elif path.read_text() != text:
            path.write_text(text)
            tally.fail(f'{path.relative_to(paths.ROOT)} was stale; its table has been written anew: commit it')
    for path in set(FOLDER.glob('*.md')) - set(expected):
        tally.fail(f'{path.relative_to(paths.ROOT)} is about a product that has no card')


def _with_table(path, table):
    text = path.read_text() if path.exists() else ''
    return _TABLE.sub(lambda _match: f'{BEGIN}{table}{END}', text) if _TABLE.search(text) else None


def _table(card):
    kind = KINDS[card.fields.get('kind', 'web')]
    settings = [words for (name, value), words in SETTINGS.items() if card.fields.get(name) == value]
    rows = {
        'Card': f'*{card.name}*: {kind}',
        'Redirect URI': _addresses(card),
        'Scopes': f"`{card.fields.get('scope_names', 'openid profile email')}`",
        'Sets': ', '.join(settings),
    }
    return '| | |\n|---|---|\n' + ''.join(f'| {name} | {text} |\n' for name, text in rows.items() if text)


def _addresses(card):
    return ', '.join(f'`{uri}`' for uri in card.redirect_uris) or f'{card.name} shows it'
