"""How long the scheduled action of an account may take."""

import time
from unittest.mock import patch

from odoo import tools

from odoo.addons.base.models import ir_cron

from ..letter.workshop import Workshop
from ..models import beepost_outbox_prepare
from .common import BeepostCommon, ScriptedGateway


class TestTime(BeepostCommon):
    def test_slow_documents_end_the_action_in_time(self):
        """Odoo calls it ten times, spent or not: 60 s each would be killed for it."""
        letters = self._post(*self._create_invoices(*[self.customer] * 4))
        triggers = self.env["ir.cron.trigger"].sudo()
        cron = self.account.sudo().cron_id
        triggers.search([("cron_id", "=", cron.id)]).unlink()
        with (
            self._gateway(ScriptedGateway()) as gateway,
            patch.object(beepost_outbox_prepare, "PREPARE_SECONDS", -1),
            patch.object(ir_cron, "MIN_TIME_PER_JOB", 0),
            patch.object(
                type(self.env["beepost.outbox"]),
                "_job_has_time",
                side_effect=[True, True, False],
            ),
        ):
            self._run_outbox()
        self.assertEqual([len(request) for request in gateway.requests], [1, 1])
        self.assertEqual(
            letters.sorted("id").mapped("state"),
            ["accepted", "accepted", "draft", "draft"],
        )
        again = triggers.search([("cron_id", "=", cron.id)])
        self.assertTrue(again, "Odoo calls at once for the others")

    def test_time_of_the_action(self):
        limit = tools.config["limit_time_real_cron"]
        limit = tools.config["limit_time_real"] if limit <= 0 else limit
        with Workshop() as workshop:
            slowest = beepost_outbox_prepare.PREPARE_SECONDS + workshop.longest
        self.assertLessEqual(beepost_outbox_prepare.RUN_SECONDS + slowest, 90)
        self.assertGreaterEqual(limit, 120)
        outbox = self.env["beepost.outbox"]
        self.assertTrue(outbox._job_has_time(), "no scheduled action at all")
        for spent, has_time in ((0, True), (29, True), (31, False), (100, False)):
            end = time.monotonic() + ir_cron.MIN_TIME_PER_JOB - spent
            with self.subTest(spent=spent):
                timed = outbox.with_context(cron_end_time=end)
                self.assertEqual(timed._job_has_time(), has_time)
