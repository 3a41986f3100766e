"""Runs in the virtual environment: reports the outcome of each test to the development script, line by line.

The lines are JSON objects on the file descriptor in the environment variable TEST_REPORT. The report also shows a test
that started and never ended, which a final count would not.
"""

import json
import os


class Reporter:
    """Writes the report. Failures and skips within a test are collected until it ends."""

    def __init__(self):
        number = int(os.environ.pop('TEST_REPORT'))
        # Programs that tests start must not keep the report open.
        os.set_inheritable(number, False)
        self.file = os.fdopen(number, 'w', buffering=1)
        self.current = None
        self.failures = []
        self.skips = []

    def started(self, test):
        """A test begins."""
        self.current, self.failures, self.skips = test, [], []
        self._tell('started', test)

    def failed(self, test, detail):
        """A test failed, or a part of it, or something around it such as the setup of its class."""
        if self.current is None:
            self._tell('failed', test, detail)
        else:
            self.failures.append(detail)

    def skipped(self, test, reason):
        """A test was skipped, or a part of it, or its whole class."""
        if self.current is None:
            self._tell('skipped', test, reason)
        else:
            self.skips.append(reason)

    def ended(self, test):
        """A test ends, and has one outcome."""
        if self.failures:
            self._tell('failed', test, '\n'.join(self.failures))
        elif self.skips:
            self._tell('skipped', test, '; '.join(self.skips))
        else:
            self._tell('passed', test)
        self.current = None

    def error_logged(self, message):
        """An error was logged that the running test did not expect, or outside of a test."""
        self.failed('outside of a test', f'An error was logged: {message}')

    def completed(self):
        """All tests have run."""
        self._tell('completed', '')

    def _tell(self, event, test, detail=''):
        self.file.write(json.dumps({'event': event, 'test': test, 'detail': detail}) + '\n')
