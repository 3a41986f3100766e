from . import oauth2_use
from . import oauth2_withdrawal
from . import oauth2_access
from . import oauth2_client_access
from . import res_users_access
