from . import oauth2_client_proof
from . import oauth2_client_key_set
from . import oauth2_client_key_set_url
from . import oauth2_fetched_keys
from . import oauth2_used_assertion
