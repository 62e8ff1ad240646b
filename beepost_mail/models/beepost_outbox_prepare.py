import hashlib
import logging
import time

from odoo import fields, models

from odoo.addons.base.models.ir_cron import MIN_TIME_PER_JOB

from ..letter.finding import ERROR, WARNING, Finding, Refusal
from ..letter.job import Document, Job
from .beepost_outbox import CONCURRENCY_ERRORS, SLICE, SLICE_BYTES, cut
from .wording import sentence

_logger = logging.getLogger(__name__)

# The server kills a scheduled action after 120 s (``limit_time_real_cron``), and Odoo
# puts one off that was killed three times. It also calls one at least ten times, spent
# or not, as long as letters remain. So no call begins after RUN_SECONDS, and a slice of
# slow PDFs ends after PREPARE_SECONDS and the PDF at work (45 s at most, see
# ``Workshop.longest``): 30 + 15 + 45 s leave half a minute for handing over.
RUN_SECONDS = 30
PREPARE_SECONDS = 15


class BeepostOutbox(models.AbstractModel):
    """From the documents to the PDF that will be posted."""

    _inherit = "beepost.outbox"

    def _job_has_time(self):
        """Whether another call of the scheduled action may still begin."""
        end = self.env.context.get("cron_end_time")
        if end is None:
            return True  # no scheduled action, nobody kills it
        return time.monotonic() - (end - MIN_TIME_PER_JOB) <= RUN_SECONDS

    def _prepare(self, account, workshop):
        """Checks and repairs the PDFs of one slice, which ends when its letters, their
        bytes or the time are spent. Commits nothing itself."""
        letters = self.env["beepost.mailing"].search(
            self._due(account, "draft"), order="id", limit=SLICE
        )
        if not letters:
            return letters
        letters = letters.try_lock_for_update()
        letters = cut(
            letters, SLICE_BYTES, lambda m: sum(_sources(m).mapped("file_size"))
        )
        refused, made = {}, {}
        started = time.monotonic()
        for position, letter in enumerate(letters):
            if position and time.monotonic() - started > PREPARE_SECONDS:
                letters = letters[:position]
                break
            try:
                made[letter] = self._prepare_one(account, workshop, letter)
            except Refusal as refusal:
                refused[letter] = refusal.findings
            except CONCURRENCY_ERRORS:
                raise
            except Exception:
                # One letter that trips a fault of ours must not keep the others.
                _logger.exception("Letter %s could not be prepared", letter.id)
                refused[letter] = [Finding("document.unexpected", ERROR)]
        self._store_prepared(made)
        if refused:
            bad = letters.browse([letter.id for letter in refused])
            self._refuse_unsent(bad, refused)
        return letters

    def _prepare_one(self, account, workshop, letter):
        documents = []
        letter.document_ids._mark_printed()
        for line in letter.document_ids._to_print():
            content = line.attachment_id.raw
            if not content:
                raise Refusal([Finding("document.missing", ERROR, {"name": line.name})])
            line.sha256 = hashlib.sha256(content).hexdigest()
            documents.append(Document(line.name, content))
        return workshop.prepare(
            Job(
                documents=tuple(documents),
                recipient=tuple((letter.recipient or "").splitlines()),
                sender=tuple((letter.sender or "").splitlines()),
                duplex=letter.duplex,
                address_sheet=letter.address_sheet,
                profile=account.profile_id._as_room_profile(),
                limits=account._letter_limits(),
            )
        )

    def _store_prepared(self, made):
        if not made:
            return
        first_lines = {letter: letter.document_ids[0] for letter in made}
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": f"{letter.name}.pdf".replace("/", "_"),
                    "raw": prepared.pdf,
                    "mimetype": "application/pdf",
                    "res_model": "beepost.mailing.document",
                    "res_id": first_lines[letter].id,
                    "company_id": letter.company_id.id,
                }
                for letter, prepared in made.items()
            ]
        )
        now = fields.Datetime.now()
        for (letter, prepared), attachment in zip(
            made.items(), attachments, strict=True
        ):
            for line, pages, sheets in zip(
                letter.document_ids._to_print(),
                prepared.document_pages,
                prepared.document_sheets,
                strict=True,
            ):
                line.write({"pages": pages, "sheets": sheets})
            letter.document_ids._follow_their_copies()
            kept = [f.as_dict() for f in letter._get_findings() if f.level == WARNING]
            letter.write(
                {
                    "state": "queued",
                    "queued_at": now,
                    "pdf_id": attachment.id,
                    "pdf_size": len(prepared.pdf),
                    "sha256": prepared.sha256,
                    "is_legal_pdf": prepared.untouched,
                    "has_address_sheet": prepared.address_sheet,
                    "pages": prepared.pages,
                    "sheets": prepared.sheets,
                    "envelope": prepared.envelope,
                    "weight_mg": prepared.weight_mg,
                    "findings": kept + [f.as_dict() for f in prepared.findings],
                }
            )
        letters = self.env["beepost.mailing"].browse([letter.id for letter in made])
        self._hold(self._reasons_to_wait(letters, "_before_queue"))

    def _hold(self, reasons):
        for letter, reason in reasons.items():
            letter.write({"state": "ready", "hold_reason": reason})

    def _reasons_to_wait(self, letters, hook):
        """What that hook says; where it fails no letter leaves unchecked."""
        try:
            with self.env.cr.savepoint():
                return getattr(letters, hook)()
        except CONCURRENCY_ERRORS:
            raise
        except Exception:
            _logger.exception("Letters %s could not be released", letters.ids)
        fault = Finding("document.unexpected", ERROR)
        return {letter: sentence(letter._author_env(), fault) for letter in letters}


def _sources(letter):
    return letter.document_ids.attachment_id
