from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    beepost_reinvoice_ids = fields.One2many(
        "beepost.postage.reinvoice",
        "move_line_id",
        string="Letters whose postage this is",
        groups="beepost_mail.group_manager",
    )
    is_beepost_postage = fields.Boolean(
        string="Postage of letters", readonly=True, help="Made from posted letters."
    )
