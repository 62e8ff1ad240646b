from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..letter import profile as room

ZONES = ("window", "quiet")


class BeepostProfile(models.Model):
    """How the provider prints and inserts: window, white zones, paper, envelopes.

    Distances are mm from the top-left corner of an A4 portrait page. The shipped
    values are estimates (source: the zones seen at French hybrid-mail printers) until
    BeePOST states its own; that is why they are data.
    """

    _name = "beepost.profile"
    _description = "Window Profile"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", help="Empty: for every company.")

    window_left = fields.Float(default=118.0, required=True)
    window_top = fields.Float(default=60.0, required=True)
    window_right = fields.Float(default=195.0, required=True)
    window_bottom = fields.Float(default=85.0, required=True)
    quiet_left = fields.Float(string="White zone left", default=105.0, required=True)
    quiet_top = fields.Float(string="White zone top", default=40.0, required=True)
    quiet_right = fields.Float(string="White zone right", default=210.0, required=True)
    quiet_bottom = fields.Float(string="White zone bottom", default=92.0, required=True)
    mark_width = fields.Float(
        default=15.0,
        required=True,
        help="Width of the corner at the bottom left that every page leaves white for"
        " the machine's marks. 0: none.",
    )
    mark_height = fields.Float(default=15.0, required=True)
    margin_mm = fields.Float(string="White margin", default=5.0, required=True)
    paper_gsm = fields.Integer(string="Paper weight (g/m²)", default=80, required=True)
    font_size_pt = fields.Float(string="Address font size", default=9.0, required=True)
    leading_pt = fields.Float(string="Address line pitch", default=10.0, required=True)
    envelope_ids = fields.One2many("beepost.profile.envelope", "profile_id", copy=True)

    _paper_positive = models.Constraint(
        "CHECK(paper_gsm > 0)", "Paper must weigh something."
    )

    @api.constrains(
        *(f"{z}_{side}" for z in ZONES for side in ("left", "top", "right", "bottom")),
        "mark_width",
        "mark_height",
        "margin_mm",
    )
    def _check_zones(self):
        for profile in self:
            try:
                value = profile._as_room_profile()
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "In profile %(name)s a zone has no surface: left must be"
                        " smaller than right, and top smaller than bottom.",
                        name=profile.name,
                    )
                ) from error
            if not value.quiet.contains(value.window):
                raise ValidationError(
                    self.env._(
                        "In profile %(name)s the address window must lie inside the"
                        " white zone around it.",
                        name=profile.name,
                    )
                )

    def _as_room_profile(self):
        """The same as the pure ``letter.profile.Profile``.

        :raises ValueError: a zone has no surface
        """
        self.ensure_one()
        reserved = ()
        if self.mark_width and self.mark_height:
            reserved = (
                room.Zone(
                    0,
                    room.A4_HEIGHT_MM - self.mark_height,
                    self.mark_width,
                    room.A4_HEIGHT_MM,
                ),
            )
        return room.Profile(
            window=self._zone("window"),
            quiet=self._zone("quiet"),
            reserved=reserved,
            margin_mm=self.margin_mm,
            paper_gsm=self.paper_gsm,
            font_size_pt=self.font_size_pt,
            leading_pt=self.leading_pt,
            envelopes=tuple(line._as_room_envelope() for line in self.envelope_ids),
        )

    def _zone(self, prefix):
        return room.Zone(
            *(self[f"{prefix}_{side}"] for side in ("left", "top", "right", "bottom"))
        )


class BeepostProfileEnvelope(models.Model):
    _name = "beepost.profile.envelope"
    _description = "Envelope Format"
    _order = "capacity, id"

    profile_id = fields.Many2one("beepost.profile", required=True, ondelete="cascade")
    code = fields.Char(required=True)
    capacity = fields.Integer(string="Sheets at most", required=True)
    weight_mg = fields.Integer(string="Weight (mg)", required=True)
    counts_address_sheet = fields.Boolean(
        default=True, help="The address sheet takes one of the places."
    )
    forces_address_sheet = fields.Boolean(
        help="Its window does not fit the documents: always add an address sheet."
    )

    _sane = models.Constraint(
        "CHECK(capacity > 0 AND weight_mg > 0)",
        "An envelope holds at least one sheet and weighs something.",
    )

    def _as_room_envelope(self):
        return room.EnvelopeSpec(
            code=self.code,
            capacity=self.capacity,
            weight_mg=self.weight_mg,
            counts_address_sheet=self.counts_address_sheet,
            forces_address_sheet=self.forces_address_sheet,
        )
