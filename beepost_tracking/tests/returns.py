"""Letters that came back, as tests want them."""

from datetime import timedelta

from odoo import Command

from .common import NOON, TellingGateway, TrackingCase


class ReturnsCase(TrackingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.move = cls._create_invoice()
        cls.letter = cls._sent(cls.move)

    @classmethod
    def _sent(cls, *moves, user=None, days=0):
        """Letters of these invoices, accepted on NOON's day and ``days`` later."""
        letters = cls._post(*moves, user=user or cls.accountant)
        for letter in letters:
            letter.write(
                {
                    "state": "accepted",
                    "accepted_at": NOON.replace(tzinfo=None) + timedelta(days=days),
                    "provider_reference": f"PR-{letter.id}",
                }
            )
        return letters

    @classmethod
    def _invoices(cls, count, partners=None):
        """Posted invoices with a PDF, made together; each has its own addressee."""
        partners = partners or cls._customers(count)
        moves = cls.env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "company_id": cls.company.id,
                    "invoice_date": "2026-11-20",
                    "invoice_line_ids": [
                        Command.create({"name": "x", "price_unit": 10.0})
                    ],
                }
                for partner in partners
            ]
        )
        moves.action_post()
        for move in moves:
            cls._attach_legal_pdf(move)
        return moves

    @classmethod
    def _customers(cls, count):
        return cls.env["res.partner"].create(
            [
                {
                    "name": f"Client {number:03}",
                    "is_company": True,
                    "country_id": cls.env.ref("base.fr").id,
                    "street": f"{number + 1} rue de la Paix",
                    "zip": "75002",
                    "city": "Paris",
                }
                for number in range(count)
            ]
        )

    def _came_back(self, letters, reason="npai", code="undeliverable", **more):
        """``letters`` once it was told of each that it came back, all in one go."""
        gateway = TellingGateway()
        for letter in letters:
            gateway.tell(letter, "posted", code, reason=reason, **more)
        self._follow().write({"cursor": False, "retry_at": False})
        self._pull(gateway)
        return letters

    def _activities(self, letters, kind="activity_came_back"):
        return letters.sudo().activity_ids.filtered(
            lambda a: a.activity_type_id == self.env.ref(f"beepost_tracking.{kind}")
        )
