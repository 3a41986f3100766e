"""Counting the outcomes of tests, and printing those that did not pass."""

import json
import os

from . import paths
from .processes import last_lines, running, say


class Tally:
    """How many tests passed and how many did not, over all parts."""

    def __init__(self):
        self.passed = 0
        self.failed = 0

    def fail(self, name, detail=''):
        """Count and print a failure: of a test, or of something that prevented tests from running."""
        self.failed += 1
        say(f'FAILED {name}')
        if detail:
            say(''.join(f'    {line}\n' for line in detail.rstrip().splitlines()))

    def succeed(self):
        """Count a test that passed."""
        self.passed += 1

    def add(self, other):
        """Add the counts of another tally."""
        self.passed += other.passed
        self.failed += other.failed

    def line(self):
        """The result, in the one format that others look for."""
        return f'{self.passed} passed, {self.failed} failed'


def run_reporting(tally, part, arguments, *, verbose, **options):
    """Run a program of `inside/` that reports on tests, and count the results. Returns the names of the tests."""
    log_path = paths.new_log(f'test-{part}')
    failed_before = tally.failed
    ran, current, completed = [], None, False
    reading, writing = os.pipe()
    with open(reading) as report, open(writing, 'w') as our_end, open(log_path, 'w') as log:
        options['env'] = options['env'] | {'TEST_REPORT': str(writing)}
        output = None if verbose else log
        with running(arguments, stdout=output, stderr=output, pass_fds=[writing], **options) as process:
            # The report ends when the program ends, which has the other copy of this end.
            our_end.close()
            for line in report:
                told = json.loads(line)
                name = f'{part}: {told["test"]}'
                if told['event'] == 'started':
                    current = name
                    ran.append(told['test'])
                elif told['event'] == 'completed':
                    completed = True
                else:
                    _count(tally, name, told)
                    current = None if name == current else current
            code = process.wait()
    if current:
        tally.fail(current, 'The program ended in the middle of this test.')
    if (code or not completed) and tally.failed == failed_before:
        tally.fail(f'{part}: ended with exit code {code}', last_lines(log_path.read_text(), 40))
    return ran


def _count(tally, name, told):
    if told['event'] == 'passed':
        tally.succeed()
    elif told['event'] == 'failed':
        tally.fail(name, told['detail'])
    else:
        tally.fail(f'{name} (skipped)', told['detail'])
