"""Software of others that signs in here, for the part `clients` of the tests: what its files need, and nothing sooner.

Packages in JavaScript and in Python are exactly those of the lock files, checked by their hashes; Apache is Debian's.
"""

import hashlib

from . import apache, node, paths, stamps, virtual_environment
from .processes import step

LOCK = paths.DEVELOPMENT / 'clients.lock'


def _javascript():
    node.provide(paths.CLIENTS / 'node', paths.CLIENTS_NODE)
    return {'RESTAPI_OAUTH2_NODE_CLIENTS': str(paths.CLIENTS_NODE / 'clients')}


def _n8n():
    # By itself: it brings more packages than all others together.
    node.provide(paths.CLIENTS / 'n8n', paths.CLIENTS_N8N)
    return {'RESTAPI_OAUTH2_N8N_CLIENT': str(paths.CLIENTS_N8N / 'clients')}


def _python():
    source = {'lock': hashlib.sha256(LOCK.read_bytes()).hexdigest(), 'python': str(paths.PYTHON.resolve())}
    if not stamps.is_made_from(paths.CLIENTS_PYTHON, source):
        message = 'Python packages of clients: installing them with pip'
        with step(message), stamps.replacing(paths.CLIENTS_PYTHON, source) as new:
            # In a folder of their own: Odoo does not see them.
            virtual_environment.pip_install('pip-clients', LOCK, '--target', new)
    return {'RESTAPI_OAUTH2_PYTHON_CLIENTS': str(paths.CLIENTS_PYTHON)}


# What the files of tests/clients need.
NEEDS = {
    'test_apache': apache.environment,
    'test_authjs': _javascript,
    'test_django': _python,
    'test_flask_dance': _python,
    'test_mcp_typescript': _javascript,
    'test_n8n': _n8n,
    'test_oidc_client_ts': _javascript,
}


def provide(files):
    """Get what these files of tests need.

    :param files: their names, without `.py`.
    :return: the environment variables by which they find it.
    :raises Problem: something cannot be had.
    """
    variables = {'RESTAPI_OAUTH2_NODE': str(paths.NODE_PROGRAM)}
    for need in dict.fromkeys(NEEDS[name] for name in sorted(files)):
        variables |= need()
    return variables
