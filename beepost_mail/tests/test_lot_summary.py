"""The end of a lot, and the one message about it."""

from datetime import datetime
from unittest.mock import patch

from freezegun import freeze_time

from odoo.tools import mute_logger

from ..gateway import port
from .common import ScriptedGateway, receipt
from .letters import refusing
from .lots import LotCase


class TestSummary(LotCase):
    def _summaries(self, lot):
        return lot.sudo().message_ids.filtered("partner_ids")

    def _refusing(self, letter):
        reason = refusing().script[0]([letter])[0].reasons
        reference = letter.client_reference

        def answer(sent):
            return tuple(
                receipt(m, *reason if m.client_reference == reference else ())
                for m in sent
            )

        return ScriptedGateway([answer])

    def test_once_at_the_end(self):
        lot = self._lot(self._invoices(3))
        refused, cancelled, _good = lot.mailing_ids.sorted("id")
        gateway = self._refusing(refused)
        cancelled.action_cancel()
        self.assertFalse(self._summaries(lot))
        self._send(gateway)
        self.assertEqual(lot.state, "done")
        self.assertTrue(lot.closed_at)
        summary = self._summaries(lot)
        self.assertEqual(len(summary), 1)
        self.assertEqual(summary.partner_ids, self.accountant.partner_id)
        for words in ("1 accepted", "1 refused", "1 cancelled"):
            self.assertIn(words, summary.body)
        self.assertNotIn("without a letter", summary.body)
        self.assertIn(f'data-oe-id="{refused.id}"', summary.body)
        self.assertIn(refused.name, summary.body)
        self.assertNotIn("Motif", summary.body, "managers read it too")
        refused.action_retry()
        self._send()
        self.assertEqual(self._states(lot), ["accepted", "accepted", "cancelled"])
        self.assertEqual(len(self._summaries(lot)), 1, "never a second one")

    def test_not_while_something_waits(self):
        ordered = self._invoices(1, pdf=False)
        lot = self._lot(self._invoices(2) + ordered)
        self._send()
        self.assertEqual(lot.state, "running", "a PDF is still to be made")
        self._render_good(ordered)
        self._prepare_all()
        self.assertFalse(self._summaries(lot))
        self._send()
        self.assertEqual(lot.state, "done")
        self.assertEqual(len(self._summaries(lot)), 1)

    def test_planned_lot_is_open_until_its_day(self):
        with freeze_time(datetime(2026, 11, 24, 11)):
            lot = self._lot(self._invoices(2), planned_on="2027-01-04")
            self._send()
            self.assertEqual(lot.state, "running")
        with freeze_time(datetime(2026, 12, 31, 4)):
            self._send()
        self.assertEqual(lot.state, "done")

    def test_cancelled_lot(self):
        lot = self._lot(self._invoices(2) + self._invoices(1, pdf=False))
        lot.with_user(self.manager).action_cancel()
        self._send()
        self.assertEqual(lot.state, "cancelled")
        summary = self._summaries(lot)
        self.assertIn("This lot was cancelled", summary.body)
        self.assertIn("3 cancelled", summary.body)
        self._send()
        self.assertEqual(self._summaries(lot), summary)

    def test_also_where_the_account_is_stopped(self):
        lot = self._lot(self._invoices(2))
        self.account.sudo()._stop("Mot de passe refusé.")
        lot.action_cancel()
        self._send()
        self.assertEqual(len(self._summaries(lot)), 1)

    def test_documents_without_a_letter(self):
        moves = self._invoices(2, pdf=False) + self._invoices(1)
        lot = self._lot(moves)
        moves[0].button_draft()
        self._render()
        self._send()
        self.assertIn("1 without a letter", self._summaries(lot).body)
        self.assertIn(moves[0].name, lot.missing_list)
        self.assertEqual(lot.missing_count, 1)

    def test_letter_in_doubt(self):
        lot = self._lot(self._invoices(2))
        lot.mailing_ids[0].sudo().state = "unknown"
        self._send()
        self.assertIn("1 in doubt", self._summaries(lot).body)

    def test_in_the_authors_language(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.accountant.lang = "fr_FR"
        lot = self._lot(self._invoices(2))
        seen = []
        Lot = type(lot)
        real = Lot._get_summary

        def spy(self):
            seen.append(self.env.lang)
            return real(self)

        with patch.object(Lot, "_get_summary", spy):
            self._send()
        self.assertEqual(seen, ["fr_FR"])

    def test_one_letter_speaks_for_itself(self):
        lot = self._lot(self._invoices(1))
        self._send()
        self.assertEqual(lot.state, "done")
        self.assertFalse(self._summaries(lot))

    @mute_logger("odoo.addons.beepost_mail.models.beepost_lot_summary")
    def test_author_who_cannot_be_told(self):
        broken = self._lot(self._invoices(2))
        gone = self._lot(self._invoices(2), self.colleague)
        self.colleague.active = False

        def fail(self, **kwargs):
            raise ZeroDivisionError

        with patch.object(type(broken), "message_post", fail):
            self._send()
        self.assertEqual((broken.state, gone.sudo().state), ("done", "done"))
        self.assertFalse(self._summaries(broken) + self._summaries(gone))

    def test_what_it_cost(self):
        lot = self._lot(self._invoices(2))
        self.assertFalse(lot.cost, "the core knows no price")
        with patch.object(
            type(lot), "_get_cost_sentence", lambda self: "Postage: 3.04 €"
        ):
            lot.invalidate_recordset()
            self.assertEqual(lot.cost, "Postage: 3.04 €")
            self._send()
        self.assertIn("Postage: 3.04 €", self._summaries(lot).body)

    def test_queries_do_not_grow(self):
        def run():
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self._send()
            return self.cr.sql_log_count - before

        for _lot in range(2):
            self._lot(self._invoices(2))
        self._send(ScriptedGateway([port.Unavailable("503")]))
        self.account.sudo().state = "stopped"
        run()
        few = run()
        for _lot in range(6):
            self._lot(self._invoices(2))
        self.assertLessEqual(run(), few)
