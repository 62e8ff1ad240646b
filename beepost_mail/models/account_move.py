from markupsafe import Markup

from odoo import api, fields, models

from ..letter.finding import ERROR
from .beepost_mailing import NOT_GONE


class AccountMove(models.Model):
    _inherit = "account.move"

    beepost_document_ids = fields.One2many(
        "beepost.mailing.document",
        "res_id",
        domain=[("res_model", "=", "account.move")],
        string="Letters that carry this document",
        groups="beepost_mail.group_user",
    )
    beepost_state = fields.Selection(
        [
            ("waiting", "Waiting to be posted"),
            ("accepted", "Handed to BeePOST"),
            ("practice", "Practice letter"),
            ("rejected", "Refused"),
            ("unknown", "In doubt"),
            ("cancelled", "Cancelled"),
        ],
        string="Post",
        compute="_compute_beepost_state",
        store=True,
        copy=False,
        index="btree_not_null",
        help="What became of the last letter with this document.",
    )
    beepost_count = fields.Integer(compute="_compute_beepost_count")

    @api.depends("beepost_document_ids.mailing_id.state")
    def _compute_beepost_state(self):
        for move in self:
            letter = move._beepost_standing_letter()
            state = letter.state if letter else False
            if state in ("draft", "ready", "queued", "sending"):
                state = "waiting"
            elif state == "accepted" and letter.is_practice:
                state = "practice"
            move.beepost_state = state

    def _beepost_standing_letter(self):
        """The letter that speaks for this document: the last one that stands.

        Another addon that shows how that letter fares depends on the same fields as
        :meth:`_compute_beepost_state`.

        :return: ``beepost.mailing``, empty where there never was a letter
        """
        self.ensure_one()
        letters = self.beepost_document_ids.mailing_id
        # Practice says nothing once there is a real letter,
        letters = letters.filtered(lambda m: not m.is_practice) or letters
        # and a cancelled letter nothing as long as there is another one.
        standing = letters.filtered(lambda m: m.state != "cancelled") or letters
        return standing.sorted(lambda m: m._origin.id)[-1:]

    @api.depends("beepost_document_ids")
    def _compute_beepost_count(self):
        for move in self:
            move.beepost_count = len(move.sudo().beepost_document_ids.mailing_id)

    # ------------------------------------------------------------------
    # Making letters
    # ------------------------------------------------------------------

    def _beepost_letters(self):
        """All letters with these documents, as superuser, newest first."""
        return self.sudo().beepost_document_ids.mailing_id.sorted("id", reverse=True)

    def _beepost_posted_letters(self):
        """Those that left, or that nobody can call back. Practice counts only as long
        as there is nothing else."""
        return self._beepost_letters().filtered(
            lambda letter: (
                letter.state in ("sending", "accepted", "unknown")
                and (
                    not letter.is_practice
                    or letter.company_id._beepost_account().gateway == "sandbox"
                )
            )
        )

    def _beepost_waiting_letters(self):
        """Those that leave by themselves with one of the next runs."""
        return self._beepost_letters().filtered(lambda letter: letter.state in NOT_GONE)

    def _beepost_post(self, options_by_move, user):
        """Creates one letter for each of these invoices and wakes the outbox.

        The PDF is the legal one, as it is; a proforma is never posted.

        :param options_by_move: {move: options as in ``sending_data``}
        :return: letters, as superuser
        :raises ValueError: an invoice has no legal PDF
        """
        return self.env["beepost.posting"]._post(
            [
                move._prepare_beepost_mailing_vals(options_by_move[move], user)
                for move in self
            ],
            user,
        )

    def _prepare_beepost_mailing_vals(self, options, user):
        """:return: an envelope as ``beepost.posting._post`` wants it"""
        self.ensure_one()
        pdf = self.invoice_pdf_report_id
        if not pdf:
            raise ValueError(f"{self} has no legal PDF")
        sources = [(self.name, "document", pdf)] + [
            (attachment.name, "enclosure", attachment)
            for attachment in self.env["ir.attachment"]
            .sudo()
            .browse(options.get("enclosure_ids") or [])
            .exists()
        ]
        return {
            "name": self.name,
            "company": self.company_id,
            "partner": self.partner_id,
            "options": {
                "is_copy": bool(self._beepost_must_be_electronic()),
                **options,
            },
            "documents": [
                {
                    "name": name,
                    "kind": kind,
                    "res_model": "account.move",
                    "res_id": self.id,
                    "attachment": attachment,
                }
                for name, kind, attachment in sources
            ],
        }

    def _beepost_is_ordered(self):
        """Whether *Send by post* waits for the PDF that core is to make."""
        self.ensure_one()
        order = self.sending_data
        return isinstance(order, dict) and bool(order.get("beepost_only"))

    def _beepost_obstacles(self):
        """Why an invoice cannot be posted, whatever the options.

        :return: {move: reason in words}
        """
        reasons = {}
        posting = self.company_id.filtered(lambda company: company._beepost_account())
        for move in self:
            if move.state != "posted" or not move.is_sale_document():
                reasons[move] = self.env._(
                    "is not a confirmed customer invoice or credit note"
                )
            elif move.company_id not in posting:
                reasons[move] = self.env._(
                    "belongs to company %s, which has no BeePOST account",
                    move.company_id.name,
                )
            elif move.sending_data:
                # Its slot for background sending is taken: by an e-mail, for instance.
                reasons[move] = self.env._(
                    "is being sent in the background just now: try again in a few"
                    " minutes"
                )
        return reasons

    def _beepost_bad_addresses(self):
        """:return: {move: findings} of those whose address no letter can bear"""
        errors = {}
        for partner in self.partner_id:
            _address, findings = partner._beepost_address()
            errors[partner] = [one for one in findings if one.level == ERROR]
        bad = self.filtered(lambda move: errors[move.partner_id])
        return {move: errors[move.partner_id] for move in bad}

    def _beepost_must_be_electronic(self):
        return self.filtered(
            lambda move: move.partner_id._beepost_einvoice_reason(
                move.company_id, move.invoice_date or fields.Date.context_today(move)
            )
        )

    # ------------------------------------------------------------------
    # What happens to the document later
    # ------------------------------------------------------------------

    def button_draft(self):
        result = super().button_draft()
        self._beepost_withdraw(self.env._("The invoice was reset to draft."))
        return result

    def button_cancel(self):
        result = super().button_cancel()
        self._beepost_withdraw(self.env._("The invoice was cancelled."))
        return result

    def _beepost_withdraw(self, reason):
        """Stops letters not yet gone, and says so where one has gone. Other documents
        in the envelope leave without these."""
        letters = self._beepost_letters()
        here = letters.filtered(lambda letter: letter.state in (*NOT_GONE, "rejected"))
        # A letter that is at work just now, or that may have left before a database
        # was restored, cannot be stopped: it counts as gone, and the chatter says so.
        waiting = here.filtered(lambda letter: not letter.in_doubt)
        waiting = waiting.try_lock_for_update()
        if waiting:
            lines = waiting.document_ids & self.sudo().beepost_document_ids
            self.env["beepost.mailing"]._withdraw(lines, reason)
        for move in self:
            gone = move._beepost_posted_letters()
            gone |= move._beepost_letters() & (here - waiting)
            if gone:
                move._message_log(
                    body=Markup("<p>%s</p>")
                    % self.env._(
                        "%(reason)s A letter with its former PDF has left already:"
                        " %(letters)s. Tell the addressee if need be.",
                        reason=reason,
                        letters=", ".join(
                            letter.provider_reference or letter.client_reference
                            for letter in gone
                        ),
                    )
                )

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_beepost_send(self):
        """Opens *Send by post* for these invoices."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Send by post"),
            "res_model": "beepost.send",
            "view_mode": "form",
            "target": "new",
            "context": {"default_move_ids": self.ids},
        }

    def action_open_beepost_mailings(self):
        self.ensure_one()
        letters = self._beepost_letters()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_mail.action_mailing"
        )
        action["domain"] = [("id", "in", letters.ids)]
        action["context"] = {}
        if len(letters) == 1:
            action["views"] = [(False, "form")]
            action["res_id"] = letters.id
        return action
