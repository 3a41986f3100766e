from . import ir_config_parameter
from . import oauth2_event
from . import oauth2_recorded
