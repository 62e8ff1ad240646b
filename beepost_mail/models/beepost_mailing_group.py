from dataclasses import replace
from datetime import timezone

from odoo import api, fields, models
from odoo.fields import Domain

from ..letter import grouping as room
from ..letter.calendar import paris_day
from .beepost_confidentiality import LEVELS, ORDER
from .beepost_mailing import NOT_GONE


class BeepostMailing(models.Model):
    """Several letters become one envelope (fr: *regroupement*).

    The oldest letter keeps its reference and takes the documents of the others, which
    end as cancelled, with a link to it. Each document goes on seeing one letter.
    """

    _inherit = "beepost.mailing"

    grouping = fields.Selection(
        [
            ("lot", "With the letters sent together with it"),
            ("day", "With the letters of the day"),
        ],
        string="To be put together",
        readonly=True,
        copy=False,
        help="The letter waits until those to the same address are there, and shares an"
        " envelope with them.",
    )
    grouped_into_id = fields.Many2one(
        "beepost.mailing",
        string="Its documents leave with",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    grouped_ids = fields.One2many(
        "beepost.mailing", "grouped_into_id", string="Put together with", readonly=True
    )
    confidentiality = fields.Selection(
        LEVELS,
        compute="_compute_confidentiality",
        store=True,
        help="The highest level of the documents in the envelope.",
    )
    shares_envelope = fields.Boolean(
        string="Could share an envelope",
        compute="_compute_shares_envelope",
        search="_search_shares_envelope",
        help="Another letter that waits goes to the same address in the same way.",
    )

    _grouping_idx = models.Index("(account_id, id) WHERE grouping IS NOT NULL")

    @api.depends("document_ids.res_model")
    def _compute_confidentiality(self):
        kinds = self.document_ids._kinds_behind()
        levels = self.env["beepost.confidentiality"]._levels(
            set().union(*kinds.values())
        )
        for letter in self:
            found = {levels[one] for line in letter.document_ids for one in kinds[line]}
            letter.confidentiality = max(found or ORDER[:1], key=ORDER.index)

    # ------------------------------------------------------------------
    # Who belongs together
    # ------------------------------------------------------------------

    def _leaving_domain(self):
        # EXTENDS the planned letters: whoever waits for company is not prepared yet
        domain = super()._leaving_domain()
        if self.env.context.get("beepost_putting_together"):
            return domain
        return domain & Domain("grouping", "=", False)

    @api.model
    def _groupable_domain(self):
        """Letters that surely never left: only these may still change envelopes."""
        return (
            Domain("state", "in", NOT_GONE)
            & Domain("in_doubt", "=", False)
            & Domain("first_sent_at", "=", False)
            & Domain("document_ids", "!=", False)
        )

    def _as_waiting(self, registered=False):
        """
        :param registered: whether registered letters may share envelopes as well
        :return: {letter: ``letter.grouping.Waiting``}
        """
        today = paris_day(_utc(fields.Datetime.now()))
        made = {}
        papers = self.sudo().document_ids._as_papers()
        for letter in self.sudo():
            planned = letter.planned_at and paris_day(_utc(letter.planned_at))
            key = room.Key(
                company=letter.company_id.id,
                sender=letter.sender or "",
                recipient=f"{letter.recipient or ''}\n{letter.country_code or ''}",
                family=letter.partner_id.commercial_partner_id.id,
                account=letter.account_id.id,
                service=letter.service_id.id,
                color=letter.color,
                duplex=letter.duplex,
                address_sheet=letter.address_sheet,
                confidentiality=letter.confidentiality,
                is_copy=letter.is_copy,
                # What should have left is of today.
                day=max(planned or today, today),
                lot=letter.lot_id.id if letter.grouping == "lot" else 0,
            )
            made[letter] = room.Waiting(
                number=letter.id,
                key=key,
                # Where nobody counted yet, one page at least.
                papers=tuple(
                    replace(papers[line], pages=papers[line].pages or 1)
                    for line in letter.document_ids
                ),
                with_sheet=letter._expects_address_sheet(),
                alone=letter._travels_alone(registered),
                counted=all(line.pages for line in letter.document_ids),
                sheet_is_sure=letter._knows_address_sheet(),
            )
        return made

    def _knows_address_sheet(self):
        self.ensure_one()
        return bool(self.pdf_id) or self.address_sheet != "auto"

    def _expects_address_sheet(self):
        """As prepared; before that nobody knows whether the window shows the address,
        unless it was chosen."""
        self.ensure_one()
        if self.pdf_id:
            return self.has_address_sheet
        return self.address_sheet != "never"

    def _travels_alone(self, registered=False):
        """A registered letter is proof of one posting. What replaces a letter that left
        stays with that one's story."""
        self.ensure_one()
        origin = self.origin_id
        asked = self.grouping == "lot" and (self.lot_id.options or {}).get(
            "together_registered"
        )
        return bool(
            self.service_id.registered
            and not (registered or asked)
            or not self.recipient
            or origin
            and origin.state != "cancelled"
        )

    def _find_groups(self, registered=False):
        """The envelopes that these letters would fill, each a recordset, the letter
        that would carry the others first; those that stay alone are groups too."""
        waiting = self._as_waiting(registered)
        groups = room.group(waiting.values(), self.account_id._group_bounds())
        return [
            self.sudo().browse([one.number for one in members]) for members in groups
        ]

    # ------------------------------------------------------------------
    # Proposals
    # ------------------------------------------------------------------

    @api.depends("state", "planned_at", "recipient", "partner_id")
    @api.depends_context("uid")
    def _compute_shares_envelope(self):
        proposed = self.browse()
        waiting = self.filtered(lambda letter: letter.state in NOT_GONE)
        if waiting:
            private = waiting.sudo()
            proposed = self._proposed(
                Domain("account_id", "in", private.account_id.ids),
                Domain("recipient", "in", private.mapped("recipient")),
            )
        for letter in self:
            letter.shares_envelope = letter in proposed

    def _search_shares_envelope(self, operator, value):
        if operator != "in":
            return NotImplemented
        return Domain("id", "in", self._proposed(Domain.TRUE).ids)

    @api.model
    def _proposed(self, domain, private=Domain.TRUE):
        """Waiting letters of which two or more fit into one envelope, where the company
        wants to hear of it. Page counts that are not known yet are taken as one: what
        does not fit shows when they are put together.

        :param private: domain of fields that not everybody may read
        """
        seen = self.search(Domain("state", "in", NOT_GONE) & domain)
        letters = self.sudo().search(
            self._groupable_domain() & Domain("id", "in", seen.ids) & private
        )
        companies = letters.company_id.filtered(
            lambda company: company._beepost_house().beepost_grouping != "none"
        )
        letters = letters.filtered(lambda letter: letter.company_id in companies)
        groups = [group for group in letters._find_groups() if len(group) > 1]
        return self.browse([letter.id for group in groups for letter in group])


def _utc(moment):
    return moment.replace(tzinfo=timezone.utc)
