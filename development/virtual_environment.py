"""The virtual environment `.dev/venv`: exactly what the committed lock file lists, checked by its hashes."""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
from contextlib import contextmanager

from . import paths, stamps
from .processes import Problem, end_with_parent, run, step

OLDEST, NEWEST = (3, 10), (3, 13)


def provide():
    """Make the virtual environment, unless there is one from this lock file."""
    python = _interpreter()
    source = {
        'lock': hashlib.sha256(paths.REQUIREMENTS.read_bytes()).hexdigest(),
        'python': python,
        # The programs of a virtual environment contain its path: it cannot be moved with the checkout.
        'place': str(paths.VIRTUAL_ENVIRONMENT),
    }
    if stamps.is_made_from(paths.VIRTUAL_ENVIRONMENT, source) and paths.PYTHON.exists():
        return
    with step('Python packages: making the virtual environment'):
        stamps.remove(paths.VIRTUAL_ENVIRONMENT)
        paths.VIRTUAL_ENVIRONMENT.mkdir(parents=True)
        with _temporary() as environment:
            run(
                [python, '-m', 'venv', paths.VIRTUAL_ENVIRONMENT],
                env=environment,
                failing="Python's module venv does not work: apt-get install python3-venv",
            )
        pip_install('pip', paths.REQUIREMENTS)
        stamps.mark(paths.VIRTUAL_ENVIRONMENT, source)


@contextmanager
def _temporary():
    # An interrupted pip leaves its downloads there: they are deleted with the environment.
    temporary = paths.VIRTUAL_ENVIRONMENT / 'tmp'
    temporary.mkdir(exist_ok=True)
    yield os.environ | {'TMPDIR': str(temporary)}
    stamps.remove(temporary)


def pip_install(log, requirements, *options):
    """Install exactly what a file with versions and hashes lists.

    :param log: the name of the log file.
    :param requirements: the path of the file.
    :param options: more options of pip.
    """
    with _temporary() as environment:
        _run_pip(log, environment, '--requirement', requirements, *options)


def _run_pip(log, environment, *options):
    result = subprocess.run(
        [
            *(paths.PYTHON, '-m', 'pip', 'install', '--quiet', '--no-input', '--disable-pip-version-check'),
            *('--require-hashes', *options),
        ],
        env=environment | {'PIP_ROOT_USER_ACTION': 'ignore'},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        # It must end if we are killed: the next run uses the same folder.
        preexec_fn=end_with_parent,
    )
    log = paths.new_log(log)
    log.write_text(result.stdout)
    if result.returncode:
        errors = [line for line in result.stdout.splitlines() if 'ERROR' in line] or ['']
        raise Problem(f'pip failed, see {log.relative_to(paths.ROOT)}: {errors[0]}')


def _interpreter():
    """A Python with which Odoo works: the one that runs us, or another one of this machine."""
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        if not (importlib.util.find_spec('venv') and importlib.util.find_spec('ensurepip')):
            raise Problem("Python's module venv is missing: apt-get install python3-venv")
        return os.path.realpath(sys.executable)
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        if found := shutil.which(f'python3.{minor}'):
            return os.path.realpath(found)
    raise Problem(f'Odoo needs Python 3.{OLDEST[1]} to 3.{NEWEST[1]}, this is {sys.version.split()[0]}: install one')


def site_packages():
    """The folder of the installed packages."""
    return next((paths.VIRTUAL_ENVIRONMENT / 'lib').glob('python3.*')) / 'site-packages'
