from . import account_move_send_wizard
from . import account_move_send_batch_wizard
from . import base_document_layout
from . import beepost_account_request
from . import beepost_address_draft
from . import beepost_correct_address
from . import beepost_options
from . import beepost_send
