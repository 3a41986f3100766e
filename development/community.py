"""Addons of Odoo's community, unpacked into `.dev/community`: exactly what the committed lock file names."""

import hashlib
import shutil

from . import paths, stamps, virtual_environment
from .processes import step

LOCK = paths.DEVELOPMENT / 'community.lock'
ADDONS = paths.COMMUNITY / 'odoo' / 'addons'


def provide():
    """Install the addons, unless they are there and are those of this lock file."""
    source = {'lock': hashlib.sha256(LOCK.read_bytes()).hexdigest()}
    if stamps.is_made_from(paths.COMMUNITY, source):
        return
    with step("Addons of Odoo's community"), stamps.replacing(paths.COMMUNITY, source) as new:
        virtual_environment.pip_install('pip-community', LOCK, '--no-deps', '--target', new)
        # Odoo imports the tests of all modules; theirs need libraries that nothing else needs.
        for tests in new.glob('odoo/addons/*/tests'):
            shutil.rmtree(tests)
