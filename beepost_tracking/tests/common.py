"""Letters that have left, and a provider that tells what happened to them."""

from datetime import datetime, timedelta, timezone

from odoo import Command

from odoo.addons.beepost_mail.gateway import port
from odoo.addons.beepost_mail.tests.common import ScriptedGateway
from odoo.addons.beepost_mail.tests.letters import MailingCase

NOON = datetime(2026, 11, 24, 11, 0, tzinfo=timezone.utc)


class TellingGateway(ScriptedGateway):
    """Tells ``log`` page by page; the cursor is a position in it.

    >>> gateway.tell(letter, "posted", "delivered")
    """

    def __init__(self, page=500, error=None, **how):
        super().__init__(**how)
        self.log = []
        self.page = page
        self.error = error
        self.cursors = []

    def tell(self, letter, *codes, start=NOON, **more):
        """One event for each code, an hour apart."""
        told = []
        for position, code in enumerate(codes):
            told.append(event(letter, code, start + timedelta(hours=position), **more))
        self.log += told
        return told

    def events(self, cursor="", limit=500):
        self.cursors.append(cursor)
        if self.error:
            raise self.error
        position = int(cursor or 0)
        events = self.log[position : position + min(limit, self.page)]
        position += len(events)
        return port.EventPage(tuple(events), str(position), position < len(self.log))


def event(letter, code, happened_at=NOON, **more):
    values = {
        "event_id": f"{letter.client_reference}-{code}-{happened_at:%d%H%M}",
        "client_reference": letter.client_reference,
        "provider_reference": letter.provider_reference or "PR-1",
        "label": code,
        "raw": {"code": code},
        **more,
    }
    return port.Event(code=code, happened_at=happened_at, **values)


class TrackingCase(MailingCase):
    """``self._pull(gateway)`` runs the scheduled action against ``gateway``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.partner_id.lang = "en_US"
        cls.env["beepost.account"].search([("id", "!=", cls.account.id)]).active = False

    def _pull(self, gateway):
        cron = self.env.ref("beepost_tracking.ir_cron_pull").sudo()
        with self._gateway(gateway):
            self._run_cron(cron)
        return self._follow()

    def _follow(self):
        return self.env["beepost.follow"].sudo()._of(self.account)

    def _told(self, letter, *codes, **more):
        """The letter once these codes were told of it, in this order."""
        gateway = TellingGateway()
        gateway.tell(letter, *codes, **more)
        self._follow().write({"cursor": False, "retry_at": False})
        self._pull(gateway)
        return letter

    @classmethod
    def _many_accepted(cls, count):
        """Accepted letters, each with an invoice of its own: made in one go, with no
        PDF of theirs, for tests that want many."""
        moves = cls.env["account.move"].create(
            [{"move_type": "out_invoice", "partner_id": cls.customer.id}] * count
        )
        pdf = cls.env["ir.attachment"].create({"name": "Facture.pdf", "raw": b"%PDF"})
        letters = cls.env["beepost.mailing"].sudo()
        return letters.create(
            [
                {
                    "name": f"Facture {number}",
                    "company_id": cls.company.id,
                    "account_id": cls.account.id,
                    "partner_id": cls.customer.id,
                    "user_id": cls.accountant.id,
                    "service_id": cls.env.ref("beepost_mail.service_letter").id,
                    "state": "accepted",
                    "accepted_at": NOON.replace(tzinfo=None),
                    "provider_reference": f"PR-{move.id}",
                    "document_ids": [
                        Command.create(
                            {
                                "name": f"Facture {number}",
                                "res_model": "account.move",
                                "res_id": move.id,
                                "attachment_id": pdf.id,
                            }
                        )
                    ],
                }
                for number, move in enumerate(moves)
            ]
        ).sudo(False)
