"""*Send by post* in the Print menu, and its dialog for one document."""

import base64
import io
from datetime import timedelta
from unittest.mock import patch

from freezegun import freeze_time
from reportlab.pdfgen import canvas

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form

from .common import a4_pdf
from .composing import CRON, CUSTOM, ComposeCase, CustomCase

PRESS = "Press “Preview” to know them now."


def addressed_pdf(lines):
    """One page that shows ``lines`` in the window: it needs no address sheet."""
    buffer = io.BytesIO()
    page = canvas.Canvas(buffer, pagesize=(595.28, 841.89), invariant=1)
    page.setFont("Helvetica", 8)
    for number, line in enumerate(lines):
        page.drawString(345, 650 - 10 * number, line)
    page.save()
    return buffer.getvalue()


class TestMenu(CustomCase):
    def _entries(self, model, user=None):
        Actions = self.env["ir.actions.actions"].with_user(user or self.accountant)
        ours = self.env.ref("beepost_mail.action_compose").id
        printed = Actions.get_bindings(model).get("report", [])
        return [entry for entry in printed if entry["id"] == ours]

    def test_where_it_is_offered(self):
        for model, offered in (
            ("account.payment", True),
            (CUSTOM, True),
            ("account.move", False),  # has its own
            ("res.partner", False),  # left out
            ("res.users", False),
            ("account.journal", False),  # no report
            ("product.template", False),  # nobody to send it to
            ("beepost.mailing", False),
            ("no.such.model", False),
        ):
            with self.subTest(model):
                self.assertEqual(len(self._entries(model)), int(offered))

    def test_apps_that_are_installed(self):
        """Orders and delivery slips too, as soon as their apps are there."""
        for model in ("sale.order", "purchase.order", "stock.picking"):
            if model in self.env:
                with self.subTest(model):
                    self.assertEqual(len(self._entries(model, self.env.user)), 1)

    def test_who_sees_it(self):
        clerk = self._create_user("clerk", "base.group_user")
        self.assertFalse(self._entries("account.payment", clerk))
        self.assertTrue(self._entries("account.payment", self.accountant))

    def test_the_views_show_it(self):
        views = (
            self.env["account.payment"]
            .with_user(self.accountant)
            .get_views([(False, "form"), (False, "list")], {"toolbar": True})["views"]
        )
        ours = self.env.ref("beepost_mail.action_compose")
        for kind in ("form", "list"):
            printed = views[kind]["toolbar"]["print"]
            self.assertIn(ours.id, [entry["id"] for entry in printed])

    def test_reports_come_and_go(self):
        model = self.env["ir.model"]._get("account.journal")
        self._create_report(model)
        self.assertFalse(self._entries("account.journal"))
        self.assertTrue(self._entries(CUSTOM))
        self.custom_report.unlink_action()
        self.assertFalse(self._entries(CUSTOM))
        self.custom_report.create_action()
        self.assertTrue(self._entries(CUSTOM))
        self.custom_report.report_type = "qweb-text"
        self.assertFalse(self._entries(CUSTOM))

    def test_administrators_leave_kinds_out(self):
        admin = self._create_user("administrator", "beepost_mail.group_admin")
        LeftOut = self.env["beepost.left.out"].with_user(admin)
        with Form(LeftOut, "beepost_mail.view_left_out_list") as form:
            form.choice = CUSTOM
        kind = form.record
        offered = dict(LeftOut._select_models())
        self.assertIn("account.payment", offered)
        self.assertNotIn("account.move", offered, "it has a dialog of its own")
        self.assertEqual((kind.model, kind.name), (CUSTOM, "Paper"))
        self.assertFalse(self._entries(CUSTOM))
        kind.unlink()
        self.assertTrue(self._entries(CUSTOM))
        with self.assertRaises(AccessError):
            LeftOut.with_user(self.manager).create({"model": CUSTOM})


class TestCustomModel(CustomCase):
    def test_custom_model(self):
        record = self._custom_records(self.customer)
        wizard = self._compose(record, self.accountant)
        self.assertEqual(wizard.partner_id, self.customer)
        with self._printing():
            wizard.action_send()
        letter = self._letters(record)
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(letter.company_id, self.company)


class TestOneDocument(ComposeCase):
    def test_payment_receipt(self):
        payment = self._payments()
        wizard = self._compose(payment, self.accountant)
        self.assertEqual(wizard.line_ids.report_id, self.receipt)
        self.assertEqual(wizard.partner_id, self.customer)
        self.assertIn("69002 LYON", wizard.address)
        self.assertEqual(wizard.sendable_count, 1)
        self.assertFalse(self.printed, "opening renders nothing")
        with self._printing():
            wizard.action_send()
        letter = self._letters(payment)
        self.assertEqual(letter.partner_id, self.customer)
        self.assertEqual(letter.user_id, self.accountant)
        self.assertEqual(letter.lot_id.user_id, self.accountant)
        self.assertEqual(len(self.printed), 1)
        self.assertEqual(self.printed[0][2], self.accountant.id, "with his own rights")
        line = self._lines(payment)
        self.assertEqual(
            (line.kind, line.report_id, line.mailing_id),
            ("document", self.receipt, letter),
        )
        self.assertEqual(line.attachment_id.res_id, line.id)
        self.assertIn("Letter created", self._bodies(payment))
        self._run_outbox()
        self.assertEqual(letter.state, "accepted")
        self.assertEqual(len(self.printed), 1, "rendered exactly once")
        self.assertEqual((letter.lot_id.letter_count, letter.lot_id.progress), (1, 100))

    def test_really_rendered(self):
        """Through wkhtmltopdf, in the language of the addressee."""
        self.env["res.lang"]._activate_lang("fr_FR")
        self.customer.lang = "fr_FR"
        payment = self._payments()
        wizard = self._compose(payment).with_context(force_report_rendering=True)
        papers = wizard.env["beepost.papers"]
        pdf = papers._print(self.receipt, payment, self.customer, self.company)
        self.assertTrue(pdf.startswith(b"%PDF-"))

    def test_another_addressee_and_address(self):
        other = self._create_customer("Autre")
        depot = self._create_customer(
            "Dépôt",
            type="delivery",
            is_company=False,
            parent_id=other.id,
            city="Nantes",
            zip="44000",
        )
        payment = self._payments()
        with Form(self._compose(payment)) as form:
            form.partner_id = other
            self.assertIn("Autre", form.address)
            form.address_kind = "delivery"
            self.assertIn("44000 NANTES", form.address)
        with self._printing():
            form.record.action_send()
        self.assertEqual(self._letters(payment).partner_id, depot)

    def test_nobody_to_send_it_to(self):
        payment = self._payments(partner_id=False)
        wizard = self._compose(payment)
        self.assertFalse(wizard.sendable_count)
        self.assertIn("nobody to send it to", wizard.summary)
        wizard.partner_id = self.customer
        self.assertEqual(wizard.sendable_count, 1)
        with self._printing():
            wizard.action_send()
        self.assertEqual(self._letters(payment).partner_id, self.customer)

    def test_reports_and_files_in_their_order(self):
        payment = self._payments()
        second = self.receipt.copy({"name": "Second"})
        plan = self._file("plan.pdf", a4_pdf("plan"), payment)
        upload = self._file("flyer.pdf", a4_pdf("flyer"))
        terms = self.env["beepost.terms"].create(
            {"name": "CGV", "file": base64.b64encode(a4_pdf("terms"))}
        )
        wizard = self._compose(
            payment,
            line_ids=[
                Command.create({"sequence": 30, "report_id": self.receipt.id}),
                Command.create({"sequence": 10, "report_id": second.id}),
                Command.create({"sequence": 20, "attachment_id": plan.id}),
            ],
            upload_ids=upload.ids,
            terms_ids=terms.ids,
        )
        self.assertIn(plan, wizard.available_attachment_ids)
        with self._printing():
            wizard.action_send()
        lines = self._lines(payment)
        self.assertEqual(
            [(line.name.split(" ")[0], line.kind) for line in lines],
            [
                ("Second", "document"),
                ("plan.pdf", "enclosure"),
                ("Payment", "document"),
                ("flyer.pdf", "enclosure"),
                ("CGV", "enclosure"),
            ],
        )
        for line in lines:
            self.assertEqual(line.attachment_id.res_id, line.id)
        plan.unlink()
        self._run_outbox()
        self.assertEqual(lines.mailing_id.state, "accepted", "files are its own")

    def test_uploads_in_their_order(self):
        payments = self._payments(2)
        names = ["One.pdf", "Two.pdf", "Three.pdf"]
        files = [self._file(name, a4_pdf(name)).id for name in names]
        wizard = self._compose(payments, upload_ids=[Command.set(files)])
        wizard.invalidate_recordset()
        with self._printing():
            wizard.action_send()
            self._run_cron(self.env.ref(CRON))
        for letter in self._letters(payments):
            self.assertEqual(letter.document_ids.mapped("name")[1:], names)

    def test_uploads_do_not_pile_up(self):
        upload = self._file("flyer.pdf", a4_pdf())
        upload.res_model = "beepost.compose"
        self.env["beepost.compose"]._gc_uploads()
        self.assertTrue(upload.exists(), "somebody may be at the dialog")
        with freeze_time(upload.create_date + timedelta(days=2)):
            self.env["beepost.compose"]._gc_uploads()
        self.assertFalse(upload.exists())

    def test_options(self):
        service = self.env.ref("beepost_mail.service_registered")
        payment = self._payments()
        with self._printing():
            self._compose(
                payment,
                own_options=False,
                service_id=service.id,
                color=True,
                duplex=False,
                address_sheet="always",
            ).action_send()
        letter = self._letters(payment)
        self.assertEqual(
            (letter.service_id, letter.color, letter.duplex, letter.address_sheet),
            (service, True, False, "always"),
        )

    def test_as_the_addressee_prefers(self):
        self.customer.beepost_color = "yes"
        payment = self._payments()
        wizard = self._compose(payment)
        wizard.color = False
        with self._printing():
            wizard.action_send()
        self.assertTrue(self._letters(payment).color)

    def test_pressed_twice(self):
        payment = self._payments()
        wizard = self._compose(payment)
        with self._printing():
            wizard.action_send()
            with self.assertRaisesRegex(UserError, "were sent with this dialog"):
                wizard.action_send()
        self.assertEqual(len(self._letters(payment)), 1)

    def test_posted_already(self):
        payment = self._payments()
        self._send(payment)
        wizard = self._compose(payment)
        self.assertFalse(wizard.sendable_count)
        self.assertIn("posted already", wizard.summary)
        self.assertNotIn(PRESS, wizard.estimate, "there is no such button then")
        wizard.skip_posted = False
        self.assertIn(PRESS, wizard.estimate)
        self.assertEqual(wizard.sendable_count, 1)
        self.assertIn("second letter", wizard.alerts["beepost_posted"]["message"])
        found = self.env["beepost.mailing"].search(
            wizard.action_open_letters()["domain"]
        )
        self.assertEqual(found, self._letters(payment))

    def test_preview(self):
        payment = self._payments()
        wizard = self._compose(payment, self.accountant)
        self.assertIn("known once the PDF", wizard.estimate)
        self.assertIn(PRESS, wizard.estimate)
        with self._printing():
            action = wizard.action_preview()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertNotIn(PRESS, wizard.estimate)
        self.assertTrue(wizard.has_preview)
        self.assertIn("address sheet", wizard.preview_remarks)
        # As the web client reads it: sizes of files instead of their contents.
        wizard.invalidate_recordset()
        seen = wizard.with_context(bin_size=True).web_read({"estimate": {}})
        self.assertIn("1 page on 1 sheet, envelope", seen[0]["estimate"])
        self.assertTrue(wizard.preview_pdf)
        self.assertFalse(self._letters(payment), "nothing is posted by looking")
        wizard.address_kind = "delivery"
        self.assertFalse(wizard.has_preview, "what was chosen since shows nothing old")
        self.assertIn(PRESS, wizard.estimate)
        wizard.address_kind = False
        with self._printing():
            wizard.action_send()
        self.assertEqual(len(self._letters(payment)), 1)

    def test_preview_says_what_was_added_to_the_papers(self):
        """The estimate counts papers; the PDF beside it has more pages."""
        plan = self._file("plan.pdf", a4_pdf("plan"))
        address, _findings = self.customer._beepost_address()
        shown = addressed_pdf(address.lines)
        Papers = type(self.env["beepost.papers"])
        table = {
            ("always", False): "3 pages on 3 sheets, address sheet included.",
            ("always", True): "5 pages on 3 sheets, address sheet and blank backs incl",
            ("never", True): "3 pages on 2 sheets, blank backs included.",
            ("never", False): None,
        }
        for (sheet, duplex), words in table.items():
            wizard = self._compose(
                self._payments(),
                upload_ids=plan.ids,
                own_options=False,
                address_sheet=sheet,
                duplex=duplex,
            )
            with self.subTest(sheet=sheet, duplex=duplex):
                with patch.object(Papers, "_print", lambda *args: shown):
                    wizard.action_preview()
                first = (wizard.preview_remarks or "").split("\n")[0]
                if words:
                    self.assertIn(f"In the PDF below: {words}", first)
                else:
                    self.assertNotIn("In the PDF", wizard.preview_remarks)

    def test_report_that_fails(self):
        payment = self._payments()
        wizard = self._compose(payment)
        with self._printing({payment: UserError("No paper left.")}):
            with self.assertRaisesRegex(UserError, "No paper left."):
                wizard.action_send()
        self.assertFalse(self._letters(payment))


class TestForgedDialogs(ComposeCase):
    """The browser may send any id."""

    def test_record_of_others(self):
        payment = self._payments()
        secret = payment.display_name
        self.env["ir.rule"].create(
            {
                "name": "not for accountants",
                "model_id": self.env["ir.model"]._get_id("account.payment"),
                "groups": self.env.ref("account.group_account_invoice").ids,
                "domain_force": [("id", "!=", payment.id)],
            }
        )
        wizard = self._compose(payment, self.accountant)
        self.assertFalse(wizard.sendable_count)
        self.assertIn("cannot be read by you", wizard.summary)
        if secret:
            self.assertNotIn(secret, wizard.summary)
        with self.assertRaises(UserError):
            wizard.action_send()

    def test_report_of_another_model(self):
        payment = self._payments()
        invoice = self.env.ref("account.account_invoices")
        wizard = self._compose(
            payment, line_ids=[Command.create({"report_id": invoice.id})]
        )
        with self._printing(), self.assertRaisesRegex(AccessError, "cannot be made"):
            wizard.action_send()

    def test_report_for_others(self):
        self.receipt.group_ids = self.env.ref("base.group_system")
        payment = self._payments()
        wizard = self._compose(
            payment,
            self.accountant,
            line_ids=[Command.create({"report_id": self.receipt.id})],
        )
        self.assertFalse(wizard.available_report_ids)
        with self._printing(), self.assertRaises(AccessError):
            wizard.action_send()

    def test_files_of_others(self):
        private = self._file("salaries.pdf", a4_pdf())
        elsewhere = self._file("other.pdf", a4_pdf(), self._payments())
        for name, values in (
            ("an enclosure", {"upload_ids": [Command.link(private.id)]}),
            (
                "a file of another record",
                {"line_ids": [Command.create({"attachment_id": elsewhere.id})]},
            ),
        ):
            with self.subTest(name), self._printing(), self.assertRaises(AccessError):
                self._compose(self._payments(), self.accountant, **values).action_send()

    def test_dialog_of_another(self):
        wizard = self._compose(self._payments(), self.accountant)
        colleague = self._create_user("colleague", "account.group_account_invoice")
        with self.assertRaises(AccessError):
            wizard.with_user(colleague).read(["res_ids"])

    def test_invoices_keep_their_own_dialog(self):
        """A proforma is never posted, by no back door."""
        draft = self.init_invoice("out_invoice", partner=self.customer, amounts=[1.0])
        posted = self._create_invoice()
        legal = posted.invoice_pdf_report_id
        for name, record in (
            ("a draft", draft),
            ("an invoice", posted),
            ("its legal PDF", legal),
        ):
            with self.subTest(name), self._printing():
                wizard = self._compose(record, self.accountant)
                self.assertFalse(wizard.sendable_count)
                self.assertIn("of the invoice itself", wizard.summary)
                with self.assertRaises(UserError):
                    wizard.action_send()
                with self.assertRaises(UserError):
                    wizard.action_preview()

    def test_not_a_document(self):
        for model in ("beepost.compose", "mail.thread", "no.such.model", False):
            with self.subTest(model), self.assertRaisesRegex(UserError, "Open this"):
                self.env["beepost.compose"].create(
                    {"res_model": model or "", "res_ids": [1]}
                ).action_send()


class TestGrowthOfTheDialog(ComposeCase):
    def test_queries_of_opening(self):
        partners = [self._create_customer(f"Client {n}") for n in range(20)]
        payments = self._payments(100, partners)

        def open_dialog(records):
            wizard = self.env["beepost.compose"].with_user(self.accountant)
            Form(
                wizard.with_context(active_model=records._name, active_ids=records.ids)
            )

        open_dialog(payments[:2])
        counts = [
            self._queries(open_dialog, payments[:number]) for number in (1, 10, 100)
        ]
        self.assertLessEqual(counts[2], counts[1] + 1, counts)
        self.assertLess(max(counts), 60, counts)
