from . import account_move_send_wizard
from . import beepost_send
