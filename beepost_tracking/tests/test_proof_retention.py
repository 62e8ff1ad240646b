"""A proof outlives the image of its letter, and ends at the set time."""

from freezegun import freeze_time

from .proofs import ProofCase
from .test_retention import AFTER, TEN_YEARS


class TestProofRetention(ProofCase):
    def _run_on(self, moment):
        with freeze_time(moment):
            self._run_cron(self.env.ref("beepost_tracking.ir_cron_retention").sudo())

    def test_kept_with_the_letter_and_on_the_invoice_until_the_end(self):
        letter = self._registered()
        proof = self._kept(letter, "ar_scan")
        move = letter._documents_of("account.move")
        kept, listed, hash_ = proof.attachment_id, proof.listed_id, proof.sha256
        self.assertEqual((listed.res_model, listed.res_id), (move._name, move.id))
        legal = move.invoice_pdf_report_id
        self._run_on(AFTER)
        self.assertTrue(letter.image_removed_on)
        self.assertTrue(kept.exists() and listed.exists(), "a proof is no image")
        self._run_on(TEN_YEARS)
        self.assertFalse(kept.exists() or listed.exists())
        self.assertEqual(proof.sha256, hash_, "that there was one stays")
        self.assertEqual(proof.state, "fetched")
        self.assertFalse(proof.content)
        self.assertTrue(legal.exists(), "the invoice's own PDF is the invoice's")
