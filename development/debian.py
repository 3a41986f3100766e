"""Taking packages from Debian's archive without installing them, and so without being root.

Which mirror to use is read from the machine's own apt configuration. Apt then works in a folder of ours, and
checks the archive's signature as it does always.
"""

import shutil
import subprocess
from pathlib import Path
from typing import NamedTuple

from . import paths
from .processes import Problem, last_lines, run, say

KEYRINGS = (
    Path('/usr/share/keyrings/debian-archive-keyring.pgp'),
    Path('/usr/share/keyrings/debian-archive-keyring.gpg'),
)
INDEX_FORMAT = '$(REPO_URI)|$(RELEASE)|$(ORIGIN)|$(LABEL)'


class Archive(NamedTuple):
    """One suite of a Debian mirror."""

    address: str
    suite: str

    @property
    def is_main(self):
        """Whether this is Debian itself, not its updates, backports or security fixes."""
        return '-' not in self.suite and '/' not in self.suite


def check_tools():
    """Tell what is missing to take packages from Debian."""
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


def archives():
    """The Debian archives that this machine's apt knows; the main one is among them."""
    found = _archives_from_indexes() or _archives_from_sources()
    if not any(archive.is_main for archive in found):
        raise Problem(
            "This machine's apt knows no Debian archive: take a checkout of Odoo's branch 19.0 and run "
            'ODOO_SRC=/path/to/odoo ./dev setup',
        )
    return found


def main_archive():
    """The archive of the machine's own Debian release."""
    return next(archive for archive in archives() if archive.is_main)


def _archives_from_indexes():
    """Ask apt. It answers only once `apt-get update` has run on the machine."""
    answer = subprocess.run(
        ['apt-get', 'indextargets', '--format', INDEX_FORMAT, 'Created-By: Packages'],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=False,
    )
    found = []
    for line in answer.stdout.splitlines():
        address, suite, origin, label = line.split('|')
        if origin == 'Debian' and label in ('Debian', 'Debian-Security'):
            found.append(Archive(address, suite))
    return list(dict.fromkeys(found))


def _archives_from_sources():
    """Read apt's own files of sources, in both of their formats."""
    folder = Path('/etc/apt')
    entries = []
    for path in [folder / 'sources.list', *sorted((folder / 'sources.list.d').glob('*.list'))]:
        if path.is_file():
            entries += _entries_of_list(path.read_text())
    for path in sorted((folder / 'sources.list.d').glob('*.sources')):
        entries += _entries_of_sources(path.read_text())
    release = _release()
    known = {release, f'{release}-updates', f'{release}-security', 'stable', 'testing', 'unstable', 'sid'}
    return list(
        dict.fromkeys(
            Archive(address, suite)
            for address, suite, components, options in entries
            if suite in known and 'main' in components and _may_be_debian(options)
        ),
    )


def _may_be_debian(options):
    """Whether an entry of apt's sources is signed by Debian, or by no one in particular."""
    return 'signed-by' not in options.lower() or 'debian-archive' in options


def _entries_of_list(text):
    """Yield (address, suite, components, options) of the one-line format."""
    for line in (line.split('#')[0].strip() for line in text.splitlines()):
        if not line.startswith('deb '):
            continue
        rest, options = line[4:].strip(), ''
        if rest.startswith('['):
            options, rest = rest[1:].split(']', 1)
        address, suite, *components = rest.split()
        yield address, suite, components, options


def _entries_of_sources(text):
    """Yield (address, suite, components, options) of the format of paragraphs."""
    lines = (line for line in text.splitlines() if not line.startswith('#'))
    for paragraph in '\n'.join(lines).split('\n\n'):
        fields = dict(
            (part.strip() for part in line.split(':', 1)) for line in paragraph.splitlines() if ':' in line[1:]
        )
        if 'deb' not in fields.get('Types', '').split() or fields.get('Enabled') == 'no':
            continue
        options = f'signed-by={fields["Signed-By"]}' if 'Signed-By' in fields else ''
        for address in fields.get('URIs', '').split():
            for suite in fields.get('Suites', '').split():
                yield address, suite, fields.get('Components', '').split(), options


def _release():
    """The code name of the machine's Debian, such as bookworm."""
    lines = Path('/etc/os-release').read_text().splitlines()
    fields = dict(line.replace('"', '').split('=', 1) for line in lines if '=' in line)
    return fields.get('VERSION_CODENAME', 'sid') if fields.get('ID') == 'debian' else ''


class Apt:
    """Apt with its lists, cache and sources in a folder of ours."""

    def __init__(self, name, sources, installed='/dev/null'):
        """`installed` is the file of the packages that count as installed (a copy of dpkg's, or none)."""
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
            # As root apt would download as another user, who may not be allowed into our folder.
            'APT::Sandbox::User': 'root',
        }
        self.options = [word for name, value in settings.items() for word in ('-o', f'{name}={value}')]

    def update(self):
        """Fetch the lists. A hook of the machine's apt may fail as we are not root; the download will tell."""
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
            raise Problem("Debian's package lists cannot be fetched: is the network there? Then run ./dev setup again")

    def version(self, package):
        """The newest version of a package, None if the archive has none."""
        text = run(['apt-cache', *self.options, 'policy', package], failing='apt-cache does not work')
        found = [line.split()[-1] for line in text.splitlines() if line.strip().startswith('Candidate:')]
        return found[0] if found and found[0] != '(none)' else None

    def download(self, packages):
        """Fetch these packages, without those they depend on, and return their files."""
        run(
            ['apt-get', *self.options, '-q', 'download', *packages],
            cwd=self.archives_folder,
            failing='Debian packages cannot be downloaded: is the network there? Then run ./dev setup again',
        )
        return sorted(self.archives_folder.glob('*.deb'))

    def download_with_dependencies(self, packages):
        """Fetch these packages and all they need that is not installed, and return their files."""
        run(
            ['apt-get', *self.options, '-q', '-y', '--no-install-recommends', '--download-only', 'install', *packages],
            failing='Debian packages cannot be downloaded: is the network there? Then run ./dev setup again',
        )
        return sorted(self.archives_folder.glob('*.deb'))

    def forget(self):
        """Delete the lists and the downloaded files."""
        shutil.rmtree(self.folder)


def unpack(packages, folder):
    """Lay the files of downloaded packages into a folder."""
    for package in packages:
        run(['dpkg-deb', '-x', package, folder], failing=f'{package.name} cannot be unpacked: is the disk full?')
