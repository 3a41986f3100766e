"""Export the texts that are to be translated, and give them to each language.

i18n/restapi_oauth2.pot is written anew. Each language keeps what it has translated. What is new is left empty there:
tests say so until somebody translates it. `./dev test` exports, too, and fails if the .pot file was stale.
"""

import ast
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import databases, odoo_program, odoo_source, paths, postgres, setup
from .processes import Problem, say

FOLDER = paths.ROOT / 'i18n'
TEMPLATE = FOLDER / f'{paths.ADDON}.pot'


def add_arguments(_parser):
    """Declare this command's options: it has none."""


def command(_arguments):
    """Write the template and the languages. Exit with 0."""
    setup.provide()
    with postgres.running() as connection:
        _write(_export(connection))
    return 0


def check(tally, connection):
    """Fail if the texts of the addon differ from those of the template, which is then written anew."""
    exported = _export(connection)
    if _entries(exported).keys() != _entries(TEMPLATE.read_text()).keys():
        _write(exported)
        tally.fail(f'{TEMPLATE.relative_to(paths.ROOT)} was stale: translate what is new in i18n/, and commit it')


def _export(connection):
    """The text of the template, by Odoo's own export.

    A copy is exported: Odoo looks for texts in every folder below the addon, and `.dev/` has a link to the addon.
    """
    with tempfile.TemporaryDirectory() as folder, databases.scratch(connection) as database:
        copy = Path(folder) / paths.ADDON
        shutil.copytree(paths.ROOT, copy, ignore=shutil.ignore_patterns('.*', '__pycache__'))
        addons = (Path(folder),)
        databases.make(connection, database)
        odoo_program.install(connection, database, paths.ADDON, log='translations', addons=addons)
        target = Path(folder) / 'exported.pot'
        program = subprocess.run(
            [
                *(paths.PYTHON, paths.INSIDE / 'odoo_server.py'),
                f'--addons-path={",".join(str(each) for each in odoo_source.addons_folders(addons))}',
                *('i18n', 'export', '--config=/dev/null', '-d', database, '-l', 'pot', '-o', target, paths.ADDON),
            ],
            env=odoo_program.environment(connection),
            capture_output=True,
            text=True,
            check=False,
        )
        if program.returncode:
            raise Problem(f'Odoo could not export the texts:\n{program.stderr[-2000:]}')
        return target.read_text()


def _write(exported):
    TEMPLATE.write_text(exported)
    head, *blocks = exported.rstrip('\n').split('\n\n')
    for file in sorted(FOLDER.glob('*.po')):
        known = _entries(file.read_text())
        language = head.replace('"Language: \\n"', f'"Language: {file.stem}\\n"')
        filled = [_filled(block, known) for block in blocks]
        file.write_text('\n\n'.join([language, *filled]) + '\n')
        missing = [text for text in _entries(exported) if text not in known]
        say(f'{file.name}: {len(missing)} new')


def _entries(text):
    """The translations of a file, as written there, by their texts."""
    entries = {}
    for block in text.rstrip('\n').split('\n\n')[1:]:
        msgid, msgstr = _parts(block)
        entries[msgid] = msgstr
    return entries


def _parts(block):
    """The text of an entry, and the lines of its translation."""
    lines = block.split('\n')
    start = next(place for place, line in enumerate(lines) if line.startswith('msgid '))
    end = next(place for place, line in enumerate(lines) if line.startswith('msgstr '))
    text = ''.join(map(ast.literal_eval, (lines[start].removeprefix('msgid '), *lines[start + 1 : end])))
    return text, '\n'.join(lines[end:])


def _filled(block, known):
    text, empty = _parts(block)
    return block.removesuffix(empty) + known.get(text, empty)
