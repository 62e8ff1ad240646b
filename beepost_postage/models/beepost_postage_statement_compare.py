from datetime import datetime, time, timedelta, timezone
from decimal import Decimal
from functools import cached_property

from odoo import models
from odoo.fields import Domain

from odoo.addons.beepost_mail.letter.calendar import paris_day

from ..tariff.alternatives import alternatives
from ..tariff.bill import Billed, amounts_of
from ..tariff.difference import ACCEPTED, Letter, compare
from ..tariff.money import text
from ..tariff.parcel import Parcel
from ..tariff.zone import place
from .bill_known import Reference

SLICE = 1000
ONE_DAY = timedelta(days=1)


class BeepostPostageStatement(models.Model):
    """The comparison, letter by letter: everything that is billed, and every letter of
    the period that is not."""

    _inherit = "beepost.postage.statement"

    def _compare(self):
        """Makes the rows of this statement anew; costs queries that do not grow with
        the letters, but for one in a thousand."""
        self.ensure_one()
        statement = self.sudo()
        statement._read_again()
        statement.letter_ids.unlink()
        # Read together, whatever became of the cache.
        lines = statement.line_ids.with_prefetch()
        letters = lines.mailing_id | statement._missing_letters()
        elsewhere = statement._lines_elsewhere(letters)
        other_ways = _OtherWays(statement)
        vals_list, parts = [], []
        for letter, reference, own in _groups(lines, letters):
            billed = [*map(_billed, own)]
            before = [
                _billed(line, line.statement_id.name)
                for line in elsewhere.get(letter, ())
            ]
            found = compare(
                statement._as_letter(letter),
                [*before, *billed],
                other_ways.of(letter),
            )
            vals = _prepare_row_vals(found, _sum(billed), _sum(before))
            vals_list.append(
                {
                    "statement_id": statement.id,
                    "mailing_id": letter.id,
                    "reference": reference,
                    **vals,
                }
            )
            parts.append(own)
        Row = self.env["beepost.postage.statement.letter"].sudo()
        for start in range(0, len(vals_list), SLICE):
            rows = Row.create(vals_list[start : start + SLICE])
            for row, own in zip(rows, parts[start : start + SLICE], strict=True):
                own.letter_id = row
        statement.state = "compared"

    def _read_again(self):
        """A letter may have got its reference since, and a label its meaning."""
        group = self.env["beepost.postage.label"]._reader(self.company_id)
        lost = self.line_ids.filtered(lambda line: not line.mailing_id)
        if lost:
            letters = self._find_letters([*map(Reference, lost)])
            for line, letter in zip(lost, letters, strict=True):
                if letter:
                    line.mailing_id = letter
        for line in self.line_ids:
            told = group(line.label) or False
            if line.group != told:
                line.group = told

    def _missing_letters(self):
        """Letters of the period that no statement bills at all."""
        since, until = self.date_from, self.date_to
        deposited = Domain("priced_for", ">=", since) & Domain(
            "priced_for", "<=", until
        )
        # Without a price there is no day of deposit either. A day in Paris begins the
        # evening before in UTC.
        accepted = Domain("priced_for", "=", False) & Domain(
            "accepted_at", ">=", datetime.combine(since - ONE_DAY, time())
        )
        letters = (
            self.env["beepost.mailing"]
            .sudo()
            .search(
                Domain("account_id", "=", self.account_id.id)
                & Domain("state", "in", ACCEPTED)
                & Domain("bill_line_ids", "=", False)
                & (deposited | accepted)
            )
        )
        return letters.filtered(
            lambda m: m.priced_for or since <= _paris_day(m.accepted_at) <= until
        )

    def _lines_elsewhere(self, letters):
        """:return: {letter: its lines in other statements}"""
        lines = (
            self.env["beepost.postage.statement.line"]
            .sudo()
            .search(
                Domain("mailing_id", "in", letters.ids)
                & Domain("statement_id", "!=", self.id)
            )
        )
        return lines.grouped("mailing_id")

    def _as_letter(self, letter):
        """:return: ``difference.Letter``, or None without a letter"""
        if not letter:
            return None
        other = letter.account_id != self.account_id
        charges = (letter.quote or {}).get("charges")
        return Letter(
            state=letter.state,
            expected=charges and amounts_of(_parts(charges)),
            rates=tuple(sorted({_percent(charge) for charge in charges or ()})),
            practice=letter.is_practice,
            other_account=letter.account_id.name if other else "",
        )


def _paris_day(moment):
    return paris_day(moment.replace(tzinfo=timezone.utc))


class _OtherWays:
    """Letters priced as the provider might have taken them. Price lists are read once,
    and only where some letter differs."""

    def __init__(self, statement):
        self.env = statement.env

    def of(self, letter):
        return lambda: tuple(self._of(letter))

    def _of(self, letter):
        parcel = _parcel(letter)
        tariff = self._tariffs.get(letter.postage_grid_id.tariff_id.id)
        if parcel is None or tariff is None:
            return ()
        others = [
            way
            for service, way in self._services.items()
            if service != letter.service_id
        ]
        return alternatives(tariff, parcel, self._zones, others)

    @cached_property
    def _tariffs(self):
        # Grids that were closed since tell how a letter was priced as well; what is in
        # force instead of them is what another price came from.
        every = self.env["beepost.postage.tariff"].with_context(active_test=False)
        tariffs = every.sudo().search([("grid_ids", "!=", False)])
        return self.env["beepost.postage"]._room_tariffs(tariffs)

    @cached_property
    def _zones(self):
        return self.env["beepost.postage.zone"]._room_zones()

    @cached_property
    def _services(self):
        services = (
            self.env["beepost.service"]
            .sudo()
            .search([("postage_product_ids", "!=", False)])
        )
        return {
            service: (
                service.name,
                frozenset(service.postage_product_ids.mapped("code")),
                service._wanted_options(),
            )
            for service in services
        }


def _groups(lines, letters):
    """(letter, reference, lines); first those on the statement, in its order."""
    by_letter = lines.grouped("mailing_id")
    nobody = by_letter.pop(letters.browse(), lines.browse())
    for letter in letters:
        yield letter, letter.client_reference, by_letter.get(letter, lines.browse())
    strangers = nobody.grouped(lambda m: m.client_reference or m.provider_reference)
    for reference, own in strangers.items():
        yield letters.browse(), reference, own


def _billed(line, statement=""):
    return Billed(
        label=line.label,
        amount=Decimal(line.exact_amount),
        tax_rate=Decimal(line.exact_rate),
        billed_on=line.billed_on,
        group=line.group or "",
        statement=statement,
    )


def _sum(billed):
    return sum((line.amount for line in billed), Decimal(0))


def _parts(charges):
    return [
        (charge["group"], Decimal(charge["amount"]), Decimal(charge["tax_rate"]))
        for charge in charges
    ]


def _percent(charge):
    return f"{Decimal(charge['tax_rate']).normalize():f}"


def _prepare_row_vals(found, billed, before):
    expected = found.expected
    codes = [reason.code for reason in found.reasons]
    return {
        "figures": {
            "billed": text(billed),
            "before": text(before),
            "expected": None if expected is None else text(expected),
            "difference": text(found.amount),
            "taxes": text(found.taxes),
        },
        "reason": codes[0] if codes else False,
        "reasons": [
            {"code": reason.code, "params": dict(reason.params)}
            for reason in found.reasons
        ],
        # Half a cent is nothing to look at; what many come to stands on the statement.
        "is_different": bool(set(codes) - {"rounding"}),
    }


def _parcel(letter):
    """The letter as it was priced; None where that cannot be told any more."""
    quote = letter.quote
    if not quote or not quote.get("country"):
        return None
    envelopes = letter.account_id.profile_id.envelope_ids
    envelope = envelopes.filtered(lambda e: e.code == letter.envelope)[:1]
    return Parcel(
        service=quote["service"],
        products=frozenset((quote["product"],)),
        where=place(quote["country"], letter.sudo().zip_code or ""),
        day=letter.priced_for,
        pages=quote["pages"],
        sheets=quote["sheets"],
        weight_mg=quote["weight_mg"],
        envelope=quote["envelope"],
        envelope_mg=quote["envelope_mg"],
        format_class=envelope.format_class or "",
        color=letter.color,
        address_sheet=quote["address_sheet"],
        wanted=letter.service_id._wanted_options(),
        quantity=quote["quantity"],
    )
