"""The document layout with the address in the window, judged on real PDFs."""

import base64
import io

import pypdfium2
from markupsafe import Markup
from PIL import Image

from odoo import Command
from odoo.tests import Form, HttpCase, tagged

from ..letter import window
from ..letter.pages import Document, Job, prepare
from ..letter.profile import DEFAULT
from .common import BeepostCommon

LAYOUT = "beepost_mail.external_layout_window"
PAPER = "beepost_mail.paperformat_window"
INVOICES = "account.account_invoices"


class LayoutCommon(BeepostCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("report.url", False)
        cls.company.write(
            {
                "beepost_layout": True,
                "report_header": Markup("<p>Menuiserie et charpente depuis 1921</p>"),
                "company_details": Markup("<p>Ateliers du Rhône<br/>69002 Lyon</p>"),
                "report_footer": Markup(
                    "<p>SARL au capital de 50 000 € - RCS Lyon 334 175 221<br/>"
                    "IBAN FR76 3000 6000 0112 3456 7890 189 - BIC AGRIFRPP</p>"
                ),
            }
        )

    @classmethod
    def _create_move(cls, partner, lines=1, **values):
        move = cls.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "invoice_date": "2026-11-20",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": f"Fourniture et pose, lot {number}",
                            "quantity": number,
                            "price_unit": 120.5,
                            "discount": 5 if number % 3 else 0,
                        }
                    )
                    for number in range(1, lines + 1)
                ],
                **values,
            }
        )
        move.action_post()
        return move


@tagged("post_install", "-at_install")
class TestLayoutOnPaper(LayoutCommon, HttpCase):
    """What wkhtmltopdf prints. One call prints several invoices: it takes seconds."""

    def _print(self, moves, report=INVOICES):
        """PDF bytes by record."""
        streams, kind = (
            self.env["ir.actions.report"]
            .with_company(self.company)
            .with_context(force_report_rendering=True)
            ._pre_render_qweb_pdf(report, moves.ids)
        )
        self.assertEqual(kind, "pdf")
        return {move: streams[move.id]["stream"].getvalue() for move in moves}

    def _assert_posted_as_it_is(self, move, pdf, profile=DEFAULT):
        """No address sheet, margins and reserved zones white. :return: its pages"""
        address, findings = move.partner_id._beepost_address()
        self.assertTrue(address, findings)
        self.assertEqual(window.check(pdf, address.lines, profile), ())
        job = Job((Document("invoice", pdf),), address.lines, profile=profile)
        prepared = prepare(job)
        self.assertEqual(prepared.findings, ())
        self.assertTrue(prepared.untouched)
        return prepared.pages

    def _assert_white_margins(self, pdf):
        job = Job((Document("any", pdf),), ("Someone",), address_sheet="always")
        codes = {finding.code for finding in prepare(job).findings}
        self.assertNotIn("pages.shrunk", codes)

    @staticmethod
    def _text(pdf, page=0):
        return pypdfium2.PdfDocument(pdf)[page].get_textpage().get_text_bounded()

    def test_invoices_need_no_address_sheet(self):
        france, germany = self.env.ref("base.fr"), self.env.ref("base.de")
        self.env.user.group_ids += self.env.ref(
            "account.group_delivery_invoice_address"
        )
        self.customer.write({"vat": "FR23334175221", "lang": "fr_FR"})
        self.env["res.lang"]._activate_lang("fr_FR")
        term = self.env["account.payment.term"].create(
            {
                "name": "30/60",
                "note": "<p>Pénalités de retard au taux légal.</p>",
                "line_ids": [
                    Command.create({"value_amount": 50, "nb_days": days})
                    for days in (30, 60)
                ],
            }
        )
        depot = self._create_customer("Dépôt de Vénissieux", street="3 rue du Génie")
        firm = self._create_customer(
            "Kraftfahrzeug-Haftpflichtversicherung",
            street="Donaudampfschifffahrtsgesellschaftstr.",
            street2="Hinterhaus, 3. Etage, Aufgang B",
            zip="10115",
            city="Berlin",
            country_id=germany.id,
        )
        person = self.env["res.partner"].create(
            {"name": "Hans-Joachim Müller-Lüdenscheidt", "parent_id": firm.id}
        )
        wide = self._create_customer(
            "WWWWWWWW MMMMMMMM WWWWWWWW MMMMMMMM WW", country_id=france.id
        )
        long_one = self._create_move(
            self.customer,
            lines=60,
            ref="BC-4711",
            partner_shipping_id=depot.id,
            invoice_payment_term_id=term.id,
            narration=Markup("<p>%s</p>") % ("Conditions générales de vente. " * 60),
        )
        moves = long_one.union(
            self._create_move(self.customer),
            self._create_move(person, lines=2),
            self._create_move(wide, lines=12),
        )
        moves += moves[1]._reverse_moves()
        moves[-1].action_post()
        self.assertEqual(len(person._beepost_address()[0].lines), 6)
        printed = self._print(moves)
        for move, pdf in printed.items():
            with self.subTest(move=move.name, partner=move.partner_id.name):
                pages = self._assert_posted_as_it_is(move, pdf)
                self.assertIn(move.name, self._text(pdf))
                self.assertGreaterEqual(pages, 3 if move == long_one else 1)
        text = self._text(printed[long_one])
        for elsewhere in ("FR23334175221", "3 rue du Génie", "BC-4711"):
            self.assertIn(elsewhere, text)

    def test_another_layout_needs_an_address_sheet(self):
        """The judge above is awake: core's own layout does not pass."""
        self.company.beepost_layout = False
        move = self._create_move(self.customer)
        pdf = self._print(move)[move]
        lines = self.customer._beepost_address()[0].lines
        codes = {finding.code for finding in window.check(pdf, lines)}
        self.assertIn("window.outside", codes)

    def test_letterheads(self):
        """Whatever the sender prints stays out of the quiet zone and the margins."""
        details = "<br/>".join(f"Agence n° {n}, au service de tous" for n in range(20))
        move = self._create_move(self.customer)
        for name, values in {
            "none": {"logo": False, "report_header": False, "report_footer": False},
            "long": {
                "logo": False,
                "name": "CHANTIERS DE LA NOUVELLE SOCIETE LYONNAISE " * 3,
                "company_details": Markup("<p>%s</p>") % Markup(details),
            },
            "high": {"logo": self._logo(300, 900)},
            "wide": {"logo": self._logo(2400, 200)},
        }.items():
            with self.subTest(name):
                self.company.write(values)
                pdf = self._print(move)[move]
                self._assert_posted_as_it_is(move, pdf)

    @staticmethod
    def _logo(width, height):
        out = io.BytesIO()
        Image.new("RGB", (width, height), (10, 120, 80)).save(out, "png")
        return base64.b64encode(out.getvalue())

    def test_the_profile_decides(self):
        self.account.profile_id.copy(
            {
                "window_left": 110.0,
                "window_right": 190.0,
                "window_top": 55.0,
                "window_bottom": 83.0,
                "quiet_left": 98.0,
                "quiet_bottom": 95.0,
                "mark_width": 25.0,
            }
        )
        self.account.profile_id = self.account.profile_id.search(
            [("window_left", "=", 110.0)]
        )
        profile = self.account.profile_id._as_room_profile()
        move = self._create_move(self.customer)
        pdf = self._print(move)[move]
        self._assert_posted_as_it_is(move, pdf, profile)
        lines = self.customer._beepost_address()[0].lines
        self.assertTrue(window.check(pdf, lines, DEFAULT))

    def test_an_address_that_cannot_be_posted_still_prints(self):
        nowhere = self._create_customer("Client de passage", street=False, zip=False)
        self.assertIsNone(nowhere._beepost_address()[0])
        move = self._create_move(nowhere)
        pdf = self._print(move)[move]
        self.assertIn("Client de passage", self._text(pdf))
        self._assert_white_margins(pdf)

    def test_a_document_without_an_address(self):
        payment = self.env["account.payment"].create(
            {"partner_id": self.customer.id, "amount": 100, "payment_type": "inbound"}
        )
        pdf = self._print(payment, "account.action_report_payment_receipt")[payment]
        self._assert_white_margins(pdf)


@tagged("post_install", "-at_install")
class TestLayoutLogic(LayoutCommon):
    """Whom a report addresses, and how the layout is put in place and back."""

    def _block(self, partner, more=""):
        options = {"fields": ["name", "address"], "no_marker": True}
        widget = self.env["ir.qweb.field.contact"]
        return Markup("<div>%s</div>%s") % (
            widget.value_to_html(partner, options),
            Markup(more),
        )

    def _split(self, record, block):
        layout = self.env["beepost.layout"]
        return layout._split_address(self.company, record, block)

    def test_the_rest_of_the_block_stands_elsewhere(self):
        move = self._create_move(self.customer)
        block = self._block(
            self.customer, "<div>SIRET: <span>334 175 221\n 00012</span></div>"
        )
        lines, rest = self._split(move, block)
        self.assertEqual(tuple(lines), self.customer._beepost_address()[0].lines)
        self.assertEqual(rest, ["SIRET: 334 175 221 00012"])

    def test_never_another_addressee_than_the_report_names(self):
        move = self._create_move(self.customer)
        other = self._create_customer("Quelqu'un d'autre", street="1 rue Ailleurs")
        lines, rest = self._split(move, self._block(other))
        self.assertEqual(lines[:2], ["Quelqu'un d'autre", "1 rue Ailleurs"])
        self.assertEqual(rest, [])

    def test_without_a_record(self):
        """Core's sample documents have no record, or a company."""
        for record in (None, self.company, self.env["account.move"]):
            lines, rest = self._split(record, "<p>Acme<br/>Pleasant Hill</p>")
            self.assertEqual((lines, rest), (["Acme", "Pleasant Hill"], []))
            self.assertEqual(self._split(record, None), ([], []))

    def _choose_own(self):
        self.bold = self.env.ref("web.external_layout_bold")
        self.own_paper = self.env.ref("base.paperformat_euro").copy({"name": "Own"})
        self.company.beepost_layout = False
        self.company.write(
            {
                "external_report_layout_id": self.bold.id,
                "paperformat_id": self.own_paper.id,
            }
        )

    def _assert_ours(self):
        self.assertEqual(self.company.external_report_layout_id, self.env.ref(LAYOUT))
        self.assertEqual(self.company.paperformat_id, self.env.ref(PAPER))
        self.assertTrue(self.company.beepost_layout)

    def _assert_former(self):
        self.assertEqual(self.company.external_report_layout_id, self.bold)
        self.assertEqual(self.company.paperformat_id, self.own_paper)
        self.assertFalse(self.company.beepost_layout)

    def _save_settings(self, **values):
        settings = self.env["res.config.settings"].with_company(self.company)
        settings.create(values).execute()

    def test_settings(self):
        self._choose_own()
        self._save_settings(beepost_layout=True)
        self._assert_ours()
        self._save_settings()
        self._assert_ours()
        self._save_settings(beepost_layout=False)
        self._assert_former()

    def test_unticking_what_is_not_ticked_changes_nothing(self):
        self.company.beepost_layout = True
        striped = self.env.ref("web.external_layout_striped")
        self.company.external_report_layout_id = striped
        self.company.beepost_layout = False
        self.assertEqual(self.company.external_report_layout_id, striped)

    def test_chooser(self):
        self._choose_own()
        chooser = self.env["base.document.layout"].with_company(self.company)
        form = Form(chooser)
        form.report_layout_id = self.env.ref("beepost_mail.report_layout_window")
        wizard = form.save()
        self._assert_ours()
        self.assertIn("Acme Corporation", wizard.preview)
        self.assertIn("Ateliers du Rhône", wizard.preview)
        form = Form(wizard)
        form.report_layout_id = self.env.ref("web.report_layout_bold")
        form.save()
        self._assert_former()

    def test_a_former_paper_that_is_gone(self):
        self._choose_own()
        self.company.beepost_layout = True
        self.own_paper.unlink()
        self.company.beepost_layout = False
        self.assertEqual(
            self.company.paperformat_id, self.env.ref("base.paperformat_euro")
        )
