"""The browser of the tests: the machine's, one that we install as root, or Debian's unpacked into `.dev/chromium`.

Odoo looks for a browser in PATH by several names, `google-chrome` first. So `.dev/browser/google-chrome` is a small
program that starts the browser that we tested, and that folder comes first in Odoo's PATH.
"""

import os
import shlex
import shutil
import subprocess
import tempfile
from pathlib import Path

from . import debian, debian_archives, paths, stamps
from .processes import Problem, run, step

NAMES = ('chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable')
FONT = 'fonts-dejavu-core'
# Not in the home folder, where it would keep its crash reports, and a cache of dconf.
KEPT = {'XDG_CONFIG_HOME': 'settings', 'XDG_CACHE_HOME': 'cache'}
UNPACKED_PROGRAM = Path('usr/lib/chromium/chromium')


def provide():
    """Find a browser that works, or get one."""
    program = paths.CHROME
    source = {'place': str(paths.BROWSER), 'kept': KEPT}
    if stamps.is_made_from(paths.BROWSER, source) and _target(program).exists():
        return
    for attempt in (_of_the_machine, _installed_as_root, _unpacked):
        script = attempt()
        if script and _works(script):
            with stamps.replacing(paths.BROWSER, source) as new:
                (new / program.name).write_text(script)
                (new / program.name).chmod(0o755)
            return
    raise Problem('No browser starts here: install one (apt-get install chromium) and run ./dev setup again')


def _of_the_machine():
    for name in NAMES:
        found = shutil.which(name)
        if found and _works(script := _starting(found)):
            return script
    return None


def _installed_as_root():
    if os.geteuid() or not shutil.which('apt-get'):
        return None
    with step('Chromium: installing it with apt-get'):
        quiet = os.environ | {'DEBIAN_FRONTEND': 'noninteractive'}
        subprocess.run(['apt-get', '-q', 'update'], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        run(
            ['apt-get', '-q', '-y', 'install', '--no-install-recommends', 'chromium', FONT],
            env=quiet,
            failing='Chromium cannot be installed: apt-get install chromium',
        )
    return _of_the_machine()


def _unpacked():
    """Debian's packages of Chromium and of what it needs but the machine lacks, unpacked into a folder of ours."""
    archives = debian_archives.archives()
    source = {'archives': [archive.suite for archive in archives], 'place': str(paths.CHROMIUM)}
    if not stamps.is_made_from(paths.CHROMIUM, source):
        message = 'Chromium: downloading it (about 200 MB)'
        with debian.unpacking(paths.CHROMIUM, archives, source, message) as (apt, new):
            debian.unpack(apt.download_with_dependencies(['chromium', FONT]), new)
            _write_font_settings(new)
    root = paths.CHROMIUM
    return _starting(
        root / UNPACKED_PROGRAM,
        LD_LIBRARY_PATH=debian.libraries(root),
        FONTCONFIG_FILE=str(root / 'fonts.conf'),
    )


def _write_font_settings(folder):
    """Let the browser use the unpacked fonts, and the machine's if there are any."""
    (folder / 'fonts.conf').write_text(
        '<?xml version="1.0"?>\n'
        '<!DOCTYPE fontconfig SYSTEM "fonts.dtd">\n'
        '<fontconfig>\n'
        f'  <dir>{paths.CHROMIUM}/usr/share/fonts</dir>\n'
        '  <dir>/usr/share/fonts</dir>\n'
        f'  <cachedir>{paths.CHROMIUM}/font-cache</cachedir>\n'
        '</fontconfig>\n',
    )


def _starting(program, **variables):
    """A shell script that starts a program."""
    variables |= {name: str(paths.BROWSER / folder) for name, folder in KEPT.items()}
    settings = ''.join(f'export {name}={shlex.quote(value)}\n' for name, value in variables.items())
    return f'#!/bin/sh\n{settings}exec {shlex.quote(str(program))} "$@"\n'


def _target(script):
    """The program that a script of `_starting` starts."""
    return Path(shlex.split(script.read_text().splitlines()[-1])[1]) if script.exists() else script


def _works(script):
    """Whether the browser starts and shows a page."""
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder, 'browser')
        program.write_text(script)
        program.chmod(0o755)
        try:
            result = subprocess.run(
                [
                    *(program, '--headless', '--no-sandbox', '--no-first-run'),
                    *('--disable-gpu', '--disable-dev-shm-usage'),
                    *(f'--user-data-dir={folder}/profile', '--dump-dom', 'about:blank'),
                ],
                env=os.environ | {'TMPDIR': folder},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                timeout=60,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return False
    return '<html>' in result.stdout
