from . import oauth2_client_connection
from . import oauth2_client_template
from . import oauth2_client_kind
from . import oauth2_client_snippets
