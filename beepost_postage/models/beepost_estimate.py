from odoo import api, fields, models

from odoo.addons.beepost_mail.letter import once
from odoo.addons.beepost_mail.letter.finding import Refusal
from odoo.addons.beepost_mail.models.beepost_mailing_planned import read_moment

from ..tariff import money
from . import postage_words as words
from .beepost_mailing import as_json
from .price_case import Case, Pricer, as_choice, as_service


class BeepostEstimate(models.AbstractModel):
    _inherit = "beepost.estimate"

    @api.model
    def _get_estimate(self, company, partner, attachments, options):
        """Adds ``price`` where the account has a tariff, and says it in ``sentence``;
        ``paper`` is the sentence without it.

        ``price`` is a dict: ``quote`` (as ``as_json`` makes it) or else ``reason`` (why
        there is none, in words) and ``outcome`` (whether the letter then leaves, in
        words; ``holds`` for programs), ``with_address_sheet`` and
        ``with_address_sheet_reason`` likewise where a sheet that may turn out to be
        needed changes the price, ``short``, ``lines`` (the explanation), ``warnings``,
        ``advice`` (list of ``code``, ``sentence``, ``saving`` as text, and ``options``
        to choose instead), ``together`` (what one envelope with a letter that waits
        saves, in words, or None), ``is_practice`` and ``currency_id``. Before the PDFs
        exist there is no ``price``, unless it is known already that there will be none.
        """
        estimate = super()._get_estimate(company, partner, attachments, options)
        estimate["paper"] = estimate["sentence"]
        account = company._beepost_account(options.get("account_id")).sudo()
        if not account.tariff_id:
            return estimate
        if not attachments:
            # No grid for the day, or nothing in it for this service or zone: that shows
            # without knowing the pages.
            page = [once.Paper(number=-1, owner="new", pages=1, size=0, content="")]
            price = partner and self._get_price(
                company, account, partner, page, options
            )
            if price and not price["quote"]:
                estimate["price"] = price
                estimate["sentence"] += " " + self._price_sentence(price)
            else:
                estimate["sentence"] += " " + self.env._("So is the price.")
        elif "document_pages" in estimate:
            papers = self._as_papers(attachments, estimate["document_pages"])
            price = self._get_price(company, account, partner, papers, options)
            estimate["price"] = price
            estimate["sentence"] += " " + self._price_sentence(price)
        return estimate

    @api.model
    def _as_papers(self, attachments, counts):
        """A letter still to be made: what follows its document was enclosed with it.

        :return: list of ``letter.once.Paper``
        """
        return [
            once.Paper(
                number=-position,  # of no line that is there
                owner="new",
                pages=pages,
                size=file.file_size,
                content=file.checksum if position > 1 else "",
            )
            for position, (file, pages) in enumerate(
                zip(attachments.sudo(), counts, strict=True), 1
            )
        ]

    @api.model
    def _get_price(self, company, account, partner, papers, options):
        """:param papers: list of ``letter.once.Paper``, in order"""
        address, _findings = partner._beepost_address()
        if not address:
            return self._no_price(
                self.env._("No price: the address cannot be printed in the window."),
                account,
            )
        offered = company._beepost_services().with_env(self.env).sudo()
        chosen = company._beepost_service(options.get("service_id"))
        services = {service.id: as_service(service) for service in offered | chosen}
        pricer = Pricer(self.env, account, offered | chosen.with_env(offered.env))
        case = Case(
            pricer,
            account,
            (address.country, address.zip),
            self._deposit_day(account, options),
            [paper.pages for paper in papers],
        )
        choice = as_choice({**options, "service_id": chosen.id}, services)
        quote = case.quote(choice)
        if isinstance(quote, Refusal):
            return self._no_price(words.reasons(self.env, quote), account)
        price = self._as_price(account, case, choice, services)
        if options.get("res_model") and company._beepost_house().beepost_grouping != (
            "automatic"  # where it happens by itself
        ):
            beside = self.env["beepost.mailing"]._waiting_beside(
                company, partner, options, options["res_model"]
            )
            price["together"] = self._together_sentence(case, choice, papers, beside)
        return price

    @api.model
    def _deposit_day(self, account, options):
        moment = fields.Datetime.now()
        planned_at = read_moment(options.get("planned_at"))
        return account._deposit_date(max(moment, planned_at or moment))

    @api.model
    def _no_price(self, reason, account):
        holds = account._holds_unpriced()
        return {
            "quote": None,
            "reason": reason,
            "holds": holds,
            "outcome": (
                self.env._(
                    "The letter would wait until it has one, as the settings of the"
                    " company say."
                )
                if holds
                else self.env._(
                    "The letter leaves unpriced, and gets its price once there is one."
                )
            ),
            "advice": [],
            "warnings": [],
            "is_practice": account.gateway == "sandbox",
        }

    @api.model
    def _as_price(self, account, case, choice, services):
        env, currency = self.env, account.tariff_id.currency_id
        quote = as_json(case.quote(choice))
        sheet = case.with_address_sheet(choice)
        refused = isinstance(sheet, Refusal)
        return {
            "quote": quote,
            "reason": None,
            "with_address_sheet": as_json(sheet) if sheet and not refused else None,
            "with_address_sheet_reason": words.reasons(env, sheet) if refused else None,
            "short": words.short(env, quote, currency),
            "lines": words.explain(env, quote, currency),
            "warnings": words.warnings(env, quote),
            "advice": [
                {
                    "code": advice.code,
                    "sentence": words.advice(env, advice.code, advice.saving, currency),
                    "saving": money.text(advice.saving),
                    "options": _differences(choice, advice.choice),
                }
                for advice in case.advise(choice, services.values())
            ],
            "together": None,
            "is_practice": account.gateway == "sandbox",
            "currency_id": currency.id,
        }

    @api.model
    def _together_sentence(self, case, choice, papers, beside):
        """What one envelope with a letter that waits would save.

        :param papers: of the letter that is asked about
        :param beside: letters that it could share an envelope with
        :return: a sentence, or None
        """
        limits = case.account._letter_limits() if beside else None
        for letter in beside:
            waiting = letter.sudo()._papers_if_counted()
            if not all(paper.pages for paper in waiting):
                continue
            other, joint = (
                case.holding([paper.pages for paper in once.printed(lying)])
                for lying in (waiting, [*waiting, *papers])
            )
            totals = [each.total(choice) for each in (case, other, joint)]
            if None in totals:
                continue
            parcel = joint.quote(choice).parcel
            forced = choice.address_sheet == "never" and parcel.address_sheet
            saving = totals[0] + totals[1] - totals[2]
            if saving > 0 and not forced and parcel.sheets <= limits.max_sheets:
                currency = case.account.tariff_id.currency_id
                return self.env._(
                    "Letter %(name)s to the same address waits: in one envelope the two"
                    " cost %(saving)s less. Send this one, then choose both among the"
                    " letters and press “Put together”.",
                    name=letter.name,
                    saving=words.euros(self.env, saving, currency),
                )
        return None

    @api.model
    def _price_sentence(self, price):
        if not price["quote"]:
            return f"{price['reason']} {price['outcome']}"
        parts = [price["short"]]
        if sheet := self._address_sheet_sentence(price):
            parts.append(sheet)
        parts += price["warnings"]
        if price["together"]:
            parts.append(price["together"])
        return " ".join(parts)

    @api.model
    def _address_sheet_sentence(self, price):
        """What an address sheet does to the price, should it turn out to be needed."""
        if price["with_address_sheet_reason"]:
            return self.env._(
                "Should an address sheet be needed: %(reason)s",
                reason=price["with_address_sheet_reason"],
            )
        if price["with_address_sheet"]:
            currency = self.env["res.currency"].browse(price["currency_id"])
            return self.env._(
                "Should an address sheet be needed: %(total)s.",
                total=words.euros(
                    self.env, price["with_address_sheet"]["total"], currency
                ),
            )
        return ""


def _differences(choice, other):
    """Options of a letter, as the other choice has them."""
    options = {
        name: getattr(other, name)
        for name in ("duplex", "color", "address_sheet")
        if getattr(other, name) != getattr(choice, name)
    }
    if other.service != choice.service:
        options["service_id"] = other.service.key
    return options
