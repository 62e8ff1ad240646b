"""Address, PDF and reasons are for those who may read every document."""

from odoo import Command
from odoo.exceptions import AccessError

from .roles import REASON, STREET, SecurityCase


class TestContentIsHidden(SecurityCase):
    """Address, PDF and reasons belong to those who may read the documents."""

    def test_accountant_sees_all_of_it(self):
        """Proves that the other tests look in the right places."""
        text = self._dragnet(self.accountant)
        for piece in (REASON, STREET.upper(), "JVBERi0", self.letter.name):
            self.assertIn(piece, text)

    def test_manager_sees_metadata_only(self):
        letter = self.letter.with_user(self.manager)
        self.assertEqual(letter.state, "rejected")
        self.assertEqual(letter.partner_id, self.customer)
        self.assertTrue(letter.sheets)
        self.assertFalse(letter.pdf)
        self.assertNotIn(REASON, letter.error)
        self.assertNotIn(STREET.upper(), letter.address)
        self.assertEqual(letter.error_codes, ["provider.refused:recipient.refused"])

    def test_manager_finds_no_content_anywhere(self):
        text = self._dragnet(self.manager)
        self.assertIn(self.letter.client_reference, text)
        for piece in (REASON, STREET.upper(), "JVBERi0"):
            self.assertNotIn(piece, text)

    def test_administrator_finds_no_content_anywhere(self):
        text = self._dragnet(self.admin)
        self.assertIn(self.letter.client_reference, text)
        for piece in (REASON, STREET.upper(), "JVBERi0"):
            self.assertNotIn(piece, text)

    def test_practice_provider_keeps_content_from_administrators(self):
        self._post(self._create_invoice())
        self._run_outbox()
        kept = self.env["beepost.sandbox.letter"].sudo().search([])
        self.assertIn(STREET.upper(), str(kept.mapped("data")))
        models = ("beepost.sandbox.letter", "beepost.sandbox.entry")
        self.assertNotIn(STREET.upper(), self._dragnet(self.admin, models))

    def test_outsiders_find_nothing_at_all(self):
        for user in (
            self.employee,
            self.portal,
            self.accountant_b,
            self.manager_b,
            self.admin_b,
        ):
            with self.subTest(user=user.login):
                text = self._dragnet(user)
                for piece in (
                    REASON,
                    STREET.upper(),
                    "JVBERi0",
                    self.letter.client_reference,
                    self.sent.provider_reference,
                ):
                    self.assertNotIn(piece, text)

    def test_wizard_tells_a_manager_no_reason(self):
        for user, expected in ((self.accountant, True), (self.manager, False)):
            wizard = (
                self.env["beepost.correct.address"]
                .with_user(user)
                .create({"mailing_id": self.letter.id})
            )
            values = wizard.read(["reason"])
            self.assertEqual(REASON in str(values), expected, user.login)

    def test_hidden_fields_cannot_be_guessed(self):
        """A search that may name a field tells its content letter by letter."""
        guesses = {
            "beepost.mailing": [
                ("recipient", "ilike", "RUE"),
                ("findings", "!=", False),
                ("pdf_id.index_content", "ilike", "Facture"),
                ("pdf_id", "!=", False),
                ("worker", "=", 0),
                ("in_doubt", "=", True),
                ("account_id.secret", "=like", "h%"),
                ("document_ids.attachment_id.name", "ilike", "a"),
                ("document_ids", "any!", [("mailing_id.recipient", "ilike", "R")]),
            ],
            "beepost.mailing.document": [
                ("attachment_id", "!=", False),
                ("mailing_id.recipient", "ilike", "RUE"),
            ],
            "beepost.account": [
                ("secret", "=like", "h%"),
                ("incarnation", "!=", False),
                ("cron_id.code", "ilike", "a"),
                ("mailing_ids.recipient", "ilike", "RUE"),
            ],
            "beepost.lot": [("mailing_ids.recipient", "ilike", "RUE")],
            "account.move": [
                ("beepost_document_ids.mailing_id.recipient", "ilike", "RUE"),
                ("beepost_document_ids.mailing_id.account_id.secret", "!=", False),
            ],
            "res.company": [
                ("beepost_account_id.secret", "=like", "h%"),
                ("beepost_account_ids.secret", "=like", "h%"),
            ],
            "beepost.sandbox.letter": [("data", "!=", False)],
            "beepost.token": [("token", "=like", "h%")],
        }
        for user in (self.accountant, self.manager, self.admin):
            for model, conditions in guesses.items():
                for condition in conditions:
                    with self.subTest(user=user.login, condition=condition):
                        found = self._attempt(user, model, "search", [condition])
                        self.assertRegex(found, "^(AccessError|ValueError): ")

    def test_hidden_fields_cannot_sort_or_group(self):
        for model, name in (
            ("beepost.mailing", "recipient"),
            ("beepost.mailing", "pdf_id"),
            ("beepost.account", "secret"),
            ("beepost.account", "incarnation"),
        ):
            for user in (self.manager, self.admin):
                with self.subTest(user=user.login, name=name):
                    with self._forbidden():
                        self._rpc(user, model, "search", [], order=name)
                    with self._forbidden():
                        self._rpc(
                            user, model, "formatted_read_group", [], [name], ["__count"]
                        )

    def test_computed_content_cannot_be_searched(self):
        for name in ("address", "error", "remarks", "pdf"):
            domain = [(name, "!=" if name == "pdf" else "ilike", "RUE")]
            with self.subTest(name=name), self.assertRaises(ValueError):
                self._rpc(self.manager, "beepost.mailing", "search", domain)

    def test_manager_is_told_why_a_document_does_not_open(self):
        opened = self.letter.with_user(self.accountant).action_open_document()
        self.assertEqual(opened["res_id"], self.move.id)
        with self.assertRaises(AccessError):
            self.letter.with_user(self.manager).action_open_document()

    def test_cache_of_superuser_does_not_serve_the_user(self):
        letter = self.letter.sudo()
        self.assertIn(REASON, letter.error)
        self.assertTrue(letter.pdf)
        seen = letter.with_user(self.manager)
        self.assertNotIn(REASON, seen.error)
        self.assertFalse(seen.pdf)
        again = seen.with_user(self.accountant)
        self.assertIn(REASON, again.error)
        self.assertTrue(again.pdf)

    def test_chatter_keeps_reasons_with_the_documents(self):
        """The invoice's chatter tells why; the letter's, which managers read, not."""
        self.assertIn(REASON, str(self.move.message_ids.mapped("body")))
        for records in (self.letter.message_ids, self.letter.activity_ids):
            texts = records.with_user(self.manager).read()
            self.assertTrue(texts)
            self.assertNotIn(REASON, str(texts))


class TestDocumentsDecide(SecurityCase):
    """One unreadable document in the envelope hides the whole letter."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Salespeople who see their own invoices, as sales_team's rules have it.
        cls.group = cls.env["res.groups"].create({"name": "Own invoices"})
        cls.env["ir.model.access"].create(
            {
                "name": "read",
                "model_id": cls.env["ir.model"]._get_id("account.move"),
                "group_id": cls.group.id,
                "perm_read": True,
            }
        )
        cls.env["ir.rule"].create(
            {
                "name": "own invoices",
                "model_id": cls.env["ir.model"]._get_id("account.move"),
                "groups": [Command.set(cls.group.ids)],
                "domain_force": "[('invoice_user_id', '=', user.id)]",
            }
        )
        cls.seller = cls._create_user("seller", "beepost_mail.group_user")
        cls.seller.group_ids += cls.group

    def test_own_invoice_is_seen_others_are_not(self):
        self.move.invoice_user_id = self.seller
        Mailing = self.env["beepost.mailing"].with_user(self.seller)
        self.assertEqual(Mailing.search([]), self.letter)
        self.assertEqual(Mailing.search_count([]), 1)
        self.assertEqual(Mailing.name_search(), [(self.letter.id, self.letter.name)])
        self.assertTrue(self.letter.with_user(self.seller).pdf)
        with self.assertRaises(AccessError):
            self.sent.with_user(self.seller).read(["name"])
        with self.assertRaises(AccessError):
            (self.sent + self.letter).with_user(self.seller).read(["state"])

    def test_second_document_hides_the_letter(self):
        self.move.invoice_user_id = self.seller
        other = self.sent.document_ids.res_id
        self.env["beepost.mailing.document"].sudo().create(
            {
                "mailing_id": self.letter.id,
                "name": "joined",
                "res_model": "account.move",
                "res_id": other,
            }
        )
        self.env.invalidate_all()
        mine = self.letter.with_user(self.seller)
        self.assertFalse(mine.search([]))
        self.assertFalse(mine.search_count([]))
        self.assertFalse(self.letter.document_ids.with_user(self.seller).search([]))
        with self.assertRaises(AccessError):
            mine.read(["name"])
        with self.assertRaises(AccessError):
            self.letter.document_ids.with_user(self.seller).read(["name"])
        with self.assertRaises(AccessError):
            self.letter.sudo().pdf_id.with_user(self.seller).read(["datas"])
        with self._forbidden():
            mine.action_retry()
        # The document itself keeps its state: that is the invoice's own field.
        self.assertEqual(self.move.with_user(self.seller).beepost_state, "rejected")
        self.assertFalse(self.move.with_user(self.seller).beepost_document_ids)

    def test_no_document_no_reader(self):
        self.letter.sudo().pdf_id = False
        self.letter.sudo().document_ids.unlink()
        self.env.invalidate_all()
        Mailing = self.env["beepost.mailing"].with_user(self.accountant)
        self.assertNotIn(self.letter, Mailing.search([]))
        with self.assertRaises(AccessError):
            self.letter.with_user(self.accountant).read(["name"])
        self.assertFalse(self.letter.with_user(self.manager).pdf)

    def test_document_of_a_vanished_model(self):
        self.letter.document_ids.sudo().res_model = "gone.model"
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.letter.with_user(self.accountant).read(["name"])
        self.assertEqual(
            self.env["beepost.mailing"].with_user(self.accountant).search([]), self.sent
        )

    def test_deleted_document(self):
        self.letter.document_ids.sudo().res_id = self.move.id + 1_000_000
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            self.letter.with_user(self.accountant).read(["name"])
        self.assertFalse(self.letter.with_user(self.manager).pdf)

    def test_documents_that_are_gone_leave_it_to_administrators(self):
        """Evidence is never locked away from everyone; in its own company."""
        lines, pdf = self.letter.document_ids.sudo(), self.letter.sudo().pdf_id
        both = self._create_user("both_admin", "beepost_mail.group_admin")
        both.company_ids += self.company_b
        elsewhere = both.with_context(allowed_company_ids=self.company_b.ids)
        for values in (
            {"res_id": self.move.id + 1_000_000},
            {"res_model": "gone.model"},
        ):
            self.assertFalse(self.letter.with_user(self.admin).pdf, "not gone yet")
            self.assertFalse(self._lines_for(self.admin))
            former = lines.read(list(values))[0]
            lines.write(values)
            self.env.invalidate_all()
            with self.subTest(values):
                letter = self.letter.with_user(self.admin)
                self.assertTrue(letter.pdf)
                self.assertEqual(letter.address, self.letter.sudo().recipient)
                self.assertTrue(pdf.with_user(self.admin).datas)
                self.assertEqual(self._lines_for(self.admin), lines)
                self.assertTrue(letter.document_ids.read(["name"]))
                for user in (self.manager, self.accountant, self.admin_b, elsewhere):
                    own = self.letter.with_user(user).with_context(**user.env.context)
                    self.assertFalse(own._readable_content(), user.login)
                    self.assertFalse(self._lines_for(user), user.login)
            lines.write({name: former[name] for name in values})
            self.env.invalidate_all()

    def _lines_for(self, user):
        Document = self.env["beepost.mailing.document"].with_user(user)
        return Document.with_context(**user.env.context).search(
            [("mailing_id", "=", self.letter.id)]
        )

    def test_one_gone_and_one_that_may_not_be_read(self):
        self.letter.document_ids.sudo().copy({"res_id": self.move.id + 1_000_000})
        self.env.invalidate_all()
        self.assertFalse(self.letter.with_user(self.admin).pdf)

    def test_posted_pdf_follows_the_documents(self):
        pdf = self.letter.sudo().pdf_id
        self.assertTrue(pdf.with_user(self.accountant).datas)
        self.assertIn(
            pdf,
            self.env["ir.attachment"]
            .with_user(self.accountant)
            .search([("res_model", "=", "beepost.mailing.document")]),
        )
        for user in (
            self.manager,
            self.admin,
            self.employee,
            self.accountant_b,
            self.portal,
        ):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    pdf.with_user(user).read(["datas"])
                found = (
                    self.env["ir.attachment"]
                    .with_user(user)
                    .search([("res_model", "like", "beepost")])
                )
                self.assertNotIn(pdf, found)

    def test_posted_pdf_cannot_be_changed(self):
        """It is evidence: not even those who may read it."""
        pdf = self.letter.sudo().pdf_id
        for values in (
            {"raw": b"%PDF-other"},
            {"res_model": "res.partner", "res_id": self.customer.id},
            {"public": True},
            {"access_token": "x"},
        ):
            with self.subTest(values=values), self._forbidden():
                self._rpc(self.accountant, "ir.attachment", "write", pdf.ids, values)
        with self._forbidden():
            self._rpc(self.accountant, "ir.attachment", "unlink", pdf.ids)
        with self._forbidden():
            self._rpc(
                self.accountant, "ir.attachment", "generate_access_token", pdf.ids
            )
