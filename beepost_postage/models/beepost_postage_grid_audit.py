from datetime import timedelta
from decimal import Decimal

from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.beepost_mail.letter.finding import ERROR, errors

from ..tariff.audit import audit
from ..tariff.holes import Service
from .beepost_postage_grid import PUBLISHED
from .postage_grid_words import sentence

SHOWN = 10  # faults in one message


class BeepostPostageGrid(models.Model):
    """What is wrong with a grid, and what it changes, before it is published."""

    _inherit = "beepost.postage.grid"

    def _former(self):
        """The published grid that this one follows: what it is a new version of, else
        the one in force on the day before, else the latest one before."""
        self.ensure_one()
        if self.former_id:
            return self.former_id
        published = (self.tariff_id.grid_ids - self).filtered(
            lambda grid: grid.state in PUBLISHED and grid.valid_from < self.valid_from
        )
        before = self.valid_from - timedelta(days=1)
        in_force = published & self.tariff_id._grids_on(before)
        matters = self._matters()
        ranked = (in_force or published).sorted(
            lambda grid: (len(matters & grid._matters()), grid.valid_from, grid.id)
        )
        return ranked[-1:]

    def _findings(self):
        """:return: tuple of ``Finding``, errors first; see ``tariff.audit``"""
        self.ensure_one()
        self.check_access("read")
        Postage = self.env["beepost.postage"]
        return self.tariff_id.sudo()._audit(
            Postage._room_grid(self), Postage._room_grid(self._former())
        )

    def _refuse_faults(self):
        """
        :raises UserError: letters would be priced wrongly, or not at all
        """
        faults = errors(self._findings())
        if not faults:
            return
        words = [sentence(self.env, finding) for finding in faults[:SHOWN]]
        if len(faults) > SHOWN:
            words.append(self.env._("And %s more.", len(faults) - SHOWN))
        raise UserError(
            self.env._(
                "Grid %(name)s cannot be published as it is:\n%(faults)s",
                name=self.name,
                faults="\n".join(f"– {word}" for word in words),
            )
        )

    def _ask_about_doubts(self, state):
        """From a screen, doubts are shown before it is published.

        :return: action of the dialog that asks; None where there is nothing to ask
        """
        if len(self) != 1 or not self.env.context.get("beepost_ask"):
            return None
        if not self.line_ids or self.state in ("closed", state):
            return None  # refused with a word of its own
        findings = self._findings()
        if not findings or any(f.level == ERROR for f in findings):
            return None
        return self._open_compare(state)

    def _open_compare(self, publish_state=False):
        compare = self.env["beepost.postage.compare"].create(
            {
                "tariff_id": self.tariff_id.id,
                "old_id": self._former().id,
                "new_id": self.id,
                "publish_state": publish_state,
            }
        )
        # Now, by whoever compares: only he may read the lines.
        compare.mapped("line_ids")
        title = (
            self.env._("Publish this grid?")
            if publish_state
            else self.env._("Compare grids")
        )
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": compare._name,
            "res_id": compare.id,
            "view_mode": "form",
            "target": "new",
            "context": {"dialog_size": "extra-large"},
        }

    def action_compare(self):
        """Beside the grid that this one follows."""
        self.ensure_one()
        return self._open_compare()

    def action_export_csv(self):
        return self._download("csv")

    def action_export_xlsx(self):
        return self._download("xlsx")

    def _download(self, kind):
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_url",
            "url": f"/beepost/postage/grid/{self.id}.{kind}",
            "target": "download",
        }

    def action_import(self):
        """Prices from a file, for the tariff of this grid."""
        self.ensure_one()
        return self.tariff_id.action_import()

    def action_open_letters(self):
        """Letters that have their price from this grid."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_mail.action_mailing"
        )
        action["domain"] = [
            "|",
            ("postage_grid_id", "=", self.id),
            ("postage_public_grid_id", "=", self.id),
        ]
        action["context"] = {}
        return action


class BeepostPostageTariff(models.Model):
    _inherit = "beepost.postage.tariff"

    jump_percent = fields.Float(
        string="Mention jumps over (%)",
        default=15.0,
        digits=(5, 2),
        help="Before a new grid is published, prices that differ by more than this from"
        " the former ones are named.",
    )

    _jump = models.Constraint(
        "CHECK(jump_percent >= 0)", "A jump is mentioned from a percentage on."
    )

    def _audit(self, grid, former):
        """:param grid: ``tariff.grid.Grid`` of this tariff, drafts too"""
        self.ensure_one()
        public = self.public_id
        return audit(
            grid,
            former,
            self.env["beepost.postage"]._room_tariffs(public)[public.id]
            if public
            else None,
            self._room_services(),
            self.env["beepost.postage.zone"]._room_zones(),
            self._jump_percent(),
        )

    def _jump_percent(self):
        return Decimal(f"{self.jump_percent:.2f}")

    def _room_services(self):
        """Services that accounts of this tariff post with."""
        services = self.env["beepost.service"].sudo().search([("code", "!=", False)])
        if self.company_id:
            services = services.filtered(
                lambda service: (
                    service.company_id in (self.env["res.company"], self.company_id)
                )
            )
        return [
            Service(
                service.name,
                frozenset(service.postage_product_ids.mapped("code")),
                service._wanted_options(),
            )
            for service in services
        ]
