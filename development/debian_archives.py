"""Finding Debian's archive: the mirror is read from the machine's own apt configuration."""

import subprocess
from pathlib import Path
from typing import NamedTuple

from .processes import Problem

INDEX_FORMAT = '$(REPO_URI)|$(RELEASE)|$(ORIGIN)|$(LABEL)'


class Archive(NamedTuple):
    """One suite of a Debian mirror."""

    address: str
    suite: str

    @property
    def is_main(self):
        """Whether this is Debian itself, not its updates, backports or security fixes."""
        return '-' not in self.suite and '/' not in self.suite


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
