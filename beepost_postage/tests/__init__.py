from . import test_batch_price
from . import test_estimate
from . import test_explain
from . import test_frozen_price
from . import test_letter_price
from . import test_price_races
from . import test_shipped_grids
