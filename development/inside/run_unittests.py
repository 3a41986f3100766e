"""Runs in the virtual environment: runs plain `unittest` tests of one folder, and reports on them.

Arguments: the checkout, the folder of tests in it, and the names of the tests to run (`file`, `file.Class` or
`file.Class.method`), or none to run all.
"""

import importlib
import sys
import types
import unittest
from pathlib import Path

from reporting import Reporter


class Result(unittest.TestResult):
    """Reports instead of printing."""

    def __init__(self, reporter):
        super().__init__()
        self.reporter = reporter

    def startTest(self, test):  # noqa: N802
        super().startTest(test)
        self.reporter.started(test.id())

    def stopTest(self, test):  # noqa: N802
        super().stopTest(test)
        self.reporter.ended(test.id())

    def addError(self, test, error):  # noqa: N802
        self.reporter.failed(test.id(), self._exc_info_to_string(error, test))

    addFailure = addError  # noqa: N815

    def addSubTest(self, test, part, error):  # noqa: N802
        if error is not None:
            self.reporter.failed(test.id(), f'{part._subDescription()}\n{self._exc_info_to_string(error, test)}')

    def addSkip(self, test, reason):  # noqa: N802
        self.reporter.skipped(test.id(), reason)

    def addUnexpectedSuccess(self, test):  # noqa: N802
        self.reporter.failed(test.id(), 'This test passed, though it is marked as an expected failure.')


def prepare_import(root, folder):
    """Let tests import the checkout's packages, such as `protocol`, each other, and what all tests share, or all those
    with a server.

    The package `tests` is Odoo's: importing it needs Odoo. An empty one replaces it.
    """
    # Replace this script's folder: its files are not under test.
    sys.path[0] = str(root)
    sys.path += [str(folder), str(root / 'tests' / 'system'), str(root / 'tests')]
    stand_in = types.ModuleType('tests')
    stand_in.__path__ = [str(root / 'tests')]
    sys.modules['tests'] = stand_in


def load(root, folder, names):
    """The tests of the folder's files, or those named."""
    suite = unittest.TestSuite()
    for path in sorted(folder.rglob('test_*.py')):
        wanted = [name for name in names if name.split('.')[0] == path.stem]
        if names and not wanted:
            continue
        module = importlib.import_module('.'.join(path.relative_to(root).with_suffix('').parts))
        if not wanted or path.stem in wanted:
            suite.addTests(unittest.defaultTestLoader.loadTestsFromModule(module))
        else:
            inner = [name.split('.', 1)[1] for name in wanted]
            suite.addTests(unittest.defaultTestLoader.loadTestsFromNames(inner, module))
    return suite


def run():
    """Run the tests. Failures are in the report; the exit code is only for errors around them."""
    root, folder = Path(sys.argv[1]), Path(sys.argv[1], sys.argv[2])
    reporter = Reporter()
    prepare_import(root, folder)
    load(root, folder, sys.argv[3:]).run(Result(reporter))
    reporter.completed()


if __name__ == '__main__':
    run()
