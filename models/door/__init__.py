from . import door
from . import listing
from . import methods
