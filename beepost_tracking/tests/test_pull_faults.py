"""What must not go wrong while news come in: second envelopes, silent accounts."""

from unittest.mock import patch

from freezegun import freeze_time

from odoo.tools import mute_logger

from odoo.addons.beepost_mail.gateway import port

from ..models import beepost_wording
from .common import NOON, TellingGateway, TrackingCase, event


class TestSecondEnvelope(TrackingCase):
    def test_a_letter_that_waits_was_there_already(self):
        """After a restored backup, for instance: it must not leave again."""
        for state in ("draft", "queued", "ready"):
            letter = self._post(self._create_invoice(), user=self.accountant)
            letter.state = state
            self._told(letter, "received", provider_reference=f"PR-{state}")
            self.assertEqual(letter.state, "accepted", state)
            self.assertEqual(letter.provider_reference, f"PR-{state}")

    def test_printed_under_a_former_reference(self):
        letter = self._accepted(self._create_invoice())
        former, known = letter.client_reference, letter.provider_reference
        self._told(letter, "received", "rejected")
        letter.with_user(self.accountant).action_retry()
        letter.write({"state": "accepted", "provider_reference": "PR-second"})
        late = event(letter, "posted", NOON.replace(hour=20))
        late = port.Event(
            **{**vars(late), "client_reference": former, "provider_reference": known}
        )
        gateway = TellingGateway()
        gateway.log.append(late)
        self._follow().cursor = False
        self._pull(gateway)
        self.assertEqual(letter.event_ids[0].external_id, late.event_id)
        self.assertTrue(letter.contradicted)
        self.assertEqual(
            letter.status, "received", "of the second one nothing is known"
        )
        self.assertTrue(
            letter.activity_ids.filtered(
                lambda a: (
                    a.activity_type_id
                    == self.env.ref("beepost_tracking.activity_contradicted")
                )
            )
        )


class TestAccounts(TrackingCase):
    def test_an_archived_account_is_followed_to_the_end(self):
        letter = self._accepted(self._create_invoice())
        letter.accepted_at = NOON.replace(tzinfo=None)
        self.account.active = False
        self._told(letter, "posted")
        self.assertEqual(letter.status, "posted")
        self._told(letter, "delivered")
        accounts = self.env["beepost.account"]
        self.assertIn(self.account, accounts._followed(), "the AR is yet to come")
        with freeze_time("2027-02-01"):
            self.assertNotIn(self.account, accounts._followed())

    def test_another_service_is_read_from_its_beginning(self):
        live = self.env["beepost.account"].create(
            {
                "name": "Live",
                "company_id": self.company.id,
                "gateway": "http",
                "url": "https://one.example.com",
                "identifier": "a@example.com",
            }
        )
        follow = self.env["beepost.follow"].sudo()._of(live)
        follow.cursor = "4711"
        live.name = "Still the same"
        self.assertEqual(follow.cursor, "4711")
        live.url = "https://two.example.com"
        self.assertFalse(follow.cursor)

    @mute_logger("odoo.addons.beepost_tracking.models.beepost_account")
    def test_a_fault_of_ours_keeps_no_other_account(self):
        second = self.env["beepost.account"].create(
            {"name": "Second", "company_id": self.company.id}
        )
        asked = []

        def run(pull, account):
            asked.append(account)
            if account == self.account:
                raise ZeroDivisionError
            return True

        with patch.object(type(self.env["beepost.pull"]), "_run", run):
            self._run_cron(self.env.ref("beepost_tracking.ir_cron_pull").sudo())
        self.assertEqual(asked[:2], [self.account, second])
        self.assertIn("server's log", self._follow().error)
        self.assertTrue(self._follow().retry_at)

    @mute_logger("odoo.addons.beepost_mail.models.beepost_mailing")
    def test_a_consequence_that_fails_takes_back_no_news(self):
        letter = self._accepted(self._create_invoice())

        def fail(letters, before):
            raise ZeroDivisionError

        with patch.object(type(letter), "_tell_documents", fail):
            self._told(letter, "posted", "undeliverable", reason="npai")
        self.assertEqual(letter.status, "undeliverable")
        self.assertTrue(letter.activity_ids, "and the others follow all the same")

    def test_a_branchs_events_are_the_branchs(self):
        branch = self.env["res.company"].create(
            {"name": "Agence", "parent_id": self.company.id}
        )
        letter = self._accepted(self._create_invoice())
        letter.company_id = branch
        self._told(letter, "posted")
        self.assertEqual(letter.event_ids.company_id, branch)


class TestWordings(TrackingCase):
    def test_a_code_is_one_wording_whatever_is_said_with_it(self):
        letter = self._accepted(self._create_invoice())
        gateway = TellingGateway()
        for hour, place in enumerate(("Lyon", "Paris", "Brest")):
            gateway.tell(
                letter, "zz_1", start=NOON.replace(hour=hour), label=f"Vu à {place}"
            )
        self._pull(gateway)
        wording = self.env["beepost.wording"].search([("code", "=", "zz_1")])
        self.assertEqual(len(wording), 1)
        self.assertEqual(wording.example, "Vu à Lyon")
        self.assertFalse(wording.label)

    def test_many_letters_follow_in_the_background(self):
        letters = self._accepted(*self._create_invoices(*[self.customer] * 5))
        gateway = TellingGateway()
        for letter in letters:
            gateway.tell(letter, "zz_2", reason="npai")
        self._pull(gateway)
        wording = self.env["beepost.wording"].search([("code", "=", "zz_2")])
        with patch.object(beepost_wording, "SLICE", 2):
            wording.canonical = "undeliverable"
            moved = letters.filtered(lambda m: m.status == "undeliverable")
            self.assertEqual(len(moved), 2)
            self.assertTrue(wording.to_apply)
            self._run_cron(self.env.ref("beepost_tracking.ir_cron_wording").sudo())
        self.assertEqual(set(letters.mapped("status")), {"undeliverable"})
        self.assertFalse(wording.to_apply)
        told = letters._documents_of("account.move").message_ids.mapped("body")
        self.assertEqual(len([b for b in told if "could not be delivered" in b]), 5)


class TestPractice(TrackingCase):
    def test_nobody_takes_practice_for_what_happened(self):
        letter = self._accepted(self._create_invoice())
        self.assertTrue(letter.is_practice)
        self._told(letter, "posted", "delivered")
        move = letter._documents_of("account.move")
        self.assertFalse(move.beepost_stage_id)
        [told] = [b for b in move.message_ids.mapped("body") if "delivered on" in b]
        self.assertIn("Practice", told)

    def test_a_real_letter_speaks_before_a_practice_one(self):
        real = self._accepted(self._create_invoice())
        real.is_practice = False
        move = real._documents_of("account.move")
        self._told(real, "posted", "undeliverable", reason="npai")
        practice = self._accepted(move)
        self._told(practice, "posted", "delivered")
        self.assertEqual(move.beepost_stage_id.code, "undeliverable")
        self.assertEqual(move.beepost_state, "accepted")
