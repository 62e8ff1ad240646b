"""A new letter in the place of one that left."""

from odoo import Command

from .common import ScriptedGateway, a4_pdf
from .letters import MailingCase


class TestSuccessor(MailingCase):
    def _successor(self, letter, user=None):
        letter = letter.sudo()
        self.assertFalse(letter._obstacles_to_successor())
        return letter._make_successors(user or self.accountant)

    def _why_not(self, letter):
        return letter.sudo()._obstacles_to_successor().get(letter, "")

    def _run(self):
        with self._gateway(ScriptedGateway()) as gateway:
            self._run_outbox()
        return gateway

    def test_same_documents_and_options_to_the_address_of_today(self):
        letter = self._accepted(self._create_invoice())
        letter.sudo().write(
            {"color": True, "duplex": True, "address_sheet": "always", "is_copy": True}
        )
        kept = letter.sudo().read()[0]
        self.customer.street = "15 rue Neuve"
        successor = self._successor(letter)
        self.assertEqual(successor.origin_id, letter)
        self.assertEqual(letter.sudo()._successors(), successor)
        self.assertNotEqual(successor.client_reference, letter.client_reference)
        self.assertIn("15 RUE NEUVE", successor.recipient)
        for name in ("service_id", "account_id", "color", "duplex", "address_sheet"):
            self.assertEqual(successor[name], letter.sudo()[name], name)
        self.assertTrue(successor.is_copy)
        self.assertEqual(
            successor.document_ids.attachment_id,
            letter.sudo().document_ids.attachment_id,
        )
        gateway = self._run()
        self.assertEqual(list(gateway.counts()), [successor.client_reference])
        self.assertEqual(successor.state, "accepted")
        changed = {
            name
            for name, value in letter.sudo().read()[0].items()
            if value != kept[name] and name not in ("replaced_by_ids", "message_ids")
        }
        self.assertLessEqual(changed, {"write_date", "write_uid", "__last_update"})

    def test_the_legal_pdf_gets_an_address_sheet_if_it_shows_another_address(self):
        """The invoice's PDF stays as it is, and shows the address of its day."""
        letter = self._accepted(self._create_invoice())
        self.customer.street = "15 rue Neuve"
        successor = self._successor(letter)
        legal = successor.document_ids.attachment_id
        before = legal.raw
        self._run()
        self.assertTrue(successor.has_address_sheet)
        self.assertEqual(legal.raw, before)
        self.assertIn("15 RUE NEUVE", successor.recipient)

    def test_enclosures_are_its_own(self):
        letter = self._accepted(self._create_invoice()).sudo()
        line = letter.env["beepost.mailing.document"].create(
            {
                "mailing_id": letter.id,
                "sequence": 20,
                "name": "cgv.pdf",
                "kind": "enclosure",
                "res_model": "account.move",
                "res_id": letter.document_ids.res_id,
                "attachment_id": self.env["ir.attachment"]
                .create({"name": "cgv.pdf", "raw": a4_pdf("CGV")})
                .id,
            }
        )
        letter._keep_enclosures()
        self.assertEqual(line.attachment_id.res_id, line.id)
        successor = self._successor(letter)
        mine = successor.document_ids[1].attachment_id
        self.assertNotEqual(mine, line.attachment_id)
        self.assertEqual(mine.raw, line.attachment_id.raw)
        self.assertEqual(mine.res_id, successor.document_ids[1].id)
        self._run()
        self.assertEqual(successor.state, "accepted")
        self.assertEqual(successor.document_ids.mapped("pages"), [1, 1])

    def test_document_that_is_no_invoice(self):
        file = self.env["ir.attachment"].create(
            {"name": "lettre.pdf", "raw": a4_pdf("Lettre")}
        )
        letter = (
            self.env["beepost.mailing"]
            .sudo()
            .create(
                {
                    "name": "Lettre",
                    "company_id": self.company.id,
                    "account_id": self.account.id,
                    "partner_id": self.customer.id,
                    "user_id": self.accountant.id,
                    "service_id": self.company._beepost_service().id,
                    "document_ids": [
                        Command.create(
                            {
                                "name": "Lettre",
                                "res_model": "res.partner",
                                "res_id": self.customer.id,
                                "attachment_id": file.id,
                            }
                        )
                    ],
                }
            )
        )
        letter._snapshot_addresses()
        self._run()
        self.assertEqual(letter.state, "accepted")
        successor = self._successor(letter)
        line = successor.document_ids
        self.assertEqual(
            (line.res_model, line.res_id), ("res.partner", self.customer.id)
        )
        self._run()
        self.assertEqual(successor.state, "accepted")
        line.attachment_id.unlink()
        self.assertIn("is gone", self._why_not(successor))

    def test_one_successor(self):
        letter = self._accepted(self._create_invoice())
        successor = self._successor(letter)
        self.assertIn(self.accountant.name, self._why_not(letter))
        successor.with_user(self.accountant).action_cancel()
        self.assertFalse(self._why_not(letter), "the other one never left")

    def test_withdrawn_document(self):
        move = self._create_invoice()
        letter = self._accepted(move)
        move.button_draft()
        self.assertIn("changed or cancelled", self._why_not(letter))

    def test_archived_account(self):
        """Another account may be a real one where this was practice."""
        letter = self._accepted(self._create_invoice())
        self.account.sudo().active = False
        self.assertIn("archived", self._why_not(letter))

    def test_address_that_no_letter_can_bear(self):
        letter = self._accepted(self._create_invoice())
        self.customer.zip = False
        successor = self._successor(letter)
        self.assertEqual(successor.state, "rejected")
        self.assertEqual(successor.activity_ids.user_id, self.accountant)
        self.assertEqual(letter.state, "accepted")

    def test_both_documents_say_so(self):
        move = self._create_invoice()
        letter = self._accepted(move)
        self._successor(letter)
        self.assertIn(f"replaces {letter.provider_reference}", self._bodies(move))
