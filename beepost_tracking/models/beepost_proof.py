import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS

from .proof_words import PROBLEM, kind_label, problem_sentence

MANAGER = "beepost_mail.group_manager"
# What an ordinary journey yields, in this order; other kinds come after them.
KINDS = ("deposit", "content", "delivery", "ar_scan", "return_scan")
# After these the next try is an administrator's, or a manager's.
GIVE_UP_AFTER = 12


class BeepostProof(models.Model):
    """One paper about a letter: announced by an event, then fetched and kept.

    What it is may be known to all who may see the letter; the paper itself hangs on the
    letter's documents, so that whoever reads it may read every document.
    """

    _name = "beepost.proof"
    _description = "Proof about a Letter"
    _inherit = ["beepost.letter.part"]
    _order = "mailing_id desc, issued_at, id"
    _rec_name = "kind_label"

    mailing_id = fields.Many2one(required=True)
    account_id = fields.Many2one(
        "beepost.account", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    event_id = fields.Many2one(
        "beepost.event",
        string="Announced by",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    # Under which it was announced: a letter that was sent again has a new one.
    client_reference = fields.Char(string="Our reference", required=True, readonly=True)
    kind = fields.Char(string="Provider's kind", readonly=True)
    kind_label = fields.Char(string="Proof", compute="_compute_kind_label")
    proof_id = fields.Char(string="Provider's number", readonly=True)
    issued_at = fields.Datetime(string="Issued", readonly=True)
    filename = fields.Char(readonly=True)
    mimetype = fields.Char(string="Type", readonly=True)
    size = fields.Integer(string="Size (bytes)", readonly=True)
    announced_sha256 = fields.Char(string="Announced SHA-256", readonly=True)
    sha256 = fields.Char(
        string="SHA-256", readonly=True, help="Of the file that is kept here."
    )
    state = fields.Selection(
        [("announced", "Announced"), ("fetched", "On file"), ("failed", "Failed")],
        default="announced",
        required=True,
        readonly=True,
        index=True,
    )
    fetched_at = fields.Datetime(string="Fetched", readonly=True)
    # Never empty: those that were tried least come first.
    attempts = fields.Integer(default=0, required=True, readonly=True)
    retry_at = fields.Datetime(string="Next try", readonly=True)
    problem = fields.Char(groups=NO_ACCESS)
    problem_words = fields.Char(groups=NO_ACCESS)
    error = fields.Char(string="Remark", compute="_compute_error")
    attachment_id = fields.Many2one(
        "ir.attachment", groups=NO_ACCESS, ondelete="set null", copy=False
    )
    # The same bytes, where the document's own record lists them.
    listed_id = fields.Many2one(
        "ir.attachment", groups=NO_ACCESS, ondelete="set null", copy=False
    )
    content = fields.Binary(string="File", compute="_compute_content")

    _proof_id_unique = models.UniqueIndex("(account_id, proof_id)")
    # At most one of a kind is waited for.
    _announced_unique = models.UniqueIndex(
        "(mailing_id, client_reference, COALESCE(kind, '')) WHERE proof_id IS NULL"
    )
    _due_idx = models.Index(
        "(account_id, attempts, id) WHERE state IN ('announced', 'failed')"
    )

    @api.depends("kind")
    @api.depends_context("lang")
    def _compute_kind_label(self):
        for proof in self:
            proof.kind_label = kind_label(self.env, proof.kind)

    @api.depends("problem", "problem_words")
    @api.depends_context("lang")
    def _compute_error(self):
        for proof in self:
            private = proof.sudo()
            proof.error = problem_sentence(
                self.env, private.problem, private.problem_words
            )

    @api.depends("attachment_id")
    @api.depends_context("uid", "bin_size")
    def _compute_content(self):
        readable = self.mailing_id._readable_content()
        for proof in self:
            attachment = proof.sudo().attachment_id
            shown = attachment and proof.mailing_id in readable
            proof.content = attachment.datas if shown else False

    def _sort_key(self):
        """As an evidence file lists them."""
        self.ensure_one()
        place = KINDS.index(self.kind) if self.kind in KINDS else len(KINDS)
        return place, self.kind or "", self.issued_at or self.create_date, self.id

    def _is_intact(self):
        """Whether the stored bytes are still those that were received."""
        self.ensure_one()
        content = self.sudo().attachment_id.raw or b""
        return hashlib.sha256(content).hexdigest() == self.sha256

    # ------------------------------------------------------------------
    # Announced
    # ------------------------------------------------------------------

    @api.model
    def _announce(self, events):
        """Remembers the papers that ``events`` speak of: each once, however often it is
        told. A paper of a letter that is not known here waits with its event.

        :param events: ``beepost.event`` records
        :return: the new proofs
        """
        telling = events.filtered(
            lambda event: (
                event.canonical == "proof"
                and event.source == "beepost"
                and event.mailing_id
            )
        ).sorted(lambda event: (event.happened_at, event.id))
        known = self._known_of(telling.mailing_id)
        values = {}
        for event in telling:
            key = self._key(event.mailing_id, event.client_reference, event.proof_kind)
            if self._is_told_of(known.get(key, self), event) or key in values:
                continue
            values[key] = self._prepare_announced_vals(event)
        created = self.create(list(values.values()))
        if created:
            self._trigger_fetch()
        return created

    def _known_of(self, letters):
        known = {}
        for proof in self.search([("mailing_id", "in", letters.ids)]):
            key = self._key(proof.mailing_id, proof.client_reference, proof.kind)
            known[key] = known.get(key, self.browse()) + proof
        return known

    def _key(self, letter, reference, kind):
        return letter, reference or letter.client_reference, kind or ""

    def _is_told_of(self, proofs, event):
        """Whether one of ``proofs`` is what ``event`` announces. One that the provider
        listed before it told of it takes the event that was missing."""
        if event in proofs.event_id or proofs.filtered(lambda p: not p.proof_id):
            return True
        early = proofs.filtered(lambda proof: not proof.event_id)[:1]
        early.event_id = event
        return bool(early)

    def _prepare_announced_vals(self, event):
        letter = event.mailing_id
        return {
            "mailing_id": letter.id,
            "account_id": event.account_id.id,
            "company_id": letter.company_id.id,
            "event_id": event.id,
            "client_reference": event.client_reference or letter.client_reference,
            "kind": event.proof_kind or False,
            "issued_at": event.happened_at,
        }

    # ------------------------------------------------------------------
    # How it went
    # ------------------------------------------------------------------

    def _note(self, problem, words="", retry_at=False, state=None):
        """One more try of these came to nothing."""
        assert problem in PROBLEM, problem
        for proof in self:
            proof.write(
                {
                    "attempts": proof.attempts + 1,
                    "problem": problem,
                    "problem_words": words,
                    "retry_at": retry_at,
                    **({"state": state} if state else {}),
                }
            )

    # ------------------------------------------------------------------
    # People
    # ------------------------------------------------------------------

    @api.model
    def _trigger_fetch(self, at=None):
        """Wakes the fetching of papers; costs no network."""
        self.env.ref("beepost_tracking.ir_cron_proofs").sudo()._trigger(at=at)

    def action_download(self):
        """The paper, as a file."""
        self.ensure_one()
        self.check_access("read")
        if not self.mailing_id._readable_content():
            raise self.env["beepost.mailing"]._make_content_error(self.mailing_id)
        attachment = self.sudo().attachment_id
        if not attachment:
            raise UserError(
                self.env._("This paper is not here yet. %s", self.error or "")
            )
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{attachment.id}?download=true",
            "target": "self",
        }

    def action_fetch_again(self):
        """The next run asks for these papers once more, in the background."""
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("Only post managers ask for a paper once more.")
            )
        self.check_access("read")
        missing = self.sudo().filtered(lambda proof: proof.state != "fetched")
        missing.write({"attempts": 0, "retry_at": False, "state": "announced"})
        self._trigger_fetch()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("The proofs are being fetched"),
                "message": self.env._("They follow in a moment."),
            },
        }
