"""A company's directory: an OpenLDAP server, which the test command has provided."""
import os
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

PATIENCE = 60
BASE = 'dc=example,dc=com'

SETTINGS = """
include {root}/etc/ldap/schema/core.schema
modulepath {root}/usr/lib/ldap
moduleload back_mdb
database mdb
directory {folder}
suffix "{base}"
access to attrs=userPassword by self write by anonymous auth
access to * by * read
"""

ENTRIES = """
dn: {base}
objectClass: dcObject
objectClass: organization
dc: example
o: Example

dn: uid={login},{base}
objectClass: person
objectClass: uidObject
uid: {login}
cn: {login}
sn: {login}
userPassword: {password}
"""


class Directory:
    """The server, reachable only on this machine, with one person. It stores nothing.

    :param login: the person's.
    :param password: the person's initial one.
    """

    def __init__(self, login, password):
        root = Path(os.environ['RESTAPI_OAUTH2_OPENLDAP'])
        # pylint: disable-next=consider-using-with
        self._folder = tempfile.TemporaryDirectory(prefix='directory-')
        with ExitStack() as in_trouble:
            in_trouble.callback(self._folder.cleanup)
            settings, entries = (Path(self._folder.name, name) for name in ('slapd.conf', 'entries.ldif'))
            settings.write_text(SETTINGS.format(root=root, folder=self._folder.name, base=BASE))
            entries.write_text(ENTRIES.format(base=BASE, login=login, password=password))
            slapd = root / 'usr/sbin/slapd'
            quiet = {'stdin': subprocess.DEVNULL, 'stdout': subprocess.DEVNULL, 'stderr': subprocess.DEVNULL}
            subprocess.run([slapd, '-Ta', '-f', settings, '-l', entries], check=True, **quiet)
            with socket.create_server(('127.0.0.1', 0)) as free:
                self.port = free.getsockname()[1]
            # Asked for its log, if only for nothing of it, it stays in the foreground.
            # pylint: disable-next=consider-using-with
            self._process = subprocess.Popen(
                [slapd, '-f', settings, '-h', f'ldap://127.0.0.1:{self.port}', '-d', '0'], **quiet)
            in_trouble.callback(self._end)
            self._wait()
            in_trouble.pop_all()

    def close(self):
        """End it, and delete what it kept."""
        self._end()
        self._folder.cleanup()

    def _end(self):
        self._process.terminate()
        self._process.wait(PATIENCE)

    def _wait(self):
        end = time.monotonic() + PATIENCE
        while self._process.poll() is None and time.monotonic() < end:
            with suppress(OSError), socket.create_connection(('127.0.0.1', self.port)):
                return
            time.sleep(0.02)
        raise RuntimeError('slapd does not start')
