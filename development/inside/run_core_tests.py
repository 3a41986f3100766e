"""Runs in the virtual environment: runs Odoo's own tests in a database where everything is installed, and reports.

Many of them are meant to run while their module is being installed, before other addons are. Here all of them run at
the end, with everything installed.

The exit code is 0 if all tests have run, whatever their outcome.
"""

import sys

from run_odoo_tests import run

from odoo.tests import loader
from odoo.tests.suite import OdooSuite

original_make_suite, original_run_suite = loader.make_suite, loader.run_suite
results = []


def make_suite(module_names, position='at_install'):
    """No tests while modules are loaded, all tests afterwards."""
    if position == 'at_install':
        return OdooSuite()
    names = list(module_names)
    tests = [*original_make_suite(names, 'at_install'), *original_make_suite(names, 'post_install')]
    return OdooSuite(sorted(tests, key=lambda test: getattr(test, 'test_sequence', 0)))


def run_suite(suite, global_report=None):
    """Run the tests, and note that they have run."""
    results.append(original_run_suite(suite, global_report))
    return results[-1]


if __name__ == '__main__':
    loader.make_suite, loader.run_suite = make_suite, run_suite
    try:
        run()
    except SystemExit as end:
        sys.exit(0 if results else end.code or 'no tests were looked for')
