from . import oauth2_connection_test
