from . import oauth2_scope
from . import oauth2_scope_fields
from . import oauth2_scope_keys
from . import oauth2_scope_line
from . import oauth2_scope_opening
from . import oauth2_scope_shown
