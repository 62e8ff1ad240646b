import math

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.safe_eval import safe_eval

from ..journey import promise
from ..journey.codes import EXCEPTION, TO_SEND, UNKNOWN

# Each number of the overview opens the letters behind it by a filter of the letters'
# search view; a test holds both together.
FILTERS = {
    "to_send_count": "to_send",
    "refused_count": "refused",
    "doubt_count": "in_doubt",
    "trouble_count": "trouble",
    "late_count": "late",
    "came_back_count": "came_back",
    "delivered_count": "delivered_lately",
    "measured_count": "measured_lately",
}
BY_STATUS = {
    "to_send_count": TO_SEND,
    "refused_count": "rejected",
    "doubt_count": UNKNOWN,
    "trouble_count": EXCEPTION,
}
BY_DOMAIN = {
    "late_count": [
        ("promise", "=", promise.MISSED),
        ("deposit_date", "=", False),
        ("status", "in", ("received", "producing", EXCEPTION)),
    ],
    "came_back_count": [("return_state", "=", "open")],
    "delivered_count": [
        ("status", "=", "delivered"),
        ("delivered_at", ">=", "today -30d"),
    ],
}
MEASURED = [
    ("promise", "in", (promise.KEPT, promise.MISSED)),
    ("due_on", ">=", "today -30d"),
]


class BeepostAccount(models.Model):
    """The overview: how the letters of each account fare, at a glance. Everyone
    counts the letters that he may see."""

    _inherit = "beepost.account"

    to_send_count = fields.Integer(string="To send", compute="_compute_overview")
    refused_count = fields.Integer(string="Refused", compute="_compute_overview")
    doubt_count = fields.Integer(string="In doubt", compute="_compute_overview")
    trouble_count = fields.Integer(string="In trouble", compute="_compute_overview")
    late_count = fields.Integer(string="Late", compute="_compute_overview")
    came_back_count = fields.Integer(string="Came back", compute="_compute_overview")
    delivered_count = fields.Integer(
        string="Delivered in 30 days", compute="_compute_overview"
    )
    measured_count = fields.Integer(
        string="Measured in 30 days", compute="_compute_overview"
    )
    kept_rate = fields.Float(
        string="J+1 kept in 30 days (%)",
        compute="_compute_overview",
        digits=(5, 1),
        help="Of the letters promised for the last 30 days, those that La Poste had"
        " on the promised day.",
    )
    promised_rate = fields.Float(
        string="J+1 promised (%)", compute="_compute_promised_rate", digits=(5, 1)
    )

    @api.depends(
        "mailing_ids.status", "mailing_ids.promise", "mailing_ids.return_state"
    )
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_overview(self):
        standing = self._count_letters(
            [("status", "in", list(BY_STATUS.values()))], "status"
        )
        counts = {name: self._count_letters(BY_DOMAIN[name]) for name in BY_DOMAIN}
        measured = self._count_letters(MEASURED, "promise")
        for account in self:
            for name, status in BY_STATUS.items():
                account[name] = standing.get((account, status), 0)
            for name, count in counts.items():
                account[name] = count.get((account,), 0)
            kept = measured.get((account, promise.KEPT), 0)
            missed = measured.get((account, promise.MISSED), 0)
            account.measured_count = kept + missed
            account.kept_rate = rate(kept, kept + missed)

    def _count_letters(self, domain, *by):
        """:return: {(account, value of each of ``by``): number of letters}"""
        groups = self.env["beepost.mailing"]._read_group(
            Domain("account_id", "in", self.ids) & Domain(domain),
            ["account_id", *by],
            ["__count"],
        )
        return {tuple(key): count for *key, count in groups}

    def _compute_promised_rate(self):
        self.promised_rate = promise.PROMISED_RATE

    def action_open_counted(self):
        """The letters behind the number that the context names as ``counted``."""
        self.ensure_one()
        name = FILTERS[self.env.context["counted"]]
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_mail.action_mailing"
        )
        action["context"] = {
            "search_default_account_id": self.id,
            f"search_default_{name}": 1,
        }
        # A list: who counts wants to go through them.
        action["views"].sort(key=lambda view: view[1] != "list")
        return action

    def action_open_promise(self):
        """How the promise was kept day by day."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_tracking.action_promise"
        )
        action["context"] = {
            **safe_eval(action["context"]),
            "search_default_account_id": self.id,
        }
        return action


def rate(part, whole):
    """Percent, rounded down: 94.96 % is not the 95 % that was promised.

    >>> rate(9496, 10000)
    94.9
    """
    return math.floor(1000 * part / whole) / 10 if whole else 0.0
