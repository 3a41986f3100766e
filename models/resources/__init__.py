from . import oauth2_resource
from . import oauth2_resource_scope
from . import oauth2_resource_client
from . import oauth2_resource_exchange
