"""All paths. All state is in the one folder `.dev/`, which may be deleted at any time."""

from pathlib import Path

ADDON = 'restapi_oauth2'

ROOT = Path(__file__).resolve().parent.parent
DEVELOPMENT = ROOT / 'development'
INSIDE = DEVELOPMENT / 'inside'
BENCH = ROOT / 'bench'
REQUIREMENTS = DEVELOPMENT / 'requirements.lock'
NODE_CLIENTS = ROOT / 'tests' / 'system' / 'node'
CLIENTS = ROOT / 'tests' / 'clients'

STATE = ROOT / '.dev'
DEBIAN = STATE / 'debian'
ODOO = STATE / 'odoo'
VIRTUAL_ENVIRONMENT = STATE / 'venv'
POSTGRES = STATE / 'postgres'
CHROMIUM = STATE / 'chromium'
BROWSER = STATE / 'browser'
NODE = STATE / 'node'
CLIENTS_NODE = STATE / 'clients-node'
CLIENTS_N8N = STATE / 'clients-n8n'
CLIENTS_PYTHON = STATE / 'clients-python'
APACHE = STATE / 'apache'
OPENLDAP = STATE / 'openldap'
PHP = STATE / 'php'
COMMUNITY = STATE / 'community'
ADDONS = STATE / 'addons'
DATA = STATE / 'data'
LOG = STATE / 'log'

PYTHON = VIRTUAL_ENVIRONMENT / 'bin' / 'python'
NODE_PROGRAM = VIRTUAL_ENVIRONMENT / 'bin' / 'node'
NODE_TOOLS = NODE / 'node_modules' / '.bin'
NPM = VIRTUAL_ENVIRONMENT / 'bin' / 'npm'
CHROME = BROWSER / 'google-chrome'


def new_log(name):
    """The path of an empty log file, which replaces that of the last run."""
    LOG.mkdir(parents=True, exist_ok=True)
    path = LOG / f'{name}.log'
    path.write_text('')
    return path
