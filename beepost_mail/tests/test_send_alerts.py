"""What the dialog warns of before a letter is made."""

from datetime import date

from odoo.exceptions import UserError

from .common import ScriptedGateway
from .sending import SendCase


class TestAlerts(SendCase):
    def _alert(self, move, key):
        return (self._dialog(move).alerts or {}).get(key)

    def test_nothing_to_say(self):
        alerts = self._dialog(self._create_invoice()).alerts or {}
        ours = {key for key in alerts if key.startswith("beepost")}
        self.assertEqual(ours, {"beepost_practice"}, "an account that posts nothing")

    def test_bad_address_blocks_and_links(self):
        bad = self._create_customer(
            "Sans code", zip=False, invoice_sending_method="beepost"
        )
        move = self._create_invoice(bad)
        alert = self._alert(move, "beepost_address")
        self.assertEqual(alert["level"], "danger")
        self.assertIn("postcode is missing", alert["message"])
        self.assertEqual(
            (alert["action"]["res_model"], alert["action"]["res_id"]),
            ("res.partner", bad.id),
        )
        with self.assertRaisesRegex(UserError, "postcode is missing"):
            self._dialog(move).action_send_and_print()
        self.assertFalse(self._letters(move))
        dialog = self._dialog(move, methods=["email"])
        self.assertNotIn("beepost_address", dialog.alerts or {})
        bad.zip = "69002"
        self._dialog(move).action_send_and_print()
        self.assertTrue(self._letters(move))

    def test_already_posted(self):
        move = self._create_invoice()
        letter = self._post(move)
        self.assertFalse(self._alert(move, "beepost_posted"), "it waits")
        with self._gateway(ScriptedGateway()):
            self._run_outbox()
        alert = self._alert(move, "beepost_posted")
        self.assertEqual(alert["level"], "warning")
        self.assertIn(letter.provider_reference, alert["message"])
        self.assertEqual(alert["action"]["res_id"], letter.id)
        self._dialog(move).action_send_and_print()
        self.assertEqual(len(self._letters(move)), 2, "on purpose, a second letter")

    def test_waiting_letter_is_not_doubled_unseen(self):
        """The first letter leaves in a moment: a second one is announced as such."""
        move = self._create_invoice()
        self._dialog(move).action_send_and_print()
        self.assertTrue(self._alert(move, "beepost_waiting"))

    def test_electronic_invoice(self):
        self.company.beepost_einvoice_from = date(2026, 9, 1)
        for day, expected in ((date(2026, 8, 31), False), (date(2026, 9, 1), True)):
            move = self._invoice_of(day)
            dialog = self._dialog(move)
            with self.subTest(day=day):
                alert = (dialog.alerts or {}).get("beepost_electronic")
                self.assertEqual(bool(alert), expected)
                self.assertEqual(dialog.beepost_is_copy, expected)
                if alert:
                    self.assertEqual(alert["level"], "warning", "it never blocks")
                dialog.action_send_and_print()
                self.assertEqual(self._letters(move).is_copy, expected)

    def test_public_body_at_any_date(self):
        self.customer.beepost_public_body = True
        alert = self._alert(self._create_invoice(), "beepost_electronic")
        self.assertIn("copy", alert["message"])

    def test_consumers_and_abroad_are_not_touched(self):
        self.company.beepost_einvoice_from = date(2019, 1, 1)
        consumer = self._create_customer(
            "Jean Petit", is_company=False, invoice_sending_method="beepost"
        )
        abroad = self._create_customer(
            "Müller GmbH",
            zip="10115",
            city="Berlin",
            country_id=self.env.ref("base.de").id,
            invoice_sending_method="beepost",
        )
        for partner in (consumer, abroad, self.customer):
            move = self._invoice_of(date(2028, 1, 1), partner)
            expected = partner == self.customer
            alert = self._alert(move, "beepost_electronic")
            self.assertEqual(bool(alert), expected, partner.name)
