from odoo import models

from ..models.beepost_mailing_group_draft import Draft


class BeepostSend(models.TransientModel):
    """Which invoices could share envelopes, before there are letters."""

    _inherit = "beepost.send"

    def _drafts_depend_on(self):
        # EXTENDS
        return [*super()._drafts_depend_on(), "sendable_ids"]

    def _drafts(self):
        self.ensure_one()
        moves = self.sendable_ids._origin
        electronic = moves._beepost_must_be_electronic()
        # Letters of invoices whose PDF is there are made first.
        ready = moves.filtered(lambda move: move.sudo().invoice_pdf_report_id)
        moves = ready + (moves - ready)
        options = self._options_for_each(
            [(move.company_id, move.partner_id) for move in moves]
        )
        drafts = []
        for move, chosen in zip(moves, options, strict=True):
            pdf = move.sudo().invoice_pdf_report_id
            drafts.append(
                Draft(
                    company=move.company_id,
                    partner=move.partner_id,
                    options={**chosen, "is_copy": move in electronic},
                    kinds=frozenset([move._name]),
                    files=[pdf] if pdf else None,
                )
            )
        return drafts
