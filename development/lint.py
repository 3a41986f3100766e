"""Check the style of all files: ruff for Python as such, pylint-odoo for what is Odoo's own."""

import shutil
import subprocess

from . import paths, setup, stamps
from .processes import say

# Checks of pylint-odoo that do not suit us (its configuration file can only list all): a method need not return the
# result of another that returns nothing, a text may be composed of translated ones, and a model may have several files,
# each with one idea.
NOISE = 'missing-return,translation-required,consider-merging-classes-inherited'


def add_arguments(_parser):
    """Declare no options: what is checked is in ruff.toml and .pylintrc."""


def command(_arguments):
    """Run both, even if the first one finds something."""
    setup.provide()
    programs = paths.PYTHON.parent
    ruff = subprocess.run(
        [programs / 'ruff', 'check', '--quiet', '--cache-dir', paths.STATE / 'ruff', '.'],
        cwd=paths.ROOT,
        check=False,
    )
    pylint = subprocess.run(
        [programs / 'pylint', f'--rcfile={paths.ROOT / ".pylintrc"}', f'--disable={NOISE}', paths.ADDON],
        cwd=_copy_with_right_name(),
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    for line in pylint.stdout.splitlines():
        if not line.startswith('*****'):
            say(line.removeprefix(f'{paths.ADDON}/'))
    return 1 if ruff.returncode or pylint.returncode else 0


def _copy_with_right_name():
    """Copy the addon: pylint needs the folder's real name, and a checkout may have any name."""
    folder = paths.STATE / 'lint'
    stamps.remove(folder)
    shutil.copytree(
        paths.ROOT,
        folder / paths.ADDON,
        symlinks=True,
        ignore=shutil.ignore_patterns('.*', '__pycache__', paths.DEVELOPMENT.name),
    )
    return folder
