from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

# What may change once letters have their price from a grid: its end, and its state.
FREE_FIELDS = {"valid_to", "state", "revision", "message_follower_ids"}


class BeepostPostageGrid(models.Model):
    """From a draft to a grid in force, and what may still be changed when."""

    _inherit = "beepost.postage.grid"

    def _require_unused(self):
        """
        :raises UserError: a letter has its price from one of these grids
        """
        used = self.filtered("letter_count")
        if used:
            raise UserError(
                self.env._(
                    "Letters were priced with grid %(name)s: it stays as it is. Make a"
                    " new version of it instead.",
                    name=used[0].name,
                )
            )

    def _touch(self):
        """Before steps or options of these grids change.

        :raises UserError: they are published, or have priced a letter
        """
        grids = self.exists()
        for grid in grids:
            if grid.state != "draft":
                raise UserError(
                    self.env._(
                        "Grid %(name)s is not a draft: its prices are not changed. Make"
                        " a new version, or a draft of it again as long as it has"
                        " priced no letter.",
                        name=grid.name,
                    )
                )
        grids._require_unused()
        for grid in grids:
            grid.revision += 1

    def write(self, vals):
        if set(vals) - FREE_FIELDS - {"line_ids", "option_ids"}:
            self._require_unused()
        if "valid_to" in vals:
            self._check_end(fields.Date.to_date(vals["valid_to"]))
        return super().write(vals)

    def _check_end(self, valid_to):
        """An end must not take the grid away from letters that it has priced."""
        if not valid_to:
            return
        late = (
            self.env["beepost.mailing"]
            .sudo()
            .search(
                [
                    ("priced_for", ">=", valid_to),
                    "|",
                    ("postage_grid_id", "in", self.ids),
                    ("postage_public_grid_id", "in", self.ids),
                ],
                limit=1,
            )
        )
        if late:
            raise ValidationError(
                self.env._(
                    "Letter %(letter)s, deposited on %(day)s, was priced with this"
                    " grid: it cannot end before.",
                    letter=late.name,
                    day=late.priced_for,
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._require_unused()
        if any(grid.state != "draft" for grid in self):
            raise UserError(
                self.env._("Only drafts of grids are deleted: close the others.")
            )

    # ------------------------------------------------------------------
    # What an administrator does
    # ------------------------------------------------------------------

    def action_announce(self):
        """Prices letters from now on, and says that nobody has confirmed the prices."""
        return self._ask_about_doubts("announced") or self._publish("announced")

    def action_confirm(self):
        return self._ask_about_doubts("confirmed") or self._publish("confirmed")

    def _publish(self, state):
        """
        :raises UserError: nothing to publish, closed, or with faults
        :raises ValidationError: two grids in force for one thing on one day
        """
        for grid in self:
            if grid.state == "closed" or grid.state == state:
                raise UserError(
                    self.env._(
                        "Grid %(name)s cannot be published: it is “%(state)s”.",
                        name=grid.name,
                        state=grid._state_label(),
                    )
                )
            if not grid.line_ids:
                raise UserError(
                    self.env._(
                        "Grid %(name)s has no line: enter or import its prices first.",
                        name=grid.name,
                    )
                )
            grid._refuse_faults()
            grid._replace_former()
            grid.state = state
        self._release_waiting()
        self.tariff_id._update_gap_warnings()
        return True

    def _replace_former(self):
        """A grid that this one is a new version of ends or is closed; one with an open
        end gives way to this one, which begins later."""
        self.ensure_one()
        for other in self._rivals().filtered(self._meets):
            if other.valid_from < self.valid_from:
                if other == self.former_id or not other.valid_to:
                    other.valid_to = self.valid_from
            elif other == self.former_id:
                other.state = "closed"

    def action_draft(self):
        """Back to a draft, as long as no letter has its price from it."""
        self._require_unused()
        self.state = "draft"
        return True

    def action_close(self):
        self.state = "closed"
        return True

    def action_new_version(self):
        """A draft with the same prices, which replaces this grid when published.

        :return: action that opens it
        """
        self.ensure_one()
        newest = max(self.tariff_id.grid_ids.mapped("version"))
        draft = self.copy(
            {
                "former_id": self.id,
                "valid_from": self.valid_from,
                "version": newest + 1,
            }
        )
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
        }

    def _state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]

    def _release_waiting(self):
        """Letters that waited for a price are checked again, and unpriced ones get
        theirs: now there may be one."""
        waiting = (
            self.env["beepost.mailing"]
            .sudo()
            .search([("state", "=", "ready"), ("price_missing", "=", True)])
        )
        waiting = waiting.filtered(
            lambda letter: (
                letter.account_id.tariff_id in self.tariff_id
                or letter.account_id.tariff_id.public_id in self.tariff_id
            )
        )
        waiting._release_for_price()
        self.env["beepost.mailing"]._price_soon()
