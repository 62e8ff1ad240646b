import uuid

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import NO_ACCESS, Domain

from ..gateway import port
from ..letter.finding import ERROR, Finding
from .wording import sentence

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
    # Who may read what
    # ------------------------------------------------------------------

    def _readable_content(self):
        """Those of ``self`` of which the user may read every document."""
        if self.env.su:
            return self
        ids_by_model = {}
        lines = self.sudo().document_ids
        for line in lines:
            ids_by_model.setdefault(line.res_model, set()).add(line.res_id)
        readable = set()
        for model, ids in ids_by_model.items():
            if model in self.env:
                records = self.env[model].browse(ids).exists()._filtered_access("read")
                readable.update((model, res_id) for res_id in records.ids)
        return self.filtered(
            lambda mailing: (
                mailing.sudo().document_ids
                and all(
                    (line.res_model, line.res_id) in readable
                    for line in mailing.sudo().document_ids
                )
            )
        )

    @api.model
    def _content_domain(self):
        """Domain of the letters of which the user may read every document."""
        Document = self.env["beepost.mailing.document"].sudo()
        unreadable = Domain.TRUE
        for (model,) in Document._read_group([], ["res_model"]):
            if model in self.env and self.env[model].has_access("read"):
                query = self.env[model].with_context(active_test=False)._search([])
                unreadable &= ~(
                    Domain("res_model", "=", model) & Domain("res_id", "in", query)
                )
        return Domain("document_ids", "any!", Domain.TRUE) & Domain(
            "document_ids", "not any!", unreadable
        )

    def _sees_all_metadata(self):
        return self.env.su or self.env.user.has_group("beepost_mail.group_manager")

    def _check_access(self, operation):
        result = super()._check_access(operation)
        if self._sees_all_metadata() or not self:
            return result
        mine = self - result[0] if result else self
        hidden = mine - mine._readable_content()
        if not hidden:
            return result
        if result:
            return result[0] + hidden, result[1]
        return hidden, lambda: self._make_content_error(hidden)

    def _make_content_error(self, mailings):
        return AccessError(
            self.env._(
                "You may see a letter only if you may read every document in it."
                " Ask a post manager about letter %(names)s.",
                names=", ".join(mailings[:5].sudo().mapped("name")),
            )
        )

    @api.model
    def _search(self, domain, *args, bypass_access=False, **kwargs):
        if not (bypass_access or self._sees_all_metadata()):
            domain = Domain(domain) & self._content_domain()
        return super()._search(domain, *args, bypass_access=bypass_access, **kwargs)

    # ------------------------------------------------------------------
    # Hooks for the other addons of the suite
    # ------------------------------------------------------------------

    def _before_queue(self):
        """Last word before letters may leave, price and approval for instance.

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

    def _log_to_documents(self, bodies):
        """Writes {letter: text} into the chatter of the letters and their documents."""
        letters = self.filtered(lambda letter: letter in bodies)
        letters._message_log_batch({letter.id: bodies[letter] for letter in letters})
        per_model = {}
        for line in letters.document_ids:
            model = self.env.get(line.res_model)
            if line.kind == "document" and hasattr(model, "_message_log_batch"):
                per_model.setdefault(line.res_model, {})[line.res_id] = bodies[
                    line.mailing_id
                ]
        for model, texts in per_model.items():
            records = self.env[model].browse(texts).exists()
            records._message_log_batch({r.id: texts[r.id] for r in records})

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
        self._tell_refused()
        self._after_rejected()

    def _tell_accepted(self):
        self._log_to_documents(
            {
                letter: self.env._(
                    "Letter accepted by BeePOST under reference %(reference)s"
                    " (%(sheets)s sheets, %(service)s).",
                    reference=letter.provider_reference,
                    sheets=letter.sheets,
                    service=letter.service_id.name,
                )
                for letter in self
            }
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
                letter: self.env._(
                    "Nobody can tell whether BeePOST received this letter. It is not"
                    " sent again by itself."
                )
                for letter in self
            }
        )

    def _tell_refused(self):
        todo = "mail.mail_activity_data_warning"
        bodies = {}
        for mailing in self:
            author = mailing.with_context(lang=mailing.user_id.lang)
            reasons = author._as_list(author._errors())
            bodies[mailing] = Markup("%s%s") % (
                author.env._("This letter was not sent:"),
                reasons or "",
            )
            author.activity_schedule(
                todo,
                summary=author.env._("Letter not sent: %(name)s", name=mailing.name),
                note=reasons,
                user_id=mailing.user_id.id,
            )
        self._log_to_documents(bodies)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_gone(self):
        if any(mailing.state not in (*NOT_GONE, "cancelled") for mailing in self):
            raise UserError(
                self.env._(
                    "A letter that left, or that may have left, is kept as evidence."
                    " Only letters that have not left can be deleted."
                )
            )

    # ------------------------------------------------------------------
    # Actions: each checks group and state, whoever calls
    # ------------------------------------------------------------------

    def _require(self, states, what, group="beepost_mail.group_user"):
        """Locks ``self`` and makes sure of its state.

        :return: ``self`` as superuser
        :raises AccessError: not the user's to do
        :raises UserError: a letter is in another state, or at work just now
        """
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._("You need more rights on the post to do this: %s", what)
            )
        self.check_access("read")
        letters = self.sudo()
        if letters.try_lock_for_update() != letters:
            raise UserError(
                self.env._(
                    "A letter is being handed over at this very moment. Try again in a"
                    " minute."
                )
            )
        letters.invalidate_recordset(["state"])
        wrong = letters.filtered(lambda letter: letter.state not in states)
        if wrong:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(what)s: not possible for letter %(name)s, which is “%(state)s”.",
                    what=what,
                    name=wrong[0].name,
                    state=labels[wrong[0].state],
                )
            )
        return letters

    def action_retry(self):
        """Checks refused letters again from the start, these and no others."""
        letters = self._require(("rejected", "ready"), self.env._("Try again"))
        for letter in letters:
            letter._restart()
        letters.account_id._trigger_send()
        return True

    def _restart(self):
        """Back to the first step. The refused reference is spent: the provider would
        answer a repeat of it with the same refusal."""
        self.ensure_one()
        values = {
            "state": "draft",
            "hold_reason": False,
            "findings": False,
        }
        if self.state == "rejected":
            values["client_reference"] = str(uuid.uuid4())
            self._message_log(
                body=self.env._(
                    "Sent again by %(user)s under a new reference; the former one was"
                    " %(reference)s.",
                    user=self.env.user.name,
                    reference=self.client_reference,
                )
            )
        self._drop_pdf()
        self.write(values)
        self._snapshot_addresses()
        self.activity_unlink(["mail.mail_activity_data_warning"])

    def _drop_pdf(self):
        attachments = self.pdf_id
        self.write({"pdf_id": False, "sha256": False})
        attachments.unlink()

    def action_cancel(self):
        """Stops letters not yet gone; asks BeePOST about those it has already."""
        what = self.env._("Cancel")
        letters = self._require((*NOT_GONE, "rejected", "accepted"), what)
        gone = letters.filtered(lambda letter: letter.state == "accepted")
        if gone:
            self._require(("accepted", *NOT_GONE, "rejected"), what, MANAGER)
        for letter in gone:
            letter._cancel_at_provider()
        self.sudo()._cancel_here(letters - gone)
        return True

    @api.model
    def _cancel_here(self, letters, reason=""):
        letters.write({"state": "cancelled", "in_doubt": False})
        letters.activity_unlink(["mail.mail_activity_data_warning"])
        text = self.env._(
            "Letter cancelled by %(user)s before it left. %(reason)s",
            user=self.env.user.name,
            reason=reason,
        ).strip()
        letters._log_to_documents(dict.fromkeys(letters, text))

    def _cancel_at_provider(self):
        self.ensure_one()
        try:
            with self.account_id._open_gateway() as gateway:
                answer = gateway.cancel(self.client_reference)
        except port.GatewayError as error:
            raise UserError(self.account_id._explain(error)) from error
        if not answer.done:
            raise UserError(
                self.env._(
                    "BeePOST refuses to cancel letter %(name)s: %(reason)s",
                    name=self.name,
                    reason=answer.message or self.env._("it is in production already."),
                )
            )
        self.write({"state": "cancelled"})
        text = self.env._(
            "Letter cancelled at BeePOST by %(user)s.", user=self.env.user.name
        )
        self._log_to_documents({self: text})

    def action_never_arrived(self):
        """A person has asked BeePOST: it never had this letter. It is sent again."""
        letters = self._require(("unknown",), self.env._("Send again"), MANAGER)
        for letter in letters:
            letter._message_log(
                body=self.env._(
                    "%(user)s states that BeePOST never received this letter: it is"
                    " sent again.",
                    user=self.env.user.name,
                )
            )
        letters.write({"state": "queued", "in_doubt": False, "deadline": False})
        letters.account_id._trigger_send()
        return True

    def action_did_arrive(self):
        """A person has asked BeePOST: it has this letter."""
        letters = self._require(("unknown",), self.env._("It arrived"), MANAGER)
        letters.write(
            {
                "state": "accepted",
                "in_doubt": False,
                "accepted_at": fields.Datetime.now(),
            }
        )
        text = self.env._(
            "%(user)s states that BeePOST has this letter.", user=self.env.user.name
        )
        letters._log_to_documents(dict.fromkeys(letters, text))
        letters._after_accepted()
        return True

    def action_correct_address(self):
        self.ensure_one()
        self._require(("rejected", "ready"), self.env._("Correct the address"))
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Correct the address and send again"),
            "res_model": "beepost.correct.address",
            "view_mode": "form",
            "target": "new",
            "context": {"default_mailing_id": self.id},
        }

    def action_open_document(self):
        self.ensure_one()
        return self.document_ids[:1].action_open_document()

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
            "sender": "\n".join(sender.lines) if sender else False,
        }, [*findings, *sender_findings]


MANAGER = "beepost_mail.group_manager"
