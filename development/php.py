"""The PHP for the example programs in PHP: the machine's, or Debian's unpacked into `.dev/php`.

Only the part `system` of the tests needs it.
"""

import shlex
import shutil
import subprocess

from . import debian, debian_archives, paths, stamps
from .processes import Problem

PACKAGES = ['php-cli', 'php-curl']
# What the example programs need.
NEEDED = 'exit(PHP_VERSION_ID >= 80100 && function_exists("curl_init") ? 0 : 1);'


def provide():
    """The path of a program that runs PHP.

    :raises Problem: there is none, or the machine's lacks something.
    """
    if program := shutil.which('php'):
        if not _works(program):
            raise Problem(f'{program} is older than 8.1, or lacks curl: apt-get install php-cli php-curl')
        return program
    archives = debian_archives.archives()
    source = {'archives': [archive.suite for archive in archives], 'packages': PACKAGES, 'place': str(paths.PHP)}
    program = paths.PHP / 'php'
    if not stamps.is_made_from(paths.PHP, source):
        message = f"PHP: downloading Debian's {' and '.join(PACKAGES)} (6 MB)"
        with debian.unpacking(paths.PHP, archives, source, message) as (apt, new):
            debian.unpack(apt.download_with_dependencies(PACKAGES), new)
            _write_program(new)
    if not _works(program):
        raise Problem('No PHP starts here: apt-get install php-cli php-curl')
    return program


def _write_program(folder):
    """Write a shell script that starts the unpacked PHP with its own libraries."""
    [binary] = (folder / 'usr' / 'bin').glob('php?.?')
    [extension] = (folder / 'usr' / 'lib' / 'php').glob('*/curl.so')
    # The folder will be renamed.
    at = {path: shlex.quote(str(paths.PHP / path.relative_to(folder))) for path in (binary, extension)}
    libraries = debian.libraries(folder).replace(str(folder), str(paths.PHP))
    script = folder / 'php'
    script.write_text(
        f'#!/bin/sh\nexport LD_LIBRARY_PATH={shlex.quote(libraries)}\n'
        f'exec {at[binary]} -n -d extension={at[extension]} "$@"\n',
    )
    script.chmod(0o755)


def _works(program):
    """Whether it starts, and has what the example programs need."""
    try:
        result = subprocess.run([program, '-r', NEEDED], stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return False
    return result.returncode == 0
