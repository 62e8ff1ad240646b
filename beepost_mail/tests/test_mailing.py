"""The life of a letter: retry, cancel, correct, doubt, and what people are told."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError, UserError
from odoo.tools.translate import code_translations

from ..gateway import port
from ..letter.finding import ERROR, Finding
from .common import LOST, BeepostCommon, ScriptedGateway, a4_pdf, receipt

STATES = (
    "draft",
    "ready",
    "queued",
    "sending",
    "accepted",
    "rejected",
    "cancelled",
    "unknown",
)


def refusing(*codes):
    """A provider that refuses every letter."""
    reasons = [port.Reason(code, f"Motif {code}") for code in codes or ("bad",)]
    return ScriptedGateway([lambda sent: tuple(receipt(m, *reasons) for m in sent)])


class CancellingGateway(ScriptedGateway):
    """Cancels the references in ``open``; raises or refuses for the others."""

    def __init__(self, open_references=(), error=None):
        super().__init__()
        self.open = set(open_references)
        self.error = error
        self.cancelled = []

    def cancel(self, reference):
        if reference in self.open:
            self.cancelled.append(reference)
            return port.Cancellation(True, "done")
        if self.error:
            raise self.error
        return port.Cancellation(False, "Production has begun")


class MailingCase(BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.env.user + cls.accountant + cls.manager).lang = "en_US"

    def _refused(self, *moves, user=None, codes=()):
        letters = self._post(*moves, user=user or self.accountant)
        with self._gateway(refusing(*codes)):
            self._run_outbox()
        self.assertEqual(set(letters.mapped("state")), {"rejected"})
        return letters

    def _accepted(self, *moves, user=None):
        letters = self._post(*moves, user=user or self.accountant)
        with self._gateway(ScriptedGateway()):
            self._run_outbox()
        self.assertEqual(set(letters.mapped("state")), {"accepted"})
        return letters

    def _in_doubt(self, *moves):
        letters = self._post(*moves, user=self.accountant)
        account = self.account.sudo()
        account.limits_at = False
        with self._gateway(ScriptedGateway([LOST], lookup=False, idempotency=False)):
            self._run_outbox()
            letters.sudo().deadline = account.create_date
            account.retry_at = False
            self._run_outbox()
        account.write({"retry_at": False, "limits_at": False})
        self.assertEqual(set(letters.mapped("state")), {"unknown"})
        return letters

    def _bodies(self, record):
        return "\n".join(record.sudo().message_ids.mapped("body"))


class TestRetry(MailingCase):
    def test_only_the_selected(self):
        moves = [self._create_invoice() for _ in range(3)]
        letters = self._refused(*moves)
        spent = letters[1].client_reference
        others = (letters[0] + letters[2]).mapped("client_reference")
        letters[1].with_user(self.accountant).action_retry()
        self.assertEqual(letters.mapped("state"), ["rejected", "draft", "rejected"])
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertEqual(letters.mapped("state"), ["rejected", "accepted", "rejected"])
        self.assertEqual(list(gateway.counts()), [letters[1].client_reference])
        self.assertNotEqual(letters[1].client_reference, spent)
        self.assertIn(spent, self._bodies(letters[1]), "the former one stays on record")
        self.assertEqual((letters[0] + letters[2]).mapped("client_reference"), others)
        self.assertEqual(
            [move.beepost_state for move in moves],
            ["rejected", "practice", "rejected"],
        )

    def test_takes_the_address_of_today(self):
        letter = self._refused(self._create_invoice())
        self.assertNotIn("15 RUE", letter.sudo().recipient)
        self.customer.street = "15 rue Neuve"
        letter.action_retry()
        self.assertIn("15 RUE NEUVE", letter.sudo().recipient)
        self.assertFalse(letter.sudo().pdf_id, "a sheet with the old address is gone")
        self._run_outbox()
        self.assertIn("15 RUE NEUVE", letter.address)

    def test_still_bad_stays_refused_and_is_still_to_do(self):
        partner = self._create_customer("Sans code postal", zip=False)
        letter = self._post(self._create_invoice(partner), user=self.accountant)
        self.assertEqual(letter.state, "rejected")
        self.assertEqual(len(letter.activity_ids), 1)
        letter.with_user(self.accountant).action_retry()
        self.assertEqual(letter.state, "rejected")
        self.assertEqual(len(letter.activity_ids), 1, "the author still has to act")
        self.assertEqual(letter.activity_ids.user_id, self.accountant)
        partner.zip = "69002"
        letter.with_user(self.accountant).action_retry()
        self.assertEqual(letter.state, "draft")
        self.assertFalse(letter.activity_ids)

    def test_several_at_once_or_none(self):
        letters = self._refused(self._create_invoice(), self._create_invoice())
        accepted = self._accepted(self._create_invoice())
        with self.assertRaisesRegex(UserError, accepted.name):
            (letters + accepted).action_retry()
        self.assertEqual(set(letters.mapped("state")), {"rejected"})
        letters.action_retry()
        self.assertEqual(set(letters.mapped("state")), {"draft"})

    def test_on_hold_keeps_its_reference(self):
        letter = self._post(self._create_invoice())
        reference = letter.client_reference
        with patch.object(
            type(letter), "_before_queue", lambda self: dict.fromkeys(self, "too dear")
        ):
            self._run_outbox()
        self.assertEqual((letter.state, letter.hold_reason), ("ready", "too dear"))
        letter.action_retry()
        self.assertEqual(letter.client_reference, reference, "it never left")
        self.assertFalse(letter.hold_reason)
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")

    def test_old_files_do_not_pile_up(self):
        letter = self._refused(self._create_invoice())
        mine = [
            ("res_model", "=", "beepost.mailing.document"),
            ("res_id", "in", letter.document_ids.ids),
        ]
        Attachment = self.env["ir.attachment"].sudo()
        self.assertEqual(Attachment.search_count(mine), 1)
        letter.action_retry()
        self.assertFalse(Attachment.search_count(mine))
        self._run_outbox()
        self.assertEqual(Attachment.search_count(mine), 1)

    def test_the_invoice_changed_meanwhile(self):
        """A refused letter never posts the PDF of an invoice that was reset."""
        move = self._create_invoice()
        letter = self._refused(move)
        move.button_draft()
        with self.assertRaises(UserError):
            letter.action_retry()
        move.action_post()
        self._attach_legal_pdf(move, a4_pdf("corrected"))
        with self.assertRaises(UserError):
            letter.action_retry()
        self.assertEqual(letter.state, "cancelled")


class TestCancel(MailingCase):
    def test_waiting_letters(self):
        for state in ("draft", "ready", "queued", "rejected"):
            move = self._create_invoice()
            letter = self._post(move, user=self.accountant)
            letter.sudo().state = state
            with self.subTest(state=state):
                letter.with_user(self.accountant).action_cancel()
                self.assertEqual(letter.state, "cancelled")
                self.assertEqual(move.beepost_state, "cancelled")
                self.assertIn(self.accountant.name, self._bodies(move))
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertFalse(gateway.requests)

    def test_too_late(self):
        for state in ("sending", "cancelled", "unknown"):
            letter = self._post(self._create_invoice())
            letter.sudo().state = state
            with self.subTest(state=state), self.assertRaises(UserError):
                letter.action_cancel()
            self.assertEqual(letter.state, state)

    def test_refused_letter_is_no_more_to_do(self):
        letter = self._refused(self._create_invoice())
        self.assertTrue(letter.activity_ids)
        letter.action_cancel()
        self.assertFalse(letter.activity_ids)

    def test_at_provider_is_the_managers(self):
        letter = self._accepted(self._create_invoice())
        gateway = CancellingGateway([letter.client_reference])
        with self._gateway(gateway):
            with self.assertRaises(AccessError):
                letter.with_user(self.accountant).action_cancel()
            self.assertFalse(gateway.cancelled)
            letter.with_user(self.manager).action_cancel()
        self.assertEqual(gateway.cancelled, [letter.client_reference])
        self.assertEqual(letter.state, "cancelled")
        self.assertIn(self.manager.name, self._bodies(letter))

    def test_provider_refuses(self):
        move = self._create_invoice()
        letter = self._accepted(move)
        with self._gateway(CancellingGateway()):
            with self.assertRaisesRegex(UserError, "Production has begun"):
                letter.with_user(self.manager).action_cancel()
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(move.beepost_state, "practice")

    def test_provider_does_not_answer(self):
        letter = self._accepted(self._create_invoice())
        for error in (
            port.Unavailable("503"),
            port.OutcomeUnknown("cut"),
            port.Credentials("401"),
            port.BadAnswer("?"),
        ):
            with (
                self.subTest(error=error),
                self._gateway(CancellingGateway(error=error)),
            ):
                with self.assertRaises(UserError):
                    letter.with_user(self.manager).action_cancel()
                self.assertEqual(letter.state, "accepted")

    def test_what_was_cancelled_stays_cancelled(self):
        """The second refusal must not undo what Odoo knows of the first letter."""
        first, second = self._accepted(self._create_invoice(), self._create_invoice())
        for error in (None, port.Unavailable("503")):
            first.sudo().state = "accepted"
            gateway = CancellingGateway([first.client_reference], error)
            with self.subTest(error=error), self._gateway(gateway):
                answer = (first + second).with_user(self.manager).action_cancel()
                self.assertEqual(gateway.cancelled, [first.client_reference])
                self.assertEqual(first.state, "cancelled")
                self.assertEqual(second.state, "accepted")
                self.assertIn(second.name, str(answer), "and he is told which is not")

    def test_real_practice_provider(self):
        move = self._create_invoice()
        letter = self._post(move)
        self._run_outbox()
        with self.enter_registry_test_mode():
            letter.with_user(self.manager).action_cancel()
        self.assertEqual(letter.state, "cancelled")
        late = self._post(self._create_invoice())
        self._run_outbox()
        self.account.action_push_sandbox_clock()
        with self.enter_registry_test_mode(), self.assertRaises(UserError):
            late.with_user(self.manager).action_cancel()
        self.assertEqual(late.state, "accepted")

    def test_asked_about_after_a_restore(self):
        """Nobody knows whether it left in the other life: it cannot be called off."""
        letter = self._post(self._create_invoice())
        letter.sudo().write({"state": "queued", "in_doubt": True})
        with self.assertRaises(UserError):
            letter.action_cancel()
        self.assertTrue(letter.sudo().in_doubt)
        self.assertEqual(letter.state, "queued")


class TestDoubt(MailingCase):
    def test_it_arrived(self):
        move = self._create_invoice()
        letter = self._in_doubt(move)
        self.assertEqual(move.beepost_state, "unknown")
        self.assertTrue(letter.activity_ids)
        letter.with_user(self.manager).action_did_arrive()
        self.assertEqual(letter.state, "accepted")
        self.assertTrue(letter.accepted_at)
        self.assertFalse(letter.activity_ids, "decided: nothing left to do")
        self.assertIn(self.manager.name, self._bodies(letter))
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertFalse(gateway.requests)

    def test_it_never_arrived(self):
        letter = self._in_doubt(self._create_invoice())
        reference = letter.client_reference
        letter.with_user(self.manager).action_never_arrived()
        self.assertEqual(letter.state, "queued")
        self.assertFalse(letter.activity_ids, "decided: nothing left to do")
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertEqual(gateway.counts(), {reference: 1})
        self.assertEqual(letter.state, "accepted")
        self.assertIn(self.manager.name, self._bodies(letter))

    def test_it_never_arrived_and_the_invoice_was_withdrawn(self):
        """The manager's word must not post an invoice that is no more."""
        move = self._create_invoice()
        letter = self._in_doubt(move)
        move.button_draft()
        self.assertEqual(letter.state, "unknown", "it may have left")
        letter.with_user(self.manager).action_never_arrived()
        self.assertEqual(letter.state, "cancelled")
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertFalse(gateway.requests)

    def test_never_by_itself(self):
        letter = self._in_doubt(self._create_invoice())
        with self._gateway(ScriptedGateway()) as gateway:
            for _run in range(3):
                self._run_outbox()
        self.assertFalse(gateway.requests)
        self.assertEqual(letter.state, "unknown")


class TestCorrectAddress(MailingCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bad = cls._create_customer("Mauvaise adresse", zip="6900")
        cls.bad_letter = cls._post(cls._create_invoice(cls.bad), user=cls.accountant)
        assert cls.bad_letter.state == "rejected"

    def _wizard(self, user, **values):
        action = self.bad_letter.with_user(user).action_correct_address()
        return (
            self.env[action["res_model"]]
            .with_user(user)
            .with_context(**action["context"])
            .create(values)
        )

    def test_opens_with_the_address_and_the_reason(self):
        wizard = self._wizard(self.accountant)
        self.assertEqual(wizard.zip, "6900")
        self.assertEqual(wizard.name, self.bad.name)
        self.assertIn("6900", wizard.reason)
        self.assertIn("6900", wizard.problem)
        self.assertFalse(wizard.preview)
        wizard.zip = "69002"
        self.assertFalse(wizard.problem)
        self.assertIn("69002 LYON", wizard.preview)
        self.assertEqual(self.bad.zip, "6900", "nothing is written before the button")

    def test_corrects_and_sends_again(self):
        editor = self._create_user("editor", "account.group_account_invoice")
        editor.group_ids += self.env.ref("base.group_partner_manager")
        self._wizard(editor, zip="69002").action_correct()
        self.assertEqual(self.bad.zip, "69002")
        self.assertEqual(self.bad_letter.state, "draft")
        self._run_outbox()
        self.assertEqual(self.bad_letter.state, "accepted")
        self.assertIn("69002 LYON", self.bad_letter.address)

    def test_without_right_on_contacts(self):
        clerk = self._create_user("clerk", "beepost_mail.group_manager")
        self.assertFalse(self.bad.with_user(clerk).has_access("write"))
        reference = self.bad_letter.client_reference
        wizard = self._wizard(clerk, zip="69002")
        with self.assertRaises(AccessError) as caught:
            wizard.action_correct()
        self.assertIn("res.partner", str(caught.exception))
        self.env.invalidate_all()
        self.assertEqual(self.bad.zip, "6900")
        self.assertEqual(self.bad_letter.state, "rejected")
        self.assertEqual(self.bad_letter.client_reference, reference)
        self.assertTrue(self.bad_letter.activity_ids)

    def test_not_once_it_left(self):
        wizard = self._wizard(self.env.user, zip="69002")
        self.bad_letter.sudo().state = "accepted"
        with self.assertRaises(UserError):
            self.bad_letter.action_correct_address()
        with self.assertRaises(UserError):
            wizard.action_correct()
        self.env.invalidate_all()
        self.assertEqual(self.bad.zip, "6900", "a refused action changes nothing")

    def test_preview_is_what_will_be_printed(self):
        wizard = self._wizard(
            self.env.user, zip="69003", street="3 bis rue Édouard-Herriot", city="LYON"
        )
        preview = wizard.preview
        wizard.action_correct()
        self.assertEqual(self.bad_letter.address, preview)


class TestInvoiceFollows(MailingCase):
    def test_state_in_each_case(self):
        expected = {
            "draft": "waiting",
            "ready": "waiting",
            "queued": "waiting",
            "sending": "waiting",
            "accepted": "practice",
            "rejected": "rejected",
            "cancelled": "cancelled",
            "unknown": "unknown",
        }
        self.assertEqual(set(expected), set(STATES))
        move = self._create_invoice()
        self.assertFalse(move.beepost_state)
        letter = self._post(move)
        self.assertEqual(set(STATES), set(dict(letter._fields["state"].selection)))
        for state, of_move in expected.items():
            letter.sudo().state = state
            with self.subTest(state=state):
                self.assertEqual(move.beepost_state, of_move)
                found = self.env["account.move"].search(
                    [("beepost_state", "=", of_move), ("id", "=", move.id)]
                )
                self.assertEqual(found, move)

    def test_second_letter_is_the_one_that_counts(self):
        move = self._create_invoice()
        first = self._accepted(move)
        second = self._post(move)
        self.assertEqual(move.beepost_count, 2)
        self.assertEqual(move.beepost_state, "waiting")
        second.action_cancel()
        self.assertEqual(move.beepost_state, "practice", "the one that stands")
        self.assertEqual(first.state, "accepted")
        action = move.action_open_beepost_mailings()
        found = self.env["beepost.mailing"].search(action["domain"])
        self.assertEqual(found, first + second)

    def test_one_letter_opens_at_once(self):
        move = self._create_invoice()
        letter = self._post(move)
        action = move.action_open_beepost_mailings()
        self.assertEqual(action["res_id"], letter.id)
        opened = letter.action_open_document()
        self.assertEqual(
            (opened["res_model"], opened["res_id"]), ("account.move", move.id)
        )

    def test_copy_and_reversal_have_no_letters(self):
        move = self._create_invoice()
        self._accepted(move)
        copied = move.copy()
        reversal = move._reverse_moves()
        for other in copied + reversal:
            self.assertFalse(other.beepost_document_ids)
            self.assertFalse(other.beepost_state)
            self.assertFalse(other.beepost_count)

    def test_draft_stops_what_waits(self):
        for state in ("draft", "ready", "queued"):
            move = self._create_invoice()
            letter = self._post(move)
            letter.sudo().state = state
            with self.subTest(state=state):
                move.button_draft()
                self.assertEqual(letter.state, "cancelled")
                self.assertEqual(move.beepost_state, "cancelled")
                self.assertNotIn("has left already", self._bodies(move))
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        self.assertFalse(gateway.requests)

    def test_draft_warns_of_what_left(self):
        for state in ("sending", "accepted", "unknown"):
            move = self._create_invoice()
            letter = self._accepted(move)
            letter.sudo().state = state
            with self.subTest(state=state):
                move.button_draft()
                self.assertEqual(letter.state, state)
                self.assertIn(letter.provider_reference, self._bodies(move))
                self.assertIn("has left already", self._bodies(move))

    def test_cancelled_invoice(self):
        move = self._create_invoice()
        letter = self._post(move)
        move.button_draft()
        move.button_cancel()
        self.assertEqual(letter.state, "cancelled")
        move = self._create_invoice()
        letter = self._post(move)
        move.button_cancel()
        self.assertEqual(letter.state, "cancelled")

    def test_at_work_just_now(self):
        """A letter that a worker holds cannot be stopped: the chatter says so."""
        move = self._create_invoice()
        letter = self._post(move)
        letter.sudo().state = "queued"
        with patch.object(
            type(letter), "try_lock_for_update", lambda self, **kw: self.browse()
        ):
            move.button_draft()
        self.assertEqual(letter.state, "queued")
        self.assertIn("has left already", self._bodies(move))
        self.assertIn(letter.client_reference, self._bodies(move))

    def test_after_a_restore_it_may_have_left(self):
        move = self._create_invoice()
        letter = self._post(move)
        letter.sudo().write({"state": "queued", "in_doubt": True})
        move.button_draft()
        self.assertIn("has left already", self._bodies(move))
        self.assertNotEqual(letter.state, "cancelled")

    def test_whoever_resets_need_not_manage_the_post(self):
        biller = self._create_user("biller", "account.group_account_manager")
        move = self._create_invoice()
        letter = self._post(move, user=self.accountant)
        move.with_user(biller).button_draft()
        self.assertEqual(letter.state, "cancelled")
        self.assertIn(biller.name, self._bodies(letter))


class TestUnlink(MailingCase):
    def test_evidence_is_kept(self):
        for state in ("sending", "accepted", "unknown"):
            letter = self._accepted(self._create_invoice())
            letter.sudo().state = state
            with self.subTest(state=state), self.assertRaises(UserError):
                letter.sudo().unlink()

    def test_what_never_left_leaves_nothing_behind(self):
        letter = self._post(self._create_invoice(), user=self.accountant)
        with self._gateway(ScriptedGateway([port.Unavailable("503")])):
            self._run_outbox()
        self.assertEqual(letter.state, "queued")
        pdf, documents = letter.sudo().pdf_id, letter.document_ids
        messages = letter.message_ids
        source = documents.sudo().attachment_id
        self.assertTrue(pdf and documents and messages and source)
        letter.sudo().unlink()
        self.assertFalse(pdf.exists())
        self.assertFalse(documents.exists())
        self.assertFalse(messages.exists())
        self.assertTrue(source.exists(), "the invoice keeps its PDF")

    def test_refused_letters_can_be_deleted(self):
        """The error's own words: only what has not left can be deleted."""
        letter = self._refused(self._create_invoice())
        letter.sudo().unlink()
        self.assertFalse(letter.exists())


class TestPeopleAreTold(MailingCase):
    def test_chatter_follows_the_letter(self):
        move = self._create_invoice()
        letter = self._post(move, user=self.accountant)
        self.assertIn("Letter created", self._bodies(move))
        with self._gateway(ScriptedGateway()):
            self._run_outbox()
        for record in (move, letter):
            self.assertIn(letter.provider_reference, self._bodies(record))

    def test_refused_from_the_start_is_not_called_created(self):
        partner = self._create_customer("Sans rue", street=False)
        move = self._create_invoice(partner)
        self._post(move)
        self.assertNotIn("Letter created", self._bodies(move))
        self.assertIn("not sent", self._bodies(move))

    def test_refusal_reaches_the_author(self):
        letter = self._refused(self._create_invoice(), user=self.accountant)
        self.assertEqual(letter.activity_ids.user_id, self.accountant)
        self.assertIn(letter.name, letter.activity_ids.summary)
        mine = (
            self.env["mail.activity"]
            .with_user(self.accountant)
            .search([("res_model", "=", "beepost.mailing")])
        )
        self.assertEqual(mine, letter.activity_ids)
        letter.with_user(self.accountant).action_retry()
        self.assertFalse(letter.activity_ids)

    def test_in_the_authors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.accountant.lang = "fr_FR"
        words = {
            "Letter not sent: %(name)s": "Pli non envoyé : %(name)s",
            "Was letter %(name)s received?": "Le pli %(name)s est-il arrivé ?",
        }
        real = code_translations.get_python_translations

        def translations(module, lang):
            if (module, lang) == ("beepost_mail", "fr_FR"):
                return words
            return real(module, lang)

        with patch.object(code_translations, "get_python_translations", translations):
            refused = self._refused(self._create_invoice())
            doubtful = self._in_doubt(self._create_invoice())
        self.assertTrue(refused.activity_ids.summary.startswith("Pli non envoyé"))
        self.assertTrue(doubtful.activity_ids.summary.startswith("Le pli"))

    def test_each_author_his_own(self):
        colleague = self._create_user("colleague", "account.group_account_invoice")
        mine = self._post(self._create_invoice(), user=self.accountant)
        theirs = self._post(self._create_invoice(), user=colleague)
        with self._gateway(refusing()):
            self._run_outbox()
        self.assertEqual(mine.activity_ids.user_id, self.accountant)
        self.assertEqual(theirs.activity_ids.user_id, colleague)

    def test_author_who_left(self):
        """An archived author, or one without rights now, stops no queue."""
        letters = self._post(
            self._create_invoice(), self._create_invoice(), user=self.accountant
        )
        self.accountant.active = False
        with self._gateway(refusing()):
            self._run_outbox()
        self.assertEqual(set(letters.mapped("state")), {"rejected"})

        letter = self._post(self._create_invoice(), user=self.manager)
        self.manager.group_ids = self.env.ref("base.group_user")
        with self._gateway(refusing()):
            self._run_outbox()
        self.assertEqual(letter.state, "rejected")

    def test_hooks_hear_of_each_letter_once(self):
        heard = []

        @contextmanager
        def listening():
            cls = type(self.env["beepost.mailing"])
            with (
                patch.object(
                    cls,
                    "_after_accepted",
                    lambda s: heard.extend(("accepted", i) for i in s.ids),
                ),
                patch.object(
                    cls,
                    "_after_rejected",
                    lambda s: heard.extend(("rejected", i) for i in s.ids),
                ),
            ):
                yield

        with listening():
            good = self._accepted(self._create_invoice(), self._create_invoice())
            bad = self._refused(self._create_invoice(), self._create_invoice())
            doubtful = self._in_doubt(self._create_invoice())
            doubtful.with_user(self.manager).action_did_arrive()
        self.assertEqual(
            sorted(heard),
            sorted(
                [("accepted", i) for i in (good + doubtful).ids]
                + [("rejected", i) for i in bad.ids]
            ),
        )

    def test_reasons_are_escaped(self):
        letter = self._post(self._create_invoice())
        letter.sudo()._refuse(
            {
                letter: [
                    Finding(
                        "provider.refused",
                        ERROR,
                        {
                            "code": "x",
                            "message": "<script>alert(1)</script>",
                            "field": "",
                            "page": 0,
                        },
                    )
                ]
            }
        )
        self.assertIn("&lt;script&gt;", letter.error)
        self.assertNotIn("<script>", letter.error)
        move = self.env["account.move"].browse(letter.document_ids.res_id)
        self.assertNotIn("<script>", self._bodies(move))
