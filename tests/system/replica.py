"""A replica of the database server, by PostgreSQL's own streaming replication."""
import os
import subprocess
import tempfile
import time
from contextlib import closing
from pathlib import Path

import psycopg2

from development import stamps
from development.postgres_place import PROGRAMS, as_owner, home, make_private
from development.server import free_port
from development.virtual_environment import site_packages


class Replica:
    """It follows the server of the tests, unless it is told to wait. Use it in a `with` statement."""

    def __init__(self):
        self.host, self.port = os.environ['PGHOST'], str(free_port())
        self.folder = Path(tempfile.mkdtemp(prefix='replica-', dir=home()))
        # Where the user that runs the server can read the programs: there they lie beside its data.
        copied = home() / 'server' / PROGRAMS
        self.programs = copied if copied.exists() else site_packages() / PROGRAMS

    def __enter__(self):
        make_private(self.folder)
        self._run('pg_basebackup', '--pgdata', self.folder, '--host', self.host, '--port', os.environ['PGPORT'],
                  '--username', os.environ['PGUSER'], '--checkpoint=fast', '--no-sync', '--write-recovery-conf')
        self._run('pg_ctl', 'start', '--wait', '--pgdata', self.folder, '--log', self.folder / 'log',
                  '--options', f'-p {self.port} -c unix_socket_directories={self.host}')
        return self

    def __exit__(self, *_error):
        self._run('pg_ctl', 'stop', '--wait', '--pgdata', self.folder, '--mode=immediate')
        stamps.remove(self.folder)

    def _run(self, program, *arguments):
        # To a file: a server that goes on would hold a pipe open.
        with tempfile.TemporaryFile() as output:
            code = subprocess.run([self.programs / program, *arguments], stdin=subprocess.DEVNULL, stdout=output,
                                  stderr=output, check=False, timeout=60, **as_owner()).returncode
            output.seek(0)
            assert code == 0, output.read().decode()

    @property
    def options(self):
        """What tells Odoo of it."""
        return [f'--db_replica_host={self.host}', f'--db_replica_port={self.port}']

    def sql(self, database, statement, *parameters):
        """Run a statement here, and give the rows."""
        with closing(psycopg2.connect(dbname=database, port=self.port)) as connection, connection.cursor() as cursor:
            cursor.execute(statement, parameters)
            return cursor.fetchall()

    def wait(self):
        """Fall behind, for as long as it takes."""
        self.sql('postgres', 'SELECT pg_wal_replay_pause()')
        for _moment in range(200):
            if self.sql('postgres', 'SELECT pg_get_wal_replay_pause_state()') == [('paused',)]:
                return
            time.sleep(0.05)
        raise AssertionError('the replica does not pause')

    def follow(self, database):
        """Go on, until all is known here that the primary has now."""
        self.sql('postgres', 'SELECT pg_wal_replay_resume()')
        with closing(psycopg2.connect(dbname=database)) as primary, primary.cursor() as cursor:
            cursor.execute('SELECT pg_current_wal_insert_lsn()')
            [(here,)] = cursor.fetchall()
            # What was committed without waiting is written with what is committed now.
            cursor.execute('SET synchronous_commit = on; SELECT pg_current_xact_id()')
            primary.commit()
        for _moment in range(200):
            if self.sql('postgres', 'SELECT pg_last_wal_replay_lsn() >= %s::pg_lsn', here) == [(True,)]:
                return
            time.sleep(0.05)
        raise AssertionError('the replica does not follow')
