from . import test_constant_queries
from . import test_explain
from . import test_frozen_price
from . import test_shipped_grids
