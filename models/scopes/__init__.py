from . import oauth2_scope
from . import oauth2_scope_line
from . import oauth2_scope_opening
