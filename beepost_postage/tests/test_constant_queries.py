from itertools import cycle, islice, product

from odoo import Command, fields

from .common import DEPOSIT, PostageCase

PLACES = (("FR", "75008"), ("FR", "97400"), ("NC", "98800"), ("DE", "10115"))


class TestConstantQueries(PostageCase):
    """What prices cost the database does not grow with the letters."""

    def _queries(self, work):
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        work()
        self.env.flush_all()
        return self.env.cr.sql_log_count - before

    def _parcels(self):
        Postage = self.env["beepost.postage"]
        services = [self._service(name) for name in ("letter", "registered_ar")]
        envelope = self.account.profile_id.envelope_ids[:1]
        day = fields.Date.to_date(DEPOSIT)
        return [
            Postage._parcel(
                *(service, where, day, envelope),
                pages=sheets,
                sheets=sheets,
                weight_mg=5_000 * sheets,
            )
            for service, where, sheets in product(services, PLACES, range(1, 41))
        ]

    def test_quotes(self):
        parcels = self._parcels()

        def quote(count):
            wanted = [(self.tariff, p) for p in islice(cycle(parcels), count)]
            quotes = self.env["beepost.postage"]._quotes(wanted)
            self.assertEqual(len(quotes), count)
            self.assertTrue(all(hasattr(quote, "charges") for quote in quotes))

        counts = {n: self._queries(lambda n=n: quote(n)) for n in (1, 10, 1000)}
        self.assertEqual(counts[10], counts[1])
        self.assertEqual(counts[1000], counts[1])
        self.assertLess(counts[1], 15)

    def test_freezing(self):
        """A slice of the outbox: reading letters, pricing them, writing it down."""
        letter = self._priced()
        copies = (
            self.env["beepost.mailing"]
            .sudo()
            .create([self._copy_vals(letter) for _copy in range(45)])
        )
        few, many = copies[:5], copies[5:]
        counts = [self._queries(lambda s=s: self._freeze(s)) for s in (few, many)]
        self.assertEqual(counts[0], counts[1])

    def _copy_vals(self, letter):
        names = ("account_id", "company_id", "partner_id", "user_id", "service_id")
        return {
            **{name: letter[name].id for name in names},
            **{name: letter[name] for name in ("name", "country_code", "zip_code")},
            **{name: letter[name] for name in ("sheets", "weight_mg", "envelope")},
            "state": "ready",
            "document_ids": [Command.create(self._document_vals(letter.document_ids))],
        }

    def _document_vals(self, document):
        names = ("name", "res_model", "res_id", "pages")
        return {
            **{name: document[name] for name in names},
            "attachment_id": document.attachment_id.id,
        }

    def _freeze(self, letters):
        self.assertEqual(letters._freeze_prices(), {})
        self.assertTrue(all(letters.mapped("quote")))
