"""Databases: a template with Odoo's own modules, from which all others are quickly copied.

A database's comment says what it was made from, so the two always agree.
"""

import hashlib
import itertools
import os
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

from . import odoo_program, odoo_source, paths, stamps
from .postgres_place import PROGRAMS
from .processes import Problem, step
from .virtual_environment import site_packages

TEMPLATE_MODULES = 'base,web,rpc,base_setup'
PREFIX = f'{paths.ADDON}_'
_numbers = itertools.count(1)


def query(connection, sql, database='postgres', **values):
    """Run SQL with psql and return its lines. `values` are used in it as :'name' (text) or :"name" (identifier)."""
    settings = [word for name, value in values.items() for word in ('-v', f'{name}={value}')]
    result = subprocess.run(
        [site_packages() / PROGRAMS / 'psql', '-XqAt', '-v', 'ON_ERROR_STOP=1', *settings, '-d', database],
        input=sql,
        env=os.environ | connection,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if result.returncode:
        reason = ' '.join(result.stderr.split())
        raise Problem(f'The database server refused: {reason}')
    return result.stdout.splitlines()


def exists(connection, name):
    """Whether there is a database of this name."""
    return bool(query(connection, "SELECT 1 FROM pg_database WHERE datname = :'name'", name=name))


def comment(connection, name):
    """What a database's comment says of its origin; '' for nothing."""
    sql = "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = :'name'"
    return ''.join(query(connection, sql, name=name))


def set_comment(connection, name, text):
    """Note a database's origin."""
    query(connection, 'COMMENT ON DATABASE :"name" IS :\'text\'', name=name, text=text)


def _named(connection, start):
    """The databases whose names begin with a text."""
    return query(connection, "SELECT datname FROM pg_database WHERE starts_with(datname, :'start')", start=start)


def drop(connection, name):
    """Delete a database and its files."""
    query(connection, 'DROP DATABASE IF EXISTS :"name" WITH (FORCE)', name=name)
    shutil.rmtree(_files(name), ignore_errors=True)


def rename(connection, old, new):
    """Give a database, and its files, another name."""
    shutil.rmtree(_files(new), ignore_errors=True)
    if _files(old).exists():
        _files(old).rename(_files(new))
    query(connection, 'ALTER DATABASE :"old" RENAME TO :"new"', old=old, new=new)


def copy(connection, origin, name):
    """Make a database as a copy of another one that is not in use."""
    query(connection, 'CREATE DATABASE :"name" TEMPLATE :"origin"', name=name, origin=origin)
    if _files(origin).exists():
        # Odoo only adds and deletes these files, and never changes them, so both databases may share them.
        shutil.copytree(_files(origin), _files(name), copy_function=os.link, dirs_exist_ok=True)


def _files(name):
    return paths.DATA / 'filestore' / name


def template(connection):
    """The name of the template database, which is made if this Odoo has none."""
    origin = f'{odoo_source.identity()} {TEMPLATE_MODULES} {paths.REQUIREMENTS.read_text()}'
    name = f'{PREFIX}template_{hashlib.sha256(origin.encode()).hexdigest()[:12]}'
    with stamps.alone(paths.STATE / 'template.lock'):
        if not exists(connection, name):
            with step(f'Database: preparing Odoo with {TEMPLATE_MODULES}'):
                _drop_older_templates(connection)
                with _in_the_making(connection) as new:
                    query(connection, 'CREATE DATABASE :"new" TEMPLATE template0 ENCODING \'UTF8\'', new=new)
                    odoo_program.install(connection, new, TEMPLATE_MODULES, log='template')
                    rename(connection, new, name)
    return name


def make(connection, name):
    """Make a database with Odoo's own modules, ready for the addon."""
    copy(connection, template(connection), name)


def _drop_older_templates(connection):
    for name in _named(connection, f'{PREFIX}template_'):
        drop(connection, name)


@contextmanager
def scratch(connection):
    """Give the name of a database that the block may make, and drop it afterwards."""
    with _in_the_making(connection) as name:
        yield name


@contextmanager
def _in_the_making(connection):
    """A name that says which process makes the database, so that the leftovers of a dead process are recognised."""
    _drop_leftovers(connection)
    name = f'{PREFIX}of_{os.getpid()}_{next(_numbers)}'
    # An earlier process with our number may have left it.
    drop(connection, name)
    try:
        yield name
    finally:
        drop(connection, name)


def _drop_leftovers(connection):
    if os.environ.get('PGHOST'):
        # Processes of other machines may use this server, too.
        return
    for name in _named(connection, f'{PREFIX}of_'):
        process = name.removeprefix(f'{PREFIX}of_').split('_')[0]
        if not Path('/proc', process).exists():
            drop(connection, name)
