"""Failing requests at a given rate: what strangers send to a server that everybody can reach."""

import http.client
import itertools
import multiprocessing
import threading
import time
import urllib.parse
from contextlib import contextmanager

from .demo import CLIENT, PATH, REDIRECT_URI

THREADS = 4
KINDS = (
    {'client_id': 'A' * 32, 'client_secret': 'invented'},
    {**CLIENT, 'client_secret': 'wrong'},
    {**CLIENT},
)


@contextmanager
def failing(url, per_second, at_most):
    """Let strangers fail during the block, for at most `at_most` seconds. Gives a function that counts the failures.

    They run in a process of their own. Each request claims another address in its proxy headers, and is refused.
    """
    count = multiprocessing.Value('i', 0)
    process = multiprocessing.Process(target=_run, args=(url, per_second, at_most, count), daemon=True)
    process.start()
    try:
        yield lambda: count.value
    finally:
        process.kill()  # it has inherited this process's signal handlers
        process.join()


def _run(url, per_second, at_most, count):
    threads = [
        threading.Thread(target=_fail, args=(url, per_second / THREADS, at_most, count, number), daemon=True)
        for number in range(THREADS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _fail(url, per_second, at_most, count, thread):
    server = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(server.hostname, server.port, timeout=60)
    start = time.perf_counter()
    for number in itertools.count():
        if (due := start + number / per_second) > start + at_most:
            return
        time.sleep(max(0, due - time.perf_counter()))
        body = urllib.parse.urlencode({
            **KINDS[number % len(KINDS)], **REDIRECT_URI, 'grant_type': 'authorization_code', 'code': '0' * 20})
        connection.request('POST', f'{PATH}/access_token', body, {
            'Content-Type': 'application/x-www-form-urlencoded', 'X-Forwarded-Host': server.netloc,
            'X-Forwarded-For': f'10.{thread}.{number // 250 % 250}.{number % 250 + 1}'})
        answer = connection.getresponse()
        answer.read()
        if answer.status not in (400, 401, 429):
            raise AssertionError(f'a stranger was answered {answer.status}')
        with count.get_lock():
            count.value += 1
