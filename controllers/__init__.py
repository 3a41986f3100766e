from . import authorize
from . import metadata
from . import token
from . import unknown
