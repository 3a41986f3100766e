"""Starting and ending other programs, and printing messages."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

PR_SET_PDEATHSIG = 1


class Problem(Exception):
    """An error that the user can mend. Its text is one line that says how."""


class Stopped(BaseException):
    """The user or the system asked this command to end (Ctrl-C, SIGTERM, SIGHUP, SIGPIPE)."""

    def __init__(self, number):
        super().__init__()
        self.number = number


def heed_signals():
    """Turn the first request to end into `Stopped`, and ignore later ones during the cleanup."""

    def stop(number, _frame):
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)


def say(text):
    """Print a line at once, even into a pipe. If nobody reads it any more, end (as in `./dev demo | head`)."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # Otherwise Python would try again at its end, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise Stopped(signal.SIGPIPE) from None


@contextmanager
def step(text):
    """Print what is being done, and then how long it took."""
    say(f'{text} ...')
    start = time.monotonic()
    yield
    say(f'    done in {time.monotonic() - start:.0f} s')


def last_lines(text, count=15):
    """The last lines of a program's output, for an error message."""
    return '\n'.join(text.rstrip().splitlines()[-count:])


def end_with_parent():
    """In a child about to start: ask the kernel to end it if this command is killed."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def run(arguments, *, failing, **options):
    """Run a program to its end and return what it printed. If it fails, raise a problem with the text `failing`."""
    result = subprocess.run(
        [str(argument) for argument in arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors='replace',
        check=False,
        preexec_fn=end_with_parent,
        **options,
    )
    if result.returncode:
        say(last_lines(result.stdout))
        raise Problem(failing)
    return result.stdout


@contextmanager
def running(arguments, *, grace=15, **options):
    """Run a program during the block, and then end it with all its children.

    It gets a session of its own, so that Ctrl-C reaches only us, and we end it in an orderly way.
    """
    process = subprocess.Popen(
        [str(argument) for argument in arguments],
        stdin=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=end_with_parent,  # noqa: PLW1509 (as above)
        **options,
    )
    try:
        yield process
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(grace)
        # What it left behind in its session: workers, browsers.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
