"""Starting Odoo from its source, with the settings that all our uses of it share."""

import os
import subprocess

from . import odoo_source, paths
from .processes import Problem, last_lines, running, say

HOUR = 3600


def provide_addon():
    """Make a folder for Odoo in which the checkout has the addon's name, whatever its own name is."""
    paths.ADDONS.mkdir(parents=True, exist_ok=True)
    link = paths.ADDONS / paths.ADDON
    if not (link.is_symlink() and link.resolve() == paths.ROOT):
        link.unlink(missing_ok=True)
        link.symlink_to(os.path.relpath(paths.ROOT, paths.ADDONS), target_is_directory=True)


def command(database, *arguments, entry='odoo_server.py', addons=odoo_source.OURS):
    """The command line that starts Odoo with one database.

    `addons` are the folders of addons that are not Odoo's own: another version of this addon is elsewhere.
    """
    return [
        *(paths.PYTHON, paths.INSIDE / entry),
        # The user's settings for other Odoo servers must not apply.
        f'--config={os.devnull}',
        f'--addons-path={",".join(str(folder) for folder in odoo_source.addons_folders(addons))}',
        f'--data-dir={paths.DATA}',
        f'--database={database}',
        '--no-database-list',
        '--http-interface=127.0.0.1',
        '--max-cron-threads=0',
        f'--limit-time-cpu={HOUR}',
        f'--limit-time-real={HOUR}',
        *arguments,
    ]


def environment(connection):
    """The environment variables for Odoo."""
    # Odoo looks there for a browser, and for rtlcss, which mirrors style sheets for right-to-left languages, and runs
    # by Node.js.
    folders = (paths.BROWSER, paths.NODE_TOOLS, paths.NODE_PROGRAM.parent)
    path = os.pathsep.join([*map(str, folders), os.environ.get('PATH', os.defpath)])
    kept = {name: value for name, value in os.environ.items() if not name.startswith(('ODOO_', 'OPENERP_'))}
    return kept | connection | {'PYTHONPATH': str(odoo_source.location()), 'PATH': path}


def install(connection, database, modules, *, log, update=False, addons=odoo_source.OURS):
    """Install modules, with demo data, or update them. If that fails, print the end of Odoo's log; else return it."""
    log_path = paths.new_log(log)
    what = '--update' if update else '--init'
    arguments = [f'{what}={modules}', '--with-demo', '--stop-after-init', '--no-http']
    with (
        open(log_path, 'w') as output,
        running(
            command(database, *arguments, addons=addons),
            env=environment(connection),
            stdout=output,
            stderr=subprocess.STDOUT,
        ) as process,
    ):
        code = process.wait()
    if code:
        say(last_lines(log_path.read_text(), 40))
        verb = 'update' if update else 'install'
        raise Problem(f'Odoo could not {verb} {modules}: see {log_path.relative_to(paths.ROOT)}')
    return log_path.read_text()
