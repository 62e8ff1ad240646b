from markupsafe import Markup

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from odoo.addons.beepost_mail.letter.finding import ERROR

from ..models import postage_words
from ..models.postage_grid_words import percent, sentence, step_name
from ..models.postage_words import product_name
from ..tariff.compare import SAME, STEP, Reference, compare

STATES = [
    ("new", "New"),
    ("removed", "No longer"),
    ("changed", "Changed"),
    ("same", "As before"),
    ("unpriced", "No public price"),
]


class BeepostPostageCompare(models.TransientModel):
    """Two grids of a tariff beside each other, and what an administrator should look
    at before the new one is published."""

    _name = "beepost.postage.compare"
    _description = "Compare Postage Grids"

    tariff_id = fields.Many2one("beepost.postage.tariff", required=True, readonly=True)
    old_id = fields.Many2one(
        "beepost.postage.grid",
        string="Former grid",
        domain="[('tariff_id', '=', tariff_id), ('id', '!=', new_id)]",
    )
    new_id = fields.Many2one(
        "beepost.postage.grid",
        string="New grid",
        required=True,
        domain="[('tariff_id', '=', tariff_id), ('id', '!=', old_id)]",
    )
    only_changes = fields.Boolean(string="Only what changes", default=True)
    publish_state = fields.Char(readonly=True)
    currency_id = fields.Many2one(related="tariff_id.currency_id")
    has_faults = fields.Boolean(compute="_compute_notes")
    notes = fields.Html(compute="_compute_notes")
    # As whoever compares: not as superuser, as stored fields would be.
    summary = fields.Char(compute="_compute_lines", compute_sudo=False, store=True)
    line_ids = fields.One2many(
        "beepost.postage.compare.line",
        "wizard_id",
        compute="_compute_lines",
        compute_sudo=False,
        store=True,
        readonly=True,
    )

    @api.depends("old_id", "new_id", "only_changes")
    def _compute_lines(self):
        for wizard in self:
            changes = wizard._changes()
            counts = {state: 0 for state, _label in STATES}
            for change in changes:
                counts[change.status] += 1
            wizard.summary = self.env._(
                "%(changed)s changed, %(new)s new, %(removed)s no longer there,"
                " %(same)s as before.",
                changed=counts["changed"] + counts["unpriced"],
                new=counts["new"],
                removed=counts["removed"],
                same=counts["same"],
            )
            wizard.line_ids = [
                Command.clear(),
                *(
                    Command.create(wizard._prepare_line_vals(change))
                    for change in changes
                    if change.status != SAME or not wizard.only_changes
                ),
            ]

    def _changes(self):
        """Only of grids that this user may read."""
        (self.old_id | self.new_id).check_access("read")
        Postage = self.env["beepost.postage"]
        public = self.tariff_id.sudo().public_id
        rooms = Postage._room_tariffs(public)
        zones = self.env["beepost.postage.zone"]._room_zones()
        return compare(
            Postage._room_grid(self.old_id),
            Postage._room_grid(self.new_id),
            Reference(rooms.get(public.id), zones),
        )

    def _prepare_line_vals(self, change):
        env = self.env
        names = [product_name(env, code) for code in change.products]
        if change.kind == STEP:
            label, detail = names[0], [step_name(env, change.end, change.unit)]
        else:
            label, detail = postage_words.option_name(env, change.kind), names
        if change.min_quantity > 1:
            detail.append(env._("from %s letters", change.min_quantity))
        if change.above_grams:
            detail.append(env._("above %s g", change.above_grams))
        detail += [text for text in (change.format_class, change.envelope) if text]
        if change.tax_changed:
            detail.append(env._("taxed differently"))
        return {
            "label": label,
            "detail": ", ".join(detail),
            "zone": change.zone and postage_words.zone_name(env, change.zone),
            "old_price": change.old and postage_words.euros(env, change.old),
            "new_price": change.new and postage_words.euros(env, change.new),
            "difference": change.difference
            and postage_words.euros(env, change.difference),
            "percent": change.difference
            and change.percent is not None
            and percent(env, change.percent),
            "is_dearer": bool(change.difference and change.difference > 0),
            "is_jump": change.jumps(self.tariff_id._jump_percent()),
            "state": change.status,
        }

    @api.depends("old_id", "new_id")
    def _compute_notes(self):
        Postage = self.env["beepost.postage"]
        for wizard in self:
            (wizard.old_id | wizard.new_id).check_access("read")
            new = Postage._room_grid(wizard.new_id)
            found = ()
            if new:
                old = Postage._room_grid(wizard.old_id)
                found = wizard.tariff_id.sudo()._audit(new, old)
            wizard.has_faults = any(f.level == ERROR for f in found)
            wizard.notes = (
                Markup("<ul>%s</ul>")
                % Markup().join(
                    Markup('<li class="%s">%s</li>')
                    % (
                        "text-danger" if finding.level == ERROR else "",
                        sentence(self.env, finding),
                    )
                    for finding in found
                )
                if found
                else False
            )

    def action_publish(self):
        """Publishes what was shown, its doubts known.

        :raises UserError: the dialog was not opened to publish, or there are faults
        """
        self.ensure_one()
        if self.publish_state not in ("announced", "confirmed"):
            raise UserError(self.env._("This dialog only compares."))
        self.new_id.check_access("write")
        self.new_id._publish(self.publish_state)
        return {"type": "ir.actions.act_window_close"}


class BeepostPostageCompareLine(models.TransientModel):
    _name = "beepost.postage.compare.line"
    _description = "Compared Postage Price"

    wizard_id = fields.Many2one(
        "beepost.postage.compare", required=True, ondelete="cascade"
    )
    label = fields.Char(string="Product or option")
    detail = fields.Char(string="Step")
    zone = fields.Char()
    old_price = fields.Char(string="So far")
    new_price = fields.Char(string="New price")
    difference = fields.Char()
    percent = fields.Char(string="%")
    is_dearer = fields.Boolean()
    is_jump = fields.Boolean()
    state = fields.Selection(STATES)
