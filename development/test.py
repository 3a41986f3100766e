"""Run the tests, each part on a fresh database.

There are seven parts: protocol (plain unittest, no Odoo), addon (Odoo's own test runner, with a browser), mail, auth
and business (the same where Odoo's module mail is installed, all of its modules to sign in with and some of the
community's, and its modules for sales, accounting, projects and so on), system (plain unittest, against a running
server with several processes, with a browser and with other people's applications) and clients (the same with more of
these, each set up as its own documentation has it). Where no part is named, only some files of clients run.

A skipped test counts as failed: what is not tested is not known to work. Running all of them also writes
docs/compliance.md, docs/methods.md and the tables of docs/connect, and fails if one was stale.

Another part, core, runs only when it is named: Odoo's own tests for base, web, rpc and test_http, once without this
addon and once with it, which must make no difference. It takes about ten minutes.
"""

import os
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext

from . import (
    clients,
    community,
    compliance,
    connect_pages,
    databases,
    documented_addon,
    methods_table,
    odoo_program,
    odoo_source,
    openldap,
    paths,
    php,
    postgres,
    setup,
    stamps,
    test_core,
    translations,
)
from .processes import Problem, say
from .server import free_port, served
from .test_report import Tally, run_reporting
from .test_selection import TAGS, files, select

SYSTEM_WORKERS = 4
AUTH_MODULES = (
    'auth_ldap',
    'auth_oauth',
    'auth_oidc',
    'auth_passkey',
    'auth_password_policy',
    'auth_session_timeout',
    'auth_signup',
    'auth_timeout',
    'auth_totp',
    'partner_firstname',
)
BUSINESS_MODULES = (
    'account',
    'auth_signup',
    'base_automation',
    'calendar',
    'crm',
    'hr',
    'mail',
    'portal',
    'project',
    'sale_crm',
    'sale_management',
    'sale_stock',
    'stock',
    'survey',
    'website',
)


def add_arguments(parser):
    """Declare this command's options."""
    parser.add_argument(
        'what',
        nargs='*',
        metavar='WHAT',
        help='a part, or a file, class, Class.method or method of tests (all but core)',
    )
    parser.add_argument('--verbose', action='store_true', help='show the logs here, not in .dev/log/')


def command(arguments):
    """Run what was asked for, and print the result in the last line."""
    selection = select(arguments.what)
    setup.provide()
    tally = Tally()
    if not arguments.what:
        compliance.check(tally)
        methods_table.check(tally)
        connect_pages.check(tally)
    # While this command runs the server, the parts need not start it again. (One part does not need it.)
    needs_server = list(selection) != ['protocol']
    with postgres.running() if needs_server else nullcontext() as connection, ThreadPoolExecutor(1) as beside:
        aside = None
        for part, tests in selection.items():
            # Two long parts run at the same time, on a core each. The system part runs alone, because it tests
            # simultaneous requests.
            if part == 'addon' and 'business' in selection:
                aside = beside.submit(_run, connection, 'business', selection['business'], arguments.verbose)
            if part == 'business' and aside:
                tally.add(aside.result())
            else:
                tally.add(_run(connection, part, tests, arguments.verbose))
        if not arguments.what:
            translations.check(tally, connection)
    if not tally.passed and not tally.failed:
        say('no test ran')
    say(tally.line())
    return 0 if tally.passed and not tally.failed else 1


def _run(connection, part, tests, verbose):
    """Run a part, and print the result."""
    tally = Tally()
    ran = RUNNERS[part](connection, tally, tests, verbose)
    if ran:
        say(f'{part}: {len(ran)} tests')
    elif files(part) and not tally.failed:
        tally.fail(f'{part}: no test ran')
    if not tests:
        _check_all_files_ran(part, ran, tally)
    return tally


def _run_protocol(_connection, tally, tests, verbose):
    return _run_unittests('protocol', tally, tests, verbose, {})


def _run_system(_connection, tally, tests, verbose):
    if not files('system'):
        return []
    try:
        php_program = php.provide()
        community.provide()
    except Problem as problem:
        tally.fail('system', str(problem))
        return []
    variables = {
        'RESTAPI_OAUTH2_NODE': str(paths.NODE_PROGRAM),
        'RESTAPI_OAUTH2_NODE_CLIENTS': str(paths.NODE / 'clients'),
        'RESTAPI_OAUTH2_PHP': str(php_program),
        'RESTAPI_OAUTH2_PICTURES': str(paths.STATE / 'pictures'),
    }
    return _run_beside_server('system', tally, tests, verbose, variables)


def _run_clients(_connection, tally, tests, verbose):
    names = {test.file for test in tests} or {path.stem for path in files('clients')}
    try:
        variables = clients.provide(names)
    except Problem as problem:
        tally.fail('clients', str(problem))
        return []
    return _run_beside_server('clients', tally, tests, verbose, variables)


def _run_beside_server(part, tally, tests, verbose, variables):
    """Run tests that ask a server, and that have a browser."""
    log = f'test-{part}-server'
    with _temporary_folder() as temporary:
        # Tests that publish something by https put there whom the server is to trust.
        authority = {'SSL_CERT_FILE': f'{temporary}/authority.pem'}
        with served(workers=SYSTEM_WORKERS, log=log, variables=authority) as server:
            environment = variables | {
                'RESTAPI_OAUTH2_URL': server.url,
                'RESTAPI_OAUTH2_DATABASE': server.database,
                'RESTAPI_OAUTH2_LOG': str(paths.LOG / f'{log}.log'),
                'RESTAPI_OAUTH2_BROWSER': str(paths.CHROME),
                'RESTAPI_OAUTH2_AUTHORITY': authority['SSL_CERT_FILE'],
                'TMPDIR': temporary,
            }
            return _run_unittests(part, tally, tests, verbose, server.connection | environment)


def _run_unittests(part, tally, tests, verbose, variables):
    if not files(part):
        return []
    arguments = [paths.PYTHON, paths.INSIDE / 'run_unittests.py', paths.ROOT, f'tests/{part}']
    names = [test.in_unittest for test in tests]
    environment = os.environ | variables
    return run_reporting(tally, part, [*arguments, *names], verbose=verbose, env=environment, cwd=paths.ROOT)


def _run_addon(connection, tally, tests, verbose):
    tags = ','.join(test.in_odoo for test in tests) or f'/{paths.ADDON}'
    return _run_odoo('addon', paths.ADDON, tags, connection, tally, verbose)


def _run_mail(connection, tally, tests, verbose):
    tags = ','.join(test.in_odoo for test in tests) or TAGS['mail']
    return _run_odoo('mail', f'mail,{paths.ADDON}', tags, connection, tally, verbose)


def _run_auth(connection, tally, tests, verbose):
    try:
        variables = openldap.environment()
        community.provide()
    except Problem as problem:
        tally.fail('auth', str(problem))
        return []
    tags = ','.join(test.in_odoo for test in tests) or TAGS['auth']
    modules = ','.join([*AUTH_MODULES, paths.ADDON])
    addons = (*odoo_source.OURS, community.ADDONS)
    return _run_odoo('auth', modules, tags, connection, tally, verbose, variables, addons)


def _run_business(connection, tally, tests, verbose):
    tags = ','.join(test.in_odoo for test in tests) or TAGS['business']
    documented_addon.provide()
    modules = ','.join([*BUSINESS_MODULES, paths.ADDON, documented_addon.NAME])
    addons = (*odoo_source.OURS, documented_addon.ADDONS)
    return _run_odoo('business', modules, tags, connection, tally, verbose, addons=addons)


def _run_odoo(part, modules, tags, connection, tally, verbose, variables=None, addons=odoo_source.OURS):
    screenshots = paths.LOG / 'screenshots' / part
    stamps.remove(screenshots)
    with databases.scratch(connection) as database, _temporary_folder() as temporary:
        databases.make(connection, database)
        command = odoo_program.command(
            database,
            *(f'--init={modules}', '--with-demo', '--stop-after-init', '--test-enable', f'--test-tags={tags}'),
            *(f'--http-port={free_port()}', f'--screenshots={screenshots}'),
            entry='run_odoo_tests.py',
            addons=addons,
        )
        environment = odoo_program.environment(connection) | (variables or {}) | {'TMPDIR': temporary}
        return run_reporting(tally, part, command, verbose=verbose, env=environment)


def _run_core(connection, tally, _tests, verbose):
    test_core.compare(connection, tally, verbose)
    # It prints itself how many tests there are.
    return []


def _temporary_folder():
    """For what the browser leaves behind. It is not in `.dev/`, because paths of the browser's sockets must be
    short.
    """
    return tempfile.TemporaryDirectory(prefix=f'{paths.ADDON}-', ignore_cleanup_errors=True)


def _check_all_files_ran(part, ran, tally):
    """Report files that `tests/__init__.py` does not import: Odoo does not run them."""
    modules = {name for test in ran for name in test.split('.')}
    for path in files(part):
        if path.stem not in modules and ran:
            tally.fail(f'{part}: no test of {path.relative_to(paths.ROOT)} ran', 'Does tests/__init__.py import it?')


RUNNERS = {
    'protocol': _run_protocol,
    'addon': _run_addon,
    'mail': _run_mail,
    'auth': _run_auth,
    'business': _run_business,
    'system': _run_system,
    'clients': _run_clients,
    'core': _run_core,
}
