from . import test_frozen_price
from . import test_group_saving
