import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..tariff.zone import Zone

_CODES = re.compile(r"(\*|[A-Z]{2}(, ?[A-Z]{2})*)")
_PREFIXES = re.compile(r"[0-9]{1,5}(, ?[0-9]{1,5})*")


class BeepostPostageZone(models.Model):
    """Where a price holds: countries, and in France the first digits of postcodes.

    Zones are shared by all tariffs and companies: they say where a place lies, not what
    it costs.
    """

    _name = "beepost.postage.zone"
    _description = "Postage Zone"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(
        required=True, help="As price lists that are imported call this zone."
    )
    sequence = fields.Integer(default=10)
    countries = fields.Char(
        required=True,
        help="Two-letter country codes with commas between them: FR, or DE, BE. A *"
        " means every country that no other zone names.",
    )
    prefixes = fields.Char(
        string="Postcodes beginning with",
        help="First digits with commas between them: 971, 972. Empty: the whole"
        " country. The longest beginning that fits decides.",
    )
    parent_id = fields.Many2one(
        "beepost.postage.zone",
        string="Priced like",
        ondelete="restrict",
        help="Where a price list has no line for this zone, that zone's lines hold.",
    )
    parent_max_grams = fields.Integer(
        string="Without supplement up to (g)",
        help="Heavier letters cost that zone's price and an air supplement. 0: no"
        " supplement at any weight.",
    )

    _code_unique = models.Constraint(
        "UNIQUE(code)", "Another postage zone has this code already."
    )
    _grams_positive = models.Constraint(
        "CHECK(parent_max_grams >= 0)", "A weight cannot be negative."
    )

    @api.constrains("countries", "prefixes")
    def _check_places(self):
        for zone in self:
            if not _CODES.fullmatch(zone.countries or ""):
                raise ValidationError(
                    self.env._(
                        "Countries of zone %(zone)s: write two-letter codes in capitals"
                        " with commas between them (FR, BE), or a * for all others.",
                        zone=zone.name,
                    )
                )
            if zone.prefixes and not _PREFIXES.fullmatch(zone.prefixes):
                raise ValidationError(
                    self.env._(
                        "Postcodes of zone %(zone)s: write their first digits with"
                        " commas between them (971, 972).",
                        zone=zone.name,
                    )
                )

    @api.constrains("countries", "prefixes")
    def _check_overlap(self):
        """Two zones that name the same place as precisely would be a matter of luck."""
        seen = {}
        for zone in self.search([("code", "!=", False)]):
            room = zone._as_room_zone()
            for place in room.places():
                if place in seen:
                    raise ValidationError(
                        self.env._(
                            "Zones %(one)s and %(other)s both name %(place)s: a place"
                            " belongs to one zone.",
                            one=seen[place],
                            other=zone.name,
                            place=" ".join(place).strip(),
                        )
                    )
                seen[place] = zone.name

    @api.constrains("parent_id")
    def _check_parent(self):
        if self._has_cycle():
            raise ValidationError(
                self.env._("A zone cannot be priced like itself, by whatever detour.")
            )

    def _as_room_zone(self):
        self.ensure_one()
        return Zone(
            code=self.code,
            countries=frozenset(_split(self.countries)),
            prefixes=tuple(_split(self.prefixes)),
            parent=self.parent_id.code or "",
            parent_max_grams=self.parent_max_grams or None,
        )

    @api.model
    def _room_zones(self):
        """All zones as the calculation wants them."""
        zones = self.sudo().search([("code", "!=", False)])
        return tuple(zone._as_room_zone() for zone in zones)


def _split(text):
    return [part.strip() for part in (text or "").split(",") if part.strip()]
