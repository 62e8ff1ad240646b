from collections import Counter

from markupsafe import Markup

from odoo import api, fields, models
from odoo.fields import NO_ACCESS, Domain

from .beepost_mailing import NOT_GONE

FAILED = ("rejected", "unknown")
HELD = ("paused", "cancelled")  # their letters do not leave
SHOWN = 50  # documents named


class BeepostLot(models.Model):
    """What one person sent by post together, and with which options."""

    _name = "beepost.lot"
    _description = "Lot of Letters"
    _inherit = ["mail.thread"]
    _order = "id desc"
    _mail_post_access = "read"

    name = fields.Char(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    user_id = fields.Many2one(
        "res.users", string="Sent by", required=True, readonly=True
    )
    state = fields.Selection(
        [
            ("running", "In progress"),
            ("paused", "Paused"),
            ("cancelled", "Cancelled"),
            ("done", "Done"),
        ],
        default="running",
        required=True,
        readonly=True,
        copy=False,
        help="Paused: letters that have not left wait until the lot is resumed."
        " Cancelled: what had not left never will. Done: nothing waits any more.",
    )
    # Its author is told of the end at that moment, and never again.
    closed_at = fields.Datetime(string="Finished", readonly=True, copy=False)
    options = fields.Json(readonly=True)
    expected = fields.Integer(
        string="Documents", readonly=True, help="Documents chosen by the sender."
    )
    # Invoices of which core is to make the PDF first. One without a letter in the end
    # is named to the author.
    ordered_move_ids = fields.Many2many(
        "account.move", "beepost_lot_ordered_move", groups=NO_ACCESS, copy=False
    )
    dropped = fields.Integer(
        readonly=True,
        copy=False,
        help="Documents whose letters were not made because the lot was cancelled, or"
        " its making stopped.",
    )
    mailing_ids = fields.One2many("beepost.mailing", "lot_id", readonly=True)
    letter_count = fields.Integer(compute="_compute_counts")
    accepted_count = fields.Integer(compute="_compute_counts")
    grouped_count = fields.Integer(
        string="In another envelope",
        compute="_compute_counts",
        help="Letters that BeePOST accepted in the envelope of another letter.",
    )
    refused_count = fields.Integer(compute="_compute_counts")
    cancelled_count = fields.Integer(string="Cancelled", compute="_compute_counts")
    waiting_count = fields.Integer(compute="_compute_counts")
    missing_count = fields.Integer(
        string="Not made",
        compute="_compute_counts",
        help="No letter was made of these documents: their own chatter says why.",
    )
    progress = fields.Float(compute="_compute_counts")
    leaves_at = fields.Datetime(
        string="Next letters leave on",
        compute="_compute_leaves_at",
        help="Letters of this lot are planned: the first of them leave then.",
    )
    failed_ids = fields.Many2many(
        "beepost.mailing", string="Refused letters", compute="_compute_failures"
    )
    missing_list = fields.Html(
        string="Documents without a letter", compute="_compute_missing_list"
    )
    cost = fields.Char(compute="_compute_cost")

    # Few of many lots are open, or kept back.
    _open_idx = models.Index("(id) WHERE closed_at IS NULL")
    _held_idx = models.Index("(id) WHERE state IN ('paused', 'cancelled')")

    @api.model_create_multi
    def create(self, vals_list):
        # Before these lots are there: they are of this database alone.
        ids = {vals.get("company_id") or self.env.company.id for vals in vals_list}
        for company in self.env["res.company"].browse(ids):
            for account in company._beepost_accounts():
                account._notice_restored_database()
        # Who, when and what are fields of the lot: no message need say it again.
        silent = self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        return super(BeepostLot, silent).create(vals_list).with_env(self.env)

    @api.depends(
        "mailing_ids.state",
        "mailing_ids.grouped_into_id.state",
        "expected",
        "dropped",
    )
    def _compute_counts(self):
        counts = self._count_states()
        rendering = self._count_rendering()
        for lot in self:
            by_state = counts[lot.id]
            lot.letter_count = by_state.total()
            lot.accepted_count = by_state["accepted"]
            lot.grouped_count = by_state["grouped"]
            lot.refused_count = by_state["rejected"] + by_state["unknown"]
            gone = lot.accepted_count + lot.grouped_count + lot.refused_count
            pending = rendering.get(lot.id, 0)
            lot.waiting_count = (
                lot.letter_count - gone - by_state["cancelled"] + pending
            )
            lot.cancelled_count = by_state["cancelled"] + lot.dropped
            known = lot.letter_count + pending + lot.dropped
            lot.missing_count = max(0, lot.expected - known)
            total = max(lot.expected, lot.letter_count)
            lot.progress = 100.0 * (total - lot.waiting_count) / total if total else 0.0

    def _count_states(self):
        """What became of the letters. One that lies in the envelope of another shares
        that one's fate: it is ``grouped`` where that was accepted.

        :return: {lot id: Counter of states}
        """
        counts = {lot.id: Counter() for lot in self}
        for lot, state, carrier_state, count in (
            self.env["beepost.mailing"]
            .sudo()
            ._read_group(
                [("lot_id", "in", self.ids)],
                ["lot_id", "state", "grouped_into_id.state"],
                ["__count"],
            )
        ):
            if carrier_state:
                state = "grouped" if carrier_state == "accepted" else carrier_state
            counts[lot.id][state] += count
        return counts

    @api.depends("mailing_ids.state", "mailing_ids.planned_at")
    def _compute_leaves_at(self):
        planned = dict(
            self.env["beepost.mailing"]
            .sudo()
            ._read_group(
                [
                    ("lot_id", "in", self.ids),
                    ("state", "in", NOT_GONE),
                    ("planned_at", ">", fields.Datetime.now()),
                ],
                ["lot_id"],
                ["planned_at:min"],
            )
        )
        for lot in self:
            lot.leaves_at = planned.get(lot.sudo(), False)

    @api.depends("mailing_ids.state", "mailing_ids.grouped_into_id.state")
    @api.depends_context("uid")
    def _compute_failures(self):
        Mailing = self.env["beepost.mailing"]
        found = Mailing.search(
            Domain("lot_id", "in", self.ids)
            & (
                Domain("state", "in", FAILED)
                | Domain("grouped_into_id", "any!", [("state", "in", FAILED)])
            )
        ).grouped("lot_id")
        for lot in self:
            letters = found.get(lot, Mailing)
            # The envelope that they lie in has the reasons.
            letters = letters.grouped_into_id | letters
            letters = letters._filtered_access("read")
            lot.failed_ids = letters.filtered(lambda m: m.state in FAILED)

    @api.depends("mailing_ids.state")
    @api.depends_context("uid")
    def _compute_missing_list(self):
        """Names are for those who may read the documents."""
        for lot in self:
            readable = lot._missing_moves()._filtered_access("read")
            items = [
                Markup("<li>%s</li>")
                % record_link(move, f"/odoo/account.move/{move.id}")
                for move in readable[:SHOWN]
            ]
            lot.missing_list = items and Markup("<ul>%s</ul>") % Markup().join(items)

    def _missing_moves(self):
        """Invoices whose letter was ordered, is not to be made any more, and is not
        there; with the rights of the user."""
        self.ensure_one()
        lot = self.sudo()
        moves = lot.ordered_move_ids.filtered(lambda move: not lot._orders(move))
        lines = lot.mailing_ids.document_ids
        carried = lines.filtered(lambda line: line.res_model == moves._name)
        missing = set(moves.ids) - set(carried.mapped("res_id"))
        return self.env[moves._name].browse(sorted(missing))

    def _compute_cost(self):
        for lot in self:
            lot.cost = lot._get_cost_sentence()

    def _get_cost_sentence(self):
        """Hook: what the letters of this lot cost, in words; the core knows no price.

        :return: a sentence, or ""
        """
        self.ensure_one()
        return ""

    # ------------------------------------------------------------------
    # Documents that have no letter yet
    # ------------------------------------------------------------------

    def _orders(self, move):
        """Whether core is still to make the PDF of ``move`` for this lot."""
        order = move.sending_data if isinstance(move.sending_data, dict) else {}
        options = order.get("beepost_options") or {}
        return move.state == "posted" and options.get("lot_id") == self.id

    def _drop_rendering(self):
        """Hook: letters still to be made of documents of this lot will not be made.

        One whose document is being rendered at this moment is made all the same, and
        cancelled like the others.

        :return: how many there were
        """
        self.ensure_one()
        lot = self.sudo()
        ordered = lot.ordered_move_ids.filtered(lot._orders).try_lock_for_update()
        ordered.sending_data = False
        lot.ordered_move_ids -= ordered
        text = self._dropped_words()
        ordered._message_log_batch(dict.fromkeys(ordered.ids, text))
        return len(ordered)

    @api.model
    def _dropped_words(self):
        return self.env._("Not sent by post: its lot was cancelled.")

    def _count_rendering(self):
        """Hook: what another addon, or another way of making letters, has yet to make
        keeps a lot from being done.

        :return: {lot id: documents whose PDF core is still to make}
        """
        self.env["account.move"].flush_model(["sending_data", "state"])
        self.flush_model(["ordered_move_ids"])
        self.env.cr.execute(
            """
            SELECT ordered.beepost_lot_id, COUNT(*)
              FROM beepost_lot_ordered_move ordered
              JOIN account_move move ON move.id = ordered.account_move_id
             WHERE ordered.beepost_lot_id = ANY(%s)
               AND move.state = 'posted'
               AND move.sending_data->'beepost_options'->>'lot_id'
                   = ordered.beepost_lot_id::text
             GROUP BY 1
            """,
            [self.ids],
        )
        return dict(self.env.cr.fetchall())

    def action_open_letters(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_mail.action_mailing"
        )
        action["domain"] = [("lot_id", "=", self.id)]
        action["context"] = {}
        return action


def record_link(record, path):
    """A link that works in the chatter, on a screen and in an e-mail."""
    return Markup('<a href="%s" data-oe-model="%s" data-oe-id="%s">%s</a>') % (
        path,
        record._name,
        record.id,
        record.display_name,
    )
