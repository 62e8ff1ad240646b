from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from .beepost_returns_line import LEAVE, WHAT


class BeepostReturns(models.TransientModel):
    """What to do about many letters that came back, a line for each.

    A line that cannot be done says why and stays; it keeps none of the others.
    """

    _name = "beepost.returns"
    _description = "Letters That Came Back"

    line_ids = fields.One2many("beepost.returns.line", "wizard_id")
    do_all = fields.Selection(WHAT, string="For all lines")
    done_count = fields.Integer(readonly=True)
    failed_count = fields.Integer(compute="_compute_failed_count")

    @api.depends("line_ids.result")
    def _compute_failed_count(self):
        for wizard in self:
            wizard.failed_count = len(wizard.line_ids.filtered("result"))

    def _compute_display_name(self):
        for wizard in self:
            wizard.display_name = self.env._("Letters that came back")

    @api.onchange("do_all")
    def _onchange_do_all(self):
        if self.do_all:
            self.line_ids.what = self.do_all

    @api.model
    def _open(self, letters):
        """:param letters: those to treat; the user may see them"""
        Line = self.env["beepost.returns.line"]
        wizard = self.create(
            {
                "line_ids": [
                    Command.create(Line._prepare_line_vals(letter))
                    for letter in letters
                ]
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Letters that came back"),
            "res_model": self._name,
            "res_id": wizard.id,
            "view_mode": "form",
        }

    def action_apply(self):
        """Does what each line says. Lines that are done leave the list; it stays
        open as long as one could not be done."""
        self.ensure_one()
        lines = self.line_ids.filtered(lambda line: line.what != LEAVE)
        if not lines:
            raise UserError(
                self.env._("Choose on at least one line what is to be done.")
            )
        lines.result = False
        failures = lines._do()
        for line, reason in failures.items():
            line.result = reason
        done = lines.filtered(lambda line: line not in failures)
        self.done_count += len(done)
        done.unlink()
        return True if failures else self._tell_done()

    def _tell_done(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Letters that came back"),
                "message": self.env._(
                    "%(done)s letters are treated; %(left)s were left as they are.",
                    done=self.done_count,
                    left=len(self.line_ids),
                ),
                "next": self.env["ir.actions.act_window"]._for_xml_id(
                    "beepost_tracking.action_returns"
                ),
            },
        }
