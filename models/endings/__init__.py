from . import oauth2_client_user
from . import oauth2_ending
from . import oauth2_client_epoch
from . import oauth2_authorization_end
