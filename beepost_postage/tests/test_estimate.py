"""What the dialog of one invoice says of the price before anything is sent."""

from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.tests import Form

from odoo.addons.beepost_mail.tests.common import a4_pdf
from odoo.addons.beepost_mail.tests.sending import SendCase

from .common import PostageCase


class TestEstimate(PostageCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")
        cls.env = cls.env(context={**cls.env.context, "lang": "en_US"})

    def _estimate(self, pages=3, partner=None, **options):
        partner = (partner or self.customer).with_env(self.env)
        move = self._create_invoice(partner, pdf=a4_pdf(pages=pages))
        return self.env["beepost.estimate"]._get_estimate(
            self.company,
            partner,
            move.invoice_pdf_report_id,
            {**partner._beepost_options(self.company), **options},
        )

    def test_amounts_as_text(self):
        price = self._estimate(address_sheet="never")["price"]
        self.assertEqual(price["quote"]["total"], "1.248")
        self.assertEqual(price["quote"]["untaxed"], "1.23")
        self.assertEqual(price["quote"]["day"], "2026-11-26")
        self.assertIn("Total with VAT", price["lines"][-1])
        self.assertTrue(price["is_practice"])

    def test_as_the_letter_will_cost(self):
        """The estimate with its address sheet is the price that is frozen later."""
        estimate = self._estimate(address_sheet="always")
        letter = self._priced(pages=3, address_sheet="always")
        frozen = {**letter.quote, "zip": estimate["price"]["quote"]["zip"]}
        # The outbox speaks no language of its own.
        frozen["service"] = estimate["price"]["quote"]["service"]
        self.assertEqual(estimate["price"]["quote"], frozen)

    def test_in_words(self):
        sentence = self._estimate()["sentence"].replace("\N{NO-BREAK SPACE}", " ")
        self.assertIn("3 pages on 2 sheets", sentence)
        self.assertIn("1.248 € (1.23 € without VAT)", sentence)
        self.assertIn("deposit on 11/26/2026", sentence)
        self.assertIn("Should an address sheet be needed: 1.302 €.", sentence)

    def test_address_sheet_told_only_where_it_may_come(self):
        for choice in ("always", "never"):
            price = self._estimate(address_sheet=choice)["price"]
            self.assertIsNone(price["with_address_sheet"], choice)
        price = self._estimate(address_sheet="auto")["price"]
        self.assertEqual(price["with_address_sheet"]["total"], "1.302")

    def test_an_address_sheet_that_no_envelope_takes(self):
        self.account.profile_id = self.account.profile_id.copy()
        small = self.account.profile_id.envelope_ids[0]
        (self.account.profile_id.envelope_ids - small).unlink()
        estimate = self._estimate(pages=2 * small.capacity)
        price = estimate["price"]
        self.assertTrue(price["quote"])
        self.assertIn("sheets", price["with_address_sheet_reason"])
        self.assertIn("Should an address sheet be needed", estimate["sentence"])

    def test_without_pdf_no_figure_is_invented(self):
        estimate = self.env["beepost.estimate"]._get_estimate(
            self.company,
            self.customer,
            self.env["ir.attachment"],
            self.customer._beepost_options(self.company),
        )
        self.assertNotIn("price", estimate)
        self.assertIn("So is the price", estimate["sentence"])
        self.assertNotIn("€", estimate["sentence"])

    def test_without_tariff_nothing_is_said(self):
        self.account.tariff_id = False
        estimate = self._estimate()
        self.assertNotIn("price", estimate)
        self.assertEqual(estimate["sentence"], estimate["paper"])

    def test_no_price_with_its_reason(self):
        self._service("letter").postage_product_ids = False
        estimate = self._estimate()
        self.assertIsNone(estimate["price"]["quote"])
        self.assertIn("has no postal product", estimate["sentence"])
        self.assertIn("leaves unpriced", estimate["sentence"])
        self.assertFalse(estimate["price"]["holds"])
        self._hold_unpriced()
        estimate = self._estimate()
        self.assertIn("would wait", estimate["sentence"])
        self.assertTrue(estimate["price"]["holds"])

    def test_no_price_is_known_before_there_is_a_pdf(self):
        """No grid for the day: that does not depend on the pages."""
        none = self.env["ir.attachment"]
        options = self.customer._beepost_options(self.company)
        get = self.env["beepost.estimate"]._get_estimate
        estimate = get(self.company, self.customer, none, options)
        self.assertNotIn("price", estimate)
        later = {**options, "planned_at": "2027-01-04 08:00:00"}
        estimate = get(self.company, self.customer, none, later)
        self.assertIsNone(estimate["price"]["quote"])
        self.assertIn("01/05/2027", estimate["sentence"])
        self.assertIn("leaves unpriced", estimate["sentence"])

    def test_bad_address(self):
        price = self._estimate(partner=self._create_customer("Loin", zip=False))
        self.assertIsNone(price["price"]["quote"])
        self.assertIn("address", price["price"]["reason"])

    def test_damaged_pdf(self):
        move = self._create_invoice(pdf=b"%PDF-1.7 nothing")
        estimate = self.env["beepost.estimate"]._get_estimate(
            self.company,
            self.customer,
            move.invoice_pdf_report_id,
            self.customer._beepost_options(self.company),
        )
        self.assertNotIn("price", estimate)
        self.assertNotIn("€", estimate["sentence"])

    def test_zone_of_the_addressee(self):
        overseas = self._create_customer("Réunion", zip="97400", city="Saint-Denis")
        quote = self._estimate(partner=overseas)["price"]["quote"]
        self.assertEqual((quote["zone"], quote["priced_as"]), ("om1", "metropole"))
        abroad = self._create_customer(
            "Berlin", zip="10115", city="Berlin", country_id=self.env.ref("base.de").id
        )
        quote = self._estimate(partner=abroad)["price"]["quote"]
        self.assertEqual(quote["zone"], "international")
        self.assertEqual(quote["product"], "lettre_internationale")

    def test_day_after_the_cut_off(self):
        with freeze_time("2026-11-25 16:30:00"):  # 17:30 in Paris
            self.assertEqual(self._estimate()["price"]["quote"]["day"], "2026-11-27")

    def test_planned_day(self):
        later = fields.Datetime.now() + timedelta(days=14)
        for planned_at, day in (
            (later, "2026-12-10"),
            (fields.Datetime.to_string(later), "2026-12-10"),
            (fields.Datetime.now() - timedelta(days=14), "2026-11-26"),
            (False, "2026-11-26"),
        ):
            quote = self._estimate(planned_at=planned_at)["price"]["quote"]
            self.assertEqual(quote["day"], day, planned_at)

    def test_a_planned_day_without_a_grid(self):
        estimate = self._estimate(planned_at="2027-01-04 09:00:00")
        self.assertIsNone(estimate["price"]["quote"])
        self.assertIn("01/05/2027", estimate["sentence"])

    def test_near_step(self):
        # 4.9896 g a sheet and 5.4 g: 5 sheets are 30.348 g, a step at 30 g is near.
        self.tariff.near_mg = 5_000
        price = self._estimate(pages=10, address_sheet="never")["price"]
        self.assertIn("very near", price["warnings"][0])
        self.assertIn("very near", self._estimate(pages=10)["sentence"])

    def test_advice(self):
        price = self._estimate(
            duplex=False,
            color=True,
            address_sheet="always",
            service_id=self._service("tracked").id,
        )["price"]
        advice = {row["code"]: row for row in price["advice"]}
        self.assertEqual(
            set(advice), {"both_sides", "no_address_sheet", "black_and_white", "plain"}
        )
        savings = [float(row["saving"]) for row in price["advice"]]
        self.assertEqual(savings, sorted(savings, reverse=True))
        self.assertEqual(
            advice["plain"]["options"], {"service_id": self._service("letter").id}
        )
        self.assertEqual(advice["both_sides"]["options"], {"duplex": True})
        # Following one of them saves what it said.
        follow = self._estimate(
            duplex=True,
            color=True,
            address_sheet="always",
            service_id=self._service("tracked").id,
        )["price"]
        saved = float(price["quote"]["total"]) - float(follow["quote"]["total"])
        self.assertAlmostEqual(saved, float(advice["both_sides"]["saving"]))

    def test_never_less_than_registered(self):
        price = self._estimate(service_id=self._service("registered_ar").id)["price"]
        self.assertFalse(price["advice"])

    def test_queries_do_not_grow_with_what_is_offered(self):
        self._estimate(service_id=self._service("tracked").id)
        few = self._count_queries()
        for number in range(12):
            self._service("letter").copy(
                {"code": f"lettre_{number}", "name": f"Lettre {number}"}
            )
        self.assertLessEqual(self._count_queries(), few + 2)

    def _count_queries(self):
        partner = self.customer.with_env(self.env)
        move = self._create_invoice(partner)
        options = {
            **partner._beepost_options(self.company),
            "service_id": self._service("tracked").id,
        }
        pdf = move.invoice_pdf_report_id
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.cr.sql_log_count
        self.env["beepost.estimate"]._get_estimate(self.company, partner, pdf, options)
        return self.cr.sql_log_count - before


class TestSendDialog(PostageCase, SendCase):
    """*Send* on one invoice."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")

    def test_the_price_for_programs(self):
        dialog = self._dialog(self._create_invoice(), user=self.accountant)
        self.assertEqual(dialog.beepost_price["total"], "1.194")
        self._service("letter").postage_product_ids = False
        dialog = self._dialog(self._create_invoice(), user=self.accountant)
        self.assertFalse(dialog.beepost_price)

    def _form(self, pages=3):
        move = self._create_invoice(pdf=a4_pdf(pages=pages))
        Wizard = self.env["account.move.send.wizard"].with_user(self.accountant)
        return Form(
            Wizard.with_context(
                active_model="account.move", active_ids=move.ids, lang="en_US"
            )
        )

    def test_the_price_follows_the_options(self):
        with self._form() as form:
            self.assertIn("1.248", form.beepost_price_html)
            form.beepost_duplex = False
            self.assertIn("1.302", form.beepost_price_html)
            form.beepost_color = True
            self.assertIn("1.518", form.beepost_price_html)
            form.beepost_color = False
            form.beepost_service_id = self._service("registered")
            self.assertIn("Recommandé R1", form.beepost_price_html)
            self.assertIn("<details>", form.beepost_price_html)
            self.assertIn("nothing is billed", form.beepost_price_html)

    def test_no_price_is_prominent(self):
        self._service("letter").postage_product_ids = False
        with self._form() as form:
            self.assertIn("No price", form.beepost_price_html)
            self.assertIn("leaves unpriced", form.beepost_price_html)
            self.assertFalse(form.beepost_advice)
        self._hold_unpriced()
        with self._form() as form:
            self.assertIn("would wait", form.beepost_price_html)

    def test_advice_is_followed_with_its_values(self):
        with self._form() as form:
            form.beepost_duplex = False
            (row,) = form.beepost_advice
            self.assertEqual(row["values"], {"beepost_duplex": True})
            form.beepost_service_id = self._service("tracked")
            values = [row["values"] for row in form.beepost_advice]
            letter = self._service("letter")
            plain = {"id": letter.id, "display_name": letter.name}
            self.assertIn({"beepost_service_id": plain}, values)
            for name, value in values[0].items():
                form[name] = self._service("letter") if value == plain else value
            self.assertEqual(len(form.beepost_advice), 1)

    def test_not_by_post(self):
        move = self._create_invoice()
        dialog = self._dialog(move, methods=["email"])
        self.assertFalse(dialog.beepost_price_html)
        self.assertFalse(dialog.beepost_advice)

    def test_names_are_escaped(self):
        self._service("letter").name = "<script>x</script>"
        self.customer.zip = False
        with self._form() as form:
            self.assertNotIn("<script>", form.beepost_price_html or "")
        self.customer.zip = "69002"
        self._service("letter").postage_product_ids = False
        with self._form() as form:
            self.assertIn("&lt;script&gt;", form.beepost_price_html)
