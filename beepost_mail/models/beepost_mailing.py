import logging
import uuid

import psycopg2
from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

from ..gateway import port
from ..letter.finding import ERROR, Finding
from .wording import sentence

_logger = logging.getLogger(__name__)

# Nothing of these has left: they may be changed, cancelled, even deleted.
NOT_GONE = ("draft", "ready", "queued")
OPTION_FIELDS = (
    "account_id",
    "service_id",
    "color",
    "duplex",
    "address_sheet",
    "is_copy",
)


class BeepostMailing(models.Model):
    """One envelope to one addressee (fr: *courrier*, *pli*).

    Users only read these records: every change goes through a method that checks the
    state, so that a screen and a remote call can do the same and no more.
    """

    _name = "beepost.mailing"
    _description = "Letter"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _mail_post_access = "read"

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    account_id = fields.Many2one(
        "beepost.account", required=True, readonly=True, index=True, ondelete="restrict"
    )
    lot_id = fields.Many2one("beepost.lot", readonly=True, index="btree_not_null")
    partner_id = fields.Many2one(
        "res.partner",
        string="Addressee",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    user_id = fields.Many2one(
        "res.users", string="Sent by", required=True, readonly=True, index=True
    )
    state = fields.Selection(
        [
            ("draft", "To prepare"),
            ("ready", "On hold"),
            ("queued", "To send"),
            ("sending", "Being handed over"),
            ("accepted", "Accepted"),
            ("rejected", "Refused"),
            ("cancelled", "Cancelled"),
            ("unknown", "In doubt"),
        ],
        default="draft",
        required=True,
        readonly=True,
        index=True,
        copy=False,
    )
    hold_reason = fields.Char(readonly=True, copy=False)
    origin_id = fields.Many2one(
        "beepost.mailing", string="Replaces", readonly=True, index="btree_not_null"
    )
    replaced_by_ids = fields.One2many("beepost.mailing", "origin_id")
    document_ids = fields.One2many(
        "beepost.mailing.document", "mailing_id", readonly=True
    )

    is_practice = fields.Boolean(
        string="Practice letter",
        compute="_compute_is_practice",
        store=True,
        help="Made with a practice account: nothing is printed or posted.",
    )

    # What was asked for
    service_id = fields.Many2one("beepost.service", required=True, readonly=True)
    color = fields.Boolean(string="In colour", readonly=True)
    duplex = fields.Boolean(string="Both sides", readonly=True)
    address_sheet = fields.Selection(
        [
            ("auto", "Only if needed"),
            ("always", "Always"),
            ("never", "Never"),
        ],
        default="auto",
        string="Address sheet",
        required=True,
        readonly=True,
    )
    is_copy = fields.Boolean(
        string="Copy by post",
        readonly=True,
        help="The invoice itself is the electronic one; this letter is a copy of it.",
    )

    # Snapshots: what the envelope shows, whatever becomes of the partner
    recipient = fields.Text(groups=NO_ACCESS, copy=False)
    sender = fields.Text(readonly=True, copy=False)
    country_code = fields.Char(readonly=True, copy=False)
    # A part of the address: for calculations, shown to nobody.
    zip_code = fields.Char(groups=NO_ACCESS, copy=False)
    address = fields.Text(
        compute="_compute_content", help="As it shows in the envelope's window."
    )

    # What was made of it
    pdf_id = fields.Many2one(
        "ir.attachment", groups=NO_ACCESS, copy=False, ondelete="restrict"
    )
    pdf = fields.Binary(string="PDF as posted", compute="_compute_pdf")
    sha256 = fields.Char(string="SHA-256", readonly=True, copy=False)
    is_legal_pdf = fields.Boolean(
        string="The document itself, unchanged", readonly=True, copy=False
    )
    has_address_sheet = fields.Boolean(readonly=True, copy=False)
    pdf_size = fields.Integer(string="Size (bytes)", readonly=True, copy=False)
    pages = fields.Integer(readonly=True, copy=False)
    sheets = fields.Integer(readonly=True, copy=False)
    envelope = fields.Char(readonly=True, copy=False)
    weight_mg = fields.Integer(readonly=True, copy=False)
    grams = fields.Float(
        string="Weight (g)", compute="_compute_grams", digits=(10, 1), readonly=True
    )
    findings = fields.Json(groups=NO_ACCESS, copy=False)
    error = fields.Html(string="What is wrong", compute="_compute_content")
    remarks = fields.Html(string="Repairs and remarks", compute="_compute_content")
    error_codes = fields.Json(
        compute="_compute_codes",
        help="Stable names of what is wrong, as a list, for programs:"
        " address.zip_missing for instance.",
    )
    remark_codes = fields.Json(
        compute="_compute_codes",
        help="Stable names of repairs and remarks, as a list, for programs.",
    )

    # How it left
    client_reference = fields.Char(
        string="Our reference",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: str(uuid.uuid4()),
    )
    provider_reference = fields.Char(
        string="BeePOST reference", readonly=True, copy=False, index="btree_not_null"
    )
    queued_at = fields.Datetime(readonly=True, copy=False)
    first_sent_at = fields.Datetime(
        string="First handed over", readonly=True, copy=False
    )
    accepted_at = fields.Datetime(readonly=True, copy=False)
    attempts = fields.Integer(readonly=True, copy=False)
    worker = fields.Integer(groups=NO_ACCESS, copy=False)
    deadline = fields.Datetime(groups=NO_ACCESS, copy=False)
    # A restored database cannot know whether these left in its other life.
    in_doubt = fields.Boolean(groups=NO_ACCESS, copy=False)

    _client_reference_unique = models.Constraint(
        "UNIQUE(client_reference)", "Two letters cannot share one reference."
    )
    _outbox_idx = models.Index(
        "(account_id, state, id) WHERE state IN ('draft', 'ready', 'queued', 'sending')"
    )

    # ------------------------------------------------------------------
    # Computed fields
    # ------------------------------------------------------------------

    @api.depends("account_id")
    def _compute_is_practice(self):
        # Once and for all: an account never changes its kind.
        for mailing in self:
            mailing.is_practice = mailing.account_id.gateway == "sandbox"

    @api.depends("weight_mg")
    def _compute_grams(self):
        for mailing in self:
            mailing.grams = mailing.weight_mg / 1000

    @api.depends("recipient", "findings")
    @api.depends_context("uid", "lang")
    def _compute_content(self):
        readable = self._readable_content()
        for mailing in self:
            private = mailing.sudo()
            if mailing not in readable:
                hidden = self.env._(
                    "Only those who may read every document of this letter see this."
                )
                mailing.address = hidden
                mailing.error = hidden if mailing._errors() else False
                mailing.remarks = False
                continue
            mailing.address = private.recipient
            mailing.error = mailing._as_list(mailing._errors())
            mailing.remarks = mailing._as_list(
                [f for f in mailing._get_findings() if f.level != ERROR]
            )

    @api.depends("findings")
    def _compute_codes(self):
        """Without what the sentences quote of address and documents."""
        for mailing in self:
            errors = mailing._errors()
            others = [f for f in mailing._get_findings() if f.level != ERROR]
            mailing.error_codes = [_code(finding) for finding in errors]
            mailing.remark_codes = [_code(finding) for finding in others]

    @api.depends("pdf_id")
    @api.depends_context("uid", "bin_size")
    def _compute_pdf(self):
        readable = self._readable_content()
        for mailing in self:
            attachment = mailing.sudo().pdf_id
            shown = attachment and mailing in readable
            mailing.pdf = attachment.datas if shown else False

    def _get_findings(self):
        self.ensure_one()
        return [Finding.from_dict(values) for values in self.sudo().findings or []]

    def _errors(self):
        return [f for f in self._get_findings() if f.level == ERROR]

    def _as_list(self, findings):
        """Findings as sentences in the reader's language."""
        if not findings:
            return False
        items = [Markup("<li>%s</li>") % sentence(self.env, f) for f in findings]
        return Markup("<ul>%s</ul>") % Markup().join(items)

    # ------------------------------------------------------------------
    # Hooks for the other addons of the suite
    # ------------------------------------------------------------------

    def _before_queue(self):
        """Last word before letters may leave, price and approval for instance.

        :return: {letter: reason in words}; a letter with a reason waits ``ready``
        """
        return {}

    def _before_hand_over(self):
        """Called as ``_before_queue``, with letters that are about to be claimed: they
        may have waited for days since then, into another price list for instance.

        :return: {letter: reason in words}; a letter with a reason waits ``ready``
        """
        return {}

    def _prepare_submission(self):
        """The letter as the port wants it; the PDF's bytes are read here."""
        self.ensure_one()
        return port.Letter(
            client_reference=self.client_reference,
            pdf=self.pdf_id.raw,
            sha256=self.sha256,
            recipient=tuple((self.recipient or "").splitlines()),
            sender=tuple((self.sender or "").splitlines()),
            country=self.country_code or "",
            service=self.service_id.code,
            color=self.color,
            duplex=self.duplex,
            pages=self.pages,
            sheets=self.sheets,
            envelope=self.envelope or "",
        )

    def _after_accepted(self):
        """Letters of ``self`` were just accepted; called once for each, in batches."""

    def _after_rejected(self):
        """Letters of ``self`` were just refused, by our checks or by BeePOST."""

    # ------------------------------------------------------------------
    # Life of a record
    # ------------------------------------------------------------------

    def _log_to_documents(self, bodies, own=None):
        """Writes {letter: text} into the chatter of the documents, and of the letters.

        :param own: {letter: text} for the letters' own chatter, where it differs:
            ``bodies`` may say what only readers of the documents may know. A letter
            that is missing gets no line: its own fields say it all
        """
        letters = self.filtered(lambda letter: letter in bodies)
        own = bodies if own is None else own
        told = letters.filtered(lambda letter: letter in own)
        if told:
            told._message_log_batch({letter.id: own[letter] for letter in told})
        # A document may lie in several of these letters: a round for each.
        rounds = []
        documents = letters.document_ids.filtered(lambda line: line.kind == "document")
        for line, where in documents._chatters().items():
            if hasattr(self.env.get(where[0]), "_message_log_batch"):
                free = next((one for one in rounds if where not in one), None)
                if free is None:
                    rounds.append(free := {})
                free[where] = bodies[line.mailing_id]
        for texts in rounds:
            for model in dict.fromkeys(model for model, _id in texts):
                ids = [res_id for name, res_id in texts if name == model]
                records = self.env[model].browse(ids).exists()
                records._message_log_batch({r.id: texts[model, r.id] for r in records})

    def _refuse(self, findings_by_letter):
        """Marks letters refused for the given findings and tells their authors."""
        for mailing, findings in findings_by_letter.items():
            mailing.write(
                {
                    "state": "rejected",
                    "worker": 0,
                    "deadline": False,
                    "in_doubt": False,
                    "findings": [finding.as_dict() for finding in findings],
                }
            )
        self._follow_up(self._tell_refused, self._after_rejected)

    def _follow_up(self, *steps):
        """What follows from a new state, and cannot undo it: a message or a hook that
        fails must not make an answered letter look unanswered, nor keep the others."""
        for step in steps:
            try:
                with self.env.cr.savepoint():
                    step()
            except (
                psycopg2.errors.SerializationFailure,
                psycopg2.errors.DeadlockDetected,
            ):
                raise  # the whole is written again
            except Exception:
                _logger.exception("%s failed for letters %s", step.__name__, self.ids)

    def _author_env(self):
        """In the language of who sent the letter: the outbox itself speaks none."""
        self.ensure_one()
        return self.with_context(lang=self.user_id.lang).env

    def _tell_accepted(self):
        # State, reference and date of the letter are fields of its own: a second line
        # beside them would double what Odoo takes for a letter.
        self._log_to_documents(
            {letter: letter._accepted_words() for letter in self}, own={}
        )

    def _accepted_words(self):
        self.ensure_one()
        env = self._author_env()
        if self.is_practice:
            return env._(
                "Practice letter accepted under reference %(reference)s: nothing is"
                " printed or posted.",
                reference=self.provider_reference,
            )
        return env._(
            "Letter accepted by BeePOST under reference %(reference)s"
            " (%(sheets)s sheets, %(service)s).",
            reference=self.provider_reference,
            sheets=self.sheets,
            service=self.service_id.with_env(env).name,
        )

    def _tell_unknown(self):
        """Nobody knows whether these left: the managers must ask BeePOST."""
        for letter in self:
            author = letter.with_context(lang=letter.user_id.lang)
            author.activity_schedule(
                "mail.mail_activity_data_warning",
                summary=author.env._("Was letter %(name)s received?", name=letter.name),
                note=author.env._(
                    "The connection broke while it was handed over. Ask BeePOST for"
                    " reference %(reference)s, then press “It arrived” or “It never"
                    " arrived, send again”.",
                    reference=letter.client_reference,
                ),
                user_id=letter.user_id.id,
            )
        self._log_to_documents(
            {
                letter: letter._author_env()._(
                    "Nobody can tell whether BeePOST received this letter. It is not"
                    " sent again by itself."
                )
                for letter in self
            }
        )

    def _tell_refused(self):
        """The reasons quote address and documents: they go to the documents' chatter.
        The letter's own chatter and activities are read by managers as well."""
        todo = "mail.mail_activity_data_warning"
        bodies, own = {}, {}
        for mailing in self:
            author = mailing.with_context(lang=mailing.user_id.lang)
            bodies[mailing] = Markup("%s%s") % (
                author.env._("This letter was not sent:"),
                author._as_list(author._errors()) or "",
            )
            own[mailing] = author.env._("This letter was not sent.")
            author.activity_schedule(
                todo,
                summary=author.env._("Letter not sent: %(name)s", name=mailing.name),
                note=author.env._("Open the letter to see what is wrong."),
                user_id=mailing.user_id.id,
            )
        self._log_to_documents(bodies, own)

    def _keep_enclosures(self):
        """A file that was only made or uploaded for this letter is evidence of it: it
        moves in, before Odoo sweeps files without a record away (after a day)."""
        for line in self.document_ids:
            if line.attachment_id and not line.attachment_id.res_id:
                line.attachment_id.write({"res_model": line._name, "res_id": line.id})

    def unlink(self):
        attachments = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "=", "beepost.mailing.document"),
                    ("res_id", "in", self.sudo().document_ids.ids),
                ]
            )
        )
        result = super().unlink()
        attachments.unlink()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_gone(self):
        gone = ("sending", "accepted", "unknown")
        if any(mailing.state in gone or mailing.in_doubt for mailing in self.sudo()):
            raise UserError(
                self.env._(
                    "A letter that left, or that may have left, is kept as evidence."
                    " Only letters that have not left can be deleted."
                )
            )

    def _snapshot_addresses(self):
        """Writes the window lines from the addressee and the sender of today.

        A bad address refuses the letter, with every reason named.
        """
        for mailing in self:
            values, findings = mailing._get_address_values()
            mailing.write(values)
            if any(finding.level == ERROR for finding in findings):
                mailing._refuse({mailing: findings})
            else:
                mailing.findings = [finding.as_dict() for finding in findings]

    def _get_address_values(self):
        """:return: (values for the snapshot fields, findings)"""
        self.ensure_one()
        address, findings = self.partner_id._beepost_address()
        sender, sender_findings = self.company_id._beepost_sender()
        return {
            "recipient": "\n".join(address.lines) if address else False,
            "country_code": address.country if address else False,
            "zip_code": address.zip if address else False,
            "sender": "\n".join(sender.lines) if sender else False,
        }, [*findings, *sender_findings]


def _code(finding):
    """The provider's own code is a part of the name: ``provider.refused:pdf.too_large``
    says more than that it refused."""
    own = finding.params.get("code")
    return f"{finding.code}:{own}" if own else finding.code
