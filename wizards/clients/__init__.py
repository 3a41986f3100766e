from . import oauth2_client_new
from . import oauth2_client_secret_bring
from . import oauth2_takeover
