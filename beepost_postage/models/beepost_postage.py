from datetime import date
from decimal import Decimal

from odoo import api, models

from odoo.addons.beepost_mail.letter.finding import Refusal

from ..tariff import quote as room
from ..tariff.grid import Grid, Line, Option, Tariff
from ..tariff.parcel import Parcel
from ..tariff.zone import place

# Read as text: a numeric column would come as a float.
GRIDS = """
    SELECT id, tariff_id, name, valid_from, valid_to, state = 'confirmed',
           vat_rate::text, round_to, version, COALESCE(origin, '')
      FROM beepost_postage_grid
     WHERE tariff_id = ANY(%s) AND state IN ('announced', 'confirmed')
  ORDER BY valid_from, id
"""
LINES = """
    SELECT line.grid_id, line.id, product.code, zone.code,
           NULLIF(line.max_grams, 0), NULLIF(line.max_sheets, 0),
           COALESCE(line.price, 0)::text, COALESCE(line.per_kg, 0)::text,
           COALESCE(line.per_10g, 0)::text, line.tax, COALESCE(line.format_class, ''),
           line.min_quantity, line.pricing, COALESCE(line.discount, 0)::text,
           NULLIF(line.public_grams, 0)
      FROM beepost_postage_line line
      JOIN beepost_postage_product product ON product.id = line.product_id
      JOIN beepost_postage_zone zone ON zone.id = line.zone_id
     WHERE line.grid_id = ANY(%s)
"""
OPTIONS = """
    SELECT option.grid_id, option.id, option.kind, COALESCE(option.price, 0)::text,
           option.tax,
           COALESCE((SELECT array_agg(product.code)
                       FROM beepost_postage_option_beepost_postage_product_rel rel
                       JOIN beepost_postage_product product
                         ON product.id = rel.beepost_postage_product_id
                      WHERE rel.beepost_postage_option_id = option.id), '{}'),
           COALESCE(zone.code, ''), COALESCE(option.envelope, ''),
           COALESCE(option.above_grams, 0), option.valid_from, option.valid_to
      FROM beepost_postage_option option
 LEFT JOIN beepost_postage_zone zone ON zone.id = option.zone_id
     WHERE option.grid_id = ANY(%s)
"""


class BeepostPostage(models.AbstractModel):
    """Prices, as the pure ``tariff`` room calculates them from our records.

    A batch of any size costs the same queries: grids are read once, as text.
    """

    _name = "beepost.postage"
    _description = "Postage Calculation"

    @api.model
    def _quotes(self, wanted):
        """
        :param wanted: list of (tariff as ``beepost.postage.tariff``, ``Parcel``)
        :return: list, in order, of ``tariff.quote.Quote``, or the ``Refusal`` that
            says why there is no price
        """
        tariffs = self.env["beepost.postage.tariff"].union(*(t for t, _p in wanted))
        rooms = self._room_tariffs(tariffs.sudo())
        near = {tariff.id: tariff.near_mg for tariff in tariffs.sudo()}
        zones = self.env["beepost.postage.zone"]._room_zones()
        made = []
        for tariff, parcel in wanted:
            try:
                made.append(
                    room.price(rooms[tariff.id], parcel, zones, near[tariff.id])
                )
            except Refusal as refusal:
                made.append(refusal)
        return made

    @api.model
    def _room_tariffs(self, tariffs):
        """:return: {id: ``tariff.grid.Tariff``} with all published grids"""
        everything = tariffs | tariffs.public_id
        # What was entered in this transaction counts too.
        for name in ("grid", "line", "option"):
            self.env[f"beepost.postage.{name}"].flush_model()
        grids = self._room_grids(everything.ids)
        public = {
            tariff.id: Tariff(tariff.id, tariff.name, grids.get(tariff.id, ()))
            for tariff in tariffs.public_id
        }
        return {
            tariff.id: Tariff(
                tariff.id,
                tariff.name,
                grids.get(tariff.id, ()),
                public.get(tariff.public_id.id),
            )
            for tariff in tariffs
        }

    def _room_grids(self, tariff_ids):
        """:return: {tariff id: grids, the earliest first}"""
        rows = self._rows(GRIDS, tariff_ids)
        ids = [row[0] for row in rows]
        lines = _grouped(self._rows(LINES, ids), _line)
        options = _grouped(self._rows(OPTIONS, ids), _option)
        grids = {}
        for (
            id_,
            tariff_id,
            name,
            start,
            end,
            confirmed,
            vat,
            unit,
            version,
            origin,
        ) in rows:
            grid = Grid(
                key=id_,
                name=name,
                valid_from=start,
                valid_to=end,
                lines=tuple(lines.get(id_, ())),
                options=tuple(options.get(id_, ())),
                confirmed=confirmed,
                vat_rate=Decimal(vat),
                round_to=Decimal(unit),
                version=str(version),
                origin=origin,
            )
            grids[tariff_id] = (*grids.get(tariff_id, ()), grid)
        return grids

    def _rows(self, query, ids):
        self.env.cr.execute(query, [list(ids)])
        return self.env.cr.fetchall()

    @api.model
    def _parcel(
        self,
        service,
        where: tuple[str, str],
        day: date,
        envelope,
        *,
        pages,
        sheets,
        weight_mg,
        color=False,
        address_sheet=False,
        quantity=1,
        document_pages=(),
        duplex=False,
    ):
        """
        :param where: (country code, postcode) as snapshotted on the letter
        :param envelope: ``beepost.profile.envelope``, or none of them
        :param document_pages: pages of each document, in order; with ``duplex`` it
            lets the explanation begin at the pages
        :raises ValueError: without a country
        """
        return Parcel(
            service=service.name or "",
            products=frozenset(service.postage_product_ids.mapped("code")),
            where=place(*where),
            day=day,
            pages=pages,
            sheets=sheets,
            weight_mg=weight_mg,
            envelope=envelope.code or "",
            envelope_mg=envelope.weight_mg or 0,
            format_class=envelope.format_class or "",
            color=color,
            address_sheet=address_sheet,
            wanted=service._wanted_options(),
            quantity=quantity,
            document_pages=tuple(document_pages),
            duplex=bool(duplex),
            paper_gsm=envelope.profile_id.paper_gsm or 0,
        )


def _grouped(rows, make):
    found = {}
    for grid_id, *values in rows:
        found.setdefault(grid_id, []).append(make(values))
    return found


def _line(values):
    key, product, zone, grams, sheets, price, per_kg, per_10g, tax = values[:9]
    format_class, quantity, pricing, discount, public_grams = values[9:]
    return Line(
        key=key,
        product=product,
        zone=zone,
        max_grams=grams,
        max_sheets=sheets,
        price=Decimal(price),
        per_kg=Decimal(per_kg),
        per_10g=Decimal(per_10g),
        tax=tax,
        format_class=format_class,
        min_quantity=quantity,
        pricing=pricing,
        discount=Decimal(discount),
        public_grams=public_grams,
    )


def _option(values):
    key, kind, price, tax, products, zone, envelope, above, start, end = values
    return Option(
        key=key,
        kind=kind,
        price=Decimal(price),
        tax=tax,
        products=frozenset(products),
        zone=zone,
        envelope=envelope,
        above_grams=above,
        valid_from=start,
        valid_to=end,
    )
