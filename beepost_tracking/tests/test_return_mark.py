"""The address that a letter came back from is marked, as long as it is that address."""

from odoo.exceptions import AccessError

from odoo.addons.beepost_mail.tests.sending import SendCase

from .common import NOON
from .returns import ReturnsCase

LATER = NOON.replace(day=28)


class TestMark(ReturnsCase):
    def _marked(self, partner=None):
        partner = partner or self.customer
        return partner.sudo().beepost_returned_mailing_id

    def test_marked_with_day_reason_and_letter(self):
        self._came_back(self.letter)
        self.assertEqual(
            (
                self.customer.beepost_returned_on,
                self.customer.beepost_return_reason,
                self._marked(),
            ),
            (NOON.date(), "npai", self.letter),
        )
        self.assertEqual(self.letter.came_back_on, NOON.date())

    def test_paris_day(self):
        late = NOON.replace(hour=22, minute=30)  # 23:30 in Paris, and the next one 0:30
        self._came_back(self.letter, start=late)
        self.assertEqual(self.customer.beepost_returned_on.day, NOON.day + 1)

    def test_each_word_for_it(self):
        for code in ("undeliverable", "returning", "returned"):
            customer = self._create_customer(f"Client {code}")
            self._came_back(self._sent(self._create_invoice(customer)), code=code)
            with self.subTest(code=code):
                self.assertTrue(customer.beepost_returned_on)

    def test_a_letter_refused_before_printing_marks_nothing(self):
        self._told(self.letter, "received", "rejected")
        self.assertFalse(self.customer.beepost_returned_on)

    def test_the_address_was_corrected_meanwhile(self):
        self.customer.street = "15 rue Neuve"
        self._came_back(self.letter)
        self.assertFalse(self.customer.beepost_returned_on)
        self.assertEqual(self.letter.return_state, "open", "to treat all the same")

    def test_a_change_that_does_not_show_is_none(self):
        self.customer.write({"street": "12, RUE DE LA REPUBLIQUE", "phone": "01"})
        self._came_back(self.letter)
        self.assertTrue(self.customer.beepost_returned_on)
        self.customer.write({"street": "12 rue de la république"})
        self.assertTrue(self.customer.beepost_returned_on)

    def test_goes_with_any_part_of_the_address(self):
        self._came_back(self.letter)
        mark = {
            name: self.customer[name]
            for name in ("beepost_returned_on", "beepost_return_reason")
        }
        for values in (
            {"street": "13 rue de la République"},
            {"street2": "BP 12"},
            {"zip": "69003"},
            {"city": "Villeurbanne"},
            {"name": "Une autre société"},
            {"country_id": self.env.ref("base.be").id},
        ):
            with self.subTest(values=values):
                self.assertTrue(self.customer.beepost_returned_on)
                self.customer.with_user(self.env.user).write(values)
                self.assertFalse(self.customer.beepost_returned_on)
                self.assertFalse(self.customer.beepost_return_reason)
                self.assertFalse(self._marked())
            former = {name: False for name in values}
            self.customer.write({**former, **{"name": "Société Générale d'Essai"}})
            self.customer.write(
                {
                    "street": "12 rue de la République",
                    "zip": "69002",
                    "city": "Lyon",
                    "country_id": self.env.ref("base.fr").id,
                }
            )
            self.customer.sudo().write(mark)

    def test_the_person_whose_address_was_used(self):
        person = self.env["res.partner"].create(
            {
                "name": "Jeanne Petit",
                "parent_id": self.customer.id,
                "type": "invoice",
                "street": "1 place Bellecour",
                "zip": "69002",
                "city": "Lyon",
                "country_id": self.env.ref("base.fr").id,
            }
        )
        letter = self._sent(self._create_invoice(person))
        self._came_back(letter)
        self.assertTrue(person.beepost_returned_on)
        self.assertFalse(self.customer.beepost_returned_on)
        # The company's name stands on line 1 of that letter.
        self.customer.name = "Société Renommée"
        self.assertFalse(person.beepost_returned_on)

    def test_address_of_the_company_moves_its_contacts(self):
        """Odoo writes a company's new address on its contacts."""
        person = self.env["res.partner"].create(
            {"name": "Jean Petit", "parent_id": self.customer.id, "type": "contact"}
        )
        self._came_back(self._sent(self._create_invoice(person)))
        self.assertTrue(person.beepost_returned_on)
        self.customer.street = "15 rue Neuve"
        self.assertFalse(person.beepost_returned_on)

    def test_delivered_later_to_the_same_address(self):
        later = self._sent(self._create_invoice(), days=2)
        self._came_back(self.letter)
        self.assertTrue(self.customer.beepost_returned_on)
        self._told(later, "posted", "delivered", start=LATER)
        self.assertFalse(self.customer.beepost_returned_on)

    def test_the_same_whatever_is_told_first(self):
        later = self._sent(self._create_invoice(), days=2)
        self._told(later, "posted", "delivered", start=LATER)
        self._came_back(self.letter)
        self.assertFalse(self.customer.beepost_returned_on)

    def test_an_older_letter_that_arrived_says_nothing(self):
        older = self._sent(self._create_invoice(), days=-9)
        self._came_back(self.letter)
        self._told(older, "posted", "delivered", start=NOON.replace(day=18))
        self.assertTrue(self.customer.beepost_returned_on)

    def test_delivered_to_another_address_says_nothing(self):
        self.customer.street = "15 rue Neuve"
        elsewhere = self._sent(self._create_invoice(), days=2)
        self.customer.street = "12 rue de la République"
        self._came_back(self.letter)
        self._told(elsewhere, "posted", "delivered", start=LATER)
        self.assertTrue(self.customer.beepost_returned_on)

    def test_the_newest_return_speaks(self):
        later = self._sent(self._create_invoice(), days=2)
        self._came_back(later, reason="refused", start=LATER)
        self._came_back(self.letter)
        self.assertEqual(self._marked(), later)
        self.assertEqual(self.customer.beepost_return_reason, "refused")

    def test_the_reason_is_told_later(self):
        self._came_back(self.letter, reason="")
        self.assertEqual(self.customer.beepost_return_reason, "other")
        self._told(
            self.letter, "undeliverable", reason="npai", start=NOON.replace(hour=20)
        )
        self.assertEqual(self.customer.beepost_return_reason, "npai")
        self.assertEqual(len(self._activities(self.letter)), 1)
        self.assertIn("NPAI", self._activities(self.letter).summary)

    def test_it_did_not_come_back_after_all(self):
        """A provider's word was taken for what it is not, and is set right."""
        self._came_back(self.letter)
        wording = self.letter.event_ids.wording_id.filtered(
            lambda w: w.code == "undeliverable"
        )
        wording.canonical = "in_transit"
        self.assertEqual(self.letter.status, "in_transit")
        self.assertFalse(self.letter.return_state)
        self.assertFalse(self.customer.beepost_returned_on)
        self.assertFalse(self._activities(self.letter))

    def test_words_for_each_reason(self):
        self._came_back(self.letter)
        self.letter.is_practice = False
        for reason, words in (
            ("npai", "Correct the address"),
            ("address_defect", "Correct the address"),
            ("access_defect", "Correct the address"),
            ("unclaimed", "may well be right"),
            ("refused", "may well be right"),
            ("damaged", "may well be right"),
            ("deceased", "whom to write to"),
            ("other", "Check the address"),
        ):
            self.customer.sudo().beepost_return_reason = reason
            with self.subTest(reason=reason):
                self.assertIn(words, self.customer.beepost_return_notice)
                self.assertNotIn("Practice", self.customer.beepost_return_notice)


class TestPractice(ReturnsCase):
    """Practice shows what returns look like, and frightens nobody."""

    def test_says_practice(self):
        self.assertTrue(self.letter.is_practice)
        self._came_back(self.letter)
        self.assertIn("Practice", self.customer.beepost_return_notice)
        self.assertIn("Practice", self.letter.return_notice)
        self.letter.is_practice = False
        self.assertNotIn("Practice", self.letter.return_notice)

    def test_no_mark_beside_a_real_account(self):
        real = self.env["beepost.account"].create(
            {
                "name": "Real",
                "company_id": self.company.id,
                "gateway": "http",
                "url": "https://beepost.example.com",
            }
        )
        self.company.beepost_account_id = real
        real.active = True
        self._came_back(self.letter)
        self.assertFalse(self.customer.beepost_returned_on)
        self.assertEqual(self.letter.return_state, "open")

    def test_never_over_a_real_mark(self):
        practice = self._sent(self._create_invoice(), days=3)
        self.letter.is_practice = False
        self._came_back(self.letter, reason="refused")
        self._came_back(practice, start=LATER)
        self.assertEqual(self.customer.sudo().beepost_returned_mailing_id, self.letter)

    def test_practice_that_arrives_clears_nothing_real(self):
        practice = self._sent(self._create_invoice(), days=3)
        self.letter.is_practice = False
        self._came_back(self.letter)
        self._told(practice, "posted", "delivered", start=LATER)
        self.assertTrue(self.customer.beepost_returned_on)


class TestButtons(ReturnsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant.group_ids += cls.env.ref("base.group_partner_manager")

    def setUp(self):
        super().setUp()
        self._came_back(self.letter)

    def test_the_address_is_right(self):
        self.customer.with_user(self.accountant).action_beepost_address_is_right()
        self.assertFalse(self.customer.beepost_returned_on)
        self.assertIn(self.accountant.name, self._bodies(self.customer))
        self.assertEqual(self.letter.return_state, "open", "still to treat")

    def test_not_without_the_right_to_write(self):
        self.manager.group_ids -= self.env.ref("base.group_partner_manager")
        self.assertFalse(self.customer.with_user(self.manager).has_access("write"))
        with self.assertRaises(AccessError):
            self.customer.with_user(self.manager).action_beepost_address_is_right()
        seller = self._create_user("seller", "base.group_partner_manager")
        with self.assertRaises(AccessError):
            self.customer.with_user(seller).action_beepost_address_is_right()
        self.assertTrue(self.customer.beepost_returned_on)

    def test_opens_the_letter_for_whoever_may_see_it(self):
        action = self.customer.with_user(self.accountant).action_open_beepost_return()
        self.assertEqual(action["res_id"], self.letter.id)
        seller = self._create_user("seller", "base.group_partner_manager")
        with self.assertRaises(AccessError):
            self.customer.with_user(seller).action_open_beepost_return()

    def test_the_letter_is_read_by_nobody_through_the_contact(self):
        with self.assertRaises(AccessError):
            self.customer.with_user(self.accountant).read(
                ["beepost_returned_mailing_id"]
            )

    def test_filter(self):
        found = self.env["res.partner"].search([("beepost_returned_on", "!=", False)])
        self.assertIn(self.customer, found)
        self.assertNotIn(self.company.partner_id, found)

    def test_nobody_writes_a_mark_by_copying(self):
        self.assertFalse(self.customer.copy().beepost_returned_on)


class TestAlert(ReturnsCase, SendCase):
    def _alerts(self, *moves):
        moves = self.env["account.move"].union(*moves)
        return self.env["beepost.alerts"]._get(moves)

    def test_none_for_a_good_address(self):
        self.assertNotIn("beepost_returned", self._alerts(self._create_invoice()))

    def test_in_the_dialog_of_one_invoice(self):
        self._came_back(self.letter)
        alert = self._dialog(self._create_invoice()).alerts["beepost_returned"]
        self.assertEqual(alert["level"], "warning")
        self.assertIn("NPAI", alert["message"])
        self.assertEqual(
            (alert["action"]["res_model"], alert["action"]["res_id"]),
            ("res.partner", self.customer.id),
        )
        dialog = self._dialog(self._create_invoice(), methods=["email"])
        self.assertNotIn("beepost_returned", dialog.alerts or {})
        self._dialog(self._create_invoice()).action_send_and_print()  # never blocks

    def test_in_the_dialog_of_many(self):
        moves = self._invoices(3)
        letters = self._sent(*moves)
        self._came_back(letters[:2])
        fresh = self._invoices(3, moves.partner_id)
        wizard = self.env["beepost.send"].create({"move_ids": fresh.ids})
        alert = wizard.alerts["beepost_returned"]
        self.assertIn("2 of these addressees", alert["message"])
        self.assertIn(letters[0].partner_id.name, alert["message"])
        self.assertNotIn(letters[2].partner_id.name, alert["message"])
        self.assertEqual(alert["level"], "warning")
        self.assertEqual(
            alert["action"]["domain"], [["id", "in", letters[:2].partner_id.ids]]
        )
        # A practice letter says nothing of the address.
        self.assertNotIn("because of the address", alert["message"])
        letters[0].partner_id.sudo().beepost_return_is_practice = False
        wizard = self.env["beepost.send"].create({"move_ids": fresh.ids})
        message = wizard.alerts["beepost_returned"]["message"]
        self.assertIn("for 1 of them because of the address", message)

    def test_real_words_for_real_letters(self):
        self._came_back(self.letter)
        self.letter.is_practice = False
        message = self._alerts(self._create_invoice())["beepost_returned"]["message"]
        self.assertIn("Correct the address before you send again", message)

    def test_practice_frightens_nobody_beside_a_real_account(self):
        self._came_back(self.letter)
        move = self._create_invoice()
        self.assertIn("beepost_returned", self._alerts(move))
        self.account.sudo().active = False
        self.env["beepost.account"].create(
            {
                "name": "Real",
                "company_id": self.company.id,
                "gateway": "http",
                "url": "https://beepost.example.com",
            }
        )
        self.assertNotIn("beepost_returned", self._alerts(move))
