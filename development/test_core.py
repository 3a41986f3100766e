"""The part `core` of `./dev test`: Odoo's own tests have the same results with and without this addon.

Odoo's tests of the modules below run in two databases, which differ only in this addon. Some of them fail in an
environment like this one; that is allowed if they fail in both, but then they compare little. wkhtmltopdf is missing,
and Debian's Odoo lacks a JavaScript file of mail that test_http needs: most tests in a browser fail at their start,
among them web's JavaScript suites.

Some tests depend on chance or on timing. So those that differ run again, alone and in fresh copies of both databases.
They count as different if they differ in the same way again.
"""

import json
import os
import re
import shutil
import tempfile
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from . import databases, odoo_program, odoo_source, paths
from .processes import last_lines, running, say, step
from .server import free_port

MODULES = ('base', 'web', 'rpc', 'test_http')
# The template has the others.
INSTALLED = 'test_http'
# In seconds. A run takes about four minutes.
PATIENCE = 1800
OUTSIDE = 'outside of a test'
# Numbers, and what varies like them: addresses of objects, checksums.
VOLATILE = re.compile(r'0x[0-9a-f]+|\b[0-9a-f]{7,}\b|\d+')
AROUND_A_CLASS = re.compile(r'\w+ \((?:odoo\.addons\.)?(?P<place>[\w.]+)\)')


class Outcome(NamedTuple):
    """The outcome of a test: passed, failed, skipped or did not run; and why."""

    event: str
    detail: str = ''


MISSING = Outcome('did not run')


class Half(NamedTuple):
    """One of the two sides of the comparison: its name, the database that is copied for tests, Odoo's settings."""

    name: str
    database: str
    settings: str


class Run(NamedTuple):
    """The outcomes of the tests by their names, and the errors that were logged outside of tests."""

    outcomes: dict
    errors: list

    @property
    def all_texts(self):
        """All error messages, in one text without the parts that vary."""
        return _masked('\n'.join([*(outcome.detail for outcome in self.outcomes.values()), *self.errors]))


def compare(connection, tally, verbose):
    """Run Odoo's tests in both databases, and check for each test whether its outcome is the same."""
    with _halves(connection) as halves:
        tags = ','.join(f'/{module}' for module in MODULES)
        runs = [_run(connection, tally, half, tags, verbose) for half in halves]
        if None in runs:
            return
        differing = _differing(runs)
        again = []
        if differing:
            tags = ','.join(dict.fromkeys(_tag(name) for name in differing))
            renamed = [half._replace(name=f'{half.name}, again') for half in halves]
            again = [_run(connection, tally, half, tags, verbose) for half in renamed]
    lasting = {name: pair for name, pair in differing.items() if None in again or not _by_chance(name, pair, again)}
    _count(tally, runs, lasting)
    _count_errors(tally, runs)


@contextmanager
def _halves(connection):
    """The two sides, each with its database; both can find the addon."""
    with (
        databases.scratch(connection) as without,
        databases.scratch(connection) as having,
        _temporary_folder() as addons,
    ):
        # A test of base reads all files below an installed addon. In the checkout, it would find all of Odoo in .dev/,
        # and through the link there the checkout again and again.
        shutil.copytree(paths.ROOT, Path(addons, paths.ADDON), ignore=shutil.ignore_patterns('.*', '__pycache__'))
        folders = [addons if folder == paths.ADDONS else str(folder) for folder in odoo_source.addons_folders()]
        settings = f'--addons-path={",".join(folders)}'
        with step(f'core: making two databases with {INSTALLED}, one of them with {paths.ADDON}'):
            databases.make(connection, without)
            odoo_program.install(connection, without, INSTALLED, log='core-install')
            databases.copy(connection, without, having)
            odoo_program.install(connection, having, paths.ADDON, log='core-install-addon')
            # Delete the demo application: before the first one is registered, nothing points to the addon.
            databases.query(connection, 'DELETE FROM oauth2_client', having)
        yield [Half('without', without, settings), Half('with', having, settings)]


def _run(connection, tally, half, tags, verbose):
    """Run the tests that have one of these tags. None if Odoo did not finish, which counts as a failure."""
    log_path = paths.new_log(f'test-core-{half.name.replace(", ", "-")}')
    with (
        step(f"core: Odoo's tests, {half.name}"),
        databases.scratch(connection) as database,
        _temporary_folder() as temporary,
        open(log_path, 'w') as log,
    ):
        databases.copy(connection, half.database, database)
        command = odoo_program.command(
            database,
            *(half.settings, f'--http-port={free_port()}', '--stop-after-init', '--test-enable', f'--test-tags={tags}'),
            entry='run_core_tests.py',
        )
        environment = odoo_program.environment(connection) | {'TMPDIR': temporary}
        run, code = _follow(command, None if verbose else log, environment)
    if code:
        tally.fail(f'core, {half.name}: ended with exit code {code}', last_lines(log_path.read_text(), 40))
        return None
    return run


def _temporary_folder():
    return tempfile.TemporaryDirectory(prefix=f'{paths.ADDON}-', ignore_cleanup_errors=True)


def _follow(command, output, environment):
    """Run Odoo and collect its report. Returns that, and the exit code."""
    reading, writing = os.pipe()
    with open(reading) as report, open(writing, 'w') as our_end:
        environment |= {'TEST_REPORT': str(writing)}
        with running(command, stdout=output, stderr=output, pass_fds=[writing], env=environment) as process:
            our_end.close()
            too_late = threading.Timer(PATIENCE, process.kill)
            too_late.start()
            try:
                return _gather(report), process.wait()
            finally:
                too_late.cancel()


def _gather(report):
    run = Run({}, [])
    for line in report:
        told = json.loads(line)
        if told['test'] == OUTSIDE:
            run.errors.append(told['detail'])
        elif told['event'] not in ('started', 'completed'):
            run.outcomes[told['test']] = Outcome(told['event'], told['detail'])
    return run


def _pair(name, runs):
    return [run.outcomes.get(name, MISSING) for run in runs]


def _events(pair):
    return [outcome.event for outcome in pair]


def _differing(runs):
    """The tests whose outcomes differ, with both outcomes."""
    pairs = {name: _pair(name, runs) for run in runs for name in run.outcomes}
    return {name: pair for name, pair in pairs.items() if len(set(_events(pair))) > 1}


def _tag(name):
    """The name of a test in Odoo's --test-tags; for an error around the tests of a class, that of the class."""
    around = AROUND_A_CLASS.fullmatch(name)
    *place, group, method = (f'{around["place"]}.' if around else name).split('.')
    return f'/{place[0]}:{group}' + (f'.{method}' if method else '')


def _by_chance(name, pair, again):
    """Whether a test that differed does not differ when it runs again. Prints that."""
    second = _pair(name, again)
    if _events(second) == _events(pair):
        return False
    # If Odoo did not find the test again, that proves nothing. But around a class only failures are reported.
    if _events(second) == [MISSING.event] * 2 and not AROUND_A_CLASS.fullmatch(name):
        return False
    say(f'core: {name} differed ({_told(pair)}), but not when it was run again ({_told(second)}): not counted')
    return True


def _told(pair):
    return '{} without the addon, {} with it'.format(*_events(pair))


def _count(tally, runs, differing):
    names = dict.fromkeys(name for run in runs for name in run.outcomes)
    same = [_pair(name, runs) for name in names if name not in differing]
    for _each in same:
        tally.succeed()
    for name, pair in differing.items():
        details = [outcome.detail for outcome in pair if outcome.event != 'passed']
        tally.fail(f'core: {name} ({_told(pair)})', '\n'.join(filter(None, details)))
    failing, skipped = (sum(_events(pair) == [event] * 2 for pair in same) for event in ('failed', 'skipped'))
    tests = f'{len(same)} of {len(same) + len(differing)} tests' if differing else f'{len(same)} tests'
    say(f'core: {tests}, the same with the addon as without ({failing} fail and {skipped} are skipped in both)')


def _count_errors(tally, runs):
    """Count the errors outside of tests that only one of the runs logged.

    Threads that serve a browser log errors, too, and it depends on timing whether a test is still running then. So it
    only matters whether the other run logged the same anywhere, even within a test, not how often.
    """
    for run, other, which in (runs[0], runs[1], 'without'), (runs[1], runs[0], 'with'):
        known = other.all_texts
        for text in {_masked(error): error for error in run.errors if _masked(error) not in known}.values():
            tally.fail(f'core: {OUTSIDE} (only {which} the addon)', text)


def _masked(text):
    return VOLATILE.sub('#', text)
