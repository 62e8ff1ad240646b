from . import test_outbox
from . import test_wording
from . import test_remote_calls
from . import test_rights
from . import test_secrets
from . import test_security
