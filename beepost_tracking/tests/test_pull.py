"""Events come in by cursor: none lost, none twice, whatever the order."""

import random

from odoo.addons.beepost_mail.gateway import port

from .common import NOON, TellingGateway, TrackingCase, event


class TestPull(TrackingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = cls._accepted_letter()

    @classmethod
    def _accepted_letter(cls):
        letter = cls._post(cls._create_invoice(), user=cls.accountant)
        letter.write(
            {
                "state": "accepted",
                "accepted_at": NOON.replace(tzinfo=None),
                "provider_reference": f"PR-{letter.id}",
            }
        )
        return letter

    def test_an_accepted_letter_is_received(self):
        self.assertEqual(self.letter.status, "received")
        self.assertEqual(
            self.letter.stage_id, self.env.ref("beepost_tracking.stage_received")
        )

    def test_a_journey(self):
        self._told(self.letter, "received", "producing", "posted", "delivered")
        self.assertEqual(self.letter.status, "delivered")
        self.assertEqual(self.letter.posted_at, NOON.replace(hour=13, tzinfo=None))
        self.assertEqual(self.letter.delivered_at, NOON.replace(hour=14, tzinfo=None))
        self.assertEqual(len(self.letter.event_ids), 4)

    def test_pages_and_cursor(self):
        gateway = TellingGateway(page=2)
        gateway.tell(self.letter, "received", "producing", "posted")
        follow = self._pull(gateway)
        self.assertEqual(gateway.cursors, ["", "2"])
        self.assertEqual(follow.cursor, "3")
        self._pull(gateway)
        self.assertEqual(gateway.cursors, ["", "2", "3"], "only what is new is asked")
        self.assertEqual(len(self.letter.event_ids), 3)

    def test_told_again_in_any_order(self):
        gateway = TellingGateway()
        gateway.tell(self.letter, "received", "posted", "undeliverable", reason="npai")
        gateway.log += random.Random(7).sample(gateway.log, 3)
        gateway.log.reverse()
        self._pull(gateway)
        self.assertEqual(self.letter.status, "undeliverable")
        self.assertEqual(self.letter.return_reason, "npai")
        self.assertEqual(len(self.letter.event_ids), 3)

    def test_forgotten_cursor(self):
        gateway = TellingGateway()
        gateway.tell(self.letter, "received", "posted")
        self._pull(gateway)
        asked = []

        def events(cursor="", limit=500):
            asked.append(cursor)
            if cursor:
                raise port.Refused("Unknown cursor", code="cursor.unknown")
            return TellingGateway.events(gateway, "", limit)

        gateway.tell(self.letter, "delivered", start=NOON.replace(day=25))
        gateway.events = events
        self._pull(gateway)
        self.assertEqual(asked, ["2", ""])
        self.assertEqual(self.letter.status, "delivered")
        self.assertEqual(len(self.letter.event_ids), 3)

    def test_a_failure_waits_and_is_told(self):
        failing = TellingGateway(error=port.Unavailable("down", retry_after=7200))
        follow = self._pull(failing)
        self.assertEqual(follow.failures, 1)
        self.assertTrue(follow.error)
        self._pull(failing)
        self.assertEqual(len(failing.cursors), 1, "not asked before the time is up")
        follow.retry_at = False
        self._pull(TellingGateway())
        self.assertFalse(follow.failures or follow.error or follow.retry_at)

    def test_unknown_code_stops_nothing(self):
        gateway = TellingGateway()
        gateway.tell(self.letter, "posted", "zz_9")
        gateway.tell(self.letter, "zz_9", start=NOON.replace(hour=20))
        self._pull(gateway)
        self.assertEqual(self.letter.status, "posted")
        self.assertEqual(len(self.letter.event_ids), 3)
        wording = self.env["beepost.wording"].search([("code", "=", "zz_9")])
        self.assertEqual(len(wording), 1)
        self.assertFalse(wording.canonical)
        told = self.account.message_ids.filtered(lambda m: "zz_9" in m.body)
        self.assertEqual(len(told), 1, "reported once")
        wording.canonical = "in_transit"
        self.assertEqual(self.letter.status, "in_transit")

    def test_what_the_database_cannot_keep_stops_nothing(self):
        odd = "zz\0\ud800"
        gateway = TellingGateway()
        gateway.tell(self.letter, odd, event_id=odd, label=odd, place=odd)
        gateway.tell(self.letter, odd, event_id=f"{odd}2", label=odd)
        gateway.tell(self.letter, "posted")
        for _again in range(2):
            self._follow().cursor = False
            self._pull(gateway)
        self.assertEqual(len(self.letter.event_ids), 3)
        self.assertEqual(self.letter.status, "posted")
        self.assertEqual(
            self.env["beepost.wording"].search_count([("code", "=like", "zz%")]), 1
        )

    def test_an_event_of_a_letter_that_is_not_here(self):
        stray = event(self.letter, "posted", client_reference="x" * 36)
        gateway = TellingGateway()
        gateway.log.append(
            port.Event(**{**vars(stray), "provider_reference": "PR-elsewhere"})
        )
        self._pull(gateway)
        kept = self.env["beepost.event"].search([("mailing_id", "=", False)])
        self.assertEqual(kept.client_reference, "x" * 36)
        self.assertEqual(self.letter.status, "received")

    def test_found_by_the_providers_reference(self):
        known = event(self.letter, "posted")
        gateway = TellingGateway()
        gateway.log.append(port.Event(**{**vars(known), "client_reference": ""}))
        self._pull(gateway)
        self.assertEqual(self.letter.status, "posted")

    def test_news_reach_the_invoice_once(self):
        self.letter.is_practice = False
        gateway = TellingGateway()
        gateway.tell(self.letter, "received", "posted", "delivered")
        self._pull(gateway)
        move = self.letter._documents_of("account.move")
        told = [
            body
            for body in move.message_ids.mapped("body")
            if self.letter.provider_reference in body
        ]
        self.assertEqual(len(told), 1, "posted and delivered in one line")
        self.assertIn("handed to La Poste", told[0])
        self.assertIn("delivered", told[0])
        self.assertEqual(move.beepost_stage_id.code, "delivered")
        self._pull(gateway)
        self.assertEqual(
            len([b for b in move.message_ids.mapped("body") if "handed" in b]), 1
        )

    def test_evidence_settles_a_doubt(self):
        letter = self._in_doubt(self._create_invoice())
        self.assertEqual(letter.status, "unknown")
        self._told(letter, "received", provider_reference="PR-77")
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(letter.provider_reference, "PR-77")
        self.assertFalse(letter.activity_ids)

    def test_evidence_that_came_before_the_doubt(self):
        letter = self._post(self._create_invoice(), user=self.accountant)
        letter.state = "sending"
        self._told(letter, "received", "posted", provider_reference="PR-78")
        self.assertEqual(letter.state, "sending", "the outbox is at work on it")
        self.env["beepost.outbox"].sudo()._give_up(letter)
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(letter.provider_reference, "PR-78")
        self.assertEqual(letter.status, "posted")
        self.assertFalse(letter.activity_ids)

    def test_evidence_of_a_letter_that_was_stopped(self):
        letter = self._in_doubt(self._create_invoice())
        self._told(letter, "received", "rejected", provider_reference="PR-78")
        self.assertEqual(letter.state, "rejected", "BeePOST had it, and stopped it")

    def test_stopped_before_printing(self):
        self._told(self.letter, "received", "rejected", label="Papier épuisé")
        self.assertEqual(self.letter.state, "rejected")
        self.assertEqual(self.letter.status, "rejected")
        self.assertIn("Papier épuisé", self.letter.error)
        self.letter.with_user(self.accountant).action_retry()
        self.assertEqual(self.letter.status, "to_send", "the former life is over")

    def test_cancelled_and_yet_printed(self):
        self.letter.state = "cancelled"
        self.assertEqual(self.letter.status, "cancelled")
        self._told(self.letter, "posted")
        self.assertEqual(self.letter.status, "posted")
        self.assertTrue(self.letter.contradicted)

    def test_cancelled_stays_cancelled_whatever_was_told_before(self):
        self._told(self.letter, "received", "producing")
        self.letter.state = "cancelled"
        self.assertEqual(self.letter.status, "cancelled")
        self._told(self.letter, "received", start=NOON.replace(hour=18))
        self.assertEqual(self.letter.status, "cancelled")
        self.assertFalse(self.letter.contradicted)

    def test_a_printed_letter_in_trouble_was_printed(self):
        self._told(self.letter, "received", "exception")
        self.assertFalse(self.letter._was_printed())
        self._told(self.letter, "posted", start=NOON.replace(hour=18))
        self._told(self.letter, "exception", start=NOON.replace(hour=20))
        self.assertEqual(self.letter.status, "exception")
        self.assertTrue(self.letter._was_printed())
