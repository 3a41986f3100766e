from . import oauth2_signing_key
from . import oauth2_key_generation
from . import oauth2_key_rotation
