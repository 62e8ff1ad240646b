from datetime import timezone

from odoo import api, fields, models
from odoo.tools import format_date

from odoo.addons.beepost_mail.letter.calendar import paris_day

from ..journey.codes import ADDRESS_REASONS, FAILED


class BeepostMailing(models.Model):
    """A letter that came back: printed and billed, and to be treated by a person.

    Not to be taken for a letter that was refused before printing (``rejected``), which
    is sent again in place: this one stays as it is, and a new one replaces it.
    """

    _inherit = "beepost.mailing"

    came_back_on = fields.Date(
        string="Came back",
        compute="_compute_return_state",
        store=True,
        help="The day on which the letter was found undeliverable, in Paris.",
    )
    return_given_up = fields.Boolean(readonly=True, copy=False)
    return_state = fields.Selection(
        [
            ("open", "To treat"),
            ("posted_again", "Posted again"),
            ("given_up", "Given up"),
        ],
        string="Follow-up",
        compute="_compute_return_state",
        store=True,
        index="btree_not_null",
        help="What was done about a letter that came back; empty for all others.",
    )

    return_notice = fields.Char(compute="_compute_return_notice")

    @api.depends(
        "status",
        "state",
        "undeliverable_at",
        "returned_at",
        "stage_since",
        "return_given_up",
        "replaced_by_ids.state",
    )
    def _compute_return_state(self):
        for letter in self:
            came_back = letter.state == "accepted" and letter.status in FAILED
            letter.came_back_on = came_back and letter._get_came_back_on()
            if not came_back:
                letter.return_state = False
            elif letter._successors():
                letter.return_state = "posted_again"
            else:
                letter.return_state = "given_up" if letter.return_given_up else "open"

    @api.depends("return_state", "return_reason", "came_back_on", "is_practice")
    @api.depends_context("lang")
    def _compute_return_notice(self):
        for letter in self:
            letter.return_notice = letter.return_state and letter._return_words()

    def _return_words(self):
        figures = {
            "date": format_date(self.env, self.came_back_on),
            "reason": self._reason_label(),
        }
        if self.is_practice:
            return self.env._(
                "Practice: this letter “came back” on %(date)s: %(reason)s.", **figures
            )
        return self.env._(
            "This letter was printed and posted, and came back on %(date)s:"
            " %(reason)s.",
            **figures,
        )

    def _get_came_back_on(self):
        found_out = self.undeliverable_at or self.returned_at or self.stage_since
        return paris_day(found_out.replace(tzinfo=timezone.utc))

    def _is_address_to_blame(self):
        self.ensure_one()
        return self.return_reason in ADDRESS_REASONS

    # ------------------------------------------------------------------
    # What follows from it
    # ------------------------------------------------------------------

    def _standing(self):
        return {**super()._standing(), "contradicted": self.contradicted}

    def _news_steps(self, before):
        failed = self.filtered(lambda m: m.status in FAILED)
        known = failed.filtered(lambda m: before[m]["status"] in FAILED)

        def note_returns():
            (failed - known)._after_return()

        def note_reasons():
            known.filtered(
                lambda m: before[m]["reason"] != m.return_reason
            )._after_better_reason()

        def take_returns_back():
            (self - failed).filtered(
                lambda m: before[m]["status"] in FAILED
            )._after_no_return()

        def note_deliveries():
            self.env["res.partner"]._beepost_note_deliveries(
                self.filtered(
                    lambda m: (
                        m.status == "delivered" and before[m]["status"] != "delivered"
                    )
                )
            )

        def tell_contradictions():
            self.filtered(
                lambda m: m.contradicted and not before[m]["contradicted"]
            )._schedule_contradicted()

        return [
            *super()._news_steps(before),
            note_returns,
            note_reasons,
            take_returns_back,
            note_deliveries,
            tell_contradictions,
        ]

    def _after_return(self):
        """Each of ``self`` has just come back."""
        self.env["res.partner"]._beepost_note_returns(self)
        self._schedule_came_back()

    def _after_better_reason(self):
        """That these came back is known already; now it is known why."""
        for letter in self._marking():
            letter.partner_id._beepost_write_mark(
                {"beepost_return_reason": letter.return_reason}
            )
        self._reword_came_back()

    def _after_no_return(self):
        """These did not come back after all: a wording was taken for what it is not."""
        self._marking().partner_id._beepost_unmark()
        self._close_came_back()

    def _marking(self):
        """Those that the marks of their addressees speak of."""
        return self.filtered(lambda m: m.partner_id.beepost_returned_mailing_id == m)

    def _delivered_to_same(self):
        """Letters that arrived at the lines of ``self``, at the same addressees.

        :return: {partner: letters}
        """
        if not self:
            return {}
        found = self.search_fetch(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("recipient", "in", list(set(self.mapped("recipient")))),
                ("status", "=", "delivered"),
            ],
            ["partner_id", "recipient", "accepted_at", "is_practice"],
        )
        lines = {(letter.partner_id, letter.recipient) for letter in self}
        return found.filtered(lambda m: (m.partner_id, m.recipient) in lines).grouped(
            "partner_id"
        )
