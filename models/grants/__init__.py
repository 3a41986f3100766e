from . import grant
from . import grant_authorization_code
from . import grant_client_credentials
from . import grant_device_code
from . import grant_refresh_token
from . import grant_token_exchange
