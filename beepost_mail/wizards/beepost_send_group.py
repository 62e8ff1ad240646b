from odoo import api, fields, models


class BeepostSend(models.TransientModel):
    """How many envelopes a tick makes of many documents."""

    _inherit = "beepost.send"

    envelope_count = fields.Integer(
        string="Envelopes",
        compute="_compute_envelope_count",
        help="More where an envelope does not hold all documents of an addressee.",
    )

    @api.depends(
        "move_ids",
        "skip_posted",
        "together",
        "own_options",
        "service_id",
        "color",
        "duplex",
        "address_sheet",
        "account_id",
    )
    def _compute_envelope_count(self):
        for wizard in self:
            moves = wizard._sendable(wizard.move_ids._origin._beepost_obstacles())
            wizard.envelope_count = len(
                wizard._envelope_keys(moves) if wizard.together else moves
            )

    def _envelope_keys(self, moves):
        """What tells the envelopes of these documents apart, before there are letters;
        one that must lie alone has a key of its own."""
        electronic = moves._beepost_must_be_electronic()
        windows = {
            partner: partner._beepost_address()[0] for partner in moves.partner_id
        }
        registered = self.env["beepost.service"].search([("registered", "=", True)])
        keys = set()
        for move in moves:
            address, options = windows[move.partner_id], self._options_for(move)
            options.pop("planned_at", None)
            is_apart = not address or (
                options["service_id"] in registered.ids and not self._joins_registered()
            )
            keys.add(
                (
                    move.company_id.id,
                    move.commercial_partner_id.id,
                    move in electronic,
                    address and address.lines,
                    tuple(sorted(options.items())),
                    is_apart and move.id,
                )
            )
        return keys
