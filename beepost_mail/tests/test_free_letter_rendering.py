"""What the real engine prints, and that it fetches nothing."""

import base64
import io
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from unittest.mock import patch

import pypdfium2
from markupsafe import Markup
from PIL import Image

from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from ..letter import rich_text, window
from ..letter.pages import Document, Job, prepare
from .free_letters import FreeLetterCase

REPORT = "beepost_mail.report_free_letter"


def png(colour="red"):
    out = io.BytesIO()
    Image.new("RGB", (40, 40), colour).save(out, "png")
    return out.getvalue()


def text_of(pdf):
    """All that can be read on all pages."""
    pages = pypdfium2.PdfDocument(pdf)
    return " ".join(page.get_textpage().get_text_bounded() for page in pages)


class CountingServer:
    """On this machine; remembers what was asked for."""

    def __enter__(self):
        self.asked = asked = []

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                asked.append(self.path)
                self.send_response(200)
                self.send_header("Content-Type", "image/png")
                self.end_headers()
                self.wfile.write(png())

            do_POST = do_HEAD = do_GET

            def log_message(self, *args):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_exc):
        self.server.shutdown()
        self.server.server_close()


class PrintCase(FreeLetterCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("report.url", False)
        cls.company.write(
            {
                "report_header": Markup("<p>Menuiserie depuis 1921</p>"),
                "company_details": Markup("<p>Ateliers du Rhône<br/>69002 Lyon</p>"),
                "report_footer": Markup("<p>RCS Lyon 334 175 221</p>"),
            }
        )

    def _print(self, letter):
        return letter.sudo().addressee_ids._print()


@tagged("post_install", "-at_install")
class TestFreeLetterOnPaper(PrintCase, HttpCase):
    def test_the_address_falls_into_the_window(self):
        """Whatever layout the company uses for its other documents."""
        self.assertFalse(self.company.beepost_layout)
        person = self.env["res.partner"].create(
            {"name": "Jean Dupont", "parent_id": self.customer.id, "type": "contact"}
        )
        letter = self._write_letter(self.customer, person)
        letter.addressee_ids.sudo()._leave_out_unpostable()
        printed = self._print(letter)
        self.assertEqual(len(printed), 2)
        for row, pdf in printed.items():
            with self.subTest(row.partner_id.name):
                address, _findings = row.partner_id._beepost_address()
                self.assertEqual(window.check(pdf, address.lines), ())
                made = prepare(Job((Document("letter", pdf),), address.lines))
                self.assertEqual((made.findings, made.pages), ((), 1))
                self.assertTrue(made.untouched)
                text = text_of(pdf)
                for words in ("We are moving", "Lyon,", "accountant", "RCS Lyon"):
                    self.assertIn(words, text)

    def test_each_gets_his_own_pages(self):
        """Long and short letters, with headings that could mislead the cutting."""
        partners = self._customers(8)
        for partner in partners[::2]:
            partner.ref = "long"
        self._make_editor(self.accountant)
        letter = self._write_letter(
            *partners,
            body=Markup(
                "<h1>Personal for {{ object.name }}</h1><h2>One</h2><p>text</p>"
                '<div t-if="object.ref"><p>%s</p><h1>Two for <t t-out="object.name"/>'
                "</h1></div>"
            )
            % ("a long text with many words " * 500),
        )
        printed = self._print(letter)
        self.assertEqual(printed.keys(), set(letter.sudo().addressee_ids))
        names = set(partners.mapped("name"))
        for row, pdf in printed.items():
            name = row.partner_id.name
            text = text_of(pdf)
            self.assertEqual({n for n in names if n in text}, {name})
            pages = len(pypdfium2.PdfDocument(pdf))
            (self.assertGreater if row.partner_id.ref else self.assertEqual)(pages, 1)
            self.assertEqual(f"Two for {name}" in text, bool(row.partner_id.ref))

    def test_nothing_is_fetched(self):
        secret = self.env["ir.attachment"].create({"name": "s", "raw": b"file-secret"})
        path = secret._full_path(secret.store_fname)
        self._make_editor(self.accountant)
        with CountingServer() as server:
            here = server.url.removeprefix("http:")
            body = f"""
                <p style="background: url({server.url}/css)">x</p>
                <p style="background: u\\72l({server.url}/escaped)">x</p>
                <img src="{server.url}/img"><img src="{here}/bare">
                <img src="/web/image/1" srcset="{server.url}/srcset 2x">
                <img t-att-src="'{server.url}/made'">
                <iframe src="{server.url}/iframe"></iframe>
                <iframe src="file://{path}"></iframe>
                <object data="{server.url}/object"></object>
                <embed src="file://{path}">
                <svg><image xlink:href="{server.url}/svg" width="9" height="9"/></svg>
                <img src="data:image/svg+xml;base64,{self._drawing(server.url)}">
                <table background="{server.url}/table"><tr><td>x</td></tr></table>
                <style>@import url({server.url}/import);</style>
                <link rel="stylesheet" href="{server.url}/link">
                <meta http-equiv="refresh" content="0; url={server.url}/meta">
                <script>new Image().src = "{server.url}/script"</script>
                <video poster="{server.url}/poster" src="{server.url}/video"></video>
                <img src="file://{path}">
                <t t-out="object.comment"/>
                <p>The end</p>"""
            self.customer.comment = Markup(f'<img src="{server.url}/comment">')
            self.company.report_footer = Markup(
                f'<p style="background: url({server.url}/footer-css)">Foot'
                f'<img src="{server.url}/footer"></p>'
            )
            self.company.report_header = Markup(f'<img src="{here}/header">')
            letter = self._write_letter(
                self.customer,
                body=Markup(body),
                signature=Markup(f'<p>Me <img src="{server.url}/signature"></p>'),
            )
            (pdf,) = self._print(letter).values()
            self.assertEqual(server.asked, [])
            text = text_of(pdf)
            self.assertIn("The end", text)
            self.assertIn("Foot", text)
            self.assertNotIn("secret", text)
            self._send(letter)
            self.assertEqual(server.asked, [])
            remarks = letter.addressee_ids.remarks
            # Frames, objects and scripts are not even saved, as in any field of Odoo.
            for place in ("/img", "/comment", "/signature", "svg", "/css", "file://"):
                self.assertIn(place, remarks)

    @staticmethod
    def _drawing(url):
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"'
            ' xmlns:xlink="http://www.w3.org/1999/xlink">'
            f'<image xlink:href="{url}/drawing" width="9" height="9"/></svg>'
        )
        return base64.b64encode(svg.encode()).decode()

    def test_that_test_would_notice(self):
        """Without the cleaning, the engine fetches."""
        letter_class = type(self.env["beepost.free.letter"])
        with CountingServer() as server:
            letter = self._write_letter(
                self.customer, body=Markup(f'<p>x<img src="{server.url}/img"></p>')
            )
            with (
                patch.object(
                    letter_class, "_cleaned", lambda self, html, reader: (html, ())
                ),
                patch.object(rich_text, "without_remote", lambda html, own="": html),
            ):
                self._print(letter)
            # The engine asks again where the connection breaks.
        self.assertEqual(set(server.asked), {"/img"})

    def test_a_letterhead_with_a_remote_picture(self):
        """The second fence alone, for what is not of the text."""
        with CountingServer() as server:
            self.company.company_details = Markup(
                f'<p>Us <img src="{server.url}/details"></p>'
            )
            letter = self._write_letter(self.customer)
            (pdf,) = self._print(letter).values()
            self.assertEqual(server.asked, [])
            self.assertIn("Us", text_of(pdf))
            with patch.object(rich_text, "without_remote", lambda html, own="": html):
                self._print(letter)
            # The engine may ask twice where the machine is busy.
            self.assertEqual(set(server.asked), {"/details"})

    def test_pictures_of_this_database_are_printed(self):
        picture = self.env["ir.attachment"].with_user(self.accountant)
        picture = picture.create({"name": "p.png", "raw": png("blue")})
        hidden = self.env["ir.attachment"].create({"name": "h.png", "raw": png("red")})
        letter = self._write_letter(
            self.customer,
            body=Markup(
                f'<p><img src="/web/image/{picture.id}-ab12/p.png" width="200"></p>'
                f'<p><img src="/web/image/{hidden.id}" width="200"></p>'
            ),
        )
        (pdf,) = self._print(letter).values()
        page = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil().convert("RGB")
        colours = {colour for _n, colour in page.getcolors(1_000_000)}
        self.assertIn((0, 0, 255), colours)
        self.assertNotIn((255, 0, 0), colours)
        filled = letter.addressee_ids.sudo()._fill_in()
        self.assertEqual(
            [one.what for one in filled["removed"]], [f"/web/image/{hidden.id}"]
        )
        # It was nobody's before: now whoever reads the letter sees it.
        self.assertEqual((picture.res_model, picture.res_id), (letter._name, letter.id))

    def test_preview_and_estimate(self):
        letter = self._write_letter(self.customer)
        dialog = self.env["beepost.free.letter.send"].with_user(self.accountant)
        dialog = dialog.with_context(force_report_rendering=True)
        with patch.object(
            type(self.env["ir.actions.report"]), "_run_wkhtmltopdf"
        ) as engine:
            dialog = dialog.create({"letter_id": letter.id})
            self.assertIn("<p>The addressee gets a letter.</p>", dialog.summary)
            engine.assert_not_called()
        dialog.action_preview()
        self.assertIn("Société Générale", text_of(base64.b64decode(dialog.preview)))
        self.assertIn("1 page on 1 sheet, envelope", dialog.estimate)
        self.assertEqual(letter.state, "draft")
        self.assertFalse(self.env["beepost.mailing"].search([], limit=1).exists())


class TestFillingIn(PrintCase):
    """What goes into a text; nothing is printed."""

    def _filled(self, letter):
        return letter.addressee_ids.sudo()._fill_in()

    def test_values_are_text(self):
        """Neither in the text nor in the subject does a name turn into markup."""
        odd = self._create_customer("A <b>bold</b> & Sons {{ 7 * 7 }}", ref="{{ 8 }}")
        self._make_editor(self.accountant)
        for body in (
            "<p>{{ object.name }}</p>",
            "<p>{{ object.name }} <t t-out='object.ref'/></p>",
            "<p>{{ object.name + '' }}</p>",
        ):
            letter = self._write_letter(odd, subject="{{ object.name }}", body=body)
            filled = self._filled(letter)
            self.assertIn(
                "A &lt;b&gt;bold&lt;/b&gt; &amp; Sons {{ 7 * 7 }}", filled["body"]
            )
            self.assertEqual(filled["subject"], odd.name)
            self.assertNotIn("49", filled["body"])

    def test_a_default_where_there_is_no_value(self):
        letter = self._write_letter(
            self.customer, body="<p>{{ object.ref ||| no number }}</p>"
        )
        self.assertEqual(str(self._filled(letter)["body"]), "<p>no number</p>")
        self.customer.ref = "C-1"
        self.assertEqual(str(self._filled(letter)["body"]), "<p>C-1</p>")

    def test_an_empty_subject(self):
        letter = self._write_letter(self.customer, subject="{{ object.ref }}")
        with self.assertRaisesRegex(UserError, "subject is empty"):
            self._filled(letter)

    def test_an_unfinished_placeholder_is_not_saved(self):
        with self.assertRaisesRegex(UserError, "begun and not ended"):
            self._write_letter(self.customer, body="<p>Dear {{ object.name</p>")

    def test_date_and_place(self):
        self.env["res.lang"]._activate_lang("en_US")
        report = self.env[f"report.{REPORT}"]
        letter = self._write_letter(self.customer, date="2026-11-25").sudo()
        self.assertEqual(
            report._place_and_date(letter, "en_US"), "Lyon, November 25, 2026"
        )
        letter.place = False
        self.assertEqual(report._place_and_date(letter, "fr_FR"), "25 novembre 2026")
        letter.date = "2026-12-01"
        self.assertEqual(report._place_and_date(letter, "fr_FR"), "1er décembre 2026")
        self.assertEqual(report._place_and_date(letter, "en_US"), "December 1, 2026")

    @mute_logger("odoo.addons.mail.models.mail_render_mixin")
    def test_a_preview_that_fails_says_why(self):
        self._make_editor(self.accountant)
        letter = self._write_letter(self.customer, body="<p>{{ object.nme }}</p>")
        report = self.env[f"report.{REPORT}"]
        with self.assertRaisesRegex(UserError, "no attribute 'nme'") as caught:
            report._get_report_values(letter.addressee_ids.ids)
        self.assertNotIn("Traceback", str(caught.exception))

    def test_nothing_of_a_request_gets_into_a_letter(self):
        letter = self._write_letter(self.customer)
        data = {"documents": [{"body": "forged"}], "paper_format": "forged"}
        values = self.env[f"report.{REPORT}"]._get_report_values(
            letter.addressee_ids.ids, data=data
        )
        self.assertNotIn("forged", str(values))
