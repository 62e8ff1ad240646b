from decimal import Decimal
from pathlib import PurePath

from odoo import Command, api, models

from odoo.addons.beepost_mail.letter.finding import ERROR, Finding, Refusal

from ..tabular.raw import Limits
from ..tabular.table import read
from ..tariff.columns import key
from ..tariff.grid import Grid, Line, Option
from ..tariff.reading import read_grid
from ..tariff.vocabulary import Vocabulary

# A price list of a few hundred steps; what is longer is none.
LIMITS = Limits(max_bytes=2 * 1024 * 1024, max_rows=5_000, max_columns=60, max_cell=500)
_TEXT = (".csv", ".tsv", ".txt")
_ZIP, _PDF, _OLE = b"PK", b"%PDF", b"\xd0\xcf\x11\xe0"
# In which column of its row a fault of the list as a whole is shown.
_COLUMNS = {
    "grid.duplicate_step": "max_grams",
    "grid.mixed_units": "max_grams",
    "grid.no_public": "public_grams",
    "grid.ambiguous_option": "kind",
}
# These speak of the former grid, which is in no file.
_ELSEWHERE = ("grid.missing_product", "grid.missing_step", "grid.missing_option")


class BeepostPostageFile(models.AbstractModel):
    """Takes a price list out of a file: nothing is stored here."""

    _name = "beepost.postage.file"
    _description = "Price List in a File"

    @api.model
    def _read_table(self, content, name):
        """
        :param content: bytes
        :raises Refusal: this is no table, or one with formulas, errors …
        """
        kind = PurePath(name or "").suffix.lower()
        if kind not in (*_TEXT, ".xlsx") or content.startswith(_OLE):
            raise Refusal([Finding("import.kind", ERROR, {"name": name or "?"})])
        is_zip = content.startswith(_ZIP)
        if content and (is_zip != (kind == ".xlsx") or content.startswith(_PDF)):
            raise Refusal([Finding("import.lies", ERROR, {"name": name})])
        return read(content, LIMITS)

    @api.model
    def _reading(self, tariff, table, fields, valid_from, valid_to):
        return read_grid(table, fields, self._vocabulary(tariff), valid_from, valid_to)

    def _vocabulary(self, tariff):
        low, high = tariff.discount_min, tariff.discount_max
        return Vocabulary(
            products=self._names("beepost.postage.product"),
            zones=self._names("beepost.postage.zone"),
            kinds=self._kinds(),
            currency=tariff.currency_id.name,
            discounts=(Decimal(f"{low:.2f}"), Decimal(f"{high:.2f}")),
        )

    def _names(self, model):
        """{code or name in any language: code}; a name of two things means neither."""
        records = self.env[model].search([("code", "!=", False)])
        found = {}
        for lang, _label in self.env["res.lang"].get_installed():
            for record in records.with_context(lang=lang):
                for name in (record.name, record.code):
                    found.setdefault(key(name), set()).add(record.code)
        names = {name: codes.pop() for name, codes in found.items() if len(codes) == 1}
        return {**names, **{code: code for code in records.mapped("code")}}

    def _kinds(self):
        """Names of options as the screens have them."""
        field = self.env["beepost.postage.option"]._fields["kind"]
        return {
            key(label): kind
            for lang, _name in self.env["res.lang"].get_installed()
            for kind, label in field._description_selection(
                self.with_context(lang=lang).env
            )
        }

    # ------------------------------------------------------------------
    # The list as a whole
    # ------------------------------------------------------------------

    @api.model
    def _judge(self, tariff, reading, former):
        """Adds to a reading what is wrong with the list as a whole.

        :param former: ``beepost.postage.grid`` that it takes the place of, or none
        """
        start = reading.valid_from
        if not start:
            return
        broken = bool(reading.faults)
        found = tariff.sudo()._audit(
            _as_grid(reading), self.env["beepost.postage"]._room_grid(former)
        )
        for finding in found:
            if broken and (finding.level != ERROR or finding.code == "grid.empty"):
                continue  # rows with a fault are missing from the list
            reading.findings.append(self._located(reading, finding))

    def _located(self, reading, finding):
        row = finding.params.get("key")
        if row is None or finding.code in _ELSEWHERE:
            return finding
        name = _COLUMNS.get(finding.code, "price")
        if name == "max_grams" and finding.params.get("unit") == "sheets":
            name = "max_sheets"
        where = reading.where(row, name)
        return Finding(finding.code, finding.level, {**finding.params, **where})

    @api.model
    def _overlap(self, tariff, reading, replaced):
        """Published grids of the same products that would not give way."""
        matters = {
            (step["product"], step["zone"], step["format_class"])
            for _row, step in reading.steps
        }
        for other in tariff.grid_ids.filtered(lambda grid: grid._is_published()):
            theirs = {
                (product.code, zone.code, format_class)
                for product, zone, format_class in other._matters()
            }
            start, end = reading.valid_from, reading.valid_to
            meets = (not other.valid_to or start < other.valid_to) and (
                not end or other.valid_from < end
            )
            gives_way = other == replaced or (
                not other.valid_to and other.valid_from < start
            )
            if meets and not gives_way and matters & theirs:
                params = {"day": start.isoformat(), "grid": other.name}
                yield Finding("import.overlap", ERROR, params)

    # ------------------------------------------------------------------
    # From the list to records
    # ------------------------------------------------------------------

    @api.model
    def _grid_vals(self, tariff, reading):
        products = self._by_code("beepost.postage.product")
        zones = self._by_code("beepost.postage.zone")
        shared = dict(reading.shared)
        return {
            "tariff_id": tariff.id,
            "valid_from": reading.valid_from,
            "valid_to": reading.valid_to or False,
            "version": max(tariff.grid_ids.mapped("version"), default=0) + 1,
            **shared,
            "line_ids": [
                Command.create(_line_vals(step, products, zones))
                for _row, step in reading.steps
            ],
            "option_ids": [
                Command.create(_option_vals(option, products, zones))
                for _row, option in reading.options
            ],
        }

    def _by_code(self, model):
        records = self.env[model].search([("code", "!=", False)])
        return {record.code: record.id for record in records}


def _as_grid(reading):
    """The list for the audit; rows are the keys."""
    return Grid(
        key=0,
        name="",
        valid_from=reading.valid_from,
        valid_to=reading.valid_to,
        lines=tuple(Line(key=row, **step) for row, step in reading.steps),
        options=tuple(Option(key=row, **option) for row, option in reading.options),
        round_to=Decimal(reading.shared.get("round_to", "0.01")),
    )


def _line_vals(step, products, zones):
    values = dict(step)
    return {
        "product_id": products[values.pop("product")],
        "zone_id": zones[values.pop("zone")],
        **_filled(values),
    }


def _option_vals(option, products, zones):
    values = dict(option)
    chosen = [products[code] for code in sorted(values.pop("products"))]
    return {
        "product_ids": [Command.set(chosen)],
        "zone_id": zones.get(values.pop("zone"), False),
        **_filled(values),
    }


def _filled(values):
    return {
        name: False if value in (None, "") else value for name, value in values.items()
    }
