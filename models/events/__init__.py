from . import ir_config_parameter
from . import oauth2_event
from . import oauth2_event_forward
from . import oauth2_event_use
from . import oauth2_recorded
