from . import clients
from . import scopes
