from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ..journey.codes import ENDING_FROM, RANKS, STOPPED
from .status import STATUS

# Shown in the stage of another code as long as nobody has made one of its own.
STANDS_IN = {
    "out_for_delivery": "in_transit",
    "returning": "undeliverable",
}


class BeepostStage(models.Model):
    """A column of the kanban, and what it stands for.

    Names, order and colours are the administrator's; the canonical code decides which
    letters stand here. Several stages may share a code: the table of wordings
    (``beepost.wording``) then says which of the provider's words leads to which.
    """

    _name = "beepost.stage"
    _description = "Stage of a Letter"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    code = fields.Selection(
        STATUS,
        string="Stands for",
        required=True,
        help="What has happened to the letters of this stage, whatever it is called.",
    )
    color = fields.Integer()
    fold = fields.Boolean(string="Folded in the kanban")
    ends = fields.Boolean(
        string="Ends the journey",
        compute="_compute_ends",
        help="Nothing more is expected of letters that stand here.",
    )
    active = fields.Boolean(default=True)
    description = fields.Text(translate=True)

    @api.depends("code")
    def _compute_ends(self):
        for stage in self:
            rank = RANKS.get(stage.code, 0)
            stage.ends = stage.code in ("delivered", "returned", *STOPPED) or (
                rank >= ENDING_FROM and stage.code not in ("undeliverable", "returning")
            )

    @api.model
    def _by_code(self):
        """:return: {canonical code: the stage that shows it}; every code has one, but
        for the moment of installation when there are none
        """
        found = {}
        for stage in self.search(
            [("active", "=", True)], order="sequence desc, id desc"
        ):
            found[stage.code] = stage
        for code, other in STANDS_IN.items():
            found.setdefault(code, found.get(other, self.browse()))
        return found

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last(self):
        self._require_others()

    def _require_others(self):
        """Letters of every kind have a stage to stand in, also without ``self``."""
        shown = set((self.search([("active", "=", True)]) - self).mapped("code"))
        labels = dict(self._fields["code"]._description_selection(self.env))
        for code in set(self.mapped("code")) - shown - set(STANDS_IN):
            raise ValidationError(
                self.env._(
                    "No stage would be left for letters that are “%(status)s”. Make"
                    " another one with this meaning first.",
                    status=labels[code],
                )
            )

    def write(self, vals):
        changed = self.filtered(
            lambda stage: stage.code != vals.get("code", stage.code)
        )
        if not vals.get("active", True) or changed:
            (changed or self)._require_others()
        if changed:
            if (
                self.env["beepost.mailing"]
                .sudo()
                .search_count([("stage_id", "in", changed.ids)], limit=1)
            ):
                raise UserError(
                    self.env._(
                        "Letters stand in this stage: its meaning stays. Make another"
                        " stage instead."
                    )
                )
        return super().write(vals)
