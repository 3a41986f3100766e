"""An LDAP server and Odoo's library for LDAP: Debian's packages, unpacked into `.dev/openldap`.

Only the part `auth` of the tests needs them. PyPI has the library only as source, which few machines can compile;
Debian's is compiled for Debian's own Python.
"""

import os
import subprocess

from . import debian, debian_archives, odoo_source, paths, stamps
from .processes import Problem

SERVER = 'slapd'
# With the library's own dependencies in Python, because the virtual environment does not see the machine's.
LIBRARY = ('python3-ldap', 'python3-pyasn1', 'python3-pyasn1-modules')


def environment():
    """The environment variables by which Odoo and its tests find both.

    :raises Problem: they cannot be downloaded, or do not work with the virtual environment's Python.
    """
    _provide()
    variables = {
        'RESTAPI_OAUTH2_OPENLDAP': str(paths.OPENLDAP),
        'LD_LIBRARY_PATH': debian.libraries(paths.OPENLDAP),
        'PYTHONPATH': os.pathsep.join([str(odoo_source.location()), str(paths.OPENLDAP / odoo_source.UNPACKED)]),
    }
    result = subprocess.run(
        [paths.PYTHON, '-c', 'import ldap'],
        env=os.environ | variables,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if result.returncode:
        reason = result.stderr.rstrip().splitlines()[-1]
        raise Problem(
            f"Debian's python3-ldap does not go with this Python ({reason}): run /usr/bin/python3 dev test auth")
    return variables


def _provide():
    archives = debian_archives.archives()
    source = {'archives': [archive.suite for archive in archives], 'packages': [SERVER, *LIBRARY]}
    if stamps.is_made_from(paths.OPENLDAP, source):
        return
    message = f"OpenLDAP: downloading Debian's {SERVER} and {LIBRARY[0]} (2 MB)"
    with debian.unpacking(paths.OPENLDAP, archives, source, message) as (apt, new):
        # The first call leaves out what is installed, but only the machine's own Python finds that.
        needed = {*apt.download_with_dependencies([SERVER, *LIBRARY]), *apt.download([SERVER, *LIBRARY])}
        debian.unpack(sorted(needed), new)
