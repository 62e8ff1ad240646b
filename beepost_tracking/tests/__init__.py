from . import test_pull
from . import test_rights
from . import test_webhook
