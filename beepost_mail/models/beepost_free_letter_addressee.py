from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..letter.finding import ERROR
from .wording import sentence


class BeepostFreeLetterAddressee(models.Model):
    """Whom a free letter goes to, and what became of it: the *document* in that
    addressee's envelope. Who may read the free letter may read it."""

    _name = "beepost.free.letter.addressee"
    _description = "Addressee of a Free Letter"
    _order = "letter_id, id"
    _rec_name = "partner_id"

    letter_id = fields.Many2one(
        "beepost.free.letter", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="letter_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Addressee", required=True, index=True, ondelete="cascade"
    )
    state = fields.Selection(
        [
            ("todo", "To make"),
            ("made", "Letter made"),
            ("failed", "Not made"),
            ("out", "Left out"),
        ],
        default="todo",
        required=True,
        readonly=True,
        copy=False,
    )
    attempts = fields.Integer(readonly=True, copy=False)
    error = fields.Text(string="What is wrong", readonly=True, copy=False)
    remarks = fields.Text(string="Not printed", readonly=True, copy=False)
    mailing_id = fields.Many2one(
        "beepost.mailing",
        string="Letter",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    mailing_state = fields.Selection(related="mailing_id.state", string="Post")
    address_problem = fields.Text(
        compute="_compute_address_problem", string="Address to mend"
    )

    _once = models.UniqueIndex(
        "(letter_id, partner_id)", "This addressee is on the list already."
    )
    _todo_idx = models.Index("(letter_id, id) WHERE state = 'todo'")

    @api.depends(
        "partner_id.name",
        "partner_id.street",
        "partner_id.street2",
        "partner_id.zip",
        "partner_id.city",
        "partner_id.country_id",
        "partner_id.parent_id.name",
    )
    @api.depends_context("lang")
    def _compute_address_problem(self):
        for row in self:
            findings = row.partner_id and row.partner_id._beepost_address()[1]
            row.address_problem = "\n".join(
                sentence(self.env, finding)
                for finding in findings or ()
                if finding.level == ERROR
            )

    def _unpostable(self):
        """Those whose address no letter can bear: ``address_problem`` says why."""
        return self.filtered("address_problem")

    # ------------------------------------------------------------------
    # What people may do with the list
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._check_own(vals)
        rows = super().create(vals_list)
        rows._check_list()
        return rows

    def write(self, vals):
        self._check_own(vals)
        if self.env.su:
            return super().write(vals)
        self.letter_id._require_draft()
        result = super().write(vals)
        self._check_list()
        return result

    def _check_own(self, vals):
        if not self.env.su and not vals.keys() <= {"letter_id", "partner_id"}:
            raise AccessError(
                self.env._("Only the addressee can be chosen: the rest follows.")
            )

    def _check_list(self):
        """A relation takes any number from a remote call."""
        if self.env.su:
            return
        letters = self.env["beepost.free.letter"].browse(self.sudo().letter_id.ids)
        letters.check_access("write")
        letters._require_draft()
        partners = self.env["res.partner"].browse(self.sudo().partner_id.ids)
        partners.check_access("read")

    @api.ondelete(at_uninstall=False)
    def _unlink_except_posted(self):
        if not self.env.su:
            self.letter_id._require_draft()
        self._require_deletable()

    def _letters(self):
        """All letters with these documents, as superuser."""
        lines = self.env["beepost.mailing.document"].sudo()
        return lines.search(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)]
        ).mailing_id

    def _require_deletable(self):
        """A document that left by post stays: the letter is evidence of it. One whose
        letter waits stays as well, for that letter would leave without its text.

        :raises UserError: says which one
        """
        kept = self._letters().filtered(
            lambda letter: (
                letter.in_doubt
                or letter.state not in ("rejected", "cancelled", "accepted")
                or (letter.state == "accepted" and not letter.is_practice)
            )
        )
        if kept:
            raise UserError(
                self.env._(
                    "“%s” cannot be deleted: letters of it left by post, may have left"
                    " or wait to leave. Cancel those that wait; the others are kept as"
                    " evidence.",
                    kept[0].name,
                )
            )

    def action_preview(self):
        """The letter as this addressee would get it, as a PDF; nothing is kept."""
        self.ensure_one()
        self.check_access("read")
        report = self.env.ref("beepost_mail.action_report_free_letter")
        return report.report_action(self, config=False)

    def action_open_mailing(self):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "res_model": "beepost.mailing",
            "res_id": self.sudo().mailing_id.id,
            "view_mode": "form",
        }
