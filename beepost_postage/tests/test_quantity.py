"""Prices for many letters count envelopes, and only those that are there."""

from freezegun import freeze_time

from odoo.addons.beepost_mail.gateway import port
from odoo.addons.beepost_mail.tests.common import ACCEPT, ScriptedGateway, receipt

from .test_batch_price import BatchPriceCase


def refuse_second(letters):
    reason = port.Reason("address.undeliverable", "No such address")
    first, second = letters
    return receipt(first), receipt(second, reason)


class TestQuantity(BatchPriceCase):
    def _partners(self):
        one, other = (self._create_customer(name) for name in ("Un", "Deux"))
        return [one, one, one, other]

    def _sent(self, **values):
        moves = self._invoices_of(1, 1, 1, 1, partners=self._partners())
        wizard = self._wizard(moves, address_sheet="always", **values)
        drafts = wizard._drafts()
        wizard._count_drafts(drafts)
        cases = wizard._price_batch(drafts).letters
        said = {case.quantity for case, _choice in cases}
        wizard.action_send()
        return self._letters(moves), said

    def _quantities(self, letters):
        return [letter.quote["quantity"] for letter in letters if letter.quote]

    def test_each_in_its_own_envelope(self):
        letters, said = self._sent()
        self._run_outbox()
        self.assertEqual(said, {4})
        self.assertEqual(self._quantities(letters), [4, 4, 4, 4])

    def test_documents_that_share_envelopes(self):
        letters, said = self._sent(together=True)
        self._run_outbox()
        self.assertEqual(said, {2})
        lot = letters.lot_id
        left = lot.mailing_ids.filtered(lambda letter: letter.state == "accepted")
        self.assertEqual(len(left), 2)
        self.assertEqual(self._quantities(left), [2, 2])

    def test_neither_cancelled_nor_refused_nor_a_mere_hope(self):
        letters, _said = self._sent()
        letters.lot_id.expected = 300  # their PDFs may fail, each of them
        letters[0].state = "cancelled"
        letters[1].state = "rejected"
        self._run_outbox()
        self.assertEqual(self._quantities(letters), [2, 2])

    def _cheaper_from(self, quantity):
        """Half a euro of postage where so many letters are sent together."""
        grid = self.env.ref("beepost_postage.grid_beepost")
        grid.action_draft()
        step = grid.line_ids.filtered(
            lambda line: line.product_id.code == "lettre_verte" and line.max_grams == 35
        )
        step.copy({"min_quantity": quantity, "pricing": "fixed", "price": 0.5})
        grid.action_confirm()

    def _waiting(self, **limits):
        """Four letters that were priced, and could not leave at once."""
        letters, _said = self._sent()
        down = ScriptedGateway(submit=[port.Unavailable("down")], **limits)
        with self._gateway(down):
            self._run_outbox()
        self.assertEqual(set(letters.mapped("state")), {"queued"})
        self.assertEqual(self._quantities(letters), [4, 4, 4, 4])
        return letters

    @freeze_time("2026-11-25 10:00:00")  # the day of deposit is the same
    def _leave(self, *script):
        with self._gateway(ScriptedGateway(submit=script)):
            self._run_outbox()

    def test_a_lot_that_got_smaller_before_it_leaves(self):
        """The price is frozen when the letters leave, not when they were prepared."""
        self._cheaper_from(4)
        letters = self._waiting()
        self.assertEqual(set(letters.mapped("price_postage")), {0.5})
        letters[0].action_cancel()
        self._leave()
        left = letters[1:]
        self.assertEqual(set(left.mapped("state")), {"accepted"})
        self.assertEqual(self._quantities(left), [3, 3, 3])
        self.assertEqual(set(left.mapped("price_postage")), {1.14})
        for letter in left:
            words = self._bodies(letter).replace("&nbsp;", " ")
            self.assertIn("Letters sent together: 3 instead of 4.", words)
            self.assertIn("is now 1.248 € instead of 0.608 €", words)

    def test_what_left_before_a_refusal_keeps_its_price(self):
        """BeePOST takes two a request, and refuses the second of them."""
        self._cheaper_from(4)
        letters = self._waiting(max_request_letters=2)
        self._leave(refuse_second, ACCEPT)
        self.assertEqual(
            letters.mapped("state"), ["accepted", "rejected", "accepted", "accepted"]
        )
        self.assertEqual(self._quantities(letters), [4, 3, 3])
        self.assertEqual(letters.mapped("price_postage"), [0.5, 0, 1.14, 1.14])

    def test_a_lot_that_grew_before_it_leaves(self):
        self._cheaper_from(5)
        letters = self._waiting()
        self.assertEqual(set(letters.mapped("price_postage")), {1.14})
        (late,) = self._invoices_of(1)
        self._post(late, lot_id=letters.lot_id.id, address_sheet="always")
        self._leave()
        letters = letters.lot_id.mailing_ids
        self.assertEqual(self._quantities(letters), [5] * 5)
        self.assertEqual(set(letters.mapped("price_postage")), {0.5})

    def test_nothing_is_said_of_a_price_that_stays(self):
        letters = self._waiting()
        letters[0].action_cancel()
        self._leave()
        self.assertEqual(self._quantities(letters[1:]), [3, 3, 3])
        self.assertNotIn("instead of", "".join(map(self._bodies, letters)))

    def test_a_lot_in_a_dialog_of_groups(self):
        letters, _said = self._sent()
        letters.lot_id.expected = 300
        seen = []
        Postage = type(self.env["beepost.postage"])
        quotes = Postage._quotes

        def spy(records, wanted):
            seen.append([parcel.quantity for _tariff, parcel in wanted])
            return quotes(records, wanted)

        mates = letters.filtered(lambda letter: letter.partner_id.name == "Un")
        mates.document_ids.pages = 1
        self.patch(Postage, "_quotes", spy)
        self.env["beepost.mailing"]._get_group_saving([mates])
        self.assertEqual(seen, [[4, 4, 4], [2]])
