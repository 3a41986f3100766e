"""A running Odoo with the addon installed, for `./dev serve` and all clients over HTTP."""

import hashlib
import socket
import subprocess
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from . import databases, odoo_program, odoo_source, paths, postgres
from .processes import Problem, last_lines, running, say, step

HOST = '127.0.0.1'
PATIENCE = 180
# Files that a running addon does not use.
NOT_SERVED = {'bench', 'development', 'tests', 'docs', '__pycache__'}
NOT_SERVED_SUFFIXES = {'.pyc', '.md', '.rst', '.toml', ''}


class Server(NamedTuple):
    """A server that answers, with the values for reaching it and its database."""

    url: str
    database: str
    connection: dict
    process: subprocess.Popen


@contextmanager
def served(
    *, port=0, workers=0, database=None, modules=paths.ADDON, verbose=False, log='server', options=(), variables=None
):
    """Have a server while the block runs. Gives a `Server` once it answers.

    A named `database` is kept for the next time; without a name it is a fresh one with `modules`, dropped in the
    end. `options` are further arguments for Odoo, `variables` further environment variables.
    """
    port = free_port(port)
    with ExitStack() as stack:
        connection = stack.enter_context(postgres.running())
        if database:
            _provide_database(connection, database)
        else:
            database = stack.enter_context(databases.scratch(connection))
            with step('Database: installing the addon'):
                _make_with_addon(connection, database, modules)
        set_address(connection, database, port)
        arguments = [f'--workers={workers}', *options]
        yield stack.enter_context(
            started(connection, database, port, arguments, verbose=verbose, log=log, variables=variables),
        )


@contextmanager
def started(connection, database, port, arguments=(), *, verbose=False, log, addons=odoo_source.OURS, variables=None):
    """Have a server of a database that is there, while the block runs. Gives a `Server` once it answers."""
    log_path, url = paths.new_log(log), _url(port)
    with ExitStack() as stack:
        output = None if verbose else stack.enter_context(open(log_path, 'a'))
        arguments = [f'--http-port={port}', f'--gevent-port={free_port()}', *arguments]
        process = stack.enter_context(
            running(
                odoo_program.command(database, *arguments, addons=addons),
                env=odoo_program.environment(connection) | (variables or {}),
                stdout=output,
                stderr=subprocess.STDOUT if output else None,
            ),
        )
        if not _answers_in_time(process, url):
            if output:
                say(last_lines(log_path.read_text(), 40))
            raise Problem(f'Odoo does not answer: see {log_path.relative_to(paths.ROOT)}')
        yield Server(url, database, connection, process)


def free_port(wanted=0):
    """A port on which nobody listens: the wanted one, or any if that is 0."""
    with socket.socket() as probe:
        # As servers do: connections of a server that has just ended do not matter.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, wanted))
        except OSError as error:
            raise Problem(f'port {wanted} cannot be used ({error.strerror}): take another with --port') from None
        return probe.getsockname()[1]


def _provide_database(connection, name):
    """Make the database, or update the addon in it, unless it is up to date."""
    base, addon = f'made by ./dev with {odoo_source.identity()}', f'addon {_fingerprint()}'
    present = databases.exists(connection, name)
    said = databases.comment(connection, name) if present else ''
    if said == f'{base}, {addon}':
        return
    if present and not said.startswith('made by ./dev'):
        raise Problem(f'database {name} was not made by ./dev serve: take another name with --database')
    if present and said.startswith(f'{base}, '):
        with step(f'Database {name}: updating the addon'):
            odoo_program.install(connection, name, paths.ADDON, log='update', update=True)
            databases.set_comment(connection, name, f'{base}, {addon}')
        return
    with step(f'Database {name}: installing the addon'), databases.scratch(connection) as new:
        _make_with_addon(connection, new)
        databases.set_comment(connection, new, f'{base}, {addon}')
        databases.drop(connection, name)
        databases.rename(connection, new, name)


def _make_with_addon(connection, name, modules=paths.ADDON):
    databases.make(connection, name)
    odoo_program.install(connection, name, modules, log='install')


def _url(port):
    return f'http://{HOST}:{port}'


def set_address(connection, database, port):
    """Tell Odoo its own address, before it starts and caches anything."""
    url = _url(port)
    for key, value in (('restapi_oauth2.issuer', url), ('web.base.url', url), ('web.base.url.freeze', 'True')):
        databases.query(
            connection,
            """
            INSERT INTO ir_config_parameter (key, value, create_uid, write_uid, create_date, write_date)
            VALUES (:'key', :'value', 1, 1, now() AT TIME ZONE 'UTC', now() AT TIME ZONE 'UTC')
            ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, write_date = EXCLUDED.write_date
            """,
            database,
            key=key,
            value=value,
        )


def _answers_in_time(process, url):
    """Wait until the server gives its login page. False if it ends, or takes too long."""
    # Do not use the system's proxies for our own server.
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and process.poll() is None:
        try:
            with opener.open(f'{url}/web/login', timeout=PATIENCE):
                return True
        except urllib.error.HTTPError as error:
            say(f'{url}/web/login answers {error.code}')
            return False
        except OSError:
            time.sleep(0.1)
    return False


def _fingerprint():
    """A hash that changes when a file of the addon changes, so that the addon has to be updated."""
    digest = hashlib.sha256()
    for path in sorted(_served_files(paths.ROOT)):
        digest.update(f'{path.relative_to(paths.ROOT)}\0'.encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]


def _served_files(folder):
    for path in folder.iterdir():
        if path.name.startswith('.') or path.name in NOT_SERVED or path.is_symlink():
            continue
        if path.is_dir():
            yield from _served_files(path)
        elif path.suffix not in NOT_SERVED_SUFFIXES:
            yield path
