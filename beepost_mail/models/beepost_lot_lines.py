from odoo import fields, models
from odoo.fields import NO_ACCESS


class BeepostLot(models.Model):
    """A lot of which the letters are still to be made of its documents."""

    _inherit = "beepost.lot"

    line_ids = fields.One2many("beepost.lot.line", "lot_id", readonly=True)
    failed_line_ids = fields.One2many(
        "beepost.lot.line",
        "lot_id",
        domain=[("state", "=", "failed")],
        string="Documents without a letter",
        readonly=True,
    )

    # Files that go into each envelope: who may read the lot sees none of them.
    enclosures = fields.Binary(groups=NO_ACCESS, copy=False)

    def _count_rendering(self):
        # EXTENDS: core renders invoices, we all others
        counts = super()._count_rendering()
        for lot, count in (
            self.env["beepost.lot.line"]
            .sudo()
            ._read_group(
                [("lot_id", "in", self.ids), ("state", "=", "waiting")],
                ["lot_id"],
                ["__count"],
            )
        ):
            counts[lot.id] = counts.get(lot.id, 0) + count
        return counts

    def action_make_again(self):
        """Tries once more what could not be made of this lot."""
        self.check_access("read")
        failed = self.sudo().failed_line_ids
        failed.write({"state": "waiting", "attempts": 0, "reason": False})
        # What is over goes on: it can be paused and cancelled, and ends anew.
        over = failed.lot_id.filtered("closed_at")
        over.write({"state": "running", "closed_at": False})
        self._trigger_make()
        return True

    def _trigger_make(self):
        self.env.ref("beepost_mail.cron_make").sudo()._trigger()
