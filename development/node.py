"""JavaScript packages: exactly those of their lock file, checked by its hashes.

Some belong to the tests' applications; axe-core checks pages for accessibility; Odoo converts its style sheets with
rtlcss for languages that are written from right to left.

Node.js and npm themselves are in the virtual environment. The packages are in `.dev/node`. A link there leads to the
scripts, because a script looks for its packages from its own folder.
"""

import hashlib
import os
import shutil

from . import paths, stamps
from .processes import run, step

DESCRIPTION = ('package.json', 'package-lock.json')


def provide():
    """Install the packages, unless they are there and are those of this lock file."""
    source = {name: hashlib.sha256((paths.NODE_CLIENTS / name).read_bytes()).hexdigest() for name in DESCRIPTION}
    source['place'] = str(paths.NODE)
    if stamps.is_made_from(paths.NODE, source):
        return
    with step('JavaScript packages: installing them with npm'), stamps.replacing(paths.NODE, source) as new:
        for name in DESCRIPTION:
            shutil.copyfile(paths.NODE_CLIENTS / name, new / name)
        cache = new / 'cache'
        run(
            [
                # Scripts that packages run at installation are not needed, and not trusted on this machine.
                *(paths.NPM, 'ci', '--ignore-scripts', '--cache', cache),
                *('--no-audit', '--no-fund', '--no-update-notifier'),
            ],
            cwd=new,
            env=environment(),
            failing='npm cannot install packages, see above: is the network there? Then run ./dev setup again',
        )
        shutil.rmtree(cache, ignore_errors=True)
        (new / 'clients').symlink_to(paths.NODE_CLIENTS, target_is_directory=True)


def environment():
    """The environment variables for Node.js: npm looks for it in PATH."""
    return os.environ | {'PATH': os.pathsep.join([str(paths.NPM.parent), os.environ.get('PATH', os.defpath)])}
