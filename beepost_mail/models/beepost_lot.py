from odoo import api, fields, models


class BeepostLot(models.Model):
    """What one person sent by post together, and with which options."""

    _name = "beepost.lot"
    _description = "Lot of Letters"
    _order = "id desc"

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    user_id = fields.Many2one("res.users", required=True, readonly=True)
    options = fields.Json(readonly=True)
    expected = fields.Integer(
        string="Documents", readonly=True, help="Documents chosen by the sender."
    )
    mailing_ids = fields.One2many("beepost.mailing", "lot_id", readonly=True)
    letter_count = fields.Integer(compute="_compute_counts")
    accepted_count = fields.Integer(compute="_compute_counts")
    refused_count = fields.Integer(compute="_compute_counts")
    waiting_count = fields.Integer(compute="_compute_counts")
    missing_count = fields.Integer(
        string="Not made",
        compute="_compute_counts",
        help="No letter was made of these documents: their own chatter says why.",
    )
    progress = fields.Float(compute="_compute_counts")

    @api.depends("mailing_ids.state", "expected")
    def _compute_counts(self):
        counts = {lot.id: {} for lot in self}
        for lot, state, count in (
            self.env["beepost.mailing"]
            .sudo()
            ._read_group([("lot_id", "in", self.ids)], ["lot_id", "state"], ["__count"])
        ):
            counts[lot.id][state] = count
        rendering = self._count_rendering()
        for lot in self:
            by_state = counts.get(lot.id, {})
            lot.letter_count = sum(by_state.values())
            lot.accepted_count = by_state.get("accepted", 0)
            lot.refused_count = by_state.get("rejected", 0) + by_state.get("unknown", 0)
            done = lot.accepted_count + lot.refused_count + by_state.get("cancelled", 0)
            pending = rendering.get(lot.id, 0)
            lot.waiting_count = lot.letter_count - done + pending
            lot.missing_count = max(0, lot.expected - lot.letter_count - pending)
            total = max(lot.expected, lot.letter_count)
            lot.progress = 100.0 * (total - lot.waiting_count) / total if total else 0.0

    def _count_rendering(self):
        """:return: {lot id: documents whose PDF core is still to make}"""
        self.env["account.move"].flush_model(["sending_data", "state"])
        self.env.cr.execute(
            """
            SELECT (sending_data->'beepost_options'->>'lot_id')::int, COUNT(*)
              FROM account_move
             WHERE sending_data->'beepost_options'->>'lot_id' = ANY(%s)
               AND state = 'posted'
             GROUP BY 1
            """,
            [[str(id_) for id_ in self.ids]],
        )
        return dict(self.env.cr.fetchall())

    def action_open_letters(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_mail.action_mailing"
        )
        action["domain"] = [("lot_id", "=", self.id)]
        action["context"] = {}
        return action
