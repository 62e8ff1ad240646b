"""What many letters cost together. Letters that are alike are priced once."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from odoo.addons.beepost_mail.letter import once
from odoo.addons.beepost_mail.letter.finding import Refusal
from odoo.addons.beepost_mail.models.beepost_mailing_group_draft import (
    NO_PDF,
    NOT_COUNTED,
    UNREADABLE,
)

from ..tariff import advice, money
from ..tariff.zone import find_zone, place
from . import postage_words as words
from .price_case import Case, Pricer, as_choice, as_service


@dataclass
class Batch:
    """:param letters: {(``Case``, ``Choice``): how many letters are such}
    :param no_pdf: letters whose PDF does not exist yet
    :param not_counted: letters whose pages nobody has counted yet
    :param beside_unknown: letters that share an envelope with one of those
    :param refused: letters whose address or PDF cannot be posted
    :param no_tariff: letters of accounts that do not price
    """

    letters: Counter = field(default_factory=Counter)
    no_pdf: int = 0
    not_counted: int = 0
    beside_unknown: int = 0
    refused: int = 0
    no_tariff: int = 0

    def priced(self):
        """:return: list of (case, choice, ``Quote``, how many)"""
        return [row for row in self._quotes() if not isinstance(row[2], Refusal)]

    def unpriced(self, env):
        """:return: Counter of (whether such letters would wait, why there is no price,
        in words)"""
        reasons = Counter()
        for case, _choice, quote, count in self._quotes():
            if isinstance(quote, Refusal):
                holds = case.account._holds_unpriced()
                reasons[holds, words.reasons(env, quote)] += count
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
            "no_price": {
                reason: count for (_holds, reason), count in self.unpriced(env).items()
            },
            "would_wait": sum(
                count for (holds, _r), count in self.unpriced(env).items() if holds
            ),
            "no_pdf": self.no_pdf,
            "not_counted": self.not_counted,
            "beside_unknown": self.beside_unknown,
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

    def place_of(self, draft):
        """:return: (country, postcode) of the first place in the addressee's zone, or
        None for an address that cannot be printed"""
        if letter := draft.letter:  # as it was snapshotted
            where = letter.country_code, letter.zip_code or ""
            return letter.country_code and self._first_place(where)
        partner_id = draft.partner.id
        if partner_id not in self._known:
            address = draft.address
            where = address and (address.country, address.zip)
            self._known[partner_id] = where and self._first_place(where)
        return self._known[partner_id]

    def _first_place(self, where):
        zone = find_zone(self._zones, place(*where))
        return self._first.setdefault(zone and zone.code, where)


class Cases:
    """Envelopes as their price sees them. What all of them hang on is read once.

    :param drafts: every ``Draft`` that lies in one of them
    :param services: ``beepost.service`` that they might use beside their own
    """

    def __init__(self, env, drafts, services=()):
        self._env = env
        self._accounts, self._days, self._cases = {}, {}, {}
        accounts = {self.account_of(draft) for draft in drafts}
        self.accounts = env["beepost.account"].sudo().union(*accounts)
        used = {draft.options["service_id"] for draft in drafts}
        used |= {service.id for service in services}
        self._used = env["beepost.service"].sudo().browse(used)
        self._services = {service.id: as_service(service) for service in self._used}

    # Grids and zones are read once something is priced.
    @cached_property
    def _pricer(self):
        return Pricer(self._env, self.accounts.filtered("tariff_id"), self._used)

    @cached_property
    def places(self):
        return Places(self._env["beepost.postage.zone"]._room_zones())

    def account_of(self, draft):
        """:return: ``beepost.account`` as superuser"""
        if draft.letter:
            return draft.letter.account_id
        wanted = draft.options["account_id"]
        key = draft.company, wanted
        if key not in self._accounts:
            self._accounts[key] = draft.company._beepost_account(wanted).sudo()
        return self._accounts[key]

    def of(self, drafts, quantity):
        """
        :param drafts: those in the envelope, the oldest first, each with its pages
        :param quantity: envelopes that are sent together with this one
        :return: (``Case``, ``Choice``)
        """
        first = drafts[0]
        papers = [paper for draft in drafts for paper in draft.papers()]
        case = Case(
            self._pricer,
            self.account_of(first),
            self.places.place_of(first),
            max(self._day(draft) for draft in drafts),
            [paper.pages for paper in once.printed(papers)],
            quantity,
        )
        choice = as_choice(first.options, self._services)
        return self._cases.setdefault(case.key, case), choice

    def surely_unpriced(self, drafts):
        """What has no price with one page has none with more.

        :return: as :meth:`of`, or None for an envelope that may have a price
        """
        if not self.places.place_of(drafts[0]):
            return None
        case, choice = self.of(drafts, 1)
        return (case, choice) if case.total(choice) is None else None

    def _day(self, draft):
        account = self.account_of(draft)
        key = account, draft.options.get("planned_at")
        if key not in self._days:
            Estimate = self._env["beepost.estimate"]
            self._days[key] = Estimate._deposit_day(account, draft.options)
        return self._days[key]


def collect(cases, envelopes):
    """
    :param cases: ``Cases`` of all drafts
    :param envelopes: list of lists of ``Draft``, those of each envelope
    """
    batch = Batch()
    # What is sent together has the price of its quantity.
    quantity = Counter(drafts[0].company for drafts in envelopes)
    for drafts in envelopes:
        first = drafts[0]
        unknown = [draft.unknown for draft in drafts if draft.unknown]
        if not cases.account_of(first).tariff_id:
            batch.no_tariff += len(drafts)
        elif NO_PDF in unknown and (row := cases.surely_unpriced(drafts)):
            batch.letters[row] += 1
        elif unknown and unknown != [UNREADABLE]:
            batch.no_pdf += unknown.count(NO_PDF)
            batch.not_counted += unknown.count(NOT_COUNTED)
            batch.beside_unknown += len(drafts) - len(unknown)
        elif unknown or not cases.places.place_of(first):
            batch.refused += 1
        else:
            batch.letters[cases.of(drafts, quantity[first.company])] += 1
    return batch
