from odoo import models


class BeepostSendingDialog(models.AbstractModel):
    """*Send by post*, whatever is sent: the options of each letter, how the dialog
    comes back, and how it ends."""

    _name = "beepost.sending.dialog"
    _description = "Dialog that Sends by Post"

    def _options_for_each(self, addressees):
        """Options of many letters, looked up once for all addressees who prefer the
        same.

        :param addressees: list of (company, partner)
        :return: list of options, each a dict of its own
        """
        known, found = {}, []
        for company, partner in addressees:
            top = partner.commercial_partner_id.with_company(company)
            key = company, top.beepost_service_id, top.beepost_color, top.beepost_duplex
            if key not in known:
                known[key] = self._options_of(partner, company)
            found.append(dict(known[key]))
        return found

    def _options_of(self, partner, company):
        """:return: options of a letter to ``partner``, plain values"""
        raise NotImplementedError

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
