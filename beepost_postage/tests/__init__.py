from . import test_frozen_price
from . import test_shipped_grids
from . import test_statement
from . import test_statement_import
from . import test_vendor_bill
from . import test_costs
