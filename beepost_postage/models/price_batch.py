"""What many letters cost together. Letters that are alike are priced once."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from odoo.addons.beepost_mail.letter.finding import Refusal

from ..tariff import advice, money
from ..tariff.zone import find_zone, place
from . import postage_words as words
from .price_case import Case, Pricer, as_choice


@dataclass
class Batch:
    """:param letters: {(``Case``, ``Choice``): how many letters are such}
    :param no_pdf: letters whose PDF does not exist yet
    :param not_counted: letters whose pages nobody has counted yet
    :param refused: letters whose address or PDF cannot be posted
    :param no_tariff: letters of accounts that do not price
    """

    letters: Counter = field(default_factory=Counter)
    no_pdf: int = 0
    not_counted: int = 0
    refused: int = 0
    no_tariff: int = 0

    def priced(self):
        """:return: list of (case, choice, ``Quote``, how many)"""
        return [row for row in self._quotes() if not isinstance(row[2], Refusal)]

    def reasons(self, env):
        """:return: Counter of why there is no price, in words"""
        reasons = Counter()
        for _case, _choice, quote, count in self._quotes():
            if isinstance(quote, Refusal):
                reasons[words.reasons(env, quote)] += count
        return reasons

    def totals(self):
        """:return: {currency: Counter of totals with VAT}, and likewise without VAT"""
        gross, net = {}, {}
        for case, _choice, quote, count in self.priced():
            currency = case.account.tariff_id.currency_id
            gross.setdefault(currency, Counter())[quote.total] += count
            net.setdefault(currency, Counter())[quote.untaxed] += count
        return gross, net

    def with_address_sheets(self):
        """:return: {currency: total with VAT} should each letter that may need an
        address sheet get one; None where that changes nothing, or where one of them
        would then have no price"""
        sums, changes = {}, False
        for case, choice, quote, count in self.priced():
            other = case.with_address_sheet(choice)
            if isinstance(other, Refusal):
                return None
            changes |= other is not None
            currency = case.account.tariff_id.currency_id
            before = sums.get(currency, Decimal(0))
            sums[currency] = before + (other or quote).total * count
        return sums if changes else None

    def near_count(self):
        return sum(count for *_row, quote, count in self.priced() if quote.warnings)

    def days(self):
        return sorted({case.day for case, *_row in self.priced()})

    def as_json(self, env):
        """Amounts as text."""
        gross, net = self.totals()
        return {
            "totals": {
                currency.name: {
                    "total": money.text(sum_of(gross[currency])),
                    "untaxed": money.text(sum_of(net[currency])),
                    "letters": {
                        money.text(price): count
                        for price, count in sorted(gross[currency].items())
                    },
                }
                for currency in gross
            },
            "no_price": dict(self.reasons(env)),
            "no_pdf": self.no_pdf,
            "not_counted": self.not_counted,
            "refused": self.refused,
            "no_tariff": self.no_tariff,
            "near_step": self.near_count(),
        }

    def _quotes(self):
        return [
            (case, choice, case.quote(choice), count)
            for (case, choice), count in self.letters.items()
        ]

    def savings(self, services):
        """What one change of all letters that it fits would save together.

        A change that would leave a letter without a price is none.

        :param services: {company's account id: ``tariff.advice.Service`` in order}
        :return: list of (code, EUR with tax), the greatest first
        """
        found, priced = [], self.priced()
        for code in advice.CHANGES:
            prices = [
                (quote.total, case.total(self._other(case, choice, code, services)), n)
                for case, choice, quote, n in priced
            ]
            if any(other is None for _now, other, _n in prices):
                continue
            saving = money.total((now - other) * n for now, other, n in prices)
            if saving > 0:
                found.append((code, saving))
        return sorted(found, key=lambda row: -row[1])

    def _other(self, case, choice, code, services):
        return advice.changed(choice, code, services[case.account.id])


def sum_of(counter):
    """:param counter: {price: how many}"""
    return money.total(price * count for price, count in counter.items())


class Places:
    """Where letters go, by zone: two places of one zone have one price."""

    def __init__(self, zones):
        self._zones, self._first, self._known = zones, {}, {}

    def place_of(self, partner):
        """:return: (country, postcode) of the first place in the addressee's zone, or
        None for an address that cannot be printed"""
        if partner.id not in self._known:
            address, _findings = partner._beepost_address()
            self._known[partner.id] = address and self._first_place(address)
        return self._known[partner.id]

    def _first_place(self, address):
        where = address.country, address.zip
        zone = find_zone(self._zones, place(*where))
        return self._first.setdefault(zone and zone.code, where)


def collect(env, rows, quantities, services, day_of):
    """
    :param rows: list of (company, partner, account as superuser, options, pages:
        None without a PDF, -1 where nobody counted them, 0 where nobody can)
    :param quantities: {company: letters that are sent together}
    :param services: ``beepost.service`` that the letters use or might use
    :param day_of: function (account, options) → day of the deposit
    """
    accounts = env["beepost.account"].sudo().union(*(row[2] for row in rows))
    pricer = Pricer(env, accounts.filtered("tariff_id"), services.keys())
    places = Places(env["beepost.postage.zone"]._room_zones())
    by_id = {service.id: as_seen for service, as_seen in services.items()}
    batch, cases = Batch(), {}
    for company, partner, account, options, pages in rows:
        if not account.tariff_id:
            batch.no_tariff += 1
        elif pages is None:
            batch.no_pdf += 1
        elif pages < 0:
            batch.not_counted += 1
        elif not pages or not places.place_of(partner):
            batch.refused += 1
        else:
            case = Case(
                pricer,
                account,
                places.place_of(partner),
                day_of(account, options),
                [pages],
                quantities[company],
            )
            case = cases.setdefault(case.key, case)
            batch.letters[case, as_choice(options, by_id)] += 1
    return batch
