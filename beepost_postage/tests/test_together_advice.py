"""What one envelope with a letter that waits already would save, in the dialogs."""

from datetime import date, datetime
from decimal import Decimal

from odoo.addons.beepost_mail.tests.common import a4_pdf
from odoo.addons.beepost_mail.tests.composing import ComposeCase
from odoo.addons.beepost_mail.tests.enclosing import enclose
from odoo.addons.beepost_mail.tests.sending import SendCase

from ..models.postage_words import euros
from .common import PostageCase

WAITS = "to the same address waits"


class TestTogetherAdvice(PostageCase, SendCase, ComposeCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("en_US")

    def _shown(self, move=None, **values):
        dialog = self._dialog(move or self._create_invoice(), self.accountant)
        dialog.write(values)
        return dialog.beepost_price_html

    def test_saving_is_what_three_letters_cost(self):
        waiting = self._letter(pages=3)
        html = self._shown()
        self.assertIn(f"Letter {waiting.name} {WAITS}", html)
        prices = {}
        for pages in ([1], [3], [3, 1]):
            pdfs = self.env["ir.attachment"].create(
                [{"name": "x.pdf", "raw": a4_pdf(pages=count)} for count in pages]
            )
            options = self.customer._beepost_options(self.company)
            estimate = self.env["beepost.estimate"]._get_estimate(
                self.company, self.customer, pdfs, options
            )
            self.assertFalse(estimate["price"]["together"], "nobody asked")
            prices[tuple(pages)] = Decimal(estimate["price"]["quote"]["total"])
        saving = prices[1,] + prices[3,] - prices[3, 1]
        self.assertIn(f"cost {euros(self.env, saving)} less", html)
        self.assertGreater(saving, 0)

    def _price(self, *pages):
        pdfs = self.env["ir.attachment"].create(
            [{"name": "x.pdf", "raw": a4_pdf(pages=count)} for count in pages]
        )
        options = self.customer._beepost_options(self.company)
        estimate = self.env["beepost.estimate"]._get_estimate(
            self.company, self.customer, pdfs, options
        )
        return Decimal(estimate["price"]["quote"]["total"])

    def test_what_both_enclose_is_printed_once(self):
        terms = a4_pdf("Terms", pages=5)
        enclose(self._letter(), "Terms.pdf", terms)
        dialog = self._dialog(self._create_invoice(), self.accountant)
        _file, about = self._upload("conditions.pdf", terms, self.accountant)
        dialog.mail_attachments_widget = [*dialog.mail_attachments_widget, about]
        saving = 2 * self._price(1, 5) - self._price(1, 1, 5)
        self.assertGreater(saving, 2 * self._price(1, 5) - self._price(1, 5, 1, 5))
        self.assertIn(f"cost {euros(self.env, saving)} less", dialog.beepost_price_html)

    def test_in_the_dialog_for_any_document(self):
        self._letter()
        for count, expected in ((1, True), (2, False)):
            wizard = self._compose(self._payments(count), self.accountant)
            with self._printing():
                wizard.action_preview()
            self.assertEqual(WAITS in wizard.price_html, expected)

    def test_only_what_could_share_the_envelope(self):
        waiting = self._letter()
        self.assertIn(WAITS, self._shown())
        self.assertNotIn(WAITS, self._shown(beepost_color=True))
        self.assertNotIn(WAITS, self._shown(beepost_planned_on=date(2026, 12, 10)))
        registered = self._service("registered")
        self.assertNotIn(WAITS, self._shown(beepost_service_id=registered.id))
        other = self._create_customer("Autre")
        other.invoice_sending_method = "beepost"
        self.assertNotIn(WAITS, self._shown(self._create_invoice(other)))
        for values in (
            {"in_doubt": True},
            {"first_sent_at": datetime(2026, 11, 25)},
            {"state": "accepted"},
            {"sender": "ANOTHER"},
            {"grouping": "lot"},
            {"planned_at": datetime(2026, 12, 10)},
        ):
            former = {name: waiting[name] for name in values}
            waiting.write(values)
            with self.subTest(values):
                self.assertNotIn(WAITS, self._shown())
            waiting.write(former)
        self.assertIn(WAITS, self._shown())
        self.company.beepost_grouping = "automatic"
        self.assertNotIn(WAITS, self._shown(), "it happens by itself")

    def test_on_the_same_planned_day(self):
        day = date(2026, 12, 10)
        moment = self.account._planned_moment(day)
        self._letter(planned_at=moment)
        self.assertNotIn(WAITS, self._shown())
        self.assertIn(WAITS, self._shown(beepost_planned_on=day))

    def test_no_room(self):
        self._letter(pages=60)
        self.assertNotIn(WAITS, self._shown(self._create_invoice(pdf=a4_pdf(pages=60))))

    def test_queries_do_not_grow(self):
        def queries():
            dialog = self._dialog(self._create_invoice(), self.accountant)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.assertIn(WAITS, dialog.beepost_price_html)
            return self.cr.sql_log_count - before

        self._letter()
        queries()
        few = queries()
        for _letter in range(8):
            self._letter()
        self.assertLessEqual(queries(), few + 2)
