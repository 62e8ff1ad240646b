"""Letters that are still to be made, priced as they are chosen and as they might be."""

from dataclasses import replace

from odoo.addons.beepost_mail.letter import envelope as room
from odoo.addons.beepost_mail.letter.finding import Refusal

from ..tariff import advice
from ..tariff.step import refuse


class Pricer:
    """Prices any number of letters of these accounts: what that takes is read once.

    :param accounts: those with a tariff, as superuser
    """

    def __init__(self, env, accounts, services):
        self._price = env["beepost.postage"]._pricer(accounts.tariff_id)
        self._parcel = env["beepost.postage"]._parcel
        self._profiles = {
            account.id: account.profile_id._as_room_profile() for account in accounts
        }
        self._envelopes = {}
        for account in accounts:
            for envelope in account.profile_id.envelope_ids:
                self._envelopes.setdefault((account.id, envelope.code), envelope)
        self._services = {service.id: service for service in services}
        self._quotes = {}

    def quote(self, case, choice, address_sheet=None):
        """
        :param choice: ``tariff.advice.Choice``
        :param address_sheet: whether there is one; None: only where it is sure
        :return: ``tariff.quote.Quote``, or the ``Refusal`` that says why there is none
        """
        if address_sheet is None:
            address_sheet = choice.address_sheet == advice.ALWAYS
        key = case.key, replace(choice, address_sheet=""), address_sheet
        if key not in self._quotes:
            try:
                self._quotes[key] = self._make_quote(case, choice, address_sheet)
            except Refusal as refusal:
                self._quotes[key] = refusal
        return self._quotes[key]

    def _make_quote(self, case, choice, address_sheet):
        account, service = case.account, self._services[choice.service.key]
        if not service.postage_product_ids:
            raise refuse("price.no_service_product", service=service.name)
        measure = room.measure(
            case.counts,
            duplex=choice.duplex,
            address_sheet=address_sheet,
            profile=self._profiles[account.id],
        )
        parcel = self._parcel(
            service,
            case.where,
            case.day,
            self._envelopes[account.id, measure.envelope],
            pages=sum(case.counts),
            sheets=measure.sheets,
            weight_mg=measure.weight_mg,
            color=choice.color,
            address_sheet=measure.address_sheet,
            quantity=case.quantity,
            document_pages=case.counts,
            duplex=choice.duplex,
        )
        quote = self._price(account.tariff_id.id, parcel)
        if isinstance(quote, Refusal):
            raise quote
        return quote


class Case:
    """What a sender cannot choose any more: what lies in the envelope, where it goes.

    :param account: ``beepost.account`` with a tariff, as superuser
    :param where: (country code, postcode)
    :param day: of the deposit, in Paris
    :param counts: pages of each document, in order
    :param quantity: letters that are sent together
    """

    def __init__(self, pricer, account, where, day, counts, quantity=1):
        self._pricer = pricer
        self.account, self.where, self.day = account, where, day
        self.counts, self.quantity = tuple(counts), quantity
        self.key = account.id, where, day, self.counts, quantity

    def holding(self, counts):
        """The same way with something else in the envelope."""
        return Case(
            self._pricer, self.account, self.where, self.day, counts, self.quantity
        )

    def quote(self, choice, address_sheet=None):
        return self._pricer.quote(self, choice, address_sheet)

    def total(self, choice):
        """:return: price with tax, or None where there is none"""
        quote = self.quote(choice)
        return None if isinstance(quote, Refusal) else quote.total

    def with_address_sheet(self, choice):
        """The price should an address sheet turn out to be needed.

        :return: as :meth:`quote`; None where it would be the same
        """
        sure = self.quote(choice)
        if choice.address_sheet != advice.IF_NEEDED or isinstance(sure, Refusal):
            return None
        quote = self.quote(choice, address_sheet=True)
        if isinstance(quote, Refusal):
            return quote
        return None if quote.total == sure.total else quote

    def advise(self, choice, services):
        """:param services: iterable of ``tariff.advice.Service``"""
        return advice.advise(choice, self.total, services)


def as_service(service):
    """A ``beepost.service`` as the advice sees it."""
    return advice.Service(
        service.id,
        tracked=service.tracked,
        registered=service.registered,
        acknowledgement=service.acknowledgement,
    )


def as_choice(options, services):
    """
    :param options: of a letter, plain values
    :param services: {id: ``tariff.advice.Service``}
    """
    return advice.Choice(
        services[options["service_id"]],
        duplex=bool(options["duplex"]),
        color=bool(options["color"]),
        address_sheet=options["address_sheet"],
    )
