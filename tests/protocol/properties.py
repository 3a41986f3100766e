"""Settings of the property tests: the same examples in every run, and nothing left in the repository."""
import atexit
import tempfile

from hypothesis import settings
from hypothesis.configuration import set_hypothesis_home_dir

_home = tempfile.TemporaryDirectory(prefix='restapi_oauth2_hypothesis_')
atexit.register(_home.cleanup)
set_hypothesis_home_dir(_home.name)

PROPERTY = settings(derandomize=True, deadline=None, max_examples=200, database=None)
