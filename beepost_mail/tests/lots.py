"""Lots under way: some letters prepared, some not, some without a PDF yet."""

from ..gateway import port
from .common import ScriptedGateway
from .sending import BatchCase


class LotCase(BatchCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._in_english(cls.manager)
        cls.colleague = cls._create_user("colleague", "account.group_account_invoice")

    def _lot(self, moves, user=None, **values):
        """A lot that the accountant sends."""
        self._wizard(moves, user or self.accountant, **values).action_send()
        lot = self.env["beepost.lot"].search([("id", ">", 0)], limit=1)
        return lot.with_user(user or self.accountant)

    def _render_good(self, moves):
        """Core makes the letters of ordered invoices, with PDFs that can be printed:
        in tests it renders none."""
        for move in moves:
            self._attach_legal_pdf(move)
        self._render()

    def _prepare_all(self):
        """Letters are made ready and none leaves: the provider is down."""
        self._send(ScriptedGateway([port.Unavailable("503")]))
        self.account.sudo().write({"retry_at": False, "failures": 0})

    def _send(self, gateway=None):
        with self._gateway(gateway or ScriptedGateway()) as used:
            self._run_outbox()
        return used

    def _states(self, lot):
        return sorted(lot.sudo().mailing_ids.mapped("state"))
