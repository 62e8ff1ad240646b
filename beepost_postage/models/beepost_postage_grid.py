from odoo import api, fields, models
from odoo.exceptions import ValidationError

PUBLISHED = ("announced", "confirmed")


class BeepostPostageGrid(models.Model):
    """One dated version of a tariff: its steps and options (fr: *grille*).

    In force from ``valid_from`` until the day before ``valid_to``, Paris days. A draft
    prices nothing. A grid that has priced a letter is never changed again: a new
    version takes its place.
    """

    _name = "beepost.postage.grid"
    _description = "Postage Grid"
    _inherit = ["mail.thread"]
    _order = "tariff_id, valid_from desc, version desc, id desc"

    name = fields.Char(compute="_compute_name", store=True)
    tariff_id = fields.Many2one(
        "beepost.postage.tariff", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(related="tariff_id.company_id", store=True)
    currency_id = fields.Many2one(related="tariff_id.currency_id")
    version = fields.Integer(default=1, readonly=True, copy=False)
    former_id = fields.Many2one(
        "beepost.postage.grid", string="Replaces", readonly=True, copy=False
    )
    valid_from = fields.Date(required=True, tracking=True)
    valid_to = fields.Date(
        string="Until before",
        tracking=True,
        help="The first day on which this grid is no longer in force. Empty: until"
        " another one takes its place.",
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("announced", "Announced"),
            ("confirmed", "Confirmed"),
            ("closed", "Closed"),
        ],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
        help="A draft prices nothing. An announced grid does, and says that nobody has"
        " confirmed it. A closed one has been replaced.",
    )
    origin = fields.Char(
        string="Where it comes from",
        help="The letter, contract or page that these prices were taken from.",
    )
    vat_rate = fields.Float(
        string="VAT (%)", default=20.0, digits=(5, 2), required=True
    )
    round_to = fields.Selection(
        [("0.01", "Cent"), ("0.0001", "Four decimals")],
        string="Discounted prices to the",
        default="0.01",
        required=True,
    )
    # Raised by each change of a step or an option: whoever prices a letter meanwhile
    # with the former ones begins again.
    revision = fields.Integer(default=0, readonly=True, copy=False)
    # Written by the first price, so that whoever changes the grid at that moment, and
    # cannot see the letter yet, begins again: a lock alone would only make him wait.
    is_used = fields.Boolean(readonly=True, copy=False)
    line_ids = fields.One2many("beepost.postage.line", "grid_id", copy=True)
    option_ids = fields.One2many("beepost.postage.option", "grid_id", copy=True)
    line_count = fields.Integer(compute="_compute_counts")
    letter_count = fields.Integer(compute="_compute_counts")

    _days = models.Constraint(
        "CHECK(valid_to IS NULL OR valid_from < valid_to)",
        "A grid is in force for at least one day: the second date must be later than"
        " the first.",
    )
    _vat = models.Constraint(
        "CHECK(vat_rate >= 0 AND vat_rate < 100)", "VAT is a percentage below 100."
    )

    @api.depends("tariff_id.name", "valid_from", "version")
    def _compute_name(self):
        for grid in self:
            grid.name = grid._name_in_words()

    def _name_in_words(self):
        """The name with that of the tariff in the reader's language."""
        self.ensure_one()
        day = fields.Date.to_string(self.valid_from) if self.valid_from else "?"
        return f"{self.tariff_id.name}, {day}, v{self.version}"

    @api.depends("line_ids")
    def _compute_counts(self):
        Mailing = self.env["beepost.mailing"].sudo()
        own = Mailing._read_group(
            [("postage_grid_id", "in", self.ids)], ["postage_grid_id"], ["__count"]
        )
        as_public = Mailing._read_group(
            [("postage_public_grid_id", "in", self.ids)],
            ["postage_public_grid_id"],
            ["__count"],
        )
        counts = dict(own)
        for grid, count in as_public:
            counts[grid] = counts.get(grid, 0) + count
        for grid in self:
            grid.line_count = len(grid.line_ids)
            grid.letter_count = counts.get(grid, 0)

    def _is_published(self):
        return self.state in PUBLISHED

    # ------------------------------------------------------------------
    # What a grid may not be
    # ------------------------------------------------------------------

    @api.constrains("tariff_id", "valid_from", "valid_to", "state", "line_ids")
    def _check_steps_and_dates(self):
        """No step twice in a grid, and on no day two published grids for one thing."""
        for grid in self:
            grid._check_duplicate_steps()
            if grid._is_published():
                grid._check_overlap()

    def _check_duplicate_steps(self):
        seen = set()
        for line in self.line_ids:
            key = line._step_key()
            if key in seen:
                raise ValidationError(
                    self.env._(
                        "Grid %(grid)s has two lines for the same step: %(line)s."
                        " Remove one.",
                        grid=self.name,
                        line=line.display_name,
                    )
                )
            seen.add(key)
        kinds = {}
        for line in self.line_ids:
            matter = line._matter()
            if kinds.setdefault(matter, bool(line.max_sheets)) != bool(line.max_sheets):
                raise ValidationError(
                    self.env._(
                        "Grid %(grid)s counts %(line)s by weight in one line and by"
                        " sheets in another: choose one of them.",
                        grid=self.name,
                        line=line.display_name,
                    )
                )

    def _check_overlap(self):
        for other in self._rivals():
            if self._meets(other):
                raise ValidationError(
                    self.env._(
                        "Grids %(one)s and %(other)s would both be in force on the same"
                        " day. End the former one on the day on which the new one"
                        " begins, or close it.",
                        one=self.name,
                        other=other.name,
                    )
                )

    def _rivals(self):
        """Published grids of this tariff that price something of what this one does."""
        matters = self._matters()
        return (self.tariff_id.grid_ids - self).filtered(
            lambda other: other._is_published() and matters & other._matters()
        )

    def _matters(self):
        return {line._matter() for line in self.line_ids}

    def _meets(self, other):
        return (not other.valid_to or self.valid_from < other.valid_to) and (
            not self.valid_to or other.valid_from < self.valid_to
        )
