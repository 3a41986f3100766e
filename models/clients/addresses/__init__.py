from . import oauth2_registered_uri
from . import oauth2_redirect_uri
