"""Download packages from Debian's archive and unpack them without installing them, and so without being root.

Apt works in a folder of ours for this, and checks the archive's signature as always.
"""

import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from . import paths, stamps
from .processes import Problem, last_lines, run, say, step

KEYRINGS = (
    Path('/usr/share/keyrings/debian-archive-keyring.pgp'),
    Path('/usr/share/keyrings/debian-archive-keyring.gpg'),
)


def check_tools():
    """Say what is missing for packages from Debian."""
    for program, package in (('apt-get', 'apt'), ('dpkg-deb', 'dpkg')):
        if not shutil.which(program):
            raise Problem(
                f'{program} is missing ({package}): this needs Debian. For Odoo alone a checkout of its branch 19.0 '
                'will do: ODOO_SRC=/path/to/odoo ./dev setup',
            )
    if not any(keyring.exists() for keyring in KEYRINGS):
        raise Problem("Debian's signing keys are missing: apt-get install debian-archive-keyring")


def keyring():
    """The file of the keys that sign Debian's archive."""
    return next(keyring for keyring in KEYRINGS if keyring.exists())


class Apt:
    """Apt with its lists, cache and sources in a folder of ours."""

    def __init__(self, name, sources, installed='/dev/null'):
        """`installed` is a file with the packages that count as installed (a copy of dpkg's, or none)."""
        self.folder = paths.DEBIAN / name
        self.archives_folder = self.folder / 'cache' / 'archives'
        for folder in (self.folder / 'lists' / 'partial', self.archives_folder / 'partial'):
            folder.mkdir(parents=True, exist_ok=True)
        list_of_sources = self.folder / 'sources.list'
        list_of_sources.write_text(
            ''.join(
                f'deb [signed-by={keyring()} target=Packages lang=none] {archive.address} {archive.suite} main\n'
                for archive in sources
            ),
        )
        settings = {
            'Dir::Etc::sourcelist': list_of_sources,
            'Dir::Etc::sourceparts': '-',
            'Dir::Etc::preferences': '/dev/null',
            'Dir::Etc::preferencesparts': '/dev/null',
            'Dir::State::Lists': self.folder / 'lists',
            'Dir::State::status': installed,
            'Dir::Cache': self.folder / 'cache',
            'Debug::NoLocking': 'true',
            # As root, apt would download as another user, who may have no access to our folder.
            'APT::Sandbox::User': 'root',
        }
        self.options = [word for name, value in settings.items() for word in ('-o', f'{name}={value}')]

    def update(self):
        """Fetch the lists. A hook of the machine's apt may fail because we are not root; then the download shows it."""
        result = subprocess.run(
            ['apt-get', *self.options, '-q', 'update'],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        if not list((self.folder / 'lists').glob('*_Packages*')):
            say(last_lines(result.stdout))
            raise Problem(
                "Debian's package lists cannot be fetched, see above: are the network and the clock right? "
                'Then run ./dev setup again',
            )

    def version(self, package):
        """The newest version of a package, None if the archive has none."""
        text = run(['apt-cache', *self.options, 'policy', package], failing='apt-cache does not work')
        found = [line.split()[-1] for line in text.splitlines() if line.strip().startswith('Candidate:')]
        return found[0] if found and found[0] != '(none)' else None

    def download(self, packages):
        """Fetch these packages, without their dependencies, and return their files."""
        run(
            ['apt-get', *self.options, '-q', 'download', *packages],
            cwd=self.archives_folder,
            failing='Debian packages cannot be downloaded: is the network there? Then run ./dev setup again',
        )
        return sorted(self.archives_folder.glob('*.deb'))

    def download_with_dependencies(self, packages):
        """Fetch these packages and their dependencies that are not installed, and return their files."""
        run(
            ['apt-get', *self.options, '-q', '-y', '--no-install-recommends', '--download-only', 'install', *packages],
            failing='Debian packages cannot be downloaded: is the network there? Then run ./dev setup again',
        )
        return sorted(self.archives_folder.glob('*.deb'))

    def forget(self):
        """Delete the lists and the downloaded files."""
        shutil.rmtree(self.folder)


def libraries(folder):
    """The value of LD_LIBRARY_PATH by which unpacked programs find the libraries that were unpacked with them."""
    folders = sorted({path.parent for top in ('lib', 'usr/lib') for path in (folder / top).rglob('lib*.so*')})
    return os.pathsep.join(str(folder) for folder in folders)


def copy_of_installed():
    """A copy of the list of the machine's installed packages, for `Apt`."""
    copy = paths.DEBIAN / 'installed'
    copy.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile('/var/lib/dpkg/status', copy)
    return copy


@contextmanager
def unpacking(place, archives, source, message):
    """Provide a fresh folder into which packages are unpacked, and which then replaces the old one.

    Two runs at once wait for each other. Gives the `Apt` for the download, and the folder.

    :param source: what `place` is made from: see `stamps`.
    :param message: what is printed meanwhile.
    """
    check_tools()
    with stamps.alone(place.with_suffix('.lock')), step(message), stamps.replacing(place, source) as new:
        apt = Apt(place.name, archives, copy_of_installed())
        apt.update()
        yield apt, new
        apt.forget()


def unpack(packages, folder):
    """Unpack the files of downloaded packages into a folder."""
    for package in packages:
        run(['dpkg-deb', '-x', package, folder], failing=f'{package.name} cannot be unpacked: is the disk full?')
