"""The price lists that the addon ships, as its data files have them, with no Odoo."""

from datetime import date
from decimal import Decimal
from itertools import count
from pathlib import Path
from xml.etree import ElementTree

from odoo.addons.beepost_mail.letter.finding import Refusal
from odoo.addons.beepost_postage.tariff import quote as room
from odoo.addons.beepost_postage.tariff.grid import Grid, Line, Option, Tariff
from odoo.addons.beepost_postage.tariff.parcel import Parcel
from odoo.addons.beepost_postage.tariff.zone import Zone, place

ADDON = Path(room.__file__).parents[1]
DEPOSIT = date(2026, 11, 26)
_keys = count(1)


def _records(name):
    """(model, xml id, {field: its text, or the id it refers to}) of each record."""
    for record in ElementTree.parse(ADDON / f"data/{name}").iter("record"):
        values = {
            field.get("name"): field.get("ref") or (field.text or "").strip()
            for field in record
        }
        yield record.get("model").rpartition(".")[2], record.get("id"), values


def _announced():
    """Ids of grids that installing publishes."""
    tree = ElementTree.parse(ADDON / "data/beepost_postage_grid_data.xml")
    calls = [f for f in tree.iter("function") if f.get("name") == "action_announce"]
    return {call.find("value").get("eval")[6:-3] for call in calls}


def _codes(name, model):
    return {id_: v["code"] for kind, id_, v in _records(name) if kind == model}


ZONE_CODES = _codes("beepost_postage_zone_data.xml", "zone")
PRODUCT_CODES = _codes("beepost_postage_product_data.xml", "product")


def _split(text):
    return [part.strip() for part in text.split(",") if part.strip()]


def _day(text):
    return date.fromisoformat(text) if text else None


def _zones():
    for _model, _id, values in _records("beepost_postage_zone_data.xml"):
        yield Zone(
            code=values["code"],
            countries=frozenset(_split(values["countries"])),
            prefixes=tuple(_split(values.get("prefixes", ""))),
            parent=ZONE_CODES.get(values.get("parent_id"), ""),
            parent_max_grams=int(values.get("parent_max_grams", 0)) or None,
        )


def _line(values):
    """:raises KeyError: the data has a field that this reader would pass over"""
    known = {
        "key": next(_keys),
        "product": PRODUCT_CODES[values.pop("product_id")],
        "zone": ZONE_CODES[values.pop("zone_id")],
    }
    for name in ("max_grams", "max_sheets", "public_grams"):
        if name in values:
            known[name] = int(values.pop(name))
    return Line(**known, **values)


def _option(values):
    known = {
        "key": next(_keys),
        "zone": ZONE_CODES.get(values.pop("zone_id", ""), ""),
        "above_grams": int(values.pop("above_grams", 0)),
    }
    return Option(**known, **values)


def _grids():
    """{tariff's id: grids}"""
    heads, lines, options = {}, {}, {}
    for model, id_, values in _records("beepost_postage_grid_data.xml"):
        if model == "grid":
            heads[id_] = values
            continue
        grid = values.pop("grid_id")
        if model == "line":
            lines.setdefault(grid, []).append(_line(values))
        else:
            options.setdefault(grid, []).append(_option(values))
    grids = {}
    for id_, values in heads.items():
        if id_ not in _announced():
            continue
        grid = Grid(
            key=next(_keys),
            name=id_,
            valid_from=_day(values["valid_from"]),
            valid_to=_day(values.get("valid_to")),
            lines=tuple(lines.get(id_, ())),
            options=tuple(options.get(id_, ())),
            round_to=Decimal(values.get("round_to", "0.01")),  # the field's default
        )
        grids.setdefault(values["tariff_id"], []).append(grid)
    return {tariff: tuple(found) for tariff, found in grids.items()}


ZONES = tuple(_zones())
_GRIDS = _grids()
PUBLIC = Tariff(next(_keys), "public", _GRIDS["tariff_public"])
CONTRACT = Tariff(next(_keys), "contract", _GRIDS["tariff_beepost"], PUBLIC)


def parcel(product, country="FR", zip_code="69001", *, day=DEPOSIT, **more):
    """A letter of 18 g in one sheet, posted as ``product`` (one or several)."""
    products = {product} if isinstance(product, str) else product
    facts = {"pages": 1, "sheets": 1, "weight_mg": 18_000, "envelope": "C6/5", **more}
    return Parcel(
        "service", frozenset(products), place(country, zip_code), day, **facts
    )


def quoted(tariff, *arguments, zones=ZONES, near_mg=room.NEAR_MG, **options):
    return room.price(tariff, parcel(*arguments, **options), zones, near_mg)


def refused(tariff, *arguments, **options):
    """:return: the code and the params of the reason why there is no price"""
    try:
        quote = quoted(tariff, *arguments, **options)
    except Refusal as refusal:
        (finding,) = refusal.findings
        assert set(finding.params) == set(room.FINDING_CODES[finding.code])
        return finding.code, finding.params
    raise AssertionError(f"priced at {quote.untaxed}")
