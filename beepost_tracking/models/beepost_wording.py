import unicodedata

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .status import MEANING, REASON, SOURCE


class BeepostWording(models.Model):
    """The label map: a provider's code or words, and what they mean here.

    An event's wording is looked for by code and label, then by code, then by label. A
    wording that nobody has seen before is added without a meaning: it stops nothing,
    and an administrator is told once.
    """

    _name = "beepost.wording"
    _description = "Provider's Wording"
    _order = "source, code, label"

    source = fields.Selection(SOURCE, required=True, default="beepost")
    code = fields.Char(default="", help="The provider's code; empty: any.")
    label = fields.Char(default="", help="The provider's words; empty: any.")
    key = fields.Char(compute="_compute_key", store=True)
    canonical = fields.Selection(
        MEANING, string="Means", help="Empty: not sorted out yet; moves no letter."
    )
    reason = fields.Selection(REASON, string="Reason of non-delivery")
    stage_id = fields.Many2one(
        "beepost.stage",
        string="Own stage",
        domain="[('code', '=', canonical)]",
        ondelete="restrict",
        help="Empty: the first stage with this meaning.",
    )
    event_count = fields.Integer(compute="_compute_event_count")

    _unique = models.UniqueIndex(
        "(source, COALESCE(code, ''), key)", "This wording is in the table already."
    )

    @api.depends("label")
    def _compute_key(self):
        for wording in self:
            wording.key = normalized(wording.label)

    @api.depends("code", "label")
    def _compute_display_name(self):
        for wording in self:
            wording.display_name = " ".join(
                filter(None, [wording.code and f"[{wording.code}]", wording.label])
            )

    def _compute_event_count(self):
        counts = dict(
            self.env["beepost.event"]._read_group(
                [("wording_id", "in", self.ids)], ["wording_id"], ["__count"]
            )
        )
        for wording in self:
            wording.event_count = counts.get(wording, 0)

    @api.constrains("code", "label")
    def _check_says_something(self):
        if any(not (wording.code or wording.key) for wording in self):
            raise ValidationError(
                self.env._("A wording needs the provider's code, or its words.")
            )

    @api.constrains("canonical", "stage_id", "reason")
    def _check_meaning(self):
        for wording in self:
            if wording.stage_id and wording.stage_id.code != wording.canonical:
                raise ValidationError(
                    self.env._(
                        "Stage “%(stage)s” stands for something else than this wording"
                        " means.",
                        stage=wording.stage_id.name,
                    )
                )
            if wording.reason and wording.canonical != "undeliverable":
                raise ValidationError(
                    self.env._("Only an undeliverable letter has a reason for it.")
                )

    def write(self, vals):
        """A new meaning moves the letters whose events have this wording."""
        if not {"canonical", "stage_id", "reason"} & set(vals):
            return super().write(vals)
        events = (
            self.env["beepost.event"].sudo().search([("wording_id", "in", self.ids)])
        )
        with events.mailing_id._noticing_news():
            return super().write(vals)

    def action_open_events(self):
        """What was told in these words."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "beepost_tracking.action_event"
        )
        action["domain"] = [("wording_id", "=", self.id)]
        return action

    @api.model
    def _resolve(self, source, events):
        """The wording of each event; unknown ones are made.

        :param events: with ``code`` and ``label``
        :return: {(code, label): wording}, wordings that are new)
        """
        known = {
            (wording.code or "", wording.key or ""): wording
            for wording in self.search([("source", "=", source)])
        }
        found, new = {}, self.browse()
        for code, label in dict.fromkeys((e.code, e.label) for e in events):
            key = normalized(label)
            wording = next(
                (known[k] for k in ((code, key), (code, ""), ("", key)) if k in known),
                None,
            )
            if not wording:
                wording = self.create({"source": source, "code": code, "label": label})
                known[code, key] = wording
                new += wording
            found[code, label] = wording
        return found, new


def normalized(text):
    """Words as they are compared: without case, accents and outer spaces.

    >>> normalized("  Déposé  à la Poste ")
    'depose a la poste'
    """
    plain = unicodedata.normalize("NFKD", (text or "").casefold().replace("’", "'"))
    return " ".join("".join(c for c in plain if not unicodedata.combining(c)).split())
