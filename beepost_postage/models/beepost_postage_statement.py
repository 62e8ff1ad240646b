from datetime import timedelta
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

MANAGER = "beepost_mail.group_manager"


class BeepostPostageStatement(models.Model):
    """What a provider billed for a period (fr: *relevé*), beside what was expected.

    Both days of the period are included, as provider and customer speak of a month.
    Lines come from the provider or from a file, never by hand; whoever manages the
    post compares them with the frozen prices and closes the check.
    """

    _name = "beepost.postage.statement"
    _description = "Postage Statement"
    _inherit = ["mail.thread"]
    _order = "date_to desc, id desc"
    _check_company_auto = True

    name = fields.Char(
        compute="_compute_name",
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )
    account_id = fields.Many2one(
        "beepost.account",
        required=True,
        index=True,
        ondelete="cascade",
        default=lambda self: self._default_account(),
        domain="[('company_id', 'in', allowed_company_ids)]",
    )
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    currency_id = fields.Many2one(
        "res.currency", default=lambda self: self.env.ref("base.EUR"), readonly=True
    )
    date_from = fields.Date(
        string="From", required=True, default=lambda self: self._default_period()[0]
    )
    date_to = fields.Date(
        string="To",
        required=True,
        default=lambda self: self._default_period()[1],
        help="The last day, included.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("compared", "Compared"), ("done", "Done")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    fetched_at = fields.Datetime(
        string="Asked of BeePOST on", readonly=True, copy=False
    )
    line_ids = fields.One2many(
        "beepost.postage.statement.line", "statement_id", readonly=True
    )
    letter_ids = fields.One2many(
        "beepost.postage.statement.letter", "statement_id", readonly=True
    )
    line_count = fields.Integer(compute="_compute_amounts", store=True)
    # Exact amounts are text on the lines; these columns are for lists and sums.
    billed_untaxed = fields.Float(
        string="Billed, without tax",
        digits=(14, 4),
        min_display_digits=2,
        compute="_compute_amounts",
        store=True,
    )
    expected_untaxed = fields.Float(
        string="Expected, without tax",
        digits=(14, 4),
        min_display_digits=2,
        compute="_compute_difference",
        store=True,
    )
    difference = fields.Float(
        digits=(14, 4),
        min_display_digits=2,
        compute="_compute_difference",
        store=True,
        help="Billed less expected, without tax. Above zero: billed too much.",
    )
    difference_count = fields.Integer(
        string="Letters with a difference", compute="_compute_difference", store=True
    )
    letter_count = fields.Integer(
        string="Letters", compute="_compute_difference", store=True
    )
    unpriced_count = fields.Integer(
        string="Letters without an expected price",
        compute="_compute_difference",
        store=True,
        help="They left unpriced: what is billed for them is compared with nothing, and"
        " is not in what was expected.",
    )
    rounding = fields.Float(
        string="Of it by rounding",
        digits=(14, 4),
        min_display_digits=2,
        compute="_compute_difference",
        store=True,
        help="What letters that are billed to the cent were rounded by, in all. No"
        " letter is to be looked at for it; a great sum says that the provider rounds"
        " every letter its own way: ask it to round once, on the bill.",
    )

    _days = models.Constraint(
        "CHECK(date_from <= date_to)",
        "The period of a statement ends on its first day or later.",
    )

    @api.model
    def _default_account(self):
        """A branch that posts through a company above it has no statements."""
        account = self.env.company._beepost_account().sudo(False)
        return account if account.sudo().company_id in self.env.companies else False

    @api.model
    def _default_period(self):
        """The whole month before this one."""
        today = self.env["beepost.postage.tariff"]._paris_today()
        end = today.replace(day=1) - timedelta(days=1)
        return end.replace(day=1), end

    @api.depends("account_id", "date_from", "date_to")
    def _compute_name(self):
        for statement in self:
            statement.name = " ".join(
                (
                    f"{statement.account_id.name or '?'}:",
                    fields.Date.to_string(statement.date_from) or "?",
                    "…",
                    fields.Date.to_string(statement.date_to) or "?",
                )
            )

    @api.depends("line_ids.exact_amount")
    def _compute_amounts(self):
        for statement in self:
            statement.line_count = len(statement.line_ids)
            statement.billed_untaxed = statement._billed_untaxed()

    @api.depends("letter_ids.figures", "letter_ids.reason")
    def _compute_difference(self):
        for statement in self:
            rows = statement.letter_ids
            statement.letter_count = len(rows)
            statement.difference_count = len(rows.filtered("is_different"))
            statement.expected_untaxed = rows._exact_sum("expected")
            statement.difference = rows._exact_sum("difference")
            statement.unpriced_count = len(
                rows.filtered(lambda row: row.reason == "unpriced")
            )
            by_rounding = rows.filtered(lambda row: row.reason == "rounding")
            statement.rounding = by_rounding._exact_sum("difference")

    def _billed_untaxed(self):
        """:return: ``Decimal``, EUR without tax"""
        return sum(map(Decimal, self.line_ids.mapped("exact_amount")), Decimal(0))

    # ------------------------------------------------------------------
    # Life of a record
    # ------------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_by_hand(vals)
        return super().create(vals_list)

    def write(self, vals):
        self._refuse_by_hand(vals)
        fixed = {"account_id", "date_from", "date_to"} & set(vals)
        if fixed and self.sudo().line_ids:
            raise UserError(
                self.env._(
                    "This statement has lines already: account and period stay. Remove"
                    " the lines first, or make another statement."
                )
            )
        return super().write(vals)

    def _refuse_by_hand(self, vals):
        """State and lines change through the buttons, which check what they do."""
        by_hand = {"state", "fetched_at", "line_ids", "letter_ids"} & set(vals)
        if by_hand and not self.env.su:
            raise AccessError(
                self.env._(
                    "Use the buttons of the statement to change this: %s",
                    ", ".join(
                        self._fields[name]._description_string(self.env)
                        for name in sorted(by_hand)
                    ),
                )
            )

    def copy_data(self, default=None):
        return super().copy_data({"name": False, **(default or {})})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if any(statement.state == "done" for statement in self):
            raise UserError(
                self.env._(
                    "A statement that is done is kept. Open it again first if it is"
                    " really wrong."
                )
            )

    def unlink(self):
        """Lines that the database deletes by itself would leave their letters billed,
        as nothing is computed again."""
        self.check_access("unlink")
        self._unlink_except_done()
        self.sudo().letter_ids.unlink()
        self.sudo().line_ids.unlink()
        return super().unlink()

    def _manage(self, states, what):
        """Locks ``self``, for whoever manages the post.

        :return: ``self`` as superuser
        :raises AccessError: not the user's to do
        :raises UserError: it is in another state, or somebody else is at it
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(
                self.env._("You need more rights on the post to do this: %s", what)
            )
        self.check_access("write")
        statements = self.sudo()
        if statements.try_lock_for_update() != statements:
            raise UserError(
                self.env._(
                    "Somebody else is at work on this statement. Try again in a minute."
                )
            )
        wrong = statements.filtered(lambda one: one.state not in states)
        if wrong:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._(
                    "%(what)s: not possible for statement %(name)s, which is"
                    " “%(state)s”.",
                    what=what,
                    name=wrong[0].name,
                    state=labels[wrong[0].state],
                )
            )
        return statements

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_compare(self):
        statements = self._manage(("draft", "compared"), self.env._("Compare"))
        for statement in statements:
            statement._compare()
        return True

    def action_done(self):
        statements = self._manage(("compared",), self.env._("Close the check"))
        statements.state = "done"
        return True

    def action_reopen(self):
        statements = self._manage(("done",), self.env._("Open again"))
        statements.state = "compared"
        return True

    def action_remove_lines(self):
        """All that was fetched or imported into this statement, by mistake."""
        statements = self._manage(("draft", "compared"), self.env._("Remove the lines"))
        statements._require_no_bill()
        statements.letter_ids.unlink()
        statements.line_ids.unlink()
        statements.write({"state": "draft", "fetched_at": False})
        return True

    def action_open_letters(self):
        """The letters of this statement, on the screen of letters."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_mail.action_mailing"
        )
        action["domain"] = [("id", "in", self.letter_ids.mailing_id.ids)]
        action["context"] = {}
        return action

    def action_open_differences(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_postage.action_statement_letter"
        )
        action["domain"] = [("statement_id", "=", self.id)]
        action["context"] = {"search_default_different": 1}
        return action
