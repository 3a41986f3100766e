"""JavaScript packages: exactly those of their lock file, checked by its hashes.

Some belong to the tests' applications; axe-core checks pages for accessibility; Odoo converts its style sheets with
rtlcss for languages that are written from right to left.

Node.js and npm themselves are in the virtual environment. The packages lie in `.dev/node`, those of the part `clients`
of the tests in folders beside it; there a link leads to the scripts, because a script finds its packages from the
folder it is in.
"""

import hashlib
import os
import shutil

from . import paths, stamps
from .processes import run, step

DESCRIPTION = ('package.json', 'package-lock.json')


def provide(scripts=paths.NODE_CLIENTS, place=paths.NODE):
    """Install the packages that some scripts need, unless they are there and are those of the lock file.

    :param scripts: the folder of the scripts, and of the lock file.
    :param place: where the packages are to lie.
    """
    source = {name: hashlib.sha256((scripts / name).read_bytes()).hexdigest() for name in DESCRIPTION}
    source['place'] = str(place)
    if stamps.is_made_from(place, source):
        return
    with step('JavaScript packages: installing them with npm'), stamps.replacing(place, source) as new:
        for name in DESCRIPTION:
            shutil.copyfile(scripts / name, new / name)
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
        (new / 'clients').symlink_to(scripts, target_is_directory=True)


def environment():
    """The environment variables for Node.js: npm looks for it in PATH."""
    return os.environ | {'PATH': os.pathsep.join([str(paths.NPM.parent), os.environ.get('PATH', os.defpath)])}
