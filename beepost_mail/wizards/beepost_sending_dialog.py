from odoo import models


class BeepostSendingDialog(models.AbstractModel):
    """*Send by post*, whatever is sent: how the dialog comes back, and how it ends."""

    _name = "beepost.sending.dialog"
    _description = "Dialog that Sends by Post"

    def _reopen(self):
        """:return: action that shows this dialog again, with what it holds by now"""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send by post"),
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
            "target": "new",
        }

    def _close_with(self, message):
        """:return: action that closes this dialog and says ``message``"""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Sending by post"),
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
