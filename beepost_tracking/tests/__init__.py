from . import test_order
from . import test_pull
from . import test_pull_growth
from . import test_rights
from . import test_webhook
from . import test_board
from . import test_overview
