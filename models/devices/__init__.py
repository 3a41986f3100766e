from . import oauth2_client_device
from . import oauth2_device_request
from . import oauth2_device_guess
from . import device_authorization_endpoint
from . import device_verification
