from . import test_mailing
from . import test_outbox
from . import test_remote_calls
from . import test_review
from . import test_rights
from . import test_secrets
from . import test_security
from . import test_wording
