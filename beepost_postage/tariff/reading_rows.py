"""The rows of somebody's price list, checked one after the other."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from odoo.addons.beepost_mail.letter.finding import ERROR, Finding

from ..tabular.table import Row
from . import values
from .columns import key
from .found import Reading
from .grid import BELOW_PUBLIC, EXEMPT, FIXED, OPTIONS, PRODUCTION, STANDARD
from .values import Wrong
from .vocabulary import OPTION_PRODUCTS, STEP, Vocabulary, rounding
from .vocabulary import pricing as pricing_of
from .vocabulary import tax as tax_of

_STEP_ONLY = (
    *("format_class", "max_grams", "max_sheets", "min_quantity", "pricing"),
    *("per_kg", "per_10g", "discount", "public_grams"),
)
_OPTION_ONLY = ("envelope", "above_grams", "option_from", "option_to")


class RowReader:
    """Takes one row after the other; a row with a fault is not kept."""

    def __init__(self, reading: Reading, words: Vocabulary):
        self.reading = reading
        self.words = words
        # what is the same in each row: field → (value, cell in which it was said)
        self.common: dict[str, tuple] = {}

    # -- cells -------------------------------------------------------------

    def raw(self, row: Row, name: str) -> str:
        return row.cells.get(self.reading.columns.get(name, ""), "")

    def fault(self, row: Row, name: str, code: str, **params):
        where = self.reading.where(row.number, name)
        shown = {**where, "value": self.raw(row, name)[:60], **params}
        self.reading.findings.append(Finding(code, ERROR, shown))

    def value(self, row: Row, name: str, parse, default=None, **options):
        """What the cell says; ``default`` where it is empty or wrong."""
        raw = self.raw(row, name)
        if not raw:
            return default
        try:
            return parse(raw, **options)
        except Wrong as wrong:
            self.fault(row, name, wrong.code, **wrong.params)
            return default

    def needed(self, row: Row, name: str, parse):
        if not self.raw(row, name):
            self.fault(row, name, "import.missing")
            return None
        return self.value(row, name, parse)

    def price(self, raw: str, decimals: int = 4) -> Decimal:
        return values.amount(raw, decimals, self.words.currency)

    # -- rows --------------------------------------------------------------

    def row(self, row: Row):
        before = len(self.reading.findings)
        kind = self.value(
            row, "kind", self.words.kind, "" if self.raw(row, "kind") else STEP
        )
        named = key(self.raw(row, "product"))
        by_product = OPTION_PRODUCTS.get(named) if kind == STEP else None
        if by_product and named not in self.words.products:
            made = self.option(row, by_product, frozenset())
            kind = by_product
        elif kind == STEP:
            made = self.step(row)
        elif kind:
            made = self.option(
                row,
                kind,
                self.value(row, "product", self.words.product_set, frozenset()),
            )
        self.shared(row)
        if len(self.reading.findings) == before:
            kept = self.reading.steps if kind == STEP else self.reading.options
            kept.append((row.number, made))

    def step(self, row: Row) -> dict:
        self.refuse_values(row, _OPTION_ONLY, "import.not_for_step")
        grams = self.value(row, "max_grams", values.whole)
        sheets = self.value(row, "max_sheets", values.whole)
        if self.raw(row, "max_grams") and self.raw(row, "max_sheets"):
            self.fault(row, "max_sheets", "import.two_maxima")
        elif not (self.raw(row, "max_grams") or self.raw(row, "max_sheets")):
            self.fault(row, "max_grams", "import.no_maximum")
        for name, number in (("max_grams", grams), ("max_sheets", sheets)):
            if number == 0:
                self.fault(row, name, "import.zero")
        quantity = self.value(row, "min_quantity", values.whole, 1)
        if quantity == 0:
            self.fault(row, "min_quantity", "import.zero")
        return {
            "product": self.needed(row, "product", self.words.product),
            "zone": self.needed(row, "zone", self.words.zone),
            "format_class": values.text(self.raw(row, "format_class")),
            "max_grams": grams,
            "max_sheets": sheets,
            "min_quantity": quantity,
            "tax": self.tax(row, STEP),
            **self.pricing(row),
        }

    def pricing(self, row: Row) -> dict:
        pricing = self.value(row, "pricing", pricing_of)
        by_discount = bool(self.raw(row, "discount"))
        if pricing is None:
            pricing = BELOW_PUBLIC if by_discount else FIXED
        per = {
            name: self.value(row, name, self.price, Decimal(0))
            for name in ("per_kg", "per_10g")
        }
        made = {"pricing": pricing, "price": Decimal(0), **per}
        if pricing == FIXED:
            self.refuse_values(row, ("discount", "public_grams"), "import.two_prices")
            if not any(per.values()):
                made["price"] = self.needed(row, "price", self.price)
            else:
                made["price"] = self.value(row, "price", self.price, Decimal(0))
            if made["price"] == 0 and not any(per.values()):
                self.fault(row, "price", "import.zero")
            return {**made, "discount": Decimal(0), "public_grams": None}
        self.refuse_values(row, ("price",), "import.two_prices")
        discount = self.needed(row, "discount", lambda raw: self.price(raw, 2))
        low, high = self.words.discounts
        if discount is not None and not low <= discount <= high:
            bounds = {"low": str(low), "high": str(high)}
            self.fault(row, "discount", "import.discount", **bounds)
        public = self.needed(row, "public_grams", values.whole)
        if public == 0:
            self.fault(row, "public_grams", "import.zero")
        return {**made, "discount": discount, "public_grams": public}

    def option(self, row: Row, kind: str, products: frozenset[str]) -> dict:
        self.refuse_values(row, _STEP_ONLY, "import.not_for_option")
        start = self.value(row, "option_from", values.day)
        end = self.last_day(row, "option_to", start)
        return {
            "kind": kind,
            "products": products,
            "zone": self.value(row, "zone", self.words.zone, ""),
            "price": self.needed(row, "price", self.price),
            "tax": self.tax(row, kind),
            "envelope": values.text(self.raw(row, "envelope")),
            "above_grams": self.value(row, "above_grams", values.whole, 0),
            "valid_from": start,
            "valid_to": end,
        }

    def last_day(self, row: Row, name: str, start: date | None) -> date | None:
        """The day after the last one."""
        last = self.value(row, name, values.day)
        if last is None:
            return None
        if start and last < start:
            self.fault(row, name, "import.dates_order", first=start.isoformat())
            return None
        return last + timedelta(days=1)

    def tax(self, row: Row, kind: str) -> str:
        printing = kind != STEP and OPTIONS[kind][1] == PRODUCTION
        if "tax" not in self.reading.columns:
            return STANDARD if printing else EXEMPT
        return self.needed(row, "tax", tax_of)

    def refuse_values(self, row: Row, names, code: str):
        """A value that would be lost is a fault, not a loss."""
        for name in names:
            if self.raw(row, name).strip() not in ("", "0", "0.00", "0,00"):
                self.fault(row, name, code)

    # -- what holds for the whole list -------------------------------------

    def shared(self, row: Row):
        start = self.same(row, "valid_from", values.day)
        last = self.same(row, "valid_to", values.day)
        if start and last and last < start:
            self.fault(row, "valid_to", "import.dates_order", first=start.isoformat())
        self.same(row, "currency", self.currency)
        self.same(row, "vat_rate", lambda raw: self.price(raw, 2))
        self.same(row, "round_to", rounding)
        self.same(row, "origin", values.text)

    def same(self, row: Row, name: str, parse):
        if name not in self.reading.columns:
            return None
        before = len(self.reading.findings)
        value = self.value(row, name, parse)
        if len(self.reading.findings) > before:
            return None
        where = self.reading.where(row.number, name)["cell"]
        first, cell = self.common.setdefault(name, (value, where))
        if first != value:
            self.fault(row, name, "import.mixed", first=cell)
            return None
        return value

    def currency(self, raw: str) -> str:
        if raw.strip().upper() not in (self.words.currency, "€"):
            raise Wrong("import.currency", currency=self.words.currency)
        return self.words.currency

    def finish(self, valid_from: date | None, valid_to: date | None):
        reading = self.reading
        start, cell = self.common.get("valid_from", (None, ""))
        last, last_cell = self.common.get("valid_to", (None, ""))
        end = last + timedelta(days=1) if last else None
        for mine, theirs, where, name in (
            (valid_from, start, cell, "valid_from"),
            (valid_to, end, last_cell, "valid_to"),
        ):
            if mine and theirs and mine != theirs:
                row = int(where.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))
                found = {**reading.where(row, name), "value": theirs.isoformat()}
                found["first"] = mine.isoformat()
                reading.findings.append(Finding("import.dates_differ", ERROR, found))
        reading.valid_from, reading.valid_to = start or valid_from, end or valid_to
        if not reading.valid_from and not reading.faults:
            reading.findings.append(Finding("import.no_valid_from", ERROR))
        for name in ("vat_rate", "round_to", "origin"):
            value, _cell = self.common.get(name, (None, ""))
            if value is not None:
                reading.shared[name] = value
