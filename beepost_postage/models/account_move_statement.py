from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    beepost_statement_ids = fields.One2many(
        "beepost.postage.statement",
        "bill_id",
        string="Postage statements",
        groups="beepost_mail.group_manager",
    )
    beepost_statement_count = fields.Integer(
        compute="_compute_beepost_statement_count",
        groups="beepost_mail.group_manager",
    )

    @api.depends("beepost_statement_ids")
    def _compute_beepost_statement_count(self):
        for move in self:
            move.beepost_statement_count = len(move.beepost_statement_ids)

    def action_open_beepost_statements(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_postage.action_statement"
        )
        action["domain"] = [("bill_id", "=", self.id)]
        return action
