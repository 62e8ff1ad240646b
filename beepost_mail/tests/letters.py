"""Letters in each state, as tests want them."""

from odoo import fields

from ..gateway import port
from .common import LOST, BeepostCommon, ScriptedGateway, receipt


def refusing(*codes):
    """A provider that refuses every letter."""
    reasons = [port.Reason(code, f"Motif {code}") for code in codes or ("bad",)]
    return ScriptedGateway([lambda sent: tuple(receipt(m, *reasons) for m in sent)])


class CancellingGateway(ScriptedGateway):
    """Cancels the references in ``open``; raises or refuses for the others."""

    def __init__(self, open_references=(), error=None):
        super().__init__()
        self.open = set(open_references)
        self.error = error
        self.cancelled = []

    def cancel(self, reference):
        if reference in self.open:
            self.cancelled.append(reference)
            return port.Cancellation(True, "done")
        if self.error:
            raise self.error
        return port.Cancellation(False, "Production has begun")


class MailingCase(BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._in_english(cls.env.user + cls.accountant + cls.manager)

    def _refused(self, *moves, user=None, codes=()):
        letters = self._post(*moves, user=user or self.accountant)
        with self._gateway(refusing(*codes)):
            self._run_outbox()
        self.assertEqual(set(letters.mapped("state")), {"rejected"})
        return letters

    def _accepted(self, *moves, user=None):
        letters = self._post(*moves, user=user or self.accountant)
        with self._gateway(ScriptedGateway()):
            self._run_outbox()
        self.assertEqual(set(letters.mapped("state")), {"accepted"})
        return letters

    def _in_doubt(self, *moves):
        letters = self._post(*moves, user=self.accountant)
        account = self.account.sudo()
        account.limits_at = False
        with self._gateway(ScriptedGateway([LOST], lookup=False, idempotency=False)):
            self._run_outbox()
            letters.sudo().deadline = fields.Datetime.now()
            account.retry_at = False
            self._run_outbox()
        account.write({"retry_at": False, "limits_at": False})
        self.assertEqual(set(letters.mapped("state")), {"unknown"})
        return letters

    def _bodies(self, record):
        return "\n".join(record.sudo().message_ids.mapped("body"))
