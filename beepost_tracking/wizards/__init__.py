from . import beepost_correct_address
from . import beepost_returns
from . import beepost_returns_line
from . import beepost_export_wizard
