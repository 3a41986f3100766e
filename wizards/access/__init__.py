from . import oauth2_stop
