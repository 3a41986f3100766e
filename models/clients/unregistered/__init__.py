from . import oauth2_client_registration
from . import oauth2_client_unused
from . import oauth2_scope_unregistered
from . import oauth2_listed_client
from . import oauth2_client_document
from . import oauth2_document_fetch
from . import oauth2_redirect_uri_unregistered
from . import res_config_settings_unregistered
