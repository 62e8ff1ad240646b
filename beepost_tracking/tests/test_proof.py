"""Papers: announced once, fetched once, checked, kept, and told to whom it concerns."""

import io
from unittest.mock import patch

from pypdf import PdfReader, PdfWriter

from odoo.exceptions import AccessError, UserError

from odoo.addons.beepost_mail.gateway import port
from odoo.addons.beepost_mail.tests.common import a4_pdf

from ..models import beepost_proof_fetch
from ..models.beepost_proof import GIVE_UP_AFTER
from .common import NOON
from .proofs import PaperGateway, ProofCase, picture


class TestAnnounced(ProofCase):
    def test_an_event_announces(self):
        letter = self._registered()
        proof = self._announce(letter, "deposit")
        self.assertEqual(proof.kind, "deposit")
        self.assertEqual(proof.state, "announced")
        self.assertEqual(proof.account_id, self.account)
        self.assertEqual(proof.company_id, self.company)
        self.assertEqual(proof.client_reference, letter.client_reference)
        self.assertEqual(proof.event_id.mailing_id, letter)
        self.assertFalse(proof.attachment_id)

    def test_other_events_announce_nothing(self):
        letter = self._registered()
        self._told(letter, "posted", "delivered")
        self.assertFalse(self._proofs(letter))

    def test_told_twice_is_one(self):
        letter = self._registered()
        self._announce(letter, "deposit", "deposit", "content")
        self._announce(letter, "deposit", "content")
        self.assertEqual(self._proofs(letter).mapped("kind"), ["deposit", "content"])

    def test_a_kind_that_nobody_knows_is_shown_as_it_is(self):
        letter = self._registered()
        proof = self._announce(letter, "signature_biométrique")
        self.assertEqual(proof.kind_label, "signature_biométrique")
        self._fetch_one(letter, "signature_biométrique")
        self.assertEqual(proof.state, "fetched")

    def _fetch_one(self, letter, kind):
        gateway = PaperGateway()
        gateway.paper(letter, kind)
        self._fetch(gateway)

    def test_no_kind_is_any_kind(self):
        letter = self._registered()
        proof = self._announce(letter, "")
        self._fetch_one(letter, "ar_scan")
        self.assertEqual((proof.kind, proof.state), ("ar_scan", "fetched"))
        self.assertEqual(self._proofs(letter), proof)

    def test_words_that_turn_out_to_be_a_proof(self):
        letter = self._registered()
        self._told(letter, "zz_9", proof_kind="deposit")
        self.assertFalse(self._proofs(letter))
        self.env["beepost.wording"].search([("code", "=", "zz_9")]).canonical = "proof"
        self.assertEqual(self._proofs(letter).kind, "deposit")


class TestFetching(ProofCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.letter = cls._registered()

    def setUp(self):
        super().setUp()
        self.gateway = PaperGateway()

    def test_kept(self):
        content = a4_pdf("Preuve de dépôt")
        paper = self.gateway.paper(self.letter, "deposit", content)
        proof = self._announce(self.letter, "deposit")
        self._fetch(self.gateway)
        self.assertEqual(proof.state, "fetched")
        self.assertEqual(proof.proof_id, paper.proof_id)
        self.assertEqual(proof.attachment_id.raw, content)
        self.assertEqual(proof.sha256, paper.sha256)
        self.assertEqual(proof.announced_sha256, paper.sha256)
        self.assertEqual(proof.size, len(content))
        self.assertEqual(proof.issued_at, NOON.replace(tzinfo=None))
        self.assertEqual(proof.mimetype, "application/pdf")
        self.assertFalse(proof.error)
        self.assertEqual(
            (proof.attachment_id.res_model, proof.attachment_id.res_id),
            ("beepost.mailing.document", self.letter.document_ids.id),
        )
        self._fetch(self.gateway)
        self.assertEqual(self.gateway.fetched, [paper.proof_id], "fetched once")
        self.assertEqual(len(self.gateway.listed), 1)

    def test_nothing_announced_asks_nothing(self):
        self._fetch(self.gateway)
        self.assertFalse(self.gateway.listed)

    def test_an_image_is_a_paper(self):
        self.gateway.paper(self.letter, "ar_scan", picture())
        proof = self._announce(self.letter, "ar_scan")
        self._fetch(self.gateway)
        self.assertEqual(proof.mimetype, "image/png")
        self.assertEqual(proof.attachment_id.name, "ar_scan.pdf.png")

    def test_listed_before_it_is_told(self):
        """Then the event that comes late announces nothing more."""
        self.gateway.paper(self.letter, "deposit")
        self.gateway.paper(self.letter, "content")
        self._announce(self.letter, "deposit")
        self._fetch(self.gateway)
        self._announce(self.letter, "content")
        self._fetch(self.gateway)
        proofs = self._proofs(self.letter)
        self.assertEqual(proofs.mapped("kind"), ["deposit", "content"])
        self.assertEqual(set(proofs.mapped("state")), {"fetched"})
        self.assertTrue(all(proof.event_id for proof in proofs))
        self.assertEqual(len(self.gateway.fetched), 2)

    def test_a_second_paper_of_a_kind(self):
        self.gateway.paper(self.letter, "ar_scan", number="N1")
        self._announce(self.letter, "ar_scan")
        self._fetch(self.gateway)
        self.gateway.paper(self.letter, "ar_scan", a4_pdf("again"), number="N2")
        self._announce(self.letter, "", "ar_scan")
        self._fetch(self.gateway)
        kept = self._proofs(self.letter).filtered(lambda p: p.state == "fetched")
        self.assertEqual(sorted(kept.mapped("proof_id")), ["N1", "N2"])

    def test_a_second_word_about_one_paper(self):
        self.gateway.paper(self.letter, "ar_scan")
        first = self._announce(self.letter, "ar_scan")
        self._fetch(self.gateway)
        second = self._announce(self.letter, "", "ar_scan") - first
        second.filtered(lambda proof: not proof.kind).unlink()
        second = second.exists()
        self.assertEqual(len(second), 1)
        for _try in range(beepost_proof_fetch.REPEAT_TRIES):
            self.assertTrue(second.exists())
            self._be_due(second)
            self._fetch(self.gateway)
        self.assertFalse(second.exists())
        self.assertEqual(self._proofs(self.letter), first)

    def test_not_listed_yet(self):
        proof = self._announce(self.letter, "deposit")
        self._fetch(self.gateway)
        self.assertEqual(proof.state, "announced")
        self.assertIn("does not list it yet", proof.error)
        self.assertTrue(proof.retry_at)
        self.gateway.paper(self.letter, "deposit")
        self._fetch(self.gateway)
        self.assertEqual(proof.state, "announced", "not before its time")
        self._be_due(proof)
        self._fetch(self.gateway)
        self.assertEqual(proof.state, "fetched")
        self.assertFalse(proof.error)

    def test_issued_anew_under_another_number(self):
        """The one that is listed no more does not take every turn."""
        other = self._registered()
        self.gateway.paper(self.letter, "ar_scan", number="P1", sha256="0" * 64)
        first = self._announce(self.letter, "ar_scan")
        self._fetch(self.gateway)
        self.assertEqual((first.proof_id, first.state), ("P1", "failed"))
        self.gateway.papers[self.letter.client_reference].clear()
        self.gateway.paper(self.letter, "ar_scan", number="P2")
        self.gateway.paper(other, "deposit")
        self._announce(other, "deposit")
        self._proofs(other).attempts = 2  # asked for after the first one
        self.gateway.listed.clear()
        delays = []
        for _try in range(GIVE_UP_AFTER + 1):
            self._be_due(first)
            self._fetch(self.gateway)
            delays.append(first.retry_at - first.write_date)
        self.assertEqual(self._proofs(other).state, "fetched")
        again = self._proofs(self.letter) - first
        self.assertEqual((again.proof_id, again.state), ("P2", "fetched"))
        self.assertEqual(first.state, "failed")
        self.assertIn("does not list it", first.error)
        self.assertEqual(first.attempts, GIVE_UP_AFTER)
        self.assertGreater(delays[3], delays[0])
        self.assertEqual(
            self.gateway.listed.count(self.letter.client_reference),
            GIVE_UP_AFTER - 1,
            "once each time, and not for ever",
        )

    # -- what is wrong with it ------------------------------------------------

    def _check_failed(self, words, content=None, **more):
        self.gateway.paper(self.letter, "deposit", content, **more)
        self.gateway.paper(self.letter, "content")
        self._announce(self.letter, "deposit", "content")
        self._fetch(self.gateway)
        bad, good = self._proofs(self.letter)
        self.assertEqual((bad.state, good.state), ("failed", "fetched"))
        self.assertIn(words, bad.error)
        self.assertFalse(bad.attachment_id)
        self.assertTrue(bad.retry_at)
        return bad

    def test_wrong_hash(self):
        """A provider that corrects its list is believed at the next try."""
        bad = self._check_failed("SHA-256", sha256="0" * 64)
        del self.gateway.papers[self.letter.client_reference][0]
        self.gateway.paper(self.letter, "deposit")
        self._be_due(bad)
        self._fetch(self.gateway)
        self.assertEqual(bad.state, "fetched")

    def test_not_a_paper(self):
        self._check_failed("neither a PDF nor an image", b"<html>Service down</html>")

    def test_a_damaged_pdf(self):
        self._check_failed("damaged", b"%PDF-1.7 and nothing else")

    def test_a_refused_paper(self):
        self._check_failed("No such paper", port.Refused("No such paper"))

    def test_an_answer_that_makes_no_sense(self):
        self._check_failed("no sense", port.BadAnswer("The paper is another one"))

    def test_too_large(self):
        self._check_failed("larger than", size=33 * 1024 * 1024)
        self.assertEqual(len(self.gateway.fetched), 1, "not even asked for")

    def test_a_fault_of_ours(self):
        self.gateway.paper(self.letter, "deposit")
        self.gateway.paper(self.letter, "content")
        self._announce(self.letter, "deposit", "content")
        keep = type(self.env["beepost.proof"])._keep

        def stumble(proof, content, *args):
            if proof.kind == "deposit":
                raise ZeroDivisionError
            return keep(proof, content, *args)

        with (
            patch.object(type(self.env["beepost.proof"]), "_keep", stumble),
            self.assertLogs(beepost_proof_fetch._logger, "ERROR"),
        ):
            self._fetch(self.gateway)
        bad, good = self._proofs(self.letter)
        self.assertEqual((bad.state, good.state), ("failed", "fetched"))
        self.assertIn("unexpected", bad.error)

    def test_a_locked_pdf_is_kept(self):
        """Its hash is right: it is evidence, though nobody here can open it."""

        writer = PdfWriter()
        writer.append(PdfReader(io.BytesIO(a4_pdf())))
        writer.encrypt("secret", algorithm="RC4-128")
        out = io.BytesIO()
        writer.write(out)
        self.gateway.paper(self.letter, "deposit", out.getvalue())
        proof = self._announce(self.letter, "deposit")
        self._fetch(self.gateway)
        self.assertEqual(proof.state, "fetched")
        self.assertEqual(proof.attachment_id.raw, out.getvalue())
        self.assertIn("password", proof.error)

    def test_one_number_for_two_letters(self):
        other = self._registered()
        self.gateway.paper(self.letter, "deposit", number="SAME")
        self.gateway.paper(other, "deposit", a4_pdf("other"), number="SAME")
        self._announce(self.letter, "deposit")
        self._announce(other, "deposit")
        self.gateway.contents["SAME"] = a4_pdf("deposit")
        self._fetch(self.gateway)
        self.assertEqual(self._proofs(self.letter).state, "fetched")
        self.assertEqual(self._proofs(other).state, "announced")
        self.assertIn("another letter", self._proofs(other).error)

    def test_a_letter_that_the_provider_does_not_know(self):
        other = self._registered()
        self._announce(self.letter, "deposit")
        self._announce(other, "deposit")
        self.gateway.papers[self.letter.client_reference] = port.Refused("No letter")
        self.gateway.paper(other, "deposit")
        self._fetch(self.gateway)
        self.assertEqual(self._proofs(self.letter).state, "failed")
        self.assertIn("No letter", self._proofs(self.letter).error)
        self.assertEqual(self._proofs(other).state, "fetched")

    # -- what is wrong with the provider --------------------------------------

    def test_unavailable_waits_and_loses_nothing(self):
        other = self._registered()
        self.gateway.paper(self.letter, "deposit", port.Unavailable("down"))
        self.gateway.paper(other, "deposit")
        self._announce(self.letter, "deposit")
        self._announce(other, "deposit")
        self._fetch(self.gateway)
        self.assertEqual(self._proofs(self.letter).state, "announced")
        self.assertIn("asked for again", self._proofs(self.letter).error)
        self.assertEqual(self.gateway.listed, [self.letter.client_reference])
        self.assertEqual(self._follow().proofs_failures, 1)
        self.assertTrue(self.account.proofs_error)
        self._fetch(self.gateway)
        self.assertEqual(len(self.gateway.listed), 1, "not before the time is up")
        self._be_due(self._proofs(self.letter))
        self._fetch(self.gateway)
        self.assertEqual(
            self._proofs(other).state, "fetched", "the bad one is last in the queue"
        )
        self.assertFalse(self._proofs(self.letter).attachment_id)

    def test_success_ends_the_waiting(self):
        self.gateway.paper(self.letter, "deposit")
        self._announce(self.letter, "deposit")
        self._follow().write(
            {"proofs_failures": 3, "proofs_error": "x", "proofs_retry_at": False}
        )
        self._fetch(self.gateway)
        self.assertFalse(self._follow().proofs_failures or self.account.proofs_error)

    def test_retry_after_is_honoured(self):
        self.gateway.papers[self.letter.client_reference] = port.Unavailable(
            "busy", retry_after=7200
        )
        self._announce(self.letter, "deposit")
        self._fetch(self.gateway)
        follow = self._follow()
        self.assertGreater((follow.proofs_retry_at - follow.write_date).seconds, 7100)

    def test_credentials_are_not_hammered(self):
        others = [self._registered() for _number in range(3)]
        for letter in (self.letter, *others):
            self._announce(letter, "deposit")
        self.gateway.papers = {
            letter.client_reference: port.Credentials("no")
            for letter in (self.letter, *others)
        }
        self._fetch(self.gateway)
        self.assertEqual(len(self.gateway.listed), 1)
        follow = self._follow()
        self.assertGreater((follow.proofs_retry_at - follow.write_date).seconds, 3500)
        self.assertIn("password", self.account.proofs_error)
        self.account.action_resume()
        self.assertFalse(self._follow().proofs_retry_at)

    def test_the_delay_grows_and_ends(self):
        self.gateway.paper(self.letter, "deposit", b"nothing")
        proof = self._announce(self.letter, "deposit")
        delays = []
        for _try in range(GIVE_UP_AFTER):
            self._be_due(proof)
            self._fetch(self.gateway)
            delays.append(proof.retry_at - proof.write_date)
        self.assertEqual(delays[:5], sorted(delays[:5]))
        self.assertGreater(delays[4], delays[0])
        self._be_due(proof)
        self._fetch(self.gateway)
        self.assertEqual(len(self.gateway.fetched), GIVE_UP_AFTER)
        proof.with_user(self.manager).action_fetch_again()
        self._fetch(self.gateway)
        self.assertEqual(len(self.gateway.fetched), GIVE_UP_AFTER + 1)

    def test_every_account_has_its_turn(self):
        account = self.account.copy({"name": "Second"})
        asked = []
        for _number in range(2):
            for own in (self.account, account):
                letter = self._registered()
                letter.account_id = own
                self.gateway.paper(letter, "deposit", a4_pdf(str(letter.id)))
                self.env["beepost.proof"].sudo().create(
                    self.env["beepost.proof"]._prepare_listed_vals(
                        own, letter, letter.client_reference
                    )
                )
                asked.append(letter.client_reference)
        with patch.object(beepost_proof_fetch, "LETTERS_A_RUN", 1):
            self._fetch(self.gateway)
            self._fetch(self.gateway)
        self.assertEqual(self.gateway.listed, asked)


class TestTold(ProofCase):
    def test_the_invoice_lists_the_paper(self):
        move = self._create_invoice()
        letter = self._registered(move)
        main = move.message_main_attachment_id
        proof = self._kept(letter, "deposit")
        listed = self.env["ir.attachment"].search(
            [("res_model", "=", "account.move"), ("res_id", "=", move.id)]
        )
        copy = listed.filtered(lambda a: a.name == "deposit.pdf")
        self.assertEqual(len(copy), 1)
        self.assertEqual(copy.raw, proof.attachment_id.raw)
        self.assertEqual(copy.store_fname, proof.attachment_id.store_fname)
        self.assertEqual(move.message_main_attachment_id, main)

    def test_an_enclosure_of_the_same_invoice_is_no_other_document(self):
        move = self._create_invoice()
        letter = self._registered(move)
        letter.document_ids.copy({"kind": "enclosure", "name": "Conditions.pdf"})
        self.assertEqual(len(letter.document_ids), 2)
        listed = self._kept(letter, "deposit").listed_id
        self.assertEqual((listed.res_model, listed.res_id), (move._name, move.id))

    def test_an_envelope_of_several_documents_lists_it_nowhere_else(self):
        move, other = self._create_invoice(), self._create_invoice()
        letter = self._registered(move)
        letter.document_ids.copy({"res_id": other.id})
        proof = self._kept(letter, "deposit")
        self.assertEqual(proof.state, "fetched")
        self.assertFalse(
            self.env["ir.attachment"].search(
                [
                    ("res_model", "=", "account.move"),
                    ("res_id", "in", (move + other).ids),
                    ("name", "=", "deposit.pdf"),
                ]
            )
        )

    def test_accountants_hear_of_delivery_and_ar_alone(self):
        move = self._create_invoice()
        letter = self._registered(move)
        self._kept(letter, "deposit", "content", "delivery", "ar_scan", "return_scan")
        bodies = [b for b in move.message_ids.mapped("body") if "received" in b]
        self.assertEqual(len(bodies), 2)
        self.assertIn("acknowledgement of receipt received", self._bodies(move))
        self.assertIn("proof of delivery received", self._bodies(move))


class TestProofRights(ProofCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_b = cls.setup_other_company(name="Autre")["company"]
        cls.admin = cls._create_user("admin", "beepost_mail.group_admin")
        cls.employee = cls._create_user("employee", "base.group_user")
        cls.sender = cls._create_user("sender", "beepost_mail.group_user")
        cls.accountant_b, cls.manager_b, cls.admin_b = (
            cls._create_user(f"{name}_b", group, cls.company_b)
            for name, group in (
                ("accountant", "account.group_account_invoice"),
                ("manager", "beepost_mail.group_manager"),
                ("admin", "beepost_mail.group_admin"),
            )
        )

    def setUp(self):
        super().setUp()
        self.letter = self._registered()
        self.proof = self._kept(self.letter, "deposit")

    def _as(self, user):
        self.env.invalidate_all()
        return self.proof.with_user(user)

    def test_metadata(self):
        for user, sees in (
            (self.accountant, True),
            (self.manager, True),
            (self.admin, True),
            (self.sender, False),
            (self.employee, False),
            (self.accountant_b, False),
            (self.manager_b, False),
            (self.admin_b, False),
        ):
            with self.subTest(user=user.login):
                proof = self._as(user)
                if sees:
                    self.assertEqual(proof.search([]), proof)
                    self.assertEqual(
                        proof.read(["kind_label", "sha256"])[0]["id"], proof.id
                    )
                    continue
                with self.assertRaises(AccessError):
                    proof.read(["sha256"])
                if user == self.employee:
                    with self.assertRaises(AccessError):
                        proof.search([])
                else:
                    self.assertFalse(proof.search([]))

    def test_content(self):
        attachment = self.proof.attachment_id
        for user, sees in (
            (self.accountant, True),
            (self.manager, False),
            (self.admin, False),
            (self.sender, False),
            (self.accountant_b, False),
            (self.manager_b, False),
        ):
            with self.subTest(user=user.login):
                proof = self._as(user)
                if sees:
                    self.assertTrue(proof.content)
                    self.assertIn(str(attachment.id), proof.action_download()["url"])
                    self.assertTrue(attachment.with_user(user).raw)
                    continue
                with self.assertRaises(AccessError):
                    proof.action_download()
                with self.assertRaises(AccessError):
                    attachment.with_user(user).read(["raw"])
        for user in (self.manager, self.admin):
            self.assertFalse(self._as(user).content)

    def test_nobody_changes_a_proof(self):
        for user in (self.accountant, self.manager, self.admin):
            with self.subTest(user=user.login):
                proof = self._as(user)
                with self.assertRaises(AccessError):
                    proof.write({"sha256": "0"})
                with self.assertRaises(AccessError):
                    proof.unlink()
                with self.assertRaises(AccessError):
                    proof.copy()
                with self.assertRaises(AccessError):
                    proof.create(
                        {
                            "mailing_id": self.letter.id,
                            "account_id": self.account.id,
                            "company_id": self.company.id,
                            "client_reference": "x",
                        }
                    )
                with self.assertRaises(AccessError):
                    self.proof.attachment_id.with_user(user).unlink()

    def test_only_managers_ask_again(self):
        gateway = PaperGateway()
        gateway.paper(self.letter, "content", b"nothing")
        bad = self._announce(self.letter, "content") - self.proof
        self._fetch(gateway)
        self.assertEqual(bad.state, "failed")
        for user in (self.accountant, self.manager_b):
            with self.assertRaises(AccessError):
                bad.with_user(user).action_fetch_again()
        self.assertEqual(bad.state, "failed")
        (bad + self.proof).with_user(self.manager).action_fetch_again()
        self.assertEqual((bad.state, bad.attempts), ("announced", 0))
        self.assertEqual(self.proof.state, "fetched", "what is kept stays")

    def test_what_is_not_here_cannot_be_downloaded(self):
        waiting = self._announce(self.letter, "content") - self.proof
        with self.assertRaises(UserError) as caught:
            waiting.with_user(self.accountant).action_download()
        self.assertNotIsInstance(caught.exception, AccessError)
