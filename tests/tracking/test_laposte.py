"""La Poste's own scans move tracked letters, asked of a real process."""

import sys
from datetime import timedelta
from pathlib import Path

from freezegun import freeze_time

from odoo import fields
from odoo.tests import tagged

from odoo.addons.beepost_tracking.tests.common import NOON, TrackingCase, event

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from laposte.client import KEY, LaPosteProcess  # noqa: E402

DAY = "2026-11-2{}T10:00:00+01:00"
NOW = "2026-11-25 12:00:00"


@tagged("standard", "post_install", "-at_install")
class TestLaPoste(TrackingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.laposte = cls.enterClassContext(LaPosteProcess())
        cls.access = cls.env["beepost.suivi"].create(
            {"company_id": cls.company.id, "url": cls.laposte.url, "key": KEY}
        )
        cls.cron = cls.env.ref("beepost_tracking.ir_cron_suivi")
        cls.registered = cls.env["beepost.service"].search(
            [("registered", "=", True), ("acknowledgement", "=", True)], limit=1
        )

    def setUp(self):
        super().setUp()
        self.laposte.reset()
        # Odoo's database and the test's clock agree on this day.
        clock = freeze_time(NOW)
        clock.start()
        self.addCleanup(clock.stop)

    def _tracked(self, *numbers):
        """Letters that BeePOST says were posted under these numbers."""
        letters = self._post(
            *(self._create_invoice() for _number in numbers),
            user=self.accountant,
            service_id=self.registered.id,
        )
        for letter, number in zip(letters, numbers, strict=True):
            letter.write(
                {
                    "state": "accepted",
                    "accepted_at": "2026-11-23 08:00:00",
                    "provider_reference": f"PR-{number}",
                    "is_practice": False,
                }
            )
            posted = event(letter, "posted", tracking_number=number)
            self.env["beepost.pull"].sudo()._store(self.account, "beepost", [posted])
        return letters

    def _look(self):
        self._run_cron(self.cron)

    def _asked(self):
        return [len(numbers) for numbers in self.laposte.asked()]

    def test_ten_numbers_a_call(self):
        numbers = [f"1A{number:011d}" for number in range(23)]
        letters = self._tracked(*numbers)
        for number in numbers:
            self.laposte.ship(number, ("ET1", "En cours", DAY.format(4)))
        self._look()
        self.assertEqual(self._asked(), [10, 10, 3])
        self.assertEqual(set(letters.mapped("status")), {"in_transit"})
        self.assertEqual(self.access.calls, 3)
        self._look()
        self.assertEqual(len(self._asked()), 3, "none is due yet")

    def test_the_whole_way_to_a_returned_letter(self):
        letter = self._tracked("1A00000000001")
        steps = (
            ("PC1", "Pris en charge", DAY.format(4)),
            ("MD2", "Mis en distribution", "2026-11-25T08:00:00+01:00"),
            ("AG1", "En attente au guichet", "2026-11-25T11:00:00+01:00"),
        )
        self.laposte.ship("1A00000000001", *steps)
        self._look()
        self.assertEqual(letter.status, "awaiting_pickup")
        self.assertEqual(str(letter.presented_at), "2026-11-25 10:00:00")
        self.assertEqual(str(letter.pickup_until), "2026-12-10")
        self.assertTrue(letter.suivi_next_at)
        back = ("DI2", "Distribué à l'expéditeur", "2026-12-14T09:00:00+01:00")
        self.laposte.ship("1A00000000001", *steps, back, isFinal=True)
        letter.suivi_next_at = fields.Datetime.now()
        self._look()
        self.assertEqual(letter.status, "returned", "never delivered")
        self.assertFalse(letter.delivered_at)
        self.assertFalse(letter.suivi_next_at, "final: not asked again")
        self.assertEqual(len(letter.event_ids), 5, "each once, BeePOST's own included")

    def test_final_stops_even_if_the_stage_says_more_may_come(self):
        letter = self._tracked("1A00000000002")
        nd1 = ("ND1", "Non distribuable", DAY.format(5))
        self.laposte.ship("1A00000000002", nd1, isFinal=True)
        self._look()
        self.assertEqual(letter.status, "undeliverable")
        self.assertFalse(letter.suivi_next_at)

    def test_a_delivered_letter_is_not_asked_for(self):
        letter = self._tracked("1A00000000003")
        self._told(letter, "delivered")
        self._look()
        self.assertEqual(self._asked(), [])

    def test_practice_and_plain_letters_are_not_asked_for(self):
        letter = self._tracked("1A00000000004")
        letter.is_practice = True
        self._look()
        self.assertEqual(self._asked(), [])

    def test_not_known_yet(self):
        letter = self._tracked("1A00000000005")
        self.laposte.fail("1A00000000005", 404)
        self._look()
        self.assertEqual(letter.status, "posted")
        self.assertTrue(letter.suivi_message)
        self.assertEqual(
            letter.suivi_next_at, fields.Datetime.now() + timedelta(hours=4)
        )

    def test_a_page_instead_of_json(self):
        letter = self._tracked("1A00000000006")
        self.laposte.lose()
        self._look()
        self.assertTrue(letter.suivi_next_at)
        self.assertTrue(letter.suivi_message)
        self.assertFalse(self.access.error)

    def test_one_wrong_number_spoils_no_other(self):
        wrong, good = self._tracked("nonsense", "1A00000000007")
        self.laposte.ship("1A00000000007", ("DI1", "Distribué", DAY.format(5)))
        self._look()
        self.assertEqual(good.status, "delivered")
        self.assertFalse(wrong.suivi_next_at)
        self.assertTrue(wrong.suivi_message)

    def test_a_refused_key_is_told_once(self):
        letter = self._tracked("1A00000000008")
        self.access.key = "another-key"
        self._look()
        self.assertIn("refuses the key", self.access.error)
        told = self.access.activity_ids
        self.assertTrue(told)
        self.access.retry_at = False
        self._look()
        self.assertEqual(self.access.activity_ids, told)
        self.access.key = KEY
        self.assertFalse(self.access.error or self.access.retry_at)
        self.laposte.ship("1A00000000008", ("DI1", "Distribué", DAY.format(5)))
        self._look()
        self.assertEqual(letter.status, "delivered")

    def test_retry_after(self):
        self._tracked("1A00000000009")
        self.laposte.fault("status", status=429, headers={"Retry-After": "7200"})
        self._look()
        self.assertEqual(
            self.access.retry_at, fields.Datetime.now() + timedelta(hours=2)
        )
        asked = len(self._asked())
        self._look()
        self.assertEqual(len(self._asked()), asked, "left alone meanwhile")

    def test_quota(self):
        self._tracked(*(f"1A{number:011d}" for number in range(100, 130)))
        self.access.daily_calls = 2
        self._look()
        self.assertEqual(self._asked(), [10, 10])
        with freeze_time("2026-11-26 12:00:00"):
            self._look()
        self.assertEqual(self._asked()[:3], [10, 10, 10])

    def test_one_by_one_counts_and_stops_at_the_quota(self):
        """La Poste refuses the ten as a whole for the one that it has no such of."""
        numbers = ["12345678", *(f"1A{number:011d}" for number in range(300, 305))]
        letters = self._tracked(*numbers)
        for number in numbers[1:]:
            self.laposte.ship(number, ("DI1", "Distribué", DAY.format(5)))
        self.access.daily_calls = 4
        self._look()
        self.assertEqual(self._asked(), [6, 1, 1, 1])
        self.assertEqual(self.access.calls, 4)
        self.assertEqual(letters.mapped("status").count("delivered"), 2)
        self._look()
        self.assertEqual(len(self._asked()), 4, "no more today")
        with freeze_time("2026-11-26 12:00:00"):
            self._look()
        self.assertEqual(letters.mapped("status").count("delivered"), 5)
        self.assertEqual(self.access.calls, 1, "the wrong one is asked for no more")

    def test_what_was_not_answered_counts_too(self):
        self._tracked("1A00000000310")
        self.laposte.fault("status", status=503)
        self._look()
        self.assertEqual(self.access.calls, 1)
        self.assertFalse(self.access.looked_at)
        self.assertTrue(self.access.retry_at)

    def test_another_number(self):
        """BeePOST corrects the number once La Poste has said all of the former one."""
        letter = self._tracked("1A00000000320")
        nd1 = ("ND1", "Non distribuable", DAY.format(5))
        self.laposte.ship("1A00000000320", nd1, isFinal=True)
        self._look()
        self.assertTrue(letter.suivi_over and letter.suivi_url)
        self.assertFalse(letter.suivi_next_at)
        right = event(
            letter,
            "in_transit",
            NOON + timedelta(days=1),
            tracking_number="1A00000000321",
        )
        self.env["beepost.pull"].sudo()._store(self.account, "beepost", [right])
        self.assertEqual(letter.tracking_number, "1A00000000321")
        self.assertFalse(letter.suivi_over or letter.suivi_url or letter.suivi_message)
        self.assertEqual(letter.suivi_next_at, fields.Datetime.now())
        self._look()
        self.assertEqual(self.laposte.asked()[-1], ["1A00000000321"])

    def test_news_alone_does_not_ask_again(self):
        letter = self._tracked("1A00000000330")
        self.laposte.ship(
            "1A00000000330", ("ND1", "Non distribuable", DAY.format(5)), isFinal=True
        )
        self._look()
        url = letter.suivi_url
        self._told(letter, "returning", start=NOON + timedelta(days=1))
        self.assertEqual(letter.status, "returning")
        self.assertTrue(letter.suivi_over)
        self.assertEqual(letter.suivi_url, url)
        self.assertFalse(letter.suivi_next_at)

    def test_a_branch_without_an_access(self):
        number = "1A00000000340"
        letter = self._tracked(number)
        branch = self.env["res.company"].create(
            {"name": "Agence", "parent_id": self.company.id}
        )
        letter.company_id = branch
        self.assertEqual(self.access._served_companies(), self.company + branch)
        own = self.env["beepost.suivi"].create(
            {"company_id": branch.id, "url": self.laposte.url, "key": "another-key"}
        )
        self.assertEqual(self.access._served_companies(), self.company)
        self.assertEqual(own._served_companies(), branch)
        self._look()
        self.assertTrue(own.error)
        self.assertEqual(letter.status, "posted", "with its own access, and no other")
        own.active = False
        self.laposte.ship(number, ("DI1", "Distribué", DAY.format(5)))
        self._look()
        self.assertEqual(letter.status, "delivered")
        self.assertEqual(self.access.calls, 1)

    def test_a_branch_serves_nobody_above(self):
        letter = self._tracked("1A00000000350")
        branch = self.env["res.company"].create(
            {"name": "Agence", "parent_id": self.company.id}
        )
        self.access.company_id = branch
        self._look()
        self.assertEqual(self._asked(), [])
        self.assertTrue(letter.suivi_next_at)

    def test_an_answer_without_sense_does_not_stop_the_others(self):
        numbers = [f"1A{number:011d}" for number in range(200, 212)]
        letters = self._tracked(*numbers)
        for number in numbers:
            self.laposte.ship(number, ("DI1", "Distribué", DAY.format(5)))
        self.laposte.fault("malformed")
        self._look()
        self.assertEqual(letters.mapped("status").count("delivered"), 2)
        self.assertTrue(all(letters.mapped("suivi_next_at")[:10]))
        with freeze_time("2026-11-25 13:30:00"):
            self._look()
        self.assertEqual(set(letters.mapped("status")), {"delivered"})

    def test_switched_off_or_without_a_key(self):
        self._tracked("1A00000000010")
        self.access.active = False
        self._look()
        self.access.write({"active": True, "key": False})
        self._look()
        self.assertEqual(self._asked(), [])

    def test_both_tell_of_the_same_delivery(self):
        letter = self._tracked("1A00000000011")
        self._told(letter, "delivered")
        di1 = ("DI1", "Distribué", DAY.format(5))
        self.laposte.ship("1A00000000011", di1, isFinal=True)
        letter.suivi_next_at = fields.Datetime.now()
        self._look()
        move = letter._documents_of("account.move")
        told = [b for b in move.message_ids.mapped("body") if "delivered on" in b]
        self.assertEqual(len(told), 1)
        self.assertEqual(letter.event_ids.mapped("source").count("laposte"), 1)

    def test_the_key_is_write_only(self):
        self.assertEqual(self.access.key, "********")
        self.access.flush_recordset()
        admin = self._create_user("suivi_admin", "beepost_mail.group_admin")
        seen = self.access.with_user(admin).read()[0]
        self.assertNotIn(KEY, str(seen))
