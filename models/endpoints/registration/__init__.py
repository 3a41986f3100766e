from . import client_registration_endpoint
from . import client_configuration_endpoint
