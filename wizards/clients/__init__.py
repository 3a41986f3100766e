from . import oauth2_client_new
