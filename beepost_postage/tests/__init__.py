from . import test_frozen_price
from . import test_shipped_grids
from . import test_import
from . import test_export
from . import test_compare
from . import test_overview
from . import test_warning
from . import test_try
