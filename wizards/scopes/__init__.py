from . import oauth2_scope_opened
from . import oauth2_scope_wizard
