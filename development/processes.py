"""Starting and ending other programs, and telling the user about it."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager, suppress

PR_SET_PDEATHSIG = 1


class Problem(Exception):
    """Something the user has to mend. Its text is one line that says how."""


class Stopped(BaseException):
    """The user or the system asked this command to end (Ctrl-C, SIGTERM, SIGHUP, SIGPIPE)."""

    def __init__(self, number):
        super().__init__()
        self.number = number


def heed_signals():
    """Turn the first request to end into `Stopped`, and ignore later ones while we clean up."""

    def stop(number, _frame):
        for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(each, signal.SIG_IGN)
        raise Stopped(number)

    for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(each, stop)


def say(text):
    """Print a line at once, also into a pipe. If nobody reads that any more, end (as in `./dev demo | head`)."""
    try:
        print(text, flush=True)
    except BrokenPipeError:
        # Python would try again when it ends, and complain.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise Stopped(signal.SIGPIPE) from None


@contextmanager
def step(text):
    """Say what is being done, and when it is done how long it took."""
    say(f'{text} ...')
    start = time.monotonic()
    yield
    say(f'    done in {time.monotonic() - start:.0f} s')


def last_lines(text, count=15):
    """The end of a program's output, for an error message."""
    return '\n'.join(text.rstrip().splitlines()[-count:])


def end_with_parent():
    """In a child about to start: ask the kernel to end it, should this command be killed outright."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def run(arguments, *, failing, **options):
    """Run a program to its end and return what it printed. If it fails, `failing` is the problem told."""
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
    """A program that runs while the block does. With all its children it is ended afterwards.

    It gets a session of its own, so that Ctrl-C reaches only us: we end it in an orderly way.
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
        # Whatever it left behind in its session: workers, browsers.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
