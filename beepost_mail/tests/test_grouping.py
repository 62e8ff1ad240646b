"""Several letters become one envelope, and each document sees it."""

from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo import fields
from odoo.exceptions import AccessError, UserError

from ..gateway import port
from .common import ScriptedGateway
from .grouping import GroupingCase


class TestPutTogether(GroupingCase):
    def test_oldest_letter_carries_the_documents(self):
        letters = self._letters_to(*[self.customer] * 3)
        moves = self._moves(letters)
        references = letters.mapped("client_reference")
        carrier = self._together(letters[1] + letters[2] + letters[0])
        self.assertEqual(carrier, letters[0])
        self.assertEqual(carrier.client_reference, references[0])
        self.assertEqual(carrier.document_ids.mapped("res_id"), moves.ids)
        self.assertEqual(letters.mapped("state"), ["draft", "cancelled", "cancelled"])
        self.assertEqual(letters[1:].grouped_into_id, carrier)
        for move in moves:
            self.assertEqual(move.beepost_state, "waiting")
            self.assertEqual(move._beepost_standing_letter(), carrier)
            self.assertEqual(move.beepost_count, 1)
            self.assertIn("in one envelope with others", self._bodies(move))
            self.assertEqual(move.action_open_beepost_mailings()["res_id"], carrier.id)
        self.assertIn(letters[2].name, self._bodies(carrier))
        self.assertIn(references[0], self._bodies(letters[1]))
        gateway = self._send()
        self.assertEqual(gateway.counts(), {references[0]: 1})
        self.assertEqual(carrier.state, "accepted")
        self.assertEqual(set(moves.mapped("beepost_state")), {"practice"})
        # Address sheet and three documents of one page.
        self.assertEqual((carrier.sheets, carrier.envelope), (4, "C6/5"))
        self.assertEqual(carrier.document_ids.mapped("sheets"), [1, 1, 1])
        for move in moves:
            self.assertIn("accepted under reference", self._bodies(move))

    def test_the_list_that_opens_shows_how_full_the_envelopes_are(self):
        letters = self._letters_to(*[self.customer, self.other] * 2, self.customer)
        # What is enclosed is no document of its own.
        letters[0].document_ids.copy({"kind": "enclosure"})
        wizard = self.env["beepost.group"].with_user(self.accountant).sudo(False)
        action = wizard.create({"mailing_ids": letters.ids}).action_put_together()
        Mailing = self.env["beepost.mailing"].with_user(self.accountant)
        Mailing = Mailing.with_context(lang="en_US").sudo(False)
        views = Mailing.get_views(action["views"])
        fields_shown = etree.fromstring(views["views"]["list"]["arch"])
        [column] = fields_shown.xpath("/list/field[@name='document_count']")
        self.assertEqual(column.get("optional"), "show")
        label = views["models"]["beepost.mailing"]["fields"]["document_count"]["string"]
        self.assertLessEqual(len(label), 15)
        found = Mailing.search(action["domain"], order="id")
        self.assertEqual(found.mapped("document_count"), [3, 2])
        usual = Mailing.get_views([(False, "list"), (False, "form")])
        arch = etree.fromstring(usual["views"]["list"]["arch"])
        [column] = arch.xpath("/list/field[@name='document_count']")
        self.assertEqual(column.get("optional"), "hide")

    def test_letters_that_stay_apart(self):
        registered = self.env.ref("beepost_mail.service_registered")
        usual = self._letters_to(self.customer)
        for name, letter in (
            ("addressee", self._letters_to(self.other)),
            ("colour", self._letters_to(self.customer, color=True)),
            ("sides", self._letters_to(self.customer, duplex=not usual.duplex)),
            ("sheet", self._letters_to(self.customer, address_sheet="always")),
            ("copy", self._letters_to(self.customer, is_copy=True)),
            ("service", self._letters_to(self.customer, service_id=registered.id)),
            (
                "day",
                self._letters_to(
                    self.customer, planned_at=fields.Datetime.now() + timedelta(days=2)
                ),
            ),
        ):
            with self.subTest(name), self.assertRaisesRegex(UserError, "No two"):
                self._together(usual + letter)
        self.assertEqual(usual.state, "draft")

    def test_another_address_or_family(self):
        """Same name at the same place, but another customer of ours; and a customer
        that has moved since."""
        twin = self._create_customer(self.customer.name)
        usual, same = self._letters_to(self.customer, twin)
        self.assertEqual(usual.recipient, same.recipient)
        with self.assertRaises(UserError):
            self._together(usual + same)
        contact = self._create_customer(
            False, parent_id=self.customer.id, type="invoice", is_company=False
        )
        near = self._letters_to(contact)
        self.assertEqual(self._together(usual + near), usual)
        self.customer.street = "1 rue Neuve"
        with self.assertRaises(UserError):
            self._together(usual + self._letters_to(self.customer))

    def test_never_across_senders(self):
        usual = self._letters_to(self.customer)
        self.company.partner_id.street = "2 place de la Bourse"
        moved = self._letters_to(self.customer)
        with self.assertRaises(UserError):
            self._together(usual + moved)

    def test_registered_on_request(self):
        service = self.env.ref("beepost_mail.service_registered")
        letters = self._letters_to(*[self.customer] * 2, service_id=service.id)
        with self.assertRaises(UserError):
            self._together(letters)
        self.assertEqual(self._together(letters, registered=True), letters[0])

    def test_confidentiality(self):
        usual, personal = self._letters_to(self.customer, self.customer)
        self.assertEqual(usual.confidentiality, "usual")
        self.env["beepost.confidentiality"].create(
            {
                "model_id": self.env["ir.model"]._get_id("res.partner"),
                "level": "secret",
            }
        )
        personal.document_ids.res_model = "res.partner"
        self.assertEqual(personal.confidentiality, "secret")
        with self.assertRaises(UserError):
            self._together(usual + personal, user=self.env.user)

    def test_levels_of_models(self):
        level = self.env["beepost.confidentiality"]._levels(
            {"account.move", "hr.no.more"}
        )
        self.assertEqual(level, {"account.move": "usual", "hr.no.more": "secret"})
        with patch.object(type(self.env["res.partner"]), "_name", "hr.payslip"):
            self.assertEqual(
                self.env["res.partner"]._beepost_confidentiality(), "personal"
            )

    def test_prepared_letters_are_made_anew(self):
        letters = self._letters_to(*[self.customer] * 2)
        self._send(ScriptedGateway([port.Unavailable("503")]))
        letters.first_sent_at = False
        former = letters.sudo().pdf_id
        letters[1].write({"state": "ready", "hold_reason": "Wait"})
        carrier = self._together(letters)
        self.assertEqual((carrier.state, carrier.sheets), ("draft", 0))
        self.assertFalse(former.exists())
        self.assertFalse(letters[1].sheets, "counted once in every sum")
        self.account.sudo().retry_at = False
        gateway = self._send()
        self.assertEqual(gateway.counts(), {carrier.client_reference: 1})
        self.assertEqual(carrier.sheets, 3)

    def test_what_may_have_left_stays_as_it_is(self):
        for values in (
            {"first_sent_at": fields.Datetime.now()},
            {"in_doubt": True},
            {"state": "sending"},
            {"state": "accepted"},
            {"state": "unknown"},
            {"state": "rejected"},
            {"state": "cancelled"},
        ):
            letters = self._letters_to(*[self.customer] * 3)
            letters[0].write(values)
            with self.subTest(**values):
                self.assertEqual(self._together(letters), letters[1])
                self.assertEqual(letters[0].state, values.get("state", "draft"))
                self.assertEqual(len(letters[0].document_ids), 1)

    def test_at_work_just_now(self):
        letters = self._letters_to(*[self.customer] * 2)
        with (
            patch.object(
                type(letters), "try_lock_for_update", lambda self, **kw: self[:1]
            ),
            self.assertRaisesRegex(UserError, "handed over at this very moment"),
        ):
            self._together(letters)

    def test_full_envelope(self):
        letters = self._letters_to(*[self.customer] * 3, pages=40, duplex=True)
        self.assertEqual(self._together(letters), letters[0])
        self.assertEqual(letters[1].grouped_into_id, letters[0])
        self.assertEqual(letters[2].state, "draft")
        self._send()
        self.assertEqual(letters[0].sheets, 41)
        self.assertEqual(letters[2].state, "accepted")

    def test_again_with_another(self):
        """A letter that carries others is put into an older one: one link long."""
        oldest = self._letters_to(self.customer)
        letters = self._grouped(2)
        self.assertEqual(self._together(oldest + letters), oldest)
        self.assertEqual(letters.grouped_into_id, oldest)
        self.assertEqual(len(oldest.document_ids), 3)
        oldest.action_separate()
        self.assertEqual((oldest + letters).mapped("state"), ["draft"] * 3)
        self.assertEqual(
            [len(letter.document_ids) for letter in oldest + letters], [1, 1, 1]
        )

    def test_latest_plan_counts(self):
        noon = fields.Datetime.now().replace(hour=11, minute=0, second=0)
        noon += timedelta(days=3)
        later = noon + timedelta(hours=1)
        first = self._letters_to(self.customer, planned_at=noon)
        second = self._letters_to(self.customer, planned_at=later)
        carrier = self._together(first + second)
        self.assertEqual(carrier.planned_at, later.replace(microsecond=0))

    def test_unreadable_document_keeps_nobody(self):
        letters = self._letters_to(*[self.customer] * 3)
        letters[1].document_ids.sudo().attachment_id.raw = b"no pdf"
        self.assertEqual(self._together(letters), letters[0])
        self.assertEqual(letters[2].grouped_into_id, letters[0])
        self._send()
        self.assertEqual(letters.mapped("state"), ["accepted", "rejected", "cancelled"])

    def test_who_may_read(self):
        letters = self._grouped(2)
        stranger = self._create_user("stranger", "beepost_mail.group_user")
        for user, seen in ((self.accountant, letters), (stranger, letters[:0])):
            Mailing = self.env["beepost.mailing"].with_user(user)
            found = Mailing.search([("id", "in", letters.ids)])
            self.assertEqual(found.sorted("id").ids, seen.ids, user.login)
        self.assertTrue(letters[1].with_user(self.accountant).address)
        with self.assertRaises(AccessError):
            letters[1].with_user(stranger).read(["name"])
        with self.assertRaises(AccessError):
            letters.with_user(stranger).sudo(False).action_put_together()

    def test_what_replaces_a_letter_that_left_goes_alone(self):
        left = self._accepted(self._create_invoice())
        letters = self._letters_to(*[self.customer] * 3)
        letters[0].origin_id = left
        self.assertEqual(self._together(letters), letters[1])

    def test_refused_letter_stays_replaced(self):
        refused = self._refused(self._create_invoice())
        older = self._letters_to(self.customer)
        successor = self._post(self._moves(refused), user=self.accountant)
        self.assertEqual(self._together(older + successor), older)
        self.assertEqual(refused.state, "cancelled")
        self.assertEqual(successor.origin_id, refused)

    def test_one_letter_is_no_group(self):
        letter = self._letters_to(self.customer)
        with self.assertRaisesRegex(UserError, "two letters or more"):
            letter.with_user(self.accountant).action_put_together()


class TestTakeApart(GroupingCase):
    def test_each_gets_its_letter_back(self):
        letters = self._grouped()
        moves = self._moves(letters[0])
        references = letters.mapped("client_reference")
        letters[0].with_user(self.accountant).sudo(False).action_separate()
        self.assertEqual(letters.mapped("state"), ["draft"] * 3)
        self.assertEqual(letters.mapped("client_reference"), references)
        self.assertFalse(letters.grouped_into_id)
        for letter, move in zip(letters, moves, strict=True):
            self.assertEqual(move._beepost_standing_letter(), letter)
            self.assertEqual(move.beepost_count, 1)
            self.assertIn("on its own", self._bodies(move))
        gateway = self._send()
        self.assertEqual(gateway.counts(), dict.fromkeys(references, 1))

    def test_prepared_envelope(self):
        letters = self._grouped()
        self.account.sudo().retry_at = False
        with patch.object(
            type(self.env["beepost.outbox"]),
            "_write_claim",
            lambda self, account, worker: self.env["beepost.mailing"],
        ):
            self._send()
        self.assertEqual(letters[0].state, "queued")
        letters[0].action_separate()
        self.assertEqual(letters.mapped("state"), ["draft"] * 3)
        self.assertFalse(letters.sudo().pdf_id)
        self._send()
        self.assertEqual(letters.mapped("sheets"), [2, 2, 2])

    def test_refused_envelope(self):
        letters = self._grouped()
        self.account.sudo().limits_at = False
        spent = letters[0].client_reference
        letters[0].state = "rejected"
        letters[0].action_separate()
        self.assertNotEqual(letters[0].client_reference, spent, "a new letter")
        self._send()
        self.assertEqual(letters.mapped("state"), ["accepted"] * 3)

    def test_not_once_it_left(self):
        letters = self._grouped()
        for values in (
            {"state": "accepted"},
            {"state": "unknown"},
            {"state": "queued", "first_sent_at": fields.Datetime.now()},
            {"state": "draft", "in_doubt": True},
        ):
            letters[0].write({"first_sent_at": False, "in_doubt": False, **values})
            with self.subTest(**values), self.assertRaises(UserError):
                letters[0].action_separate()
            self.assertEqual(len(letters[0].document_ids), 3)

    def test_nothing_to_take_apart(self):
        letter = self._letters_to(self.customer)
        with self.assertRaisesRegex(UserError, "nothing can be taken apart"):
            letter.action_separate()

    def test_refused_by_our_own_checks(self):
        """One bad document must not keep those that were put together with it."""
        letters = self._grouped()
        letters[0].document_ids[1].attachment_id.raw = b"?"
        gateway = self._send()
        self._send(gateway)
        self.assertEqual(letters.mapped("state"), ["accepted", "rejected", "accepted"])
        self.assertEqual(
            gateway.counts(),
            {
                letters[0].client_reference: 1,
                letters[2].client_reference: 1,
            },
        )

    def test_retry_of_a_refused_envelope(self):
        letters = self._grouped(2)
        letters[0].state = "rejected"
        letters[0].action_retry()
        self._send()
        self.assertEqual(letters[0].state, "accepted")
        self.assertEqual(len(letters[0].document_ids), 2)

    def test_successor_of_a_grouped_letter(self):
        letters = self._grouped(2)
        self._send()
        successor = letters[0]._make_successors(self.accountant)
        self.assertEqual(len(successor.document_ids), 2)
        self.assertFalse(successor.document_ids.home_id)


class TestWithdrawn(GroupingCase):
    """A document that must not leave leaves the envelope; the others go."""

    def test_before_it_is_prepared(self):
        for position in range(3):
            letters = self._grouped()
            moves = self._moves(letters[0])
            moves[position].button_draft()
            with self.subTest(position=position):
                others = moves - moves[position]
                self.assertEqual(moves[position].beepost_state, "cancelled")
                self.assertEqual(set(others.mapped("beepost_state")), {"waiting"})
                self.assertEqual(letters[0].document_ids.mapped("res_id"), others.ids)
                gateway = self._send()
                self.assertEqual(gateway.counts(), {letters[0].client_reference: 1})
                self.assertEqual(letters[0].sheets, 3)
                self.assertEqual(moves[position].beepost_state, "cancelled")
                self.assertIn("Taken out", self._bodies(moves[position]))
                self.assertNotIn("has left already", self._bodies(moves[position]))

    def _queue(self, letters):
        with patch.object(
            type(self.env["beepost.outbox"]),
            "_write_claim",
            lambda self, account, worker: self.env["beepost.mailing"],
        ):
            self._send()
        self.assertEqual(letters[0].state, "queued")

    def test_prepared_pdf_is_made_anew(self):
        letters = self._grouped()
        self._queue(letters)
        former = letters[0].sha256
        move = self.env["account.move"].browse(letters[0].document_ids[1].res_id)
        move.button_draft()
        self.assertEqual(letters[0].state, "draft")
        self.assertFalse(letters[0].sudo().pdf_id)
        self._send()
        self.assertEqual(letters[0].state, "accepted")
        self.assertNotEqual(letters[0].sha256, former)
        self.assertEqual(letters[0].sheets, 3)

    def test_found_when_it_is_claimed(self):
        """Withdrawn while the letter was locked: found before it is handed over."""
        letters = self._grouped()
        self._queue(letters)
        move = self.env["account.move"].browse(letters[0].document_ids[0].res_id)
        with patch.object(
            type(letters), "try_lock_for_update", lambda self, **kw: self.browse()
        ):
            move.button_draft()
        self.assertEqual(letters[0].state, "queued")
        gateway = self._send()
        self.assertFalse(gateway.requests, "not with this PDF")
        self.assertEqual(letters[0].state, "draft")
        self.assertEqual(move.beepost_state, "cancelled")
        gateway = self._send()
        self.assertEqual(gateway.counts(), {letters[0].client_reference: 1})
        self.assertEqual(letters[0].sheets, 3)

    def test_all_of_them(self):
        letters = self._grouped()
        moves = self._moves(letters[0])
        moves.button_draft()
        self.assertEqual(set(letters.mapped("state")), {"cancelled"})
        self.assertEqual(set(moves.mapped("beepost_state")), {"cancelled"})
        self.assertFalse(self._send().requests)

    def test_from_a_refused_envelope(self):
        letters = self._grouped()
        letters[0].state = "rejected"
        move = self.env["account.move"].browse(letters[0].document_ids[0].res_id)
        move.button_draft()
        self.assertEqual(letters[0].state, "rejected", "a person decides")
        self.assertEqual(move.beepost_state, "cancelled")
        self.assertEqual(len(letters[0].document_ids), 2)

    def test_sent_again_from_a_refused_envelope(self):
        """Whatever is done about the envelope, the document is posted once."""
        for action in ("action_retry", "action_separate"):
            letters = self._grouped()
            letters[0].state = "rejected"
            moves = self._moves(letters[0])
            again = self._post(moves[1], user=self.accountant)
            with self.subTest(action):
                self.assertEqual(letters.mapped("state")[:2], ["rejected", "cancelled"])
                self.assertEqual(again.origin_id, letters[1])
                getattr(letters[0].with_user(self.accountant).sudo(False), action)()
                self._send()
                self.assertEqual(again.state, "accepted")
                self.assertEqual(letters[1].state, "cancelled")
                left = moves.beepost_document_ids.filtered(
                    lambda line: line.mailing_id.state == "accepted"
                )
                self.assertEqual(sorted(left.mapped("res_id")), moves.ids)

    def test_enclosure_goes_with_its_document(self):
        letters = self._grouped()
        line = letters[0].document_ids[1]
        line.copy({"kind": "enclosure", "sequence": 21})
        self.env["account.move"].browse(line.res_id).button_draft()
        self.assertEqual(letters[0].document_ids.mapped("kind"), ["document"] * 2)

    def test_taken_apart_after_it(self):
        """The first document is gone: the next one takes its letter."""
        letters = self._grouped()
        moves = self._moves(letters[0])
        moves[0].button_draft()
        letters[0].action_separate()
        self.assertEqual(letters.mapped("state"), ["draft", "cancelled", "draft"])
        gateway = self._send()
        self.assertEqual(len(gateway.counts()), 2)
        self.assertEqual(moves[1:].mapped("beepost_state"), ["practice"] * 2)
        self.assertEqual(moves[0].beepost_state, "cancelled")

    def test_lot_counts_no_letter_more(self):
        lot = (
            self.env["beepost.lot"]
            .sudo()
            .create(
                {
                    "name": "Lot",
                    "company_id": self.company.id,
                    "user_id": self.accountant.id,
                    "expected": 3,
                }
            )
        )
        letters = self._grouped(lot_id=lot.id)
        self.env["account.move"].browse(
            letters[0].document_ids[0].res_id
        ).button_draft()
        self.assertEqual((lot.letter_count, lot.missing_count), (3, 0))

    def test_never_arrived(self):
        letters = self._grouped(2)
        letters[0].write({"state": "unknown"})
        move = self.env["account.move"].browse(letters[0].document_ids[1].res_id)
        move.button_draft()
        self.assertEqual(letters[0].state, "unknown", "it may have left")
        letters[0].with_user(self.manager).action_never_arrived()
        self.assertEqual(letters[0].state, "draft")
        self.assertEqual(len(letters[0].document_ids), 1)

    def test_deleted(self):
        letters = self._grouped()
        move = self.env["account.move"].browse(letters[0].document_ids[1].res_id)
        move.button_draft()
        move.with_context(force_delete=True).unlink()
        self._send()
        self.assertEqual(letters[0].state, "accepted")
