from . import oauth2_client_proof
from . import oauth2_client_key_set
from . import oauth2_used_assertion
