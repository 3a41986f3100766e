from . import oauth2_client_open_to
from . import oauth2_client_trusted
