"""A headless Chromium, and the DevTools protocol that controls it."""
import json
import os
import subprocess
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

import websocket

PATIENCE = 60


class Chromium:
    """A browser process and one connection to it. Messages of the pages all come through this connection."""

    def __init__(self):
        # What it keeps lies in a folder of its own, with a short name: that of a socket in it must not be too long.
        self.folder = tempfile.TemporaryDirectory(prefix='browser-', ignore_cleanup_errors=True)
        self.process = subprocess.Popen(
            [os.environ['RESTAPI_OAUTH2_BROWSER'],
             # As root, and in containers, there is no sandbox. Only pages of our own are opened.
             '--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
             '--disable-background-networking', '--disable-component-update', '--disable-crash-reporter',
             '--no-proxy-server', f'--user-data-dir={self.folder.name}', '--remote-debugging-port=0', 'about:blank'],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=os.environ | {'TMPDIR': self.folder.name})
        with ExitStack() as in_trouble:
            in_trouble.callback(self.close)
            # A browser takes no orders from a web page, so none may be named as the origin.
            self.connection = websocket.create_connection(self._address(), timeout=PATIENCE, suppress_origin=True)
            in_trouble.pop_all()
        self.number = 0

    def _address(self):
        """Where it takes orders, as it writes it down itself: a port and a path that cannot be guessed."""
        file = Path(self.folder.name, 'DevToolsActivePort')
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self.process.poll() is None:
            with suppress(OSError, ValueError):
                port, path = file.read_text().splitlines()
                return f'ws://127.0.0.1:{port}{path}'
            time.sleep(0.05)
        raise RuntimeError('Chromium does not start')

    def order(self, method, session=None, **parameters):
        """Send an order and wait for its result.

        :raises DevToolsError: if the browser says that it cannot be done.
        """
        self.number += 1
        message = {'id': self.number, 'method': method, 'params': parameters}
        self.connection.send(json.dumps(message | ({'sessionId': session} if session else {})))
        while True:
            answer = json.loads(self.connection.recv())
            # Everything else that comes tells of events, which nobody waits for here.
            if answer.get('id') == self.number:
                if 'error' in answer:
                    raise DevToolsError(f'{method}: {answer["error"]["message"]}')
                return answer['result']

    def close(self):
        """End it, and delete what it kept."""
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(15)
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


class DevToolsError(Exception):
    """The browser could not do something, for example because the page has just been left."""
