"""Prices for many letters count envelopes, and only those that are there."""

from .test_batch_price import BatchPriceCase


class TestQuantity(BatchPriceCase):
    def _partners(self):
        one, other = (self._create_customer(name) for name in ("Un", "Deux"))
        return [one, one, one, other]

    def _sent(self, **values):
        moves = self._invoices_of(1, 1, 1, 1, partners=self._partners())
        wizard = self._wizard(moves, address_sheet="always", **values)
        cases = wizard._price_batch(2).letters
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
