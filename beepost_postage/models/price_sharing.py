"""What letters cost in envelopes of their own, and what in shared ones."""

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

from odoo.addons.beepost_mail.letter.finding import Refusal

from .price_batch import Cases


@dataclass
class Prices:
    """
    :param totals: {currency: [EUR with tax apart, together]}, both exact
    :param unknown: documents in shared envelopes whose pages are not all known
    :param unpriced: documents in shared envelopes of which one has no price
    """

    totals: dict = field(default_factory=dict)
    unknown: int = 0
    unpriced: int = 0

    def add(self, currency, former, coming):
        sums = self.totals.setdefault(currency, [Decimal(0), Decimal(0)])
        sums[0] += former
        sums[1] += coming


def price_both(env, sharing):
    """What the letters that share envelopes cost. Fewer envelopes may cost those that
    stay alone the price of a quantity: the difference, and nothing else of them, is in
    the sum. An address sheet that only may be needed is in neither.

    :param sharing: ``Sharing``
    :return: ``Prices``; without totals where no shared envelope has a price
    """
    prices, found = Prices(), False
    pricing = _Pricing(env, sharing)
    if not pricing.can_tell():
        return prices
    for group in sharing.groups:
        is_shared = len(group) > 1
        if not all(one.counted for one in group):
            prices.unknown += len(group) if is_shared else 0
            continue
        former = [pricing.apart([one]) for one in group]
        coming = pricing.together(group)
        if coming is None or None in former:
            prices.unpriced += len(group) if is_shared else 0
            continue
        before = sum(former, Decimal(0))
        if not is_shared:  # what changes for it is a cost of those that share
            before, coming = Decimal(0), coming - before
        prices.add(pricing.currency(group), before, coming)
        found |= is_shared
    if not found:
        prices.totals.clear()
    return prices


class _Pricing:
    def __init__(self, env, sharing):
        self._drafts, self._shared = sharing.drafts, sharing.shared
        self._cases = Cases(env, list(sharing.drafts.values()))
        letters = [d.letter for d in sharing.drafts.values() if d.letter]
        letters = env["beepost.mailing"].sudo().union(*letters)
        self._others = letters.lot_id._count_envelopes(except_for=letters)
        self._apart = self._count([[one] for one in sharing.drafts])
        self._together = self._count(sharing.groups)

    def can_tell(self):
        """Whether there is anything to price: most often nobody knows the pages yet."""
        return self._cases.accounts.tariff_id and any(
            all(one.counted for one in group) for group in self._shared
        )

    def _lot(self, one):
        """What it is sent with: of a document of the dialog, those of its company."""
        draft = self._drafts[one]
        return draft.letter.lot_id.id if draft.letter else draft.company

    def _count(self, groups):
        counts = Counter(self._others)
        counts.update(self._lot(group[0]) for group in groups)
        counts[False] = 1  # a letter of no lot is sent on its own
        return counts

    def apart(self, group):
        return self._price(group, self._apart)

    def together(self, group):
        return self._price(group, self._together)

    def _price(self, group, counts):
        """:return: ``Decimal`` with tax, or None where there is no price"""
        drafts, first = [self._drafts[one] for one in group], group[0]
        account = self._cases.account_of(drafts[0])
        if not (account.tariff_id and self._cases.places.place_of(drafts[0])):
            return None
        case, choice = self._cases.of(drafts, counts[self._lot(first)])
        quote = case.quote(choice, address_sheet=first.surely_with_sheet)
        return None if isinstance(quote, Refusal) else quote.total

    def currency(self, group):
        return self._cases.account_of(self._drafts[group[0]]).tariff_id.currency_id
