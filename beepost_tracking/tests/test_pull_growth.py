"""The cost of reading events: what is new counts, not what is open."""

from datetime import timedelta

from .common import NOON, TellingGateway, TrackingCase, event

NEWS = 500
WAY = ("received", "producing", "posted", "in_transit", "proof")
# A whole page of news, each about another letter, may cost so much: most of it are
# rows of a hundred at a time.
QUERIES_AN_EVENT = 0.3


class TestPullGrowth(TrackingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letters = cls._many_accepted(NEWS)

    def _queries(self, gateway):
        """Of one page, from the provider's answer to the commit."""
        account = self.account.sudo()
        self._follow().cursor = False
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        with self._gateway(gateway), account._open_gateway() as opened:
            page = opened.events("", NEWS)
            self.assertFalse(page.more)
            self.env["beepost.pull"].sudo()._store_page(account, self._follow(), page)
        self.env.flush_all()
        return self.cr.sql_log_count - before

    def _news(self, letters, day):
        """As many events as fit into a page, of these letters in turn."""
        gateway = TellingGateway()
        start = NOON + timedelta(days=day)
        for number in range(NEWS):
            lap, letter = divmod(number, len(letters))
            gateway.log.append(
                event(letters[letter], WAY[lap % 5], start + timedelta(minutes=lap))
            )
        return gateway

    def _open_more(self, count):
        """Copies of a letter, made by SQL: nothing but their being open counts."""
        self.env.flush_all()
        self.cr.execute(
            """SELECT string_agg(quote_ident(column_name), ', ')
                 FROM information_schema.columns
                WHERE table_name = 'beepost_mailing'
                  AND table_schema = current_schema
                  AND column_name NOT IN
                      ('id', 'client_reference', 'provider_reference')"""
        )
        columns = self.cr.fetchone()[0]
        self.cr.execute(
            f"""INSERT INTO beepost_mailing
                       (client_reference, provider_reference, {columns})
                SELECT gen_random_uuid()::text, 'C-' || copy, {columns}
                  FROM beepost_mailing, generate_series(1, %s) copy
                 WHERE id = %s""",  # pylint: disable=sql-injection
            [count, self.letters[0].id],
        )
        self.env.invalidate_all()

    def _open_count(self):
        return self.env["beepost.mailing"].search_count(
            [("account_id", "=", self.account.id), ("state", "=", "accepted")]
        )

    def test_open_letters_cost_nothing(self):
        self.letters[10:].sudo().state = "draft"
        followed = self.letters[:10]
        self._queries(self._news(followed, 0))  # warms, and moves each of them
        few = self._queries(self._news(followed, 1))
        self.assertEqual(self._open_count(), 10)
        self._open_more(990)
        self.assertEqual(self._open_count(), 1000)
        many = self._queries(self._news(followed, 2))
        self.assertEqual(many, few, f"{few} with 10 open letters, {many} with 1,000")

    def test_a_letter_costs_little(self):
        self._queries(self._news(self.letters[:10], 0))
        few = self._queries(self._news(self.letters[:50], 1))
        for code in ("posted", "delivered", "undeliverable", "returned"):
            with self.subTest(code):
                gateway = TellingGateway()
                for letter in self.letters:
                    gateway.tell(letter, code)
                most = self._queries(gateway)
                self.assertLess(
                    most, NEWS * QUERIES_AN_EVENT, f"{few} for 50 letters, {most}"
                )
        self.assertEqual(set(self.letters.mapped("status")), {"returned"})

    def test_told_again_costs_next_to_nothing(self):
        gateway = self._news(self.letters[:50], 0)
        self._queries(gateway)
        self.assertLess(self._queries(gateway), 10)
