from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import NO_ACCESS
from odoo.tools import format_date

from ..journey.codes import ADDRESS_REASONS
from .status import REASON

# What the window's lines are made of (``_beepost_parts``).
ADDRESS_FIELDS = frozenset(
    {
        "name",
        "is_company",
        "parent_id",
        "company_name",
        "street",
        "street2",
        "zip",
        "city",
        "state_id",
        "country_id",
    }
)
UNMARKED = {
    "beepost_returned_on": False,
    "beepost_return_reason": False,
    "beepost_returned_mailing_id": False,
}


class ResPartner(models.Model):
    """The address that a letter came back from, until it is another one.

    The mark speaks of the address that the contact has now: it is set only if the
    letter bore that address, and goes when the lines in the window change, when a later
    letter to the same lines is delivered, or when somebody says that they are right.
    """

    _inherit = "res.partner"

    beepost_returned_on = fields.Date(
        string="Letter came back on",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="A letter to this very address came back on that day.",
    )
    beepost_return_reason = fields.Selection(
        REASON,
        string="Why it came back",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
    # A contact may be shared by companies that do not see each other's letters.
    beepost_returned_mailing_id = fields.Many2one(
        "beepost.mailing", copy=False, groups=NO_ACCESS, index="btree_not_null"
    )
    beepost_return_is_practice = fields.Boolean(
        compute="_compute_beepost_return_is_practice",
        compute_sudo=True,
        groups="base.group_user",
    )
    beepost_return_notice = fields.Char(
        compute="_compute_beepost_return_notice", groups="base.group_user"
    )

    @api.depends("beepost_returned_mailing_id")
    def _compute_beepost_return_is_practice(self):
        for partner in self:
            letter = partner.beepost_returned_mailing_id
            partner.beepost_return_is_practice = letter.is_practice

    @api.depends("beepost_returned_on", "beepost_return_reason")
    @api.depends_context("lang")
    def _compute_beepost_return_notice(self):
        for partner in self:
            marked = partner.beepost_returned_on
            partner.beepost_return_notice = marked and partner._beepost_return_words()

    def _beepost_return_words(self):
        """When and why a letter to this address came back, and what to do."""
        self.ensure_one()
        labels = dict(
            self._fields["beepost_return_reason"]._description_selection(self.env)
        )
        figures = {
            "name": self.display_name,
            "date": format_date(self.env, self.beepost_returned_on),
            "reason": labels.get(self.beepost_return_reason, ""),
        }
        if self.beepost_return_is_practice:
            return self.env._(
                "Practice: a letter to %(name)s “came back” on %(date)s (%(reason)s)."
                " Nothing was posted, and nothing is known of the real address.",
                **figures,
            )
        if self.beepost_return_reason in ADDRESS_REASONS:
            return self.env._(
                "A letter to %(name)s came back on %(date)s (%(reason)s). Correct the"
                " address before you send again.",
                **figures,
            )
        if self.beepost_return_reason == "deceased":
            return self.env._(
                "A letter to %(name)s came back on %(date)s (%(reason)s). Find out whom"
                " to write to before you send again.",
                **figures,
            )
        if self.beepost_return_reason == "other":
            return self.env._(
                "A letter to %(name)s came back on %(date)s (%(reason)s). Check the"
                " address before you send again.",
                **figures,
            )
        return self.env._(
            "A letter to %(name)s came back on %(date)s (%(reason)s). The address may"
            " well be right: reach the addressee another way before you send again.",
            **figures,
        )

    # ------------------------------------------------------------------
    # The mark comes and goes
    # ------------------------------------------------------------------

    def _beepost_window_lines(self):
        """:return: as a letter keeps them in ``recipient``; empty if no letter can
        bear this address"""
        self.ensure_one()
        address, _findings = self._beepost_address()
        return "\n".join(address.lines) if address else ""

    @api.model
    def _beepost_note_returns(self, letters):
        """Marks the addressees of ``letters``, which came back, whose address is still
        the one that the letter bore.

        In whatever order news come, the same mark stays: the newest return's, unless a
        later letter to the same lines was delivered. A practice letter speaks only in a
        company that practises, and where nothing real is known.
        """
        letters = letters.sudo().filtered(
            lambda m: (
                m.recipient
                and (not m.is_practice or m.company_id._beepost_practises())
                and m.partner_id._beepost_window_lines() == m.recipient
            )
        )
        delivered = letters._delivered_to_same()
        for partner, candidates in letters.grouped("partner_id").items():
            former = partner.beepost_returned_mailing_id
            newest = (candidates | former).sorted(_weight)[-1:]
            if newest == former or any(
                _outdates(other, newest) for other in delivered.get(partner, ())
            ):
                continue
            partner._beepost_write_mark(
                {
                    "beepost_returned_on": newest.came_back_on
                    or newest._get_came_back_on(),
                    "beepost_return_reason": newest.return_reason,
                    "beepost_returned_mailing_id": newest.id,
                }
            )

    @api.model
    def _beepost_note_deliveries(self, letters):
        """A letter that arrived shows that its address is right after all."""
        for letter in letters.sudo():
            partner = letter.partner_id
            former = partner.beepost_returned_mailing_id
            if (
                former
                and letter.recipient == partner._beepost_window_lines()
                and _outdates(letter, former)
            ):
                partner._beepost_unmark()

    def _beepost_unmark(self):
        if self:
            self._beepost_write_mark(UNMARKED)

    def _beepost_write_mark(self, values):
        """Nothing of a contact's own hangs on these fields: core's ``write`` looks at
        its family each time, and hundreds of letters may come back at once."""
        models.Model.write(self, values)

    def write(self, vals):
        if not ADDRESS_FIELDS & set(vals):
            return super().write(vals)
        # A company's name stands on the letters of its people as well.
        marked = (
            self.env["res.partner"]
            .sudo()
            .with_context(active_test=False)
            .search(
                [("id", "child_of", self.ids), ("beepost_returned_on", "!=", False)]
            )
        )
        before = {partner: partner._beepost_window_lines() for partner in marked}
        result = super().write(vals)
        moved = marked.filtered(
            lambda p: p.beepost_returned_on and p._beepost_window_lines() != before[p]
        )
        moved._beepost_unmark()
        return result

    # ------------------------------------------------------------------
    # Buttons
    # ------------------------------------------------------------------

    def action_beepost_address_is_right(self):
        """A person states that letters may go to this address all the same."""
        if not self.env.user.has_group("beepost_mail.group_user"):
            raise AccessError(
                self.env._("Only users of the post may say that an address is right.")
            )
        self.check_access("write")
        marked = self.filtered("beepost_returned_on")
        for partner in marked:
            partner._message_log(
                body=self.env._(
                    "%(user)s states that this address is right, though a letter came"
                    " back on %(date)s.",
                    user=self.env.user.name,
                    date=format_date(self.env, partner.beepost_returned_on),
                )
            )
        marked.sudo()._beepost_unmark()
        return True

    def action_open_beepost_return(self):
        """The letter that came back, for whoever may see it."""
        self.ensure_one()
        self.check_access("read")
        letter = self.sudo().beepost_returned_mailing_id.sudo(False)
        letter.check_access("read")
        return letter._get_records_action(name=self.env._("Letter that came back"))


def _moment(letter):
    return letter.accepted_at or letter.create_date, letter.id


def _weight(letter):
    """Which of two returned letters speaks of the address: real before practice, then
    the one that left later."""
    return not letter.is_practice, _moment(letter)


def _outdates(delivered, returned):
    """Whether the delivered letter says more than the returned one."""
    return _moment(delivered) > _moment(returned) and (
        not delivered.is_practice or returned.is_practice
    )
