from . import oauth2_event
