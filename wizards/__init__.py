from . import access
from . import clients
from . import scopes
