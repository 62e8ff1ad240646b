"""BeePOST's own list of statuses, through both adapters: where each word leads.

The letters are sent in earnest. The practice provider runs on the account's own clock;
the real connector speaks to the reference service, whose clock the test advances.
"""

import sys
from pathlib import Path

from odoo.tests import tagged

from odoo.addons.beepost_tracking.models.beepost_stage import STANDS_IN
from odoo.addons.beepost_tracking.tests.common import TrackingCase

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
from service.client import IDENTIFIER, PASSWORD, ServiceProcess  # noqa: E402

# BeePOST's word: (service, outcome, status that it means, status in the end, reason)
LIST = {
    "Réceptionné": ("lettre", "standard", "received", "posted", False),
    "En cours d'édition": ("lettre", "anomalie", "producing", "exception", False),
    "Déposé à la poste": ("lettre", "standard", "posted", "posted", False),
    "Remis au client": ("lettre", "remis", "delivered", "delivered", False),
    "Pli non distribué": (
        *("lettre", "acces", "undeliverable", "returned"),
        "access_defect",
    ),
    "NPAI": ("lettre", "npai", "undeliverable", "returned", "npai"),
    "Refusé": ("lettre", "refuse", "undeliverable", "returned", "refused"),
    # A proof: it moves nothing.
    "AR": ("recommande_ar", "remis", "delivered", "delivered", False),
}
# Received at once, being printed after half an hour, then a look a day.
LOOKS = (1, *(24,) * 24)  # hours


@tagged("standard", "post_install", "-at_install")
class TestList(TrackingCase):
    @classmethod
    def _request_handler(cls, session, request, /, **options):
        # Odoo's guard compares the timeout with a number; ours has two, to connect
        # and to read.
        if isinstance(options.get("timeout"), tuple):
            options["timeout"] = max(options["timeout"])
        return super()._request_handler(session, request, **options)

    def test_the_practice_provider(self):
        def advance(hours):
            self.account.sudo().sandbox_shift += hours

        self.assertEqual(self.account.gateway, "sandbox")
        self._judge(advance)

    def test_the_real_connector(self):
        service = self.enterContext(ServiceProcess())
        self.account.sudo().write(
            {
                "gateway": "http",
                "url": service.url,
                "identifier": IDENTIFIER,
                "password": PASSWORD,
            }
        )
        self._judge(lambda hours: service.advance(hours=hours))
        self.assertFalse(service.stats()["violations"])
        told = {one["client_reference"]: one["events"] for one in service.letters()}
        known = self.env["beepost.event"].search([("mailing_id", "!=", False)])
        self.assertEqual(
            sorted(known.mapped("external_id")),
            sorted(event["event_id"] for events in told.values() for event in events),
        )

    def _judge(self, advance):
        letters = self._send()
        seen = {word: [letter.status] for word, letter in letters.items()}
        for hours in LOOKS:
            advance(hours)
            self._read()
            for word, letter in letters.items():
                seen[word].append(letter.status)
                stage = STANDS_IN.get(letter.status, letter.status)
                self.assertEqual(letter.stage_id.code, stage)
        for word, letter in letters.items():
            _service, _outcome, means, end, reason = LIST[word]
            with self.subTest(word):
                self.assertIn(word, letter.event_ids.mapped("label"))
                self.assertIn(means, seen[word])
                self.assertEqual((letter.status, letter.return_reason), (end, reason))
                self.assertFalse(letter.contradicted)
        self.assertIn("ar_scan", letters["AR"].event_ids.mapped("proof_kind"))
        for word in ("Pli non distribué", "NPAI", "Refusé"):
            letter = letters[word]
            self.assertTrue(letter.posted_at < letter.undeliverable_at)
            self.assertTrue(letter.undeliverable_at < letter.returned_at)

    def _send(self):
        letters = {}
        for word, (service, outcome, *_ends) in LIST.items():
            marker = outcome.upper().replace("_", " ")
            partner = self._create_customer(f"Garage TEST {marker}")
            service = self.env["beepost.service"].search([("code", "=", service)])
            letters[word] = self._post(
                self._create_invoice(partner), user=self.accountant
            )
            letters[word].sudo().service_id = service
        self._run_outbox()
        for word, letter in letters.items():
            self.assertEqual(letter.state, "accepted", (word, letter.error))
        return letters

    def _read(self):
        self._run_cron(self.env.ref("beepost_tracking.ir_cron_pull").sudo())
        self.assertFalse(self._follow().error)
