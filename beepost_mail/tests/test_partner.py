"""The addressee: what prints in the window, preferences, counts."""

from datetime import date

from .common import GOOD_ADDRESS, BeepostCommon

OTHER_ADDRESS = {"street": "5 quai Rambaud", "zip": "69002", "city": "Lyon"}


class TestWindowLines(BeepostCommon):
    def _lines(self, partner):
        address, findings = partner._beepost_address()
        self.assertTrue(address, [finding.code for finding in findings])
        return address.lines

    def _errors(self, partner):
        address, findings = partner._beepost_address()
        self.assertFalse(address)
        return {finding.code for finding in findings if finding.level == "error"}

    def _contact(self, **values):
        country = self.env.ref("base.fr").id
        return self.env["res.partner"].create(
            {"parent_id": self.customer.id, "country_id": country, **values}
        )

    def test_company(self):
        *_name, street, city = self._lines(self.customer)
        self.assertEqual(len(_name), 1)
        self.assertEqual((street, city), ("12 RUE DE LA REPUBLIQUE", "69002 LYON"))

    def test_person(self):
        person = self._create_customer("Zoé Lefèvre", is_company=False)
        parts = person._beepost_parts()
        self.assertEqual((parts.company, parts.person), ("Zoé Lefèvre", ""))

    def test_contact_of_a_company(self):
        contact = self._contact(name="Zoé Lefèvre", type="contact")
        parts = contact._beepost_parts()
        self.assertEqual(
            (parts.company, parts.person), (self.customer.name, "Zoé Lefèvre")
        )
        self.assertEqual(parts.street, self.customer.street)
        self.assertEqual(len(self._lines(contact)), 4)

    def test_named_invoice_address(self):
        contact = self._contact(
            name="Service comptabilité", type="invoice", **OTHER_ADDRESS
        )
        parts = contact._beepost_parts()
        self.assertEqual(
            (parts.company, parts.person, parts.street),
            (self.customer.name, "Service comptabilité", "5 quai Rambaud"),
        )

    def test_nameless_invoice_address(self):
        contact = self._contact(type="invoice", **OTHER_ADDRESS)
        self.assertFalse(contact.name)
        parts = contact._beepost_parts()
        self.assertEqual(
            (parts.company, parts.person, parts.street),
            (self.customer.name, "", "5 quai Rambaud"),
        )

    def test_nameless_address_of_a_person(self):
        person = self._create_customer("Zoé Lefèvre", is_company=False)
        contact = self.env["res.partner"].create(
            {
                "parent_id": person.id,
                "type": "invoice",
                "country_id": person.country_id.id,
                **OTHER_ADDRESS,
            }
        )
        self.assertEqual(contact._beepost_parts().company, "Zoé Lefèvre")

    def test_subsidiary_prints_its_own_name(self):
        site = self._contact(name="Agence Sud", is_company=True, **OTHER_ADDRESS)
        parts = site._beepost_parts()
        self.assertEqual((parts.company, parts.person), ("Agence Sud", ""))

    def test_company_name_without_a_company(self):
        person = self._create_customer(
            "Zoé Lefèvre", is_company=False, company_name="Atelier Z"
        )
        parts = person._beepost_parts()
        self.assertEqual((parts.company, parts.person), ("Atelier Z", "Zoé Lefèvre"))

    def test_missing_pieces_are_named(self):
        for name, code in (
            ("street", "address.street_missing"),
            ("zip", "address.zip_missing"),
            ("city", "address.city_missing"),
            ("country_id", "address.country_missing"),
        ):
            partner = self._create_customer("Incomplet", **{name: False})
            with self.subTest(name=name):
                self.assertIn(code, self._errors(partner))

    def test_too_long_is_never_cut(self):
        partner = self._create_customer("X" * 60)
        self.assertIn("address.line_too_long", self._errors(partner))

    def test_abroad_ends_with_the_country_in_french(self):
        partner = self._create_customer(
            "Müller GmbH",
            street="Invalidenstr. 3",
            zip="10115",
            city="Berlin",
            country_id=self.env.ref("base.de").id,
        )
        self.assertEqual(self._lines(partner)[-1], "ALLEMAGNE")

    def test_letter_keeps_the_address_of_its_day(self):
        letter = self._post(self._create_invoice())
        self._run_outbox()
        printed = letter.address
        self.customer.write({"street": "99 rue Nouvelle", "name": "Renommée"})
        letter.invalidate_recordset()
        self.assertEqual(letter.address, printed)
        self.assertIn("REPUBLIQUE", printed)

    def test_senders_own_address(self):
        letter = self._post(self._create_invoice())
        self.assertIn("LYON", letter.sender)
        self.company.partner_id.zip = False
        refused = self._post(self._create_invoice())
        self.assertEqual(refused.state, "rejected")
        self.assertIn(self.company.name, refused.error)


class TestPreferences(BeepostCommon):
    def test_commercial_partners_count(self):
        service = self.env.ref("beepost_mail.service_tracked")
        contact = self.env["res.partner"].create(
            {"name": "Compta", "parent_id": self.customer.id, "type": "invoice"}
        )
        self.customer.write(
            {
                "beepost_color": "yes",
                "beepost_duplex": "no",
                "beepost_service_id": service.id,
                "beepost_public_body": True,
            }
        )
        options = contact._beepost_options(self.company)
        self.assertEqual(
            (options["color"], options["duplex"], options["service_id"]),
            (True, False, service.id),
        )
        self.assertEqual(
            contact._beepost_einvoice_reason(self.company, date(2019, 1, 1)), "public"
        )

    def test_empty_is_the_companys(self):
        for color, duplex in ((True, False), (False, True)):
            self.company.write({"beepost_color": color, "beepost_duplex": duplex})
            options = self.customer._beepost_options(self.company)
            self.assertEqual((options["color"], options["duplex"]), (color, duplex))

    def test_each_company_its_own(self):
        other = self.setup_other_company(name="B")["company"]
        self.customer.with_company(other).beepost_color = "yes"
        self.assertFalse(self.customer._beepost_options(self.company)["color"])
        self.assertTrue(self.customer._beepost_options(other)["color"])

    def test_archived_service_is_not_used(self):
        service = self.env.ref("beepost_mail.service_tracked")
        self.customer.beepost_service_id = service
        service.active = False
        options = self.customer._beepost_options(self.company)
        self.assertNotEqual(options["service_id"], service.id)

    def test_einvoice_by_day_and_kind(self):
        self.company.beepost_einvoice_from = date(2027, 9, 1)
        reason = self.customer._beepost_einvoice_reason
        self.assertEqual(reason(self.company, date(2027, 8, 31)), "")
        self.assertEqual(reason(self.company, date(2027, 9, 1)), "b2b")
        self.company.beepost_einvoice_from = date(2020, 1, 1)
        self.assertEqual(reason(self.company, date(2026, 8, 31)), "", "not before")
        self.assertEqual(reason(self.company, date(2026, 9, 1)), "b2b")
        self.company.beepost_einvoice_from = False
        self.assertEqual(reason(self.company, date(2030, 1, 1)), "", "switched off")
        person = self._create_customer("Zoé", is_company=False)
        self.company.beepost_einvoice_from = date(2027, 9, 1)
        day = date(2028, 1, 1)
        self.assertEqual(person._beepost_einvoice_reason(self.company, day), "")
        person.vat = "FR23334175221"
        self.assertEqual(
            person._beepost_einvoice_reason(self.company, day), "b2b", "self-employed"
        )


class TestEinvoiceByZone(BeepostCommon):
    """Who must exchange electronic invoices follows the zone, however the country is
    entered: France with the postcode, or the territory's own code."""

    BOUND = {
        ("FR", "75001"),
        ("FR", "20090"),  # Corsica
        ("FR", "97110"),
        ("GP", "97110"),
        ("FR", "97200"),
        ("MQ", "97200"),
        ("FR", "97400"),
        ("RE", "97400"),
    }
    FREE = {
        ("FR", "97300"),  # Guiana and Mayotte: no VAT for now
        ("GF", "97300"),
        ("FR", "97600"),
        ("YT", "97600"),
        ("FR", "97500"),
        ("PM", "97500"),
        ("FR", "97133"),  # Saint-Barthélemy kept a postcode of Guadeloupe
        ("BL", "97133"),
        ("FR", "97150"),
        ("TF", "98400"),
        ("WF", "98600"),
        ("FR", "98714"),
        ("PF", "98714"),
        ("FR", "98800"),
        ("NC", "98800"),
        ("FR", "98000"),  # Monaco
        ("MC", "98000"),
        ("DE", "10115"),
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.beepost_einvoice_from = date(2026, 9, 1)

    def _move_to(self, partner, code, zip_code):
        country = self.env["res.country"].search([("code", "=", code)])
        self.assertTrue(country, code)
        partner.write({"country_id": country.id, "zip": zip_code})

    def _reason(self):
        return self.customer._beepost_einvoice_reason(self.company, date(2026, 10, 1))

    def test_addressee(self):
        for places, expected in ((self.BOUND, "b2b"), (self.FREE, "")):
            for place in sorted(places):
                self._move_to(self.customer, *place)
                with self.subTest(place=place):
                    self.assertEqual(self._reason(), expected)

    def test_sender(self):
        for places, expected in ((self.BOUND, "b2b"), (self.FREE, "")):
            for place in sorted(places):
                self._move_to(self.company.partner_id, *place)
                with self.subTest(place=place):
                    self.assertEqual(self._reason(), expected)

    def test_addressee_without_country(self):
        self.customer.country_id = False
        self.assertEqual(self._reason(), "")

    def test_public_bodies_overseas_too(self):
        self.customer.beepost_public_body = True
        for place, expected in (
            (("FR", "75001"), "public"),
            (("FR", "97300"), "public"),
            (("YT", "97600"), "public"),
            (("MC", "98000"), ""),
            (("DE", "10115"), ""),
        ):
            self._move_to(self.customer, *place)
            with self.subTest(place=place):
                self.assertEqual(self._reason(), expected)

    def test_a_law_may_change_the_list(self):
        self.env["ir.config_parameter"].set_param(
            "beepost_mail.einvoice_overseas", "971, 972, 974, 973"
        )
        self._move_to(self.customer, "FR", "97300")
        self.assertEqual(self._reason(), "b2b")
        self._move_to(self.customer, "YT", "97600")
        self.assertEqual(self._reason(), "")


class TestCounts(BeepostCommon):
    def test_family(self):
        contact = self.env["res.partner"].create(
            {
                "name": "Compta",
                "parent_id": self.customer.id,
                "type": "invoice",
                "country_id": self.customer.country_id.id,
                **OTHER_ADDRESS,
            }
        )
        letters = self._post(
            self._create_invoice(),
            self._create_invoice(contact),
            self._create_invoice(),
        )
        seen = self.customer.with_user(self.accountant)
        self.assertEqual(seen.beepost_mailing_count, 3)
        self.assertEqual(contact.with_user(self.accountant).beepost_mailing_count, 1)
        action = seen.action_open_beepost_mailings()
        found = self.env["beepost.mailing"].search(action["domain"])
        self.assertEqual(found, letters.sorted("id", reverse=True))

    def test_archived_contact(self):
        contact = self.env["res.partner"].create(
            {
                "name": "Compta",
                "parent_id": self.customer.id,
                "country_id": self.customer.country_id.id,
                **GOOD_ADDRESS,
            }
        )
        self._post(self._create_invoice(contact))
        contact.active = False
        action = self.customer.action_open_beepost_mailings()
        found = self.env["beepost.mailing"].search(action["domain"])
        self.assertEqual(self.customer.beepost_mailing_count, len(found))
        self.assertEqual(len(found), 1)

    def test_only_what_the_user_may_see(self):
        self._post(self._create_invoice())
        other = self.setup_other_company(name="B")["company"]
        stranger = self._create_user("stranger", "account.group_account_invoice", other)
        self.assertFalse(self.customer.with_user(stranger).beepost_mailing_count)

    def test_new_partner(self):
        self.assertFalse(
            self.env["res.partner"].new({"name": "x"}).beepost_mailing_count
        )
