"""Runs in the virtual environment: starts Odoo, and reports the results of its own test runner."""

import logging
import sys

from odoo.cli import main
from odoo.tests.result import OdooTestResult

from reporting import Reporter

ADDONS = 'odoo.addons.'
# These lines only repeat that some test failed.
REPETITIONS = ('At least one test failed', 'Module %s: %d failures', '%s when loading database')
# Debian's Odoo comes without this library of Odoo's module mail.
NOT_PACKAGED = 'mail/static/lib/selfie_segmentation/'


class ErrorLog(logging.Handler):
    """Reports errors in the log, except those that Odoo's test runner logs for a failed test."""

    def __init__(self, reporter):
        super().__init__(logging.ERROR)
        self.reporter = reporter
        self.paused = False
        self.setFormatter(logging.Formatter('%(name)s: %(message)s'))

    def emit(self, record):
        """Report one line of the log."""
        text = self.format(record)
        if not (self.paused or str(record.msg).startswith(REPETITIONS) or NOT_PACKAGED in text):
            self.reporter.error_logged(text)


def watch(reporter, errors):
    """Make Odoo's test results report to us, too."""

    def name(test):
        """The test's name, also for a part of a test (a subtest) and for anything else that can fail."""
        test = getattr(test, 'test_case', test)
        return test.id().removeprefix(ADDONS) if hasattr(test, 'id') else str(test)

    def wrap(method, report):
        original = getattr(OdooTestResult, method)

        def wrapped(result, test, *arguments):
            # A failure does not count if Odoo will repeat the test.
            if not result._soft_fail:
                report(result, test, *arguments)
            errors.paused = True
            try:
                return original(result, test, *arguments)
            finally:
                errors.paused = False

        setattr(OdooTestResult, method, wrapped)

    def failed(result, test, error):
        part = getattr(test, '_subDescription', str)() if hasattr(test, 'test_case') else ''
        reporter.failed(name(test), f'{part}\n{result._exc_info_to_string(error, test)}'.lstrip())

    wrap('startTest', lambda _result, test: reporter.started(name(test)))
    wrap('stopTest', lambda _result, test: reporter.ended(name(test)))
    wrap('addSkip', lambda _result, test, reason: reporter.skipped(name(test), reason))
    wrap('addFailure', failed)
    wrap('addError', failed)


def run():
    """Run Odoo; its command line selects the tests."""
    reporter = Reporter()
    errors = ErrorLog(reporter)
    logging.getLogger().addHandler(errors)
    watch(reporter, errors)
    try:
        main()
    except SystemExit as end:
        if not end.code:
            reporter.completed()
        raise


if __name__ == '__main__':
    sys.exit(run())
