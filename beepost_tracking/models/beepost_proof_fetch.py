import hashlib
import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools.misc import human_size

from odoo.addons.beepost_mail.gateway import port
from odoo.addons.beepost_mail.models.beepost_outbox import CONCURRENCY_ERRORS

from ..evidence.paper import EXTENSIONS, MIMETYPES
from ..evidence.showing import DAMAGED, STRANGE
from ..evidence.workshop import MAX_PAPER, EvidenceWorkshop
from .beepost_proof import GIVE_UP_AFTER
from .beepost_pull import naive_utc, storable

_logger = logging.getLogger(__name__)

LETTERS_A_RUN = 50  # of one account; the others wait behind them
# Growing delay before one paper is asked for again, in hours.
PAPER_DELAYS = (0.25, 1, 4, 12, 24)
# A paper that is announced twice may be listed later than it is told.
REPEAT_TRIES = 3
# Errors that speak of the account as a whole, not of one paper.
ACCOUNT_ERRORS = {
    port.Credentials: "credentials",
    port.Unavailable: "unavailable",
    port.OutcomeUnknown: "unavailable",
}


class BeepostProof(models.Model):
    """Fetching: letter by letter, each paper committed once it is kept.

    Killed in between, what is not kept yet is asked for again; a paper is recognised by
    the provider's number.
    """

    _inherit = "beepost.proof"

    @api.model
    def _cron_fetch(self):
        """Fetches what is announced, of every account: one that fails does not keep the
        others, and one with many papers leaves them their turn."""
        for account in self.env["beepost.account"]._followed():
            if not self._fetch_of(account):
                return

    @api.model
    def _fetch_of(self, account):
        """Never raises for what a provider does or for what a paper is.

        :return: whether the scheduled action has time left
        """
        outbox = self.env["beepost.outbox"]
        follow = outbox._retrying(
            account, lambda: self.env["beepost.follow"]._of(account)
        )
        if not (follow._may_ask_for_proofs() and self._due(account)):
            return True
        try:
            with account._open_gateway() as gateway, EvidenceWorkshop() as workshop:
                return self._fetch_letters(account, follow, gateway, workshop)
        except tuple(ACCOUNT_ERRORS) as error:
            failure = error
        _logger.warning(
            "BeePOST account %s: proofs could not be read: %s: %s",
            account.id,
            type(failure).__name__,
            failure.detail or failure.message,
        )
        retry_at = outbox._retrying(
            account, lambda: follow._postpone_proofs(account, failure)
        )
        self._trigger_fetch(at=retry_at)
        return outbox._commit()

    def _fetch_letters(self, account, follow, gateway, workshop):
        outbox = self.env["beepost.outbox"]
        for _turn in range(LETTERS_A_RUN):
            proofs = self._due(account)
            self._fetch_letter(account, gateway, workshop, proofs)
            outbox._retrying(account, follow._proofs_came)
            more = len(self._due(account))
            if not outbox._commit(len(proofs), remaining=more):
                return False
            if not more:
                return True
        self._trigger_fetch()
        return outbox._commit()

    def _due(self, account):
        """The papers of one letter, those first that were asked for least."""
        due = fields.Domain("account_id", "=", account.id)
        due &= fields.Domain("state", "in", ("announced", "failed"))
        due &= fields.Domain("attempts", "<", GIVE_UP_AFTER)
        due &= fields.Domain("retry_at", "=", False) | fields.Domain(
            "retry_at", "<=", fields.Datetime.now()
        )
        first = self.search(due, order="attempts, id", limit=1)
        same = fields.Domain("mailing_id", "=", first.mailing_id.id)
        same &= fields.Domain("client_reference", "=", first.client_reference)
        return first and self.search(due & same, order="id")

    def _fetch_letter(self, account, gateway, workshop, proofs):
        """:raises port.GatewayError: one of ``ACCOUNT_ERRORS``"""
        outbox = self.env["beepost.outbox"]
        letter, reference = proofs.mailing_id, proofs[0].client_reference
        try:
            papers = gateway.proofs(reference)
        except port.GatewayError as error:
            self._note_error(account, proofs, error)
            return
        papers = [storable(paper) for paper in papers]
        wanted = outbox._retrying(
            account, lambda: self._match(account, letter, reference, papers)
        )
        for proof, paper in wanted.items():
            self._fetch_paper(account, gateway, workshop, proof, paper)

    def _note_error(self, account, proofs, error):
        """Whose fault it is decides whether the others are asked for now."""
        for kind, problem in ACCOUNT_ERRORS.items():
            if isinstance(error, kind):
                self._retry_later(account, proofs, problem)
                raise error
        problem = "refused" if isinstance(error, port.Refused) else "bad_answer"
        self._retry_later(account, proofs, problem, error.message, state="failed")

    def _retry_later(self, account, proofs, problem, words="", state=None):
        """The delay grows with what the paper has cost already."""

        def write():
            for proof in proofs:
                step = min(proof.attempts, len(PAPER_DELAYS) - 1)
                at = fields.Datetime.now() + timedelta(hours=PAPER_DELAYS[step])
                proof._note(problem, words, retry_at=at, state=state)

        self.env["beepost.outbox"]._retrying(account, write)

    # ------------------------------------------------------------------
    # Which paper is which
    # ------------------------------------------------------------------

    def _match(self, account, letter, reference, papers):
        """Each listed paper finds its record, by its number or as one that is waited
        for; one that no event told of gets its own.

        :return: {proof: paper} of those to fetch now
        """
        known = self.search(
            [
                ("account_id", "=", account.id),
                ("proof_id", "in", [paper.proof_id for paper in papers]),
            ]
        )
        by_number = {proof.proof_id: proof for proof in known}
        waiting = self.search(
            [
                ("mailing_id", "=", letter.id),
                ("client_reference", "=", reference),
                ("proof_id", "=", False),
            ]
        )
        wanted = {}
        for paper in papers:
            proof = by_number.get(paper.proof_id)
            if not proof:
                proof = self._awaited(waiting, paper.kind) or self.create(
                    self._prepare_listed_vals(account, letter, reference)
                )
                waiting -= proof
                by_number[paper.proof_id] = proof
            if proof.mailing_id != letter:
                clash = self._awaited(waiting, paper.kind)
                waiting -= clash
                self._retry_later_here(clash, "clash")
            elif proof._is_due():
                # Also what the provider has corrected since the last try.
                proof.write(self._prepare_paper_vals(paper))
                wanted[proof] = paper
        self._wait_for(waiting, letter)
        self._wait_for_unlisted(account, letter, reference, wanted)
        return wanted

    def _awaited(self, waiting, kind):
        """An announcement that named no kind may be of any."""
        return (
            waiting.filtered(lambda proof: (proof.kind or "") == kind)[:1]
            or waiting.filtered(lambda proof: not proof.kind)[:1]
        )

    def _is_due(self):
        self.ensure_one()
        return (
            self.state != "fetched"
            and self.attempts < GIVE_UP_AFTER
            and (not self.retry_at or self.retry_at <= fields.Datetime.now())
        )

    def _wait_for(self, waiting, letter):
        """Announced, but not listed. A second word about a paper that is here says
        nothing new when no second one comes; its event stays in the log."""
        for proof in waiting:
            told_before = self.search_count(
                [
                    ("mailing_id", "=", letter.id),
                    ("client_reference", "=", proof.client_reference),
                    ("kind", "=", proof.kind),
                    ("proof_id", "!=", False),
                ],
                limit=1,
            )
            if told_before and proof.attempts + 1 >= REPEAT_TRIES:
                proof.unlink()
            else:
                self._retry_later_here(proof, "not_there")

    def _wait_for_unlisted(self, account, letter, reference, wanted):
        """Known by its number, but listed no more: issued anew under another one, or
        withdrawn. It has had its turn as well, or it would be the first to be asked for
        again, for ever, before all others."""
        numbered = self.search(
            [
                ("account_id", "=", account.id),
                ("mailing_id", "=", letter.id),
                ("client_reference", "=", reference),
                ("proof_id", "!=", False),
            ]
        )
        due = numbered.filtered(lambda proof: proof._is_due() and proof not in wanted)
        self._retry_later_here(due, "not_there")

    def _retry_later_here(self, proofs, problem):
        """As ``_retry_later``, within a transaction that goes on."""
        for proof in proofs:
            step = min(proof.attempts, len(PAPER_DELAYS) - 1)
            at = fields.Datetime.now() + timedelta(hours=PAPER_DELAYS[step])
            proof._note(problem, retry_at=at)

    def _prepare_listed_vals(self, account, letter, reference):
        return {
            "mailing_id": letter.id,
            "account_id": account.id,
            "company_id": letter.company_id.id,
            "client_reference": reference,
        }

    def _prepare_paper_vals(self, paper):
        return {
            "kind": paper.kind,
            "proof_id": paper.proof_id,
            "issued_at": naive_utc(paper.issued_at),
            "filename": paper.filename,
            "size": paper.size,
            "announced_sha256": paper.sha256,
        }

    # ------------------------------------------------------------------
    # One paper
    # ------------------------------------------------------------------

    def _fetch_paper(self, account, gateway, workshop, proof, paper):
        if paper.size > MAX_PAPER:
            limit = human_size(MAX_PAPER)
            self._retry_later(account, proof, "too_large", limit, state="failed")
            return
        try:
            content = gateway.proof_content(paper)
        except port.GatewayError as error:
            self._note_error(account, proof, error)
            return
        try:
            self._keep_checked(account, workshop, proof, content)
        except CONCURRENCY_ERRORS:
            raise
        except Exception:
            # One paper that trips a fault of ours must not keep the others.
            _logger.exception("Proof %s could not be kept", proof.id)
            self.env.cr.rollback()
            self._retry_later(account, proof, "unexpected", state="failed")

    def _keep_checked(self, account, workshop, proof, content):
        sha256 = hashlib.sha256(content).hexdigest()
        if sha256 != proof.announced_sha256:
            self._retry_later(account, proof, "wrong_hash", state="failed")
            return
        found = workshop.examine(content)
        if found.problem in (STRANGE, DAMAGED):
            self._retry_later(account, proof, found.problem, state="failed")
            return
        # A paper that is locked or heavy is evidence all the same.
        self.env["beepost.outbox"]._retrying(
            account, lambda: proof._keep(content, sha256, found)
        )

    def _keep(self, content, sha256, found):
        self.ensure_one()
        attachment = self.env["ir.attachment"].create(
            {
                **self._prepare_attachment_vals(content, found),
                "res_model": "beepost.mailing.document",
                "res_id": self.mailing_id.document_ids[:1].id,
            }
        )
        self.write(
            {
                "state": "fetched",
                "fetched_at": fields.Datetime.now(),
                "attempts": self.attempts + 1,
                "retry_at": False,
                "problem": found.problem,
                "problem_words": False,
                "attachment_id": attachment.id,
                "mimetype": MIMETYPES[found.kind],
                "size": len(content),
                "sha256": sha256,
            }
        )
        self._after_fetched(content, found)

    def _prepare_attachment_vals(self, content, found):
        return {
            "name": self._file_name(found.kind),
            "raw": content,
            "mimetype": MIMETYPES[found.kind],
            "company_id": self.company_id.id,
        }

    def _file_name(self, kind):
        """The provider's, with the ending that its bytes ask for."""
        name = (self.filename or self.kind or "proof").replace("/", "_")
        ending = EXTENSIONS[kind]
        return name if name.lower().endswith(ending) else f"{name}{ending}"

    def _after_fetched(self, content, found):
        """Hook: this paper was just kept, in the same transaction."""
