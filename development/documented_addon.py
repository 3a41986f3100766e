"""The addon that docs/addon-developer.md prints, in .dev/documented/, so that tests install and run its code."""

import re

from . import paths, stamps

PAGE = paths.ROOT / 'docs' / 'addon-developer.md'
ADDONS = paths.STATE / 'documented'
NAME = 'my_orders'
# The names of the files, in the order of the page's code blocks.
FILES = ('controllers.py', 'models.py', 'data.xml', 'events.py')
MANIFEST = {
    'name': 'Orders',
    'license': 'LGPL-3',
    'depends': ['restapi_oauth2', 'sale'],
    'data': ['data.xml'],
}


def provide():
    """Write it anew."""
    blocks = re.findall(r'^```\w+\n(.*?)^```$', PAGE.read_text(), re.MULTILINE | re.DOTALL)
    texts = dict(zip(FILES, blocks, strict=True))
    texts['__manifest__.py'] = f'{MANIFEST!r}\n'
    texts['__init__.py'] = 'from . import controllers, events, models\n'
    stamps.remove(ADDONS)
    folder = ADDONS / NAME
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_text(text)
