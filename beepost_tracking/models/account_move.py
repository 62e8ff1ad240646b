from odoo import api, fields, models

from .status import REASON


class AccountMove(models.Model):
    _inherit = "account.move"

    beepost_stage_id = fields.Many2one(
        "beepost.stage",
        string="Stage of the letter",
        compute="_compute_beepost_stage",
        store=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="Where the last letter with this document stands.",
    )
    beepost_status = fields.Selection(
        related="beepost_stage_id.code", string="Status of the letter"
    )
    beepost_stage_color = fields.Integer(related="beepost_stage_id.color")
    beepost_return_reason = fields.Selection(
        REASON,
        string="Reason of non-delivery",
        compute="_compute_beepost_stage",
        store=True,
        copy=False,
    )

    @api.depends(
        "beepost_document_ids.mailing_id.state",
        "beepost_document_ids.mailing_id.is_practice",
        "beepost_document_ids.mailing_id.stage_id",
        "beepost_document_ids.mailing_id.return_reason",
    )
    def _compute_beepost_stage(self):
        for move in self:
            letter = move.sudo()._beepost_standing_letter()
            if letter.is_practice:
                letter = letter.browse()  # nobody takes it for what happened
            move.beepost_stage_id = letter.stage_id
            move.beepost_return_reason = letter.return_reason

    def _beepost_post(self, options_by_move, user):
        # EXTENDS 'beepost_mail': whoever sends an invoice whose letter came back has
        # posted it again
        letters = super()._beepost_post(options_by_move, user)
        for move, letter in zip(self, letters, strict=True):
            former = move._beepost_letters().filtered(
                lambda m: m.return_state in ("open", "given_up")
            )[:1]
            if not former or letter.origin_id:
                continue
            # An envelope with other documents as well is not replaced by this one.
            if former._documents_of(move._name) == move:
                letter.origin_id = former
                former._close_came_back()
        return letters
