from . import oauth2_client_dynamic
from . import oauth2_registration_token
from . import oauth2_registration_quota
from . import oauth2_initial_access_token
from . import oauth2_initial_access_token_show
from . import res_config_settings_dynamic
