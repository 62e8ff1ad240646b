from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import NO_ACCESS

from .status import REASON, SOURCE

REASONS = dict(REASON)


class BeepostEvent(models.Model):
    """Something that happened to a letter, as its provider told it.

    The log is append-only: an event is never changed, and what a letter's stage is
    follows from the set of them (``journey.fold``).
    """

    _name = "beepost.event"
    _description = "Event of a Letter"
    _inherit = ["beepost.letter.part"]
    _order = "happened_at desc, id desc"

    account_id = fields.Many2one(
        "beepost.account", required=True, readonly=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True
    )
    source = fields.Selection(SOURCE, required=True, readonly=True)
    external_id = fields.Char(string="Provider's event", required=True, readonly=True)
    client_reference = fields.Char(string="Our reference", readonly=True)
    provider_reference = fields.Char(string="BeePOST reference", readonly=True)
    tracking_number = fields.Char(readonly=True)
    code = fields.Char(string="Provider's code", required=True, readonly=True)
    label = fields.Char(string="Provider's words", readonly=True)
    wording_id = fields.Many2one(
        "beepost.wording", required=True, readonly=True, ondelete="restrict"
    )
    canonical = fields.Selection(related="wording_id.canonical", string="Means")
    happened_at = fields.Datetime(string="Happened", required=True, readonly=True)
    received_at = fields.Datetime(
        string="Learnt", required=True, readonly=True, default=fields.Datetime.now
    )
    place = fields.Char(readonly=True)
    reason = fields.Char(string="Reason, in the provider's words", readonly=True)
    proof_kind = fields.Char(readonly=True)
    # Signatures and addresses may be in it.
    raw = fields.Text(string="As it came (JSON)", readonly=True, groups=NO_ACCESS)

    _once = models.UniqueIndex("(account_id, source, external_id)")
    _reference_idx = models.Index("(client_reference)")
    # For those whose meaning changes, letter by letter.
    _wording_idx = models.Index("(wording_id, mailing_id)")
    _order_idx = models.Index("(company_id, happened_at DESC, id DESC)")

    def write(self, vals):
        if set(vals) - self._may_change():
            raise UserError(
                self.env._("An event is evidence of what was told, and stays as it is.")
            )
        return super().write(vals)

    def _erase_personal_data(self, names):
        # OVERRIDE: past the guard of ``write``, here and nowhere else.
        # pylint: disable=super-method-mismatch
        # A reason that is one of our codes names nobody, and the journey needs it.
        worded = self.filtered(lambda e: e.reason and e.reason not in REASONS)
        super(BeepostEvent, worded).write({"reason": False})
        return super().write(dict.fromkeys(names, False))

    @api.model
    def _may_change(self):
        """Fields that may be written once more: a stray event finds its letter."""
        return {"mailing_id"}

    def _reason_code(self):
        """Why a letter came back: the event's own reason where it is one that we know,
        else the one that its wording stands for."""
        self.ensure_one()
        return self.reason if self.reason in REASONS else self.wording_id.reason
