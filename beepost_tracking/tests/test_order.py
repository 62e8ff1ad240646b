"""The same events, in whatever order, pages and repetition they are learnt.

Where a letter stands in the end is the same. What was written into an invoice's
chatter meanwhile is what was known at the time, and may differ; what holds for it is
in :meth:`TestOrder._judge_sentences`.
"""

import random
import re

from odoo.addons.beepost_mail.gateway import port

from .common import NOON, TellingGateway, TrackingCase

# Codes an hour apart, ``code:reason``.
WAYS = {
    "delivered": "received producing posted in_transit delivered proof",
    "plain": "received producing posted",
    "npai": "received producing posted undeliverable:npai returning returned proof",
    "refused": "received posted undeliverable:refused returned",
    "unclaimed": "posted awaiting_pickup undeliverable:unclaimed returning returned",
    "fetched": "posted in_transit awaiting_pickup delivered",
    "contradicted": "posted delivered undeliverable:npai",
    "incident": "posted in_transit exception in_transit delivered",
    "stuck": "received producing exception",
    "stopped": "received rejected",
    "printed all the same": "received cancelled posted",
    "refused and printed": "received rejected posted delivered",
    "of tomorrow": "received zz_9 posted",
}
ENDS = {
    "delivered": "delivered",
    "plain": "posted",
    "npai": "returned",
    "refused": "returned",
    "unclaimed": "returned",
    "fetched": "delivered",
    "contradicted": "undeliverable",
    "incident": "delivered",
    "stuck": "exception",
    "stopped": "rejected",
    "printed all the same": "posted",
    "refused and printed": "delivered",
    "of tomorrow": "posted",
}
ORDERS = 20
POSTED, FAILED, WHY, DELIVERED = (
    re.compile(words)
    for words in (
        r"Letter \S+ handed to La Poste on [^.]+",
        r"Letter \S+ could not be delivered: (.+?)\.",
        r"Why letter \S+ could not be delivered: (.+?)\.",
        r"Letter \S+ delivered on ",
    )
)


class TestOrder(TrackingCase):
    def test_the_order_of_learning_changes_nothing(self):
        alike = []
        for seed in range(ORDERS):
            letters = dict(zip(WAYS, self._many_accepted(len(WAYS)), strict=True))
            self._tell(letters, random.Random(seed) if seed else None)
            alike.append({way: self._end(way, letters[way]) for way in WAYS})
        self.assertEqual({w: e["status"] for w, e in alike[0].items()}, ENDS)
        for seed, ends in enumerate(alike):
            for way in WAYS:
                self.assertEqual(ends[way], alike[0][way], f"{way}, order {seed}")

    def _tell(self, letters, chance):
        """All of it, in the order in which it happened if there is no ``chance``."""
        gateway = TellingGateway()
        for way, letter in letters.items():
            for hour, word in enumerate(WAYS[way].split()):
                code, _colon, reason = word.partition(":")
                start = NOON.replace(hour=NOON.hour + hour)
                gateway.tell(letter, code, start=start, reason=reason)
        if chance:
            chance.shuffle(gateway.log)
            gateway.page = chance.choice([5, 17, 40, 500])
            for _again in range(20):
                told = chance.choice(gateway.log)
                gateway.log.insert(chance.randrange(len(gateway.log) + 1), told)
        self._follow().cursor = False
        self._pull(gateway)
        known = self.env["beepost.mailing"].union(*letters.values()).event_ids
        self.assertEqual(len(known), sum(len(w.split()) for w in WAYS.values()))

    def _end(self, way, letter):
        self._judge_sentences(way, letter)
        move = letter._documents_of("account.move")
        names = (
            *("state", "status", "stage_since", "return_reason", "contradicted"),
            *("posted_at", "presented_at", "pickup_until", "delivered_at"),
            *("undeliverable_at", "returned_at", "deposit_date", "expected_on"),
            *("due_on", "promise", "promise_rate", "accepted_at"),
        )
        return {
            **{name: letter[name] for name in names},
            "stage": letter.stage_id.code,
            "of the invoice": (move.beepost_status, move.beepost_return_reason),
            "activities": len(letter.activity_ids) + len(move.activity_ids),
        }

    def _judge_sentences(self, way, letter):
        """Of each kind one sentence at most. That the letter was posted or failed is
        said if and only if it is true in the end. A delivery is said of each letter
        that is delivered in the end; of one that failed perhaps, as long as nobody knew
        better, and never once its failure was told. The reason told last is the
        letter's."""
        move = letter._documents_of("account.move")
        bodies = move.sudo().message_ids.sorted("id").mapped("body")
        text = "\n".join(map(str, bodies))
        posted, failed = POSTED.findall(text), FAILED.findall(text)
        delivered = DELIVERED.findall(text)
        self.assertEqual(len(posted), bool(letter.posted_at), (way, text))
        self.assertEqual(len(failed), bool(letter.return_reason), (way, text))
        if letter.status == "delivered":
            self.assertEqual(len(delivered), 1, (way, text))
        elif letter.return_reason and "delivered" in WAYS[way]:
            self.assertLessEqual(len(delivered), 1, (way, text))
        else:
            self.assertFalse(delivered, (way, text))
        if failed:
            self.assertNotIn("delivered on", text[FAILED.search(text).end() :], way)
            reasons = failed + WHY.findall(text)
            self.assertEqual(reasons[-1], letter._reason_label(), (way, text))

    def test_an_invoice_hears_of_each_of_its_letters(self):
        former, again = self._many_accepted(2)
        again.sudo().document_ids.res_id = former.document_ids.res_id
        gateway = TellingGateway()
        gateway.tell(former, "posted", "returned")
        gateway.tell(again, "posted")
        self._pull(gateway)
        text = self._bodies(former._documents_of("account.move"))
        self.assertEqual(len(POSTED.findall(text)), 2)
        self.assertEqual(len(FAILED.findall(text)), 1)

    def test_a_delivery_told_too_early_is_put_right(self):
        letter = self._many_accepted(1)
        self._told(letter, "posted", "delivered")
        self.assertTrue(letter.delivered_at)
        later = NOON.replace(hour=18)
        self._told(letter, "undeliverable", start=later, reason="npai")
        self.assertEqual(letter.status, "undeliverable")
        self.assertFalse(letter.delivered_at)
        self.assertTrue(letter.contradicted)

    def test_a_person_cancelled_and_it_was_printed(self):
        letter = self._many_accepted(1)
        letter.sudo().state = "cancelled"
        self._told(letter, "posted")
        self.assertEqual(letter.state, "cancelled")
        self.assertEqual((letter.status, letter.contradicted), ("posted", True))

    def test_refused_and_printed_cannot_be_sent_again(self):
        letter = self._refused(self._create_invoice())
        self.assertTrue(letter.activity_ids)
        self._told(letter, "posted", provider_reference="PR-9")
        self.assertEqual((letter.state, letter.status), ("accepted", "posted"))
        self.assertEqual(letter.provider_reference, "PR-9")
        self.assertFalse(letter.activity_ids)

    def test_reasons_are_told_as_they_become_known(self):
        letter = self._many_accepted(1)
        self._told(letter, "returned")
        self._told(letter, "undeliverable", reason="npai")
        self._judge_sentences("npai", letter)
        self.assertIn("Why letter", self._bodies(letter._documents_of("account.move")))

    def test_nothing_is_told_of_an_event_that_is_not_new(self):
        letter = self._many_accepted(1)
        gateway = TellingGateway()
        gateway.tell(letter, "posted")
        self._pull(gateway)
        move = letter._documents_of("account.move")
        before = len(move.message_ids)
        gateway.log = [port.Event(**vars(told)) for told in gateway.log] * 3
        self._pull(gateway)
        self.assertEqual(len(gateway.log), 3)
        self.assertEqual(len(move.message_ids), before)
