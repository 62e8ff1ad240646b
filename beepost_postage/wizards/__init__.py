from . import beepost_postage_import
from . import beepost_postage_import_parts
from . import beepost_postage_compare
from . import beepost_postage_try
from . import account_move_send_wizard
from . import beepost_compose
from . import beepost_send
from . import beepost_statement_import
