from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..tariff.cover import gap_on
from .postage_grid_words import gap_words


class BeepostPostageTariff(models.Model):
    """Which grids are in force today and on the coming 1 January, and what is missing
    for it."""

    _inherit = "beepost.postage.tariff"

    contract_ids = fields.One2many(
        "beepost.postage.tariff",
        "public_id",
        string="Contracts that count from it",
    )
    in_use = fields.Boolean(
        compute="_compute_in_use",
        search="_search_in_use",
        help="An account prices its letters by it, or a contract of such an account"
        " counts from it.",
    )
    january = fields.Date(string="Next year's day", compute="_compute_january")
    january_grid_ids = fields.Many2many(
        "beepost.postage.grid",
        string="In force on 1 January",
        compute="_compute_january",
    )
    draft_grid_ids = fields.One2many(
        "beepost.postage.grid",
        "tariff_id",
        string="Drafts",
        domain=[("state", "=", "draft")],
    )
    january_state = fields.Selection(
        [
            ("missing", "Prices are missing"),
            ("announced", "Announced, not confirmed"),
            ("confirmed", "Confirmed"),
        ],
        string="On 1 January",
        compute="_compute_january",
    )
    january_missing = fields.Text(string="What is missing", compute="_compute_january")
    current_state = fields.Selection(
        [
            ("missing", "No grid"),
            ("announced", "Announced, not confirmed"),
            ("confirmed", "Confirmed"),
        ],
        string="Today",
        compute="_compute_january",
    )

    def _compute_in_use(self):
        used = self._search_used()
        for tariff in self:
            tariff.in_use = tariff in used

    def _search_in_use(self, operator, value):
        if operator not in ("in", "not in"):
            return NotImplemented
        wanted = (operator == "in") == (True in value)
        return [("id", "in" if wanted else "not in", self._search_used().ids)]

    @api.model
    def _search_used(self):
        """An archived account prices nothing; an archived tariff still does."""
        return (
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    "|",
                    ("account_ids.active", "=", True),
                    ("contract_ids.account_ids.active", "=", True),
                ]
            )
        )

    @api.depends("grid_ids.state", "grid_ids.valid_from", "grid_ids.valid_to")
    def _compute_january(self):
        today = self._paris_today()
        january = date(today.year + 1, 1, 1)
        rooms = self.env["beepost.postage"]._room_tariffs(self.sudo())
        zones = self.env["beepost.postage.zone"]._room_zones()
        for tariff in self:
            tariff.january = january
            tariff.january_grid_ids = tariff._grids_on(january)
            tariff.current_state = _worst(tariff._grids_on(today))
            gap = None
            if tariff.id in rooms:
                gap = gap_on(rooms[tariff.id], today, january, zones)
            tariff.january_missing = gap_words(self.env, gap) if gap else False
            tariff.january_state = "missing" if gap else _worst(tariff.january_grid_ids)

    # ------------------------------------------------------------------
    # What an administrator does about it
    # ------------------------------------------------------------------

    def action_draft_january(self):
        """Drafts from 1 January on with today's prices, to be corrected.

        One that begins on that day already is opened instead of another one.
        """
        self.ensure_one()
        january = date(self._paris_today().year + 1, 1, 1)
        drafts = self.grid_ids.filtered(
            lambda grid: grid.state == "draft" and grid.valid_from == january
        )
        if not drafts:
            current = self._grids_on(self._paris_today())
            if not current:
                raise UserError(
                    self.env._(
                        "Tariff “%(name)s” has no grid in force today that could be"
                        " copied: create one, or import it.",
                        name=self.name,
                    )
                )
            drafts = self.env["beepost.postage.grid"].union(
                *(self._draft_of(grid, january) for grid in current)
            )
        return drafts._get_records_action(name=self.env._("Next year's draft"))

    def _draft_of(self, grid, january):
        # A list that ends with its year is followed by one that does so as well.
        yearly = grid.valid_to and grid.valid_to == january
        return grid.copy(
            {
                "valid_from": january,
                "valid_to": date(january.year + 1, 1, 1) if yearly else False,
                "version": max(self.grid_ids.mapped("version")) + 1,
                "origin": self.env._("Prices of %s, to be corrected", grid.name),
            }
        )

    def action_import(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import prices"),
            "res_model": "beepost.postage.import",
            "view_mode": "form",
            "target": "new",
            "context": {"default_tariff_id": self.id, "dialog_size": "extra-large"},
        }

    def action_compare(self):
        """The latest draft with what it follows, else the two latest grids."""
        self.ensure_one()
        newest = (
            self.draft_grid_ids.sorted("id")[-1:]
            or self.grid_ids.filtered(lambda grid: grid._is_published()).sorted(
                "valid_from"
            )[-1:]
        )
        if not newest:
            raise UserError(
                self.env._("Tariff “%s” has no grid to compare yet.", self.name)
            )
        return newest._open_compare()

    def action_try(self):
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try a price"),
            "res_model": "beepost.postage.try",
            "view_mode": "form",
            "target": "new",
            "context": {"default_tariff_id": self.id},
        }

    def action_open_grids(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_postage.action_grid"
        )
        action["domain"] = [("tariff_id", "=", self.id)]
        action["context"] = {"default_tariff_id": self.id}
        return action


def _worst(grids):
    """The state of several grids that are in force together."""
    if not grids:
        return "missing"
    return "announced" if "announced" in grids.mapped("state") else "confirmed"
