"""What grows with the number of letters must grow slowly."""

from .sending import BatchCase


class TestGrowth(BatchCase):
    """What grows with the number of letters must grow slowly."""

    def _queries(self, function, *args):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        function(*args)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _send(self, moves):
        self._wizard(moves, self.accountant).action_send()

    def test_queries_a_letter(self):
        self._send(self._invoices(2))  # warms what is read once
        few = self._queries(self._send, self._invoices(10))
        many = self._queries(self._send, self._invoices(50))
        self.assertLess((many - few) / 40, 3, f"{few} for 10, {many} for 50")

    def test_queries_of_the_list(self):
        """Reading letters and lots does not ask for each of them."""
        self._send(self._invoices(3))
        names = ["name", "state", "address", "error", "partner_id", "sheets"]
        names += ["document_count", "planned_words"]

        def read():
            Mailing = self.env["beepost.mailing"].with_user(self.accountant)
            Mailing.search([]).read(names)
            Lot = self.env["beepost.lot"].with_user(self.accountant)
            Lot.search([]).read(["progress", "letter_count", "missing_count"])

        read()
        few = self._queries(read)
        for _lot in range(4):
            self._send(self._invoices(5))
        many = self._queries(read)
        self.assertLessEqual(many - few, 2, f"{few} for 3, {many} for 23")

    def test_queries_of_the_invoice_list(self):
        moves = self._invoices(20)
        self._send(moves[:15])

        def read(some):
            some.with_user(self.accountant).read(["beepost_state", "beepost_count"])

        read(moves[:2])
        few = self._queries(read, moves[:2])
        many = self._queries(read, moves)
        self.assertLessEqual(many, few + 2)

    def test_queries_of_partners(self):
        partners = self.env["res.partner"].union(
            *(self._create_customer(f"Client {number}") for number in range(12))
        )
        self._send(self._invoices(12, partners=partners))

        def read(some):
            some.with_user(self.accountant).read(["beepost_mailing_count"])

        read(partners[:1])
        few = self._queries(read, partners[:1])
        many = self._queries(read, partners)
        self.assertLessEqual(many, few + 2)
