from . import oauth2_health
from . import health_of_server
from . import health_of_applications
from . import oauth2_finding
from . import oauth2_finding_digest
from . import oauth2_client_health
from . import oauth2_trial
