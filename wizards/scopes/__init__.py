from . import oauth2_scope_wizard
