from . import test_answer_format
from . import test_bad_input
from . import test_rfc6749_authorize
from . import test_rfc6749_refresh
from . import test_rfc6749_token
from . import test_rfc6750_bearer
from . import test_rfc7636_pkce
from . import test_rfc9068_access_token
