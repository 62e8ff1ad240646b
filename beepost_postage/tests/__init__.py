from . import test_frozen_price
