from . import access
from . import clients
from . import health
from . import scopes
