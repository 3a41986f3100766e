"""Run Odoo with the addon and demo data on 127.0.0.1 until Ctrl-C. The user is admin, the password admin.

The database is kept for the next time. The addon is updated in it when its files have changed.
"""

from . import options, paths, setup
from .processes import Problem, Stopped, say
from .server import served


def add_arguments(parser):
    """Declare this command's options."""
    add = parser.add_argument
    add('--port', type=options.port, default=8069, help='the port to listen on, 0 for any free one (8069)')
    add('--workers', type=options.count, default=0, help='processes that answer; 0: one process with threads (0)')
    add('--database', type=options.database, default=paths.ADDON, metavar='NAME', help=f'the database ({paths.ADDON})')
    add('--verbose', action='store_true', help="show Odoo's log here, not in .dev/log/server.log")


def command(arguments):
    """Serve until told to stop."""
    try:
        setup.provide()
        with served(
            port=arguments.port,
            workers=arguments.workers,
            database=arguments.database,
            verbose=arguments.verbose,
        ) as server:
            say(f'ready {server.url}')
            code = server.process.wait()
            raise Problem(f'Odoo ended by itself (exit code {code}): see .dev/log/server.log')
    except Stopped:
        return 0
