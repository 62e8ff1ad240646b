"""What a lot cost, and who bears the price of a shared envelope."""

from decimal import Decimal

from odoo.addons.beepost_mail.tests.grouping import GroupingCase
from odoo.addons.beepost_mail.tests.lots import LotCase

from ..models.postage_words import euros
from .common import PostageCase


class TestLotCost(PostageCase, GroupingCase, LotCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._in_english(cls.env.user | cls.accountant)

    def _price_all(self, lot):
        """Letters are made and priced, and have certainly not left."""
        self._prepare_all()
        lot.sudo().mailing_ids.first_sent_at = False

    def _amounts(self, lot):
        return [row[1:] for row in lot._sums_of_prices()]

    def test_frozen_prices_exactly(self):
        lot = self._lot(self._invoices(3))
        self.assertFalse(lot.cost, "nothing is priced yet")
        self._price_all(lot)
        total = Decimal("3.744")  # three times 1.248
        self.assertEqual(self._amounts(lot), [(Decimal("3.69"), total, 3, True)])
        self._send()
        lot.invalidate_recordset(["cost"])
        words = f"Practice, nothing is billed: {euros(lot.env, total)} with VAT"
        self.assertIn(words, lot.cost)
        self.assertIn(
            "nothing is billed", lot.message_ids.filtered("partner_ids").sudo().body
        )

    def test_what_never_left_costs_nothing(self):
        lot = self._lot(self._invoices(2))
        self._price_all(lot)
        lot.mailing_ids[0].action_cancel()
        self.assertEqual(
            self._amounts(lot), [(Decimal("1.23"), Decimal("1.248"), 1, True)]
        )

    def test_real_letters_are_billed(self):
        lot = self._lot(self._invoices(2))
        self._price_all(lot)
        lot.sudo().mailing_ids[0].is_practice = False
        self.assertEqual([row[-1] for row in self._amounts(lot)], [False, True])
        self.assertEqual(lot._get_cost_sentence().count(euros(lot.env, "1.248")), 2)

    def test_only_the_shared_envelope_has_a_price(self):
        lot = self._lot(self._invoices(3))
        self._price_all(lot)
        letters = lot.sudo().mailing_ids.sorted("id")
        self.assertTrue(all(letters.mapped("price_total")))
        self._together(letters)
        self.assertEqual(letters.mapped("price_total"), [0, 0, 0])
        self.assertFalse(any(letters.mapped("quote")))
        self.assertFalse(self._amounts(lot))
        self._send()
        self.assertEqual(
            letters.mapped("state"), ["accepted", "cancelled", "cancelled"]
        )
        carrier = letters[0]
        self.assertTrue(carrier.quote)
        self.assertFalse(any(letters[1:].mapped("quote")))
        self.assertFalse(any(letters[1:].mapped("priced_for")))
        self.assertEqual(carrier.quote["document_pages"], [1, 1, 1])
        self.assertEqual(carrier.quote["sheets"], 4)
        total = Decimal(carrier.quote["total"])
        self.assertEqual([row[1:3] for row in self._amounts(lot)], [(total, 1)])
