import hashlib
import logging
import re

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS

from odoo.addons.beepost_mail.letter.finding import Refusal

from ..evidence.join import Annex
from ..evidence.paper import EXTENSIONS, PDF, kind_of
from ..evidence.showing import HEAVY
from ..evidence.workshop import MAX_FILES, EvidenceWorkshop

_logger = logging.getLogger(__name__)

REPORT = "beepost_tracking.report_evidence"


class BeepostMailing(models.Model):
    """The evidence file: one PDF that a judge can read, with the original files.

    Somebody makes it in order to prove something, so it is kept as a proof is: to the
    end of the evidence, beyond that of the letter's image. One of each letter, the last
    one; beside it, for as long, the last one with the document as posted.
    """

    _inherit = "beepost.mailing"

    evidence_id = fields.Many2one(
        "ir.attachment",
        groups=NO_ACCESS,
        ondelete="set null",
        copy=False,
        index="btree_not_null",
    )
    # Made while the image was there; no later one can take its place.
    evidence_whole_id = fields.Many2one(
        "ir.attachment",
        groups=NO_ACCESS,
        ondelete="set null",
        copy=False,
        index="btree_not_null",
    )
    evidence = fields.Binary(
        string="Evidence file",
        compute="_compute_evidence",
        help="As it was made last, with the document as posted if it ever was. Kept as"
        " long as proofs are.",
    )
    evidence_name = fields.Char(compute="_compute_evidence")

    @api.depends("evidence_id", "evidence_whole_id")
    @api.depends_context("uid", "bin_size")
    def _compute_evidence(self):
        readable = self._readable_content()
        for letter in self:
            private = letter.sudo()
            file = private.evidence_whole_id or private.evidence_id
            shown = file and letter in readable
            letter.evidence = file.datas if shown else False
            letter.evidence_name = file.name if shown else False

    def _remove_image(self, months):
        # EXTENDS 'beepost_mail'
        for letter in self.filtered(lambda m: m.evidence_id and m.pdf_id):
            letter.evidence_whole_id = letter.evidence_id
        return super()._remove_image(months)

    def action_make_evidence(self):
        """Makes the evidence file of this letter and hands it over.

        :raises AccessError: the user may not read every document of the letter
        :raises UserError: nothing has left yet, or the file could not be made
        """
        self.ensure_one()
        self._check_may_read_evidence()
        if self.state != "accepted" and not self._was_printed():
            raise UserError(
                self.env._(
                    "This letter has not left: there is nothing to prove yet. Try again"
                    " once BeePOST has accepted it."
                )
            )
        attachment = self.with_context(lang=self.env.user.lang)._make_evidence()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            # A new window would be blocked: the file took too long after the click.
            "target": "self",
        }

    def _check_may_read_evidence(self):
        if not self.env.user.has_group("beepost_mail.group_user"):
            raise AccessError(
                self.env._("You need rights on the post to read this evidence.")
            )
        self.check_access("read")
        if self - self._readable_content():
            raise self._make_content_error(self - self._readable_content())

    def _make_evidence(self):
        """:return: the attachment, on the letter's document"""
        dossier = self._join_evidence()
        sha256 = hashlib.sha256(dossier.pdf).hexdigest()
        name = self.env._(
            "Evidence file %(name)s %(date)s.pdf",
            name=self.name.replace("/", "_"),
            date=fields.Datetime.now().strftime("%Y-%m-%d %H.%M.%S"),
        )
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": name,
                    "raw": dossier.pdf,
                    "mimetype": "application/pdf",
                    "res_model": "beepost.mailing.document",
                    "res_id": self.sudo().document_ids[:1].id,
                    "company_id": self.company_id.id,
                }
            )
        )
        letter = self.sudo()
        former = letter.evidence_id - letter.evidence_whole_id
        letter.evidence_id = attachment
        former.unlink()
        letter._message_log(
            body=self.env._(
                "Evidence file made by %(user)s: %(pages)s pages, SHA-256 %(sha256)s.",
                user=self.env.user.name,
                pages=dossier.pages,
                sha256=sha256,
            )
        )
        return attachment

    def _join_evidence(self):
        with EvidenceWorkshop() as workshop:
            hidden = self._not_shown(workshop)
            try:
                dossier = self._join_shown(workshop, hidden)
                if not dossier.hidden:
                    return dossier
            except Refusal as refusal:
                _logger.info(
                    "Evidence of letter %s: %s, none is shown", self.id, refusal
                )
            # Each could be shown alone, all together they are too much: the files lie
            # in it, and the summary says that none is shown.
            hidden = {**dict.fromkeys(self._evidence_keys(), HEAVY), **hidden}
            try:
                return self._join_shown(workshop, hidden)
            except Refusal as refusal:
                raise UserError(
                    self.env._(
                        "The evidence file could not be put together. Each proof can"
                        " still be downloaded by itself."
                    )
                ) from refusal

    def _join_shown(self, workshop, hidden):
        """:raises Refusal: more than the workshop's memory and time allow"""
        return workshop.join(
            self._evidence_title(),
            self.env._("Summary"),
            self._render_summary(hidden),
            self._evidence_annexes(hidden),
        )

    def _render_summary(self, hidden):
        report = self.env["ir.actions.report"].with_context(
            # A page of HTML, as tests get it, cannot be joined.
            force_report_rendering=True
        )
        pdf, _kind = report._render_qweb_pdf(REPORT, self.ids, {"hidden": hidden})
        return pdf

    # ------------------------------------------------------------------
    # The annexes: the posted document, then each proof
    # ------------------------------------------------------------------

    def _evidence_files(self):
        """:return: [(key, ``ir.attachment`` or empty, ``beepost.proof`` or empty)]"""
        letter = self.sudo()
        proofs = letter.proof_ids.filtered(lambda proof: proof.attachment_id)
        none = letter.env["beepost.proof"]
        files = [("letter", letter.pdf_id, none)] if letter.pdf_id else []
        return files + [
            (f"proof-{proof.id}", proof.attachment_id, proof)
            for proof in proofs.sorted(lambda proof: proof._sort_key())
        ]

    def _evidence_keys(self):
        return [key for key, _file, _proof in self._evidence_files()]

    def _not_shown(self, workshop):
        """Files that do not lend themselves to being shown, each tried by itself.

        :return: {key: why, as in ``evidence.showing``; ``left_out`` where the file has
            no room in the evidence file at all}
        """
        hidden, room = {}, MAX_FILES
        for key, file, _proof in self._evidence_files():
            content = file.raw or b""
            if len(content) > room:
                hidden[key] = "left_out"
                continue
            room -= len(content)
            problem = workshop.examine(content).problem
            if problem:
                hidden[key] = problem
        return hidden

    def _evidence_annexes(self, hidden):
        annexes = []
        for number, (key, file, proof) in enumerate(self._evidence_files(), 1):
            content = file.raw or b""
            left_out = hidden.get(key) == "left_out"
            annexes.append(
                Annex(
                    head=self._annex_head(number),
                    title=self._annex_title(proof),
                    content=b"" if left_out else content,
                    filename=self._annex_filename(number, content, proof),
                    facts=tuple(self._annex_facts(file, proof)),
                    notice=self._annex_notice(hidden.get(key), file),
                    shown=key not in hidden,
                    embedded=not left_out,
                )
            )
        return annexes

    @api.model
    def _annex_filename(self, number, content, proof):
        """Plain letters: not every reader lists others."""
        ending = EXTENSIONS.get(kind_of(content), EXTENSIONS[PDF])
        kind = re.sub(
            r"[^A-Za-z0-9]+", "-", proof.kind or "letter" if proof else "letter"
        )
        return f"{number:02d}-{kind.strip('-') or 'proof'}{ending}"


class EvidenceReport(models.AbstractModel):
    """The summary's values; whoever calls the report by its address is checked too."""

    _name = "report.beepost_tracking.evidence_summary"
    _description = "Summary of an Evidence File"

    @api.model
    def _get_report_values(self, docids, data=None):
        letters = self.env["beepost.mailing"].browse(docids)
        letters._check_may_read_evidence()
        hidden = (data or {}).get("hidden")
        hidden = hidden if isinstance(hidden, dict) else {}
        return {
            "doc_ids": letters.ids,
            "doc_model": letters._name,
            "docs": letters,
            "summaries": [letter._evidence_summary(hidden) for letter in letters],
        }
